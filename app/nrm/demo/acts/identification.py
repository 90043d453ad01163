"""Acts of identification agencies: referrers and the deciding authority."""

from collections.abc import Sequence
from datetime import date

from nrm.demo.agencies import AUTHORITY
from nrm.demo.people import Invented
from nrm.demo.step import Step
from nrm_contracts.codes import code_list
from nrm_contracts.identification.v1 import (
    children_pb2,
    consents_pb2,
    decisions_pb2,
    incidents_pb2,
    persons_pb2,
    recovery_pb2,
    referrals_pb2,
    sharing_pb2,
)
from nrm_contracts.vault.v1.vault_pb2 import PersonalData

INFORMED = tuple(code_list("iom_informed_point"))
_INDICATORS = ("ilo_1_01", "ilo_1_02", "ilo_2_03", "ilo_3_04", "ilo_4_02", "ilo_5_03", "ilo_6_01")
_PURPOSES = {"sexual_exploitation": "sexual_exploitation", "forced_labour": "forced_labour"}
_PURPOSE_OF_CONSENT = {"referral": "referral", "assistance": "assistance", "proceedings": "prosecution"}


def detect(who: Invented, on: date, channel: str, label: str = "", *, named: bool = False) -> Step:
    """Somebody is found; ``label`` is for a second record of the same person."""
    request = persons_pb2.DetectPersonRequest(
        detection_channel=channel,
        region=who.region,
        age_band=who.age_band,
        sex=who.sex,
        language=who.language,
        immediate_needs=who.needs,
        identity=who.identity if named else None,
    )
    return Step(on, request, {"person_ref": label or who.label}, officer=who.number)


def screen(who: Invented, on: date, outcome: str, means: Sequence[str] = (), label: str = "") -> Step:
    """A screening interview."""
    request = persons_pb2.ScreenRequest(
        person_ref=label or who.label, tool="iom", tool_version="2024.1", outcome=outcome
    )
    if outcome == "indicated":
        request.indicators.extend(_INDICATORS[who.number % 5 :])
        request.acts.extend(("recruitment", "harbouring") if who.number % 2 else ("transportation",))
        request.means.extend(means)
        request.purposes.append(_PURPOSES.get(who.form, "other"))
        request.exploitation_forms.append(who.form)
    return Step(on, request, officer=who.number)


def consent(who: Invented, on: date, scope: str, label: str = "") -> Step:
    """The person, or a child's guardian, agrees."""
    request = consents_pb2.GiveConsentRequest(
        person_ref=label or who.label,
        scope=scope,
        purpose=_PURPOSE_OF_CONSENT[scope],
        informed_points=INFORMED,
        interpreter_used=who.language != "eng",
        given_by="guardian" if who.is_child else "self",
    )
    return Step(on, request, officer=who.number)


def refuse(who: Invented, on: date, scope: str) -> Step:
    """The person says no."""
    return Step(on, consents_pb2.RefuseConsentRequest(person_ref=who.label, scope=scope), officer=who.number)


def revoke(who: Invented, on: date, scope: str) -> Step:
    """The person takes a consent back."""
    return Step(on, consents_pb2.RevokeConsentRequest(person_ref=who.label, scope=scope), officer=who.number)


def notify(who: Invented, on: date) -> Step:
    """The duty to notify of an adult who does not consent."""
    return Step(on, persons_pb2.NotifyAnonymouslyRequest(person_ref=who.label), officer=who.number)


def guardian(who: Invented, on: date) -> Step:
    """A child gets a guardian."""
    request = children_pb2.AppointGuardianRequest(person_ref=who.label, relation="state_guardian")
    return Step(on, request, officer=who.number)


def open_incident(number: int, who: Invented, on: date) -> Step:
    """What was done to people becomes known."""
    request = incidents_pb2.OpenIncidentRequest(
        region=who.region, exploitation_forms=(who.form,), industry=who.industry
    )
    label = f"@incident-{number}"
    return Step(on, request, {"incident_id": label}, officer=who.number)


def void_incident(incident: str, on: date) -> Step:
    """It was on record already. Whoever was told of it is told so."""
    return Step(on, incidents_pb2.VoidIncidentRequest(incident_id=incident, reason="source_error"))


