"""Help is asked for, and an offence is reported: with consent, or on a ground that needs none."""

from collections.abc import Mapping
from dataclasses import dataclass

from nrm_contracts.fields import Origin, Ref
from nrm_contracts.identification.events import AssistanceRequested, VictimReported
from nrm_contracts.identification.incident_events import IncidentShared
from nrm_contracts.identification.sharing_events import AssistanceAsked, VictimReportMade
from nrm_contracts.identification.terms import Forms, Needs
from nrm_identification.domain.command import AboutPerson
from nrm_identification.domain.duties import duty
from nrm_identification.domain.incident import require_standing
from nrm_identification.domain.lasting import lasting, told_again
from nrm_identification.domain.standing import covered, require_consent, require_current, usable
from nrm_identification.domain.state import incident as incidents
from nrm_identification.domain.state.consents import ASSISTANCE, PROCEEDINGS
from nrm_identification.domain.state.deadlines import OFFER
from nrm_identification.domain.state.incident import Incident
from nrm_identification.domain.state.person import Person, Profile
from nrm_identification.domain.telling import handover
from nrm_kernel.decider import Decision, In, Notice
from nrm_kernel.errors import Refused
from nrm_kernel.identity import service_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing(AboutPerson):
    """A command that tells another agency of a person. Without ``legal_basis`` it rests on consent if there is one."""

    to: Origin
    new_handover_id: Ref
    agencies: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestAssistance(Sharing):
    """Ask an assistance agency to offer help; no status is needed."""

    needs: Needs = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportVictim(Sharing):
    """Tell a prosecution agency of a possible victim, and of the incident if it is known."""

    exploitation_forms: Forms = ()
    incident_id: Ref | None = None
    new_incident_shared_ref: Ref


def request_assistance(command: RequestAssistance, person: Person) -> Decision:
    """With the consent to assistance; for a child by duty; else only to protect life or health."""
    profile = require_current(command, person, ASSISTANCE)
    _require_kind(command, "assistance")
    basis, consent_id = _assistance_basis(command, person)
    handover_id, minted = handover(person, command.to, command.new_handover_id)
    needs = command.needs or profile.immediate_needs
    news = told_again if command.to in person.asked else lasting
    return [
        AssistanceAsked(
            person_ref=command.person_ref,
            to=command.to,
            needs=needs,
            basis=basis,
            consent_id=consent_id,
            asked_on=command.occurred_on,
        ),
        *minted,
        duty(command, OFFER, handover_id, AssistanceAsked, owner=command.to),
        Notice(to=command.to, about=handover_id, event=_request(command, person, profile, handover_id, needs)),
        *dict.fromkeys(
            Notice(to=command.to, about=handover_id, event=form(handover_id))
            for form in news(person.safety, command.occurred_on)
        ),
    ]


def report_victim(command: ReportVictim, person: Person, incident: Incident | None = None) -> Decision:
    """With the consent to proceedings; or because the law obliges, saying that the person does not take part."""
    profile = require_current(command, person, PROCEEDINGS)
    _require_kind(command, "prosecution")
    basis, consent_id = _report_basis(command, person)
    _require_linked(command, person)
    if incident is not None:
        require_standing(incident)
    handover_id, minted = handover(person, command.to, command.new_handover_id)
    made = VictimReportMade(
        person_ref=command.person_ref,
        to=command.to,
        incident_id=command.incident_id,
        exploitation_forms=command.exploitation_forms,
        basis=basis,
        consent_id=consent_id,
        reported_on=command.occurred_on,
    )
    shared_ref, shared = _incident_name(command, incident)
    reported = VictimReported(
        handover_id,
        profile.region,
        person.childhood.is_child,
        command.exploitation_forms,
        command.occurred_on,
        usable(person, PROCEEDINGS, command.occurred_on) is not None,
        shared_ref,
    )
    return [made, *minted, *shared, Notice(to=command.to, about=handover_id, event=reported)]


def _require_kind(command: Sharing, kind: str) -> None:
    if command.to not in command.agencies or service_of(command.to) != kind:
        raise Refused("RECEIVER_UNSUITABLE", f"The receiver is not a known agency of kind {kind}. Check its name.")


def _assistance_basis(command: RequestAssistance, person: Person) -> tuple[str, str | None]:
    consent = usable(person, ASSISTANCE, command.occurred_on)
    match command.legal_basis:
        case None if consent is not None:
            return "consent", consent.consent_id
        case None | "legal_obligation" if person.childhood.is_child:
            return "legal_obligation", None
        case None | "consent":
            return "consent", require_consent(person, ASSISTANCE, command.occurred_on).consent_id
        case "vital_interest" if covered(person, ASSISTANCE, "vital_interest", command.occurred_on):
            return "vital_interest", None
        case "vital_interest":
            raise Refused("CONSENT_REFUSED", "The person said no to assistance, which an adult may, even in danger.")
        case _:
            raise _unfit_basis("consent, vital_interest or, for a child, legal_obligation")


def _report_basis(command: ReportVictim, person: Person) -> tuple[str, str | None]:
    consent = usable(person, PROCEEDINGS, command.occurred_on)
    match command.legal_basis:
        case "legal_obligation":
            return "legal_obligation", None
        case None | "consent":
            consent = consent or require_consent(person, PROCEEDINGS, command.occurred_on)
            return "consent", consent.consent_id
        case _:
            raise _unfit_basis("consent or legal_obligation")


def _unfit_basis(fitting: str) -> Refused:
    return Refused(
        "BASIS_UNFIT", f"This legal basis does not carry this command. Fitting: {fitting}. Nothing was sent."
    )


def _request(
    command: RequestAssistance, person: Person, profile: Profile, handover_id: str, needs: Needs
) -> AssistanceRequested:
    return AssistanceRequested(
        handover_id,
        profile.region,
        person.childhood.band,
        profile.sex,
        profile.language,
        person.childhood.is_child,
        needs,
        command.occurred_on,
    )


def _require_linked(command: ReportVictim, person: Person) -> None:
    if command.incident_id is not None and command.incident_id not in person.incidents:
        raise Refused("INCIDENT_NOT_LINKED", "The person is not linked to this incident: LinkPersonToIncident first.")


def _incident_name(command: ReportVictim, incident: Incident | None) -> tuple[str | None, list[object]]:
    """The reference by which the receiver knows the incident; the same for every person of it."""
    if command.incident_id is None or incident is None:
        return None, []
    if known := incident.shared.get(command.to):
        return known, []
    fresh = command.new_incident_shared_ref
    shared = IncidentShared(command.incident_id, command.to, fresh)
    return fresh, [In(incidents.INCIDENT.stream(command.incident_id), shared)]
