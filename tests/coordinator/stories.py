"""Parts of stories that several tests tell: how people become known to agencies and pass from one to another."""

from tests.coordinator.events import assistance, identification, made, prosecution
from tests.coordinator.logs import AUTHORITY, CROWN, NGO, POLICE, Logs, ref

from nrm_contracts.record.events import HandoverMinted, HandoverReceived


def handed_over(logs: Logs, on: str, sender: tuple[str, str], receiver: tuple[str, str], handover_id: str) -> None:
    """Two agencies know one person, each by a reference of its own, and share the handover id."""
    (origin, person_ref), (other_origin, other_ref) = sender, receiver
    logs.record(origin, on, HandoverMinted(person_ref, other_origin, handover_id))
    logs.record(other_origin, on, HandoverReceived(other_ref, origin, handover_id))


def detected(logs: Logs, on: str, person_ref: str, origin: str = POLICE) -> None:
    """Found in a raid, and screened with the result that it may be trafficking."""
    logs.record(
        origin,
        on,
        made(identification.PersonDetected, on, person_ref=person_ref),
        made(identification.ScreeningCompleted, on, person_ref=person_ref, outcome="indicated"),
    )


def consented(logs: Logs, on: str, person_ref: str, scope: str, consent_id: str, origin: str = POLICE) -> None:
    """Agreed to one scope."""
    form = assistance.ConsentGiven if "assistance" in origin else identification.ConsentGiven
    logs.record(origin, on, made(form, on, person_ref=person_ref, scope=scope, consent_id=consent_id))


def referred(logs: Logs, on: str, person_ref: str, there: str, number: int) -> None:
    """Referred by the police to the authority, which knows the person as ``there`` from now on."""
    referral = {"referral_id": ref(number), "shared_ref": ref(number + 1)}
    logs.record(POLICE, on, made(identification.ReferralSubmitted, on, person_ref=person_ref, to=AUTHORITY, **referral))
    handed_over(logs, on, (POLICE, person_ref), (AUTHORITY, there), ref(number + 2))
    received = made(identification.ReferralReceived, on, person_ref=there, sender=POLICE, **referral)
    logs.record(AUTHORITY, on, received)


def decided(logs: Logs, on: str, person_ref: str, number: int, stage: int, outcome: str) -> None:
    """One of two stages is decided."""
    logs.record(
        AUTHORITY,
        on,
        made(
            identification.StageDecided,
            on,
            person_ref=person_ref,
            referral_id=ref(number),
            stage=stage,
            final=stage == 2,
            outcome=outcome,
        ),
    )


def helped(logs: Logs, on: str, person_ref: str, there: str, handover_id: str, consent_id: str) -> None:
    """The police ask a shelter, which knows the person as ``there``; the person accepts help."""
    handed_over(logs, on, (POLICE, person_ref), (NGO, there), handover_id)
    logs.record(
        NGO,
        on,
        made(assistance.PersonRegistered, on, person_ref=there, detection_channel="unknown"),
        made(assistance.CaseOpened, on, person_ref=there, case_id=ref(70), source="requested", owner=NGO),
        made(assistance.AssistanceOffered, on, person_ref=there),
        made(assistance.ConsentGiven, on, person_ref=there, consent_id=consent_id, scope="assistance"),
        made(assistance.AssistanceAccepted, on, person_ref=there, consent_id=consent_id),
    )


def delivered(logs: Logs, on: str, person_ref: str, delivery_id: str, nights: int) -> None:
    """Nights in the shelter."""
    logs.record(
        NGO,
        on,
        made(
            assistance.ServiceUnitDelivered,
            on,
            person_ref=person_ref,
            delivery_id=delivery_id,
            service_code="shelter",
            unit="bed_night",
            qty_milli=nights * 1000,
        ),
    )


def in_case(logs: Logs, on: str, person_ref: str, there: str, handover_id: str, case_id: str) -> None:
    """The prosecutors hear of the person, whom they know as ``there``, and link them to a criminal case."""
    handed_over(logs, on, (POLICE, person_ref), (CROWN, there), handover_id)
    report = made(
        prosecution.VictimReportReceived, on, person_ref=there, handover_id=handover_id, reported_by=POLICE, minor=False
    )
    linked = made(prosecution.VictimLinkedToCase, on, person_ref=there, criminal_case_id=case_id)
    logs.record(CROWN, on, report, linked)


def registered(logs: Logs, on: str, case_id: str) -> None:
    """A criminal case is registered and investigated."""
    logs.record(
        CROWN,
        on,
        made(prosecution.CriminalCaseRegistered, on, criminal_case_id=case_id, lead_org=CROWN),
        made(prosecution.InvestigationOpened, on, criminal_case_id=case_id),
    )
