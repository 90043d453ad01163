"""Referrals, their answers, and suggestions that arrive from other agencies."""

from collections.abc import Iterator
from dataclasses import dataclass

from nrm_contracts.assistance.events import ReferralSuggested
from nrm_contracts.fields import Ref
from nrm_contracts.identification.events import ReferralAnswered, ReferralSent
from nrm_contracts.identification.person_events import SuggestionReceived
from nrm_contracts.identification.referral_events import ReferralAnswerReceived, ReferralReceived
from nrm_contracts.record.events import HandoverReceived
from nrm_identification.domain.child import arrival_of_child
from nrm_identification.domain.detection import refuse_if_referred
from nrm_identification.domain.duties import due_or_resting, duty
from nrm_identification.domain.hearing import Heard
from nrm_identification.domain.state import deadlines
from nrm_identification.domain.state.deadlines import ACKNOWLEDGEMENT, SCREENING, SUBMISSION
from nrm_identification.domain.state.person import Person, profile_of
from nrm_kernel.decider import Decision
from nrm_kernel.errors import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveReferral(Heard):
    """``first_contact``: nobody had spoken of the person under this handover id before."""

    notice: ReferralSent
    referral_id: Ref
    first_contact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveSuggestion(Heard):
    notice: ReferralSuggested
    first_contact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReferralAnswer(Heard):
    notice: ReferralAnswered


def receive_referral(command: ReceiveReferral, person: Person) -> Decision:
    """Makes the person known here; an answer is due."""
    refuse_if_referred(person)
    told = command.notice
    received = ReferralReceived(
        person_ref=command.person_ref,
        referral_id=command.referral_id,
        shared_ref=told.shared_ref,
        sender=command.sender,
        handover_id=told.handover_id,
        region=told.region,
        age_band=told.age_band,
        sex=told.sex,
        language=told.language,
        detection_channel=told.detection_channel,
        indicators=told.indicators,
        exploitation_forms=told.exploitation_forms,
        immediate_needs=told.immediate_needs,
        minor=told.minor,
        submitted_on=told.submitted_on,
    )
    return [
        *_first_contact(command, told.handover_id, first=command.first_contact),
        received,
        *deadlines.lifted(person.deadlines, command.occurred_on, command.person_ref, SCREENING, SUBMISSION),
        duty(command, ACKNOWLEDGEMENT, command.referral_id, ReferralReceived),
        *_child(command, person, told.age_band, minor=told.minor, anchor=ReferralReceived),
    ]


def receive_suggestion(command: ReceiveSuggestion, person: Person) -> Decision:
    """Prompts a screening, and forces nothing; while a referral is open there is nothing to prompt."""
    told = command.notice
    contact = _first_contact(command, told.handover_id, first=command.first_contact)
    if person.referrals.open is not None:
        return list(contact)
    suggested = SuggestionReceived(
        command.person_ref,
        command.sender,
        told.region,
        told.age_band,
        told.sex,
        told.language,
        told.minor,
        told.suggested_on,
    )
    return [
        *contact,
        suggested,
        duty(command, SCREENING, command.person_ref, SuggestionReceived),
        *_child(command, person, told.age_band, minor=told.minor, anchor=SuggestionReceived),
    ]


def record_referral_answer(command: RecordReferralAnswer, person: Person) -> Decision:
    """Taken up: the authority owes the next step. Returned: this agency does. Withdrawn meanwhile: nothing follows."""
    profile_of(person)
    told = command.notice
    referral = person.referrals.sent_as(told.shared_ref, command.sender)
    if referral is None:
        raise Refused("REFERRAL_UNKNOWN", "The answer is about a referral that this agency did not send there.")
    if referral.phase != "submitted":
        return []
    answered = ReferralAnswerReceived(
        command.person_ref, referral.referral_id, told.answer, told.missing, command.occurred_on
    )
    done = deadlines.met(person.owed, command.occurred_on, referral.referral_id, ACKNOWLEDGEMENT)
    if told.answer == "acknowledged":
        return [answered, *done]
    again = duty(command, SUBMISSION, command.person_ref, ReferralAnswerReceived)
    return [answered, *done, *due_or_resting(person, again, on=command.occurred_on)]


def _first_contact(command: Heard, handover_id: str, *, first: bool) -> Iterator[object]:
    if first:
        yield HandoverReceived(command.person_ref, command.sender, handover_id)


def _child(command: Heard, person: Person, band: str, *, minor: bool, anchor: type[object]) -> Iterator[object]:
    if not person.childhood.assessed and not person.childhood.in_doubt:
        yield from arrival_of_child(command, person, band, told_minor=minor, reason="told_by_agency", anchor=anchor)
