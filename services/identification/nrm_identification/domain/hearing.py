"""What other agencies tell becomes this agency's own record, and sets off what is due here."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date

from nrm_contracts.assistance.events import AssistanceAnswered, ContactFound, ContactLost
from nrm_contracts.fields import Origin, Ref
from nrm_contracts.identification.consent_events import ConsentChangeReceived
from nrm_contracts.identification.deadline_events import DeadlineSet
from nrm_contracts.identification.events import ConsentNotified, RecoveryNotified, StatusNotified
from nrm_contracts.identification.joined_events import OtherContactLossReceived, OtherVictimChargeReceived
from nrm_contracts.identification.sharing_events import (
    AssistanceAnswerReceived,
    ContactLossReceived,
    ContactReturnReceived,
    NonPunishmentReceived,
    VictimChargeReceived,
)
from nrm_contracts.identification.status_events import RecoveryChangeReceived, StatusReceived
from nrm_contracts.prosecution.events import NonPunishmentNotified, VictimChargedNotified
from nrm_identification.domain.command import AboutPerson
from nrm_identification.domain.consent import withdrawal
from nrm_identification.domain.duties import charge_due, due_or_resting, duty, duty_on
from nrm_identification.domain.state import deadlines
from nrm_identification.domain.state.deadlines import DECISIONS, LOST, NON_PUNISHMENT, OFFER
from nrm_identification.domain.state.person import Person, profile_of
from nrm_identification.domain.telling import brought_in, consent_news, recovery_news, status_news
from nrm_kernel.decider import Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard(AboutPerson):
    """A notice from another agency about a person known here; ``told_for``: in which other record of theirs."""

    sender: Origin
    told_for: Ref | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordStatus(Heard):
    notice: StatusNotified


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRecovery(Heard):
    notice: RecoveryNotified


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordConsentChange(Heard):
    notice: ConsentNotified


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAssistanceAnswer(Heard):
    notice: AssistanceAnswered


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCharge(Heard):
    notice: VictimChargedNotified


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordNonPunishment(Heard):
    notice: NonPunishmentNotified


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordContactLoss(Heard):
    notice: ContactLost


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordContactReturn(Heard):
    notice: ContactFound


def record_status(command: RecordStatus, person: Person) -> Decision:
    """The referrer passes the decision on to those whom it brought in, who know the person by the referrer's name."""
    profile_of(person)
    told = command.notice
    received = StatusReceived(
        person_ref=command.person_ref,
        sender=command.sender,
        stage=told.stage,
        outcome=told.outcome,
        final=told.final,
        decided_on=told.decided_on,
        exit_on=told.exit_on,
    )
    return [received, *status_news(person, brought_in(person, command.occurred_on), told)]


def record_recovery(command: RecordRecovery, person: Person) -> Decision:
    """Likewise for the recovery period."""
    profile_of(person)
    told = command.notice
    received = RecoveryChangeReceived(command.person_ref, command.sender, told.change, told.starts_on, told.ends_on)
    return [received, *recovery_news(person, brought_in(person, command.occurred_on), told)]


def record_consent_change(command: RecordConsentChange, person: Person) -> Decision:
    """A no told elsewhere counts here at once, and is passed on; a yes told elsewhere opens nothing here."""
    profile_of(person)
    told = command.notice
    received = ConsentChangeReceived(command.person_ref, command.sender, told.scope, told.change, told.effective_on)
    if told.change == "given":
        return [received]
    return [
        received,
        *_withdrawn_by_sender(command, person),
        *consent_news(person, told.scope, told.change, told.effective_on, but_not=command.sender),
    ]


def record_assistance_answer(command: RecordAssistanceAnswer, person: Person) -> Decision:
    """What the assistance agency, or the person there, answered."""
    profile_of(person)
    told = command.notice
    received = AssistanceAnswerReceived(
        person_ref=command.person_ref,
        sender=command.sender,
        answer=told.answer,
        reason=told.reason,
        answered_on=told.answered_on,
    )
    return [received, *deadlines.met(person.owed, command.occurred_on, told.handover_id, OFFER)]


def record_charge(command: RecordCharge, person: Person) -> Decision:
    """A charge puts the open decision on a fast track: it has to stand before a court decides on punishment."""
    profile_of(person)
    charged = VictimChargeReceived(command.person_ref, command.sender, command.notice.charged_on)
    if command.told_for is not None:
        charged = OtherVictimChargeReceived(**asdict(charged), told_for=command.told_for)
    due = review(command, charged), *fast_track(command, person, charged.charged_on)
    return [charged, *due_or_resting(person, *due, on=command.occurred_on)]


def record_non_punishment(command: RecordNonPunishment, person: Person) -> Decision:
    """The charge was reviewed."""
    profile_of(person)
    told = command.notice
    reviewed = NonPunishmentReceived(command.person_ref, command.sender, told.outcome, told.reviewed_on)
    return [reviewed, *deadlines.met(person.owed, command.occurred_on, command.person_ref, NON_PUNISHMENT)]


def record_contact_loss(command: RecordContactLoss, person: Person) -> Decision:
    """The person is missing: somebody has to look, and no decision goes against them for it."""
    profile_of(person)
    lost = ContactLossReceived(command.person_ref, command.sender, command.notice.lost_on)
    if command.told_for is not None:
        lost = OtherContactLossReceived(**asdict(lost), told_for=command.told_for)
    return [lost, *due_or_resting(person, search(command, lost), on=command.occurred_on)]


def record_contact_return(command: RecordContactReturn, person: Person) -> Decision:
    """The person was found."""
    profile_of(person)
    found = ContactReturnReceived(command.person_ref, command.sender, command.notice.found_on)
    return [found, *deadlines.met(person.owed, command.occurred_on, command.person_ref, LOST)]


def _withdrawn_by_sender(command: RecordConsentChange, person: Person) -> Iterator[object]:
    """Only the referral that rests on the consent given there."""
    referral = person.referrals.open
    if referral is not None and referral.peer == command.sender:
        yield from withdrawal(person, command.notice.scope, command.occurred_on)


def search(command: AboutPerson, lost: ContactLossReceived) -> DeadlineSet:
    """Somebody has to look for whoever is missing."""
    return duty(command, LOST, command.person_ref, ContactLossReceived, on=lost.lost_on)


def review(command: AboutPerson, charged: VictimChargeReceived) -> DeadlineSet:
    """Owed by the prosecutor who told of the charge."""
    on, owner = charged.charged_on, charged.sender
    return duty(command, NON_PUNISHMENT, command.person_ref, VictimChargeReceived, on=on, owner=owner)


def fast_track(command: AboutPerson, person: Person, charged_on: date) -> Iterator[DeadlineSet]:
    """The open decision is due before the charge's review."""
    referral = person.referrals.open
    fast_on = charge_due(command, charged_on)
    if referral is None or fast_on is None:
        return
    for kind in DECISIONS:
        live = person.owed.get((kind, referral.referral_id))
        if live is not None and (live.due_on is None or fast_on < live.due_on):
            key = f"deadlines.{NON_PUNISHMENT}"
            yield duty_on(command, kind, referral.referral_id, VictimChargeReceived, fast_on, key)
