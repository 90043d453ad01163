"""A referral from the first responder to the deciding authority, seen from both ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from nrm_contracts.fields import Code, Origin, Ref
from nrm_contracts.identification.consent_events import ConsentGiven
from nrm_contracts.identification.events import ReferralAnswered, ReferralSent
from nrm_contracts.identification.person_events import ScreeningCompleted
from nrm_contracts.identification.referral_events import (
    ReferralAcknowledged,
    ReferralReceived,
    ReferralReturned,
    ReferralSubmitted,
)
from nrm_contracts.identification.terms import Missing, ReferralAnswer
from nrm_identification.domain.child import guardian_duty
from nrm_identification.domain.command import AboutPerson
from nrm_identification.domain.deciding import require_in_order
from nrm_identification.domain.detection import refuse_if_referred, require_indicated
from nrm_identification.domain.duties import duty, stage_duty
from nrm_identification.domain.incident import require_standing
from nrm_identification.domain.lasting import lasting, told_again
from nrm_identification.domain.standing import require_consent, require_current
from nrm_identification.domain.state import deadlines
from nrm_identification.domain.state.consents import REFERRAL
from nrm_identification.domain.state.deadlines import ACKNOWLEDGEMENT, SUBMISSION
from nrm_identification.domain.state.incident import Incident
from nrm_identification.domain.state.person import Person, Profile
from nrm_identification.domain.state.referrals import Referral
from nrm_identification.domain.telling import handover
from nrm_kernel.decider import Decision, Notice
from nrm_kernel.errors import Refused
from nrm_kernel.identity import service_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitReferral(AboutPerson):
    """Refer a person for a decision on status, to another agency or to the own one where it decides itself.

    ``agencies`` says what kind of organisation each agency is.
    """

    referral_id: Ref
    shared_ref: Ref
    new_handover_id: Ref
    to: Origin
    incident_ids: tuple[Ref, ...] = ()
    best_interest_note: Annotated[str, Code("best_interest_result")] | None = None
    agencies: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgeReferral(AboutPerson):
    """The deciding authority takes the referral up."""

    referral_id: Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnReferral(AboutPerson):
    """The deciding authority sends the referral back."""

    referral_id: Ref
    missing: Missing


def submit_referral(command: SubmitReferral, person: Person, *incidents: Incident) -> Decision:
    """An adult's referral rests on live consent; a child's on a best-interest note, with a guardian due."""
    profile = require_current(command, person)
    _require_responder(command)
    _require_authority(command)
    screening = require_indicated(person)
    refuse_if_referred(person)
    _require_new_incident(command, person)
    for incident in incidents:
        require_standing(incident)
    submitted = _submitted(command, person, screening, _ground(command, person))
    return [
        submitted,
        *deadlines.met(person.deadlines, command.occurred_on, command.person_ref, SUBMISSION),
        duty(command, ACKNOWLEDGEMENT, command.referral_id, ReferralSubmitted, owner=command.to),
        *(guardian_duty(command, person, ReferralSubmitted) if person.childhood.is_child else ()),
        *_sent(command, person, profile, submitted),
    ]


def acknowledge_referral(command: AcknowledgeReferral, person: Person) -> Decision:
    """The clock of the first stage starts; the referrer hears of it."""
    require_current(command, person)
    referral = _waiting(command, person)
    return [
        ReferralAcknowledged(command.person_ref, command.referral_id, command.occurred_on),
        *deadlines.met(person.deadlines, command.occurred_on, command.referral_id, ACKNOWLEDGEMENT),
        stage_duty(command, person, command.referral_id, referral.stage, ReferralAcknowledged),
        *_answer(referral, "acknowledged"),
    ]


def return_referral(command: ReturnReferral, person: Person) -> Decision:
    """The referral is over; the referrer hears what is missing and may refer again."""
    require_current(command, person)
    referral = _waiting(command, person)
    if not command.missing:
        raise Refused("MISSING_ITEMS_EMPTY", "Say what is missing, so that the referrer can add it.")
    return [
        ReferralReturned(command.person_ref, command.referral_id, command.missing, command.occurred_on),
        *deadlines.met(person.deadlines, command.occurred_on, command.referral_id, ACKNOWLEDGEMENT),
        *_answer(referral, "returned", command.missing),
    ]


def _waiting(command: AcknowledgeReferral | ReturnReferral, person: Person) -> Referral:
    """A referral that arrived here and has no answer yet."""
    referral = person.referrals.by_id.get(command.referral_id)
    if referral is None or not referral.here or referral.phase != "submitted":
        raise Refused(
            "REFERRAL_NOT_WAITING",
            f"Person {person.person_ref} has no referral {command.referral_id} here that waits for an answer.",
        )
    require_in_order(command, referral)
    return referral


def _require_responder(command: SubmitReferral) -> None:
    kind = command.agencies[command.agency]
    if kind not in command.policy.first_responders:
        raise Refused(
            "NOT_A_FIRST_RESPONDER",
            f"By the national policy an organisation of kind {kind} may not refer. "
            "Ask a first responder to refer the person.",
        )


def _require_authority(command: SubmitReferral) -> None:
    known = command.to in command.agencies and service_of(command.to) == "identification"
    deciding = {decider.org_kind for decider in command.policy.stages[0].deciders}
    if not known or command.agencies[command.to] not in deciding:
        raise Refused("NOT_A_DECIDER", "The receiver does not decide the first stage by the national policy. Check it.")


def _require_new_incident(command: SubmitReferral, person: Person) -> None:
    """Being trafficked again is a new incident; the same one again is a reconsideration."""
    named = frozenset(command.incident_ids)
    if not named <= frozenset(person.incidents):
        raise Refused("INCIDENT_NOT_LINKED", "An incident named is not linked to the person: LinkPersonToIncident.")
    decided = [one for one in person.referrals.by_id.values() if one.is_decided]
    if decided and not named - frozenset().union(*(one.incident_ids for one in decided)):
        raise Refused(
            "NEW_INCIDENT_REQUIRED",
            "A referral of this person was decided before. Name the new incident, or use RequestReconsideration.",
        )


def _ground(command: SubmitReferral, person: Person) -> ConsentGiven | None:
    """The consent that an adult's referral rests on; a child's needs a note on its best interests, and its guardian's
    consent only where the national policy asks for that."""
    if not person.childhood.is_child:
        return require_consent(person, REFERRAL, command.occurred_on)
    if command.best_interest_note is None:
        raise Refused(
            "BEST_INTEREST_NOTE_MISSING",
            f"Person {person.person_ref} is treated as a child: add best_interest_note, a code of the list "
            "best_interest_result. Nothing was sent.",
        )
    return require_consent(person, REFERRAL, command.occurred_on) if command.policy.consent_child else None


def _submitted(
    command: SubmitReferral, person: Person, screening: ScreeningCompleted, consent: ConsentGiven | None
) -> ReferralSubmitted:
    exemption = "age_in_doubt" if person.childhood.age_unclear else "child"
    minor = person.childhood.is_child
    return ReferralSubmitted(
        person_ref=command.person_ref,
        referral_id=command.referral_id,
        shared_ref=command.shared_ref,
        to=command.to,
        incident_ids=command.incident_ids,
        consent_id=consent.consent_id if consent else None,
        child_exemption=exemption if minor else None,
        best_interest_note=command.best_interest_note if minor else None,
        indicators=screening.indicators,
        exploitation_forms=screening.exploitation_forms,
        submitted_on=command.occurred_on,
    )


def _sent(command: SubmitReferral, person: Person, profile: Profile, submitted: ReferralSubmitted) -> Decision:
    """To another agency by notice; at the own one it has arrived."""
    minor = person.childhood.is_child
    if command.to == command.agency:
        return [_arrived(command, person, profile, submitted, minor=minor)]
    handover_id, minted = handover(person, command.to, command.new_handover_id)
    sent = ReferralSent(
        handover_id,
        command.shared_ref,
        profile.region,
        person.childhood.band,
        profile.sex,
        profile.language,
        profile.detection_channel,
        submitted.indicators,
        submitted.exploitation_forms,
        profile.immediate_needs,
        minor,
        command.occurred_on,
    )
    news = told_again if command.to in person.handovers else lasting
    known = dict.fromkeys(form(handover_id) for form in news(person.safety, command.occurred_on))
    return [*minted, *(Notice(to=command.to, about=handover_id, event=event) for event in (sent, *known))]


def _arrived(
    command: SubmitReferral, person: Person, profile: Profile, submitted: ReferralSubmitted, *, minor: bool
) -> ReferralReceived:
    return ReferralReceived(
        person_ref=command.person_ref,
        referral_id=command.referral_id,
        shared_ref=command.shared_ref,
        sender=command.agency,
        handover_id=None,
        region=profile.region,
        age_band=person.childhood.band,
        sex=profile.sex,
        language=profile.language,
        detection_channel=profile.detection_channel,
        indicators=submitted.indicators,
        exploitation_forms=submitted.exploitation_forms,
        immediate_needs=profile.immediate_needs,
        minor=minor,
        submitted_on=command.occurred_on,
    )


def _answer(referral: Referral, answer: ReferralAnswer, missing: Missing = ()) -> Decision:
    """To the referrer, under the name by which it referred the person; to a desk of the own agency, nothing."""
    name = referral.handover_id
    if name is None:
        return []
    return [Notice(to=referral.peer, about=name, event=ReferralAnswered(name, referral.shared_ref, answer, missing))]