def link(who: Invented, on: date, incident: str) -> Step:
    """The person is a victim of it."""
    request = incidents_pb2.LinkPersonToIncidentRequest(person_ref=who.label, incident_id=incident, role="victim")
    return Step(on, request, officer=who.number)


def route(incident: str, on: date, leg: str, country: str, region: str = "") -> Step:
    """A leg of the way."""
    request = incidents_pb2.RecordIncidentRouteRequest(incident_id=incident, leg=leg, country=country, region=region)
    return Step(on, request)


def refer(who: Invented, on: date, incidents: Sequence[str] = ()) -> Step:
    """To the authority: an adult by consent, a child in its best interests."""
    request = referrals_pb2.SubmitReferralRequest(person_ref=who.label, to=AUTHORITY, incident_ids=incidents)
    if who.is_child:
        request.best_interest_note = "care_suits"
    return Step(on, request, {"referral_id": _referral(who)}, officer=who.number)


def ask_for_help(who: Invented, on: date, shelter: str, basis: str = "") -> Step:
    """A shelter is asked to make an offer."""
    request = sharing_pb2.RequestAssistanceRequest(person_ref=who.label, to=shelter, needs=who.needs, legal_basis=basis)
    return Step(on, request, officer=who.number)


def report(who: Invented, on: date, crown: str, incident: str) -> Step:
    """The prosecution is told: with the person's consent, of a child because the law obliges."""
    request = sharing_pb2.ReportVictimRequest(
        person_ref=who.label, to=crown, exploitation_forms=(who.form,), incident_id=incident
    )
    if who.is_child:
        request.legal_basis = "legal_obligation"
    return Step(on, request, officer=who.number)


def merge(kept: str, absorbed: str, on: date) -> Step:
    """Two records are one person's, an officer finds."""
    request = persons_pb2.MergePersonRecordsRequest(person_ref=kept, absorbed_ref=absorbed, basis="details_match")
    return Step(on, request, officer=2)


def confirm(kept: str, absorbed: str, on: date) -> Step:
    """Another officer confirms what was found of two records."""
    request = persons_pb2.ConfirmRecordsChangeRequest(person_ref=kept, absorbed_ref=absorbed)
    return Step(on, request, officer=3)


def acknowledge(who: Invented, on: date) -> Step:
    """The authority takes the referral up."""
    request = referrals_pb2.AcknowledgeReferralRequest(person_ref=who.label, referral_id=_referral(who))
    return Step(on, request, officer=who.number)


def decide(who: Invented, on: date, stage: int, outcome: str, referral: str = "") -> Step:
    """The authority decides a stage."""
    grounds = "elements_not_met" if outcome == "negative" else "indicators_present" if stage == 1 else "elements_met"
    request = decisions_pb2.DecideStageRequest(
        person_ref=who.label,
        referral_id=referral or _referral(who),
        stage=stage,
        outcome=outcome,
        grounds=(grounds,),
        exploitation_forms=(who.form,) if outcome == "positive" else (),
        industry=who.industry if outcome == "positive" else "",
    )
    return Step(on, request, officer=who.number)


def tell(who: Invented, on: date, stage: int) -> Step:
    """The person hears of the decision."""
    request = decisions_pb2.TellDecisionRequest(
        person_ref=who.label, referral_id=_referral(who), stage=stage, means="in_person"
    )
    return Step(on, request, officer=who.number)


def ask_again(who: Invented, on: date) -> Step:
    """Somebody asks for a reconsideration."""
    request = decisions_pb2.RequestReconsiderationRequest(
        person_ref=who.label, referral_id=_referral(who), requested_by="support_provider", grounds=("new_information",)
    )
    return Step(on, request, officer=who.number)


def start_recovery(who: Invented, on: date) -> Step:
    """The time to recover and reflect begins."""
    request = recovery_pb2.StartRecoveryRequest(person_ref=who.label, referral_id=_referral(who))
    return Step(on, request, officer=who.number)


def end_recovery(who: Invented, on: date) -> Step:
    """It is over."""
    return Step(on, recovery_pb2.EndRecoveryRequest(person_ref=who.label, reason="elapsed"), officer=who.number)


def narrative(text: str) -> PersonalData:
    """A text that is sealed."""
    piece = PersonalData()
    piece.narrative.text = text
    return piece


def _referral(who: Invented) -> str:
    return f"@referral-{who.number}"
