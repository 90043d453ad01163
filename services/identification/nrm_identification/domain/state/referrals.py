"""A person's referrals: several over time, one open at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from immutables import Map

from nrm_contracts.identification.referral_events import (
    ReferralAcknowledged,
    ReferralAnswerReceived,
    ReferralEnded,
    ReferralReceived,
    ReferralReturned,
    ReferralSubmitted,
)
from nrm_contracts.identification.status_events import (
    ExitPeriodStarted,
    PersonDisqualified,
    ReconsiderationRequested,
    StageCorrected,
    StageDecided,
    StageProposed,
    StatusExpired,
    StatusReceived,
    StatusRevoked,
)
from nrm_kernel.changing import replace

Phase = Literal[
    "submitted", "acknowledged", "returned", "ended", "confirmed", "not_confirmed", "disqualified", "revoked", "expired"
]
OPEN: frozenset[Phase] = frozenset({"submitted", "acknowledged"})
DECIDED: frozenset[Phase] = frozenset({"confirmed", "not_confirmed", "disqualified", "revoked", "expired"})


@dataclass(frozen=True, slots=True)
class Referral:
    """One referral at this end. ``peer`` is the other end; ``here`` means that this agency decides.

    ``stage`` is the next one to decide or the last one decided, ``last_on`` the day of the last step. ``decided_at`` is
    the version of the person's stream at the entry that holds the newest decision, ``decided_after`` the day of the
    step before it; ``corrected``: that decision was put right after it was written down. ``exit_on``: the day on
    which support runs out after it, as it was told.
    """

    referral_id: str
    shared_ref: str
    peer: str
    here: bool
    submitted_on: date
    last_on: date
    handover_id: str | None = None
    phase: Phase = "submitted"
    stage: int = 1
    minor: bool = False
    consent_id: str | None = None
    incident_ids: frozenset[str] = frozenset()
    proposal: StageProposed | None = None
    decided: StageDecided | None = None
    decided_at: int = 0
    decided_after: date = date.min
    corrected: bool = False
    reconsideration_until: date | None = None
    exit_on: date | None = None

    @property
    def is_open(self) -> bool:
        return self.phase in OPEN

    @property
    def positive(self) -> bool:
        """The newest stage that was decided is positive, and nothing took that away since."""
        decided = self.decided is not None and self.decided.outcome == "positive"
        return decided and self.phase in {"acknowledged", "confirmed"}

    @property
    def decided_on(self) -> date:
        """The day of the newest decision; of the referral while there is none."""
        return self.decided.decided_on if self.decided else self.submitted_on

    @property
    def is_decided(self) -> bool:
        return self.phase in DECIDED


@dataclass(frozen=True, slots=True)
class Referrals:
    """All referrals of a person, the newest last."""

    by_id: Map[str, Referral] = Map()
    newest_id: str = ""

    @property
    def newest(self) -> Referral | None:
        return self.by_id.get(self.newest_id)

    @property
    def open(self) -> Referral | None:
        """The one open referral, if there is one."""
        return next((referral for referral in self.by_id.values() if referral.is_open), None)

    def sent_to(self, peer: str) -> Referral | None:
        """The newest referral to that authority: what it tells of is about that one."""
        sent = [one for one in self.by_id.values() if one.peer == peer and not one.here]
        return max(sent, key=lambda one: (one.referral_id == self.newest_id, one.submitted_on), default=None)

    def sent_as(self, shared_ref: str, peer: str) -> Referral | None:
        """The referral that this agency sent to that authority under that reference."""
        sent = (one for one in self.by_id.values() if one.shared_ref == shared_ref and one.peer == peer)
        return next((one for one in sent if not one.here), None)


def evolve(referrals: Referrals, event: object, version: int) -> Referrals:
    """The referrals after an event, with which the person's stream has this version."""
    match event:
        case StageDecided():
            return _changed(referrals, event.referral_id, lambda one: _stage_decided(one, event, version))
        case StageCorrected():
            return _changed(referrals, event.referral_id, lambda one: _corrected(one, event, version))
        case ReferralSubmitted():
            return _with_new(referrals, _submitted(event))
        case ReferralReceived():
            return _with_new(referrals, _received(event, referrals.by_id.get(event.referral_id)))
        case StatusReceived():
            sent = referrals.sent_to(event.sender)
            return _changed(referrals, sent.referral_id, lambda one: _told(one, event)) if sent else referrals
        case (
            ReferralAcknowledged()
            | ReferralReturned()
            | ReferralAnswerReceived()
            | ReferralEnded()
            | StageProposed()
            | ExitPeriodStarted()
            | ReconsiderationRequested()
            | PersonDisqualified()
            | StatusRevoked()
            | StatusExpired()
        ):
            return _changed(referrals, event.referral_id, lambda one: _after(one, event))
        case _:
            return referrals


def _submitted(event: ReferralSubmitted) -> Referral:
    return Referral(
        event.referral_id,
        event.shared_ref,
        peer=event.to,
        here=False,
        submitted_on=event.submitted_on,
        last_on=event.submitted_on,
        minor=event.child_exemption is not None,
        consent_id=event.consent_id,
        incident_ids=frozenset(event.incident_ids),
    )


def _received(event: ReferralReceived, own: Referral | None) -> Referral:
    """An agency that refers to itself holds both ends in one."""
    arrived = Referral(
        event.referral_id,
        event.shared_ref,
        peer=event.sender,
        here=True,
        submitted_on=event.submitted_on,
        last_on=event.submitted_on,
        handover_id=event.handover_id,
        minor=event.minor,
    )
    return replace(own, here=True, minor=event.minor) if own else arrived


def _with_new(referrals: Referrals, referral: Referral) -> Referrals:
    return Referrals(referrals.by_id.set(referral.referral_id, referral), referral.referral_id)


def _changed(referrals: Referrals, referral_id: str, change: Callable[[Referral], Referral]) -> Referrals:
    return replace(referrals, by_id=referrals.by_id.set(referral_id, change(referrals.by_id[referral_id])))


def _after(referral: Referral, event: object) -> Referral:
    match event:
        case ReferralAcknowledged():
            return replace(referral, phase="acknowledged", last_on=event.acknowledged_on)
        case ReferralAnswerReceived():
            return replace(referral, phase=event.answer)
        case ReferralReturned():
            return replace(referral, phase="returned")
        case ReferralEnded():
            return replace(referral, phase="ended", proposal=None)
        case StageProposed():
            return replace(referral, proposal=event, last_on=event.proposed_on)
        case _:
            return _after_decision(referral, event)


def _after_decision(referral: Referral, event: object) -> Referral:
    match event:
        case ExitPeriodStarted():
            return replace(referral, reconsideration_until=event.reconsideration_until, exit_on=event.ends_on)
        case ReconsiderationRequested():
            return replace(referral, phase="acknowledged", last_on=event.requested_on)
        case PersonDisqualified():
            return replace(referral, phase="disqualified", proposal=None, last_on=event.disqualified_on)
        case StatusRevoked():
            return replace(referral, phase="revoked", last_on=event.revoked_on)
        case StatusExpired():
            return replace(referral, phase="expired", last_on=event.expired_on)
        case _:
            return referral


def _corrected(referral: Referral, event: StageCorrected, version: int) -> Referral:
    """The newest decision reads as it should have from the first; what followed it stays where it is."""
    decided = referral.decided
    if decided is None or referral.decided_at != event.corrects:
        return referral
    right = replace(
        decided,
        decided_on=event.happened_on,
        grounds=event.grounds,
        exploitation_forms=event.exploitation_forms,
        industry=event.industry,
    )
    last_on = event.happened_on if referral.last_on == decided.decided_on else referral.last_on
    return replace(referral, decided=right, decided_at=version, last_on=last_on, corrected=True)


def _stage_decided(referral: Referral, event: StageDecided, version: int) -> Referral:
    """A negative stage ends the referral and stays the one to reconsider; a positive one opens the next, if any."""
    phase: Phase = "not_confirmed" if event.outcome == "negative" else "confirmed" if event.final else "acknowledged"
    goes_on = phase == "acknowledged"
    return replace(
        referral,
        phase=phase,
        stage=event.stage + 1 if goes_on else event.stage,
        proposal=None,
        decided=event,
        decided_at=version,
        decided_after=referral.last_on,
        corrected=False,
        exit_on=None,
        last_on=event.decided_on,
    )


def _told(referral: Referral, event: StatusReceived) -> Referral:
    """A referral that was withdrawn meanwhile stays so."""
    outcomes: dict[str, Phase] = {
        "positive": "confirmed" if event.final else "acknowledged",
        "negative": "not_confirmed",
        "disqualified": "disqualified",
        "revoked": "revoked",
        "expired": "expired",
    }
    phase = referral.phase if referral.phase == "ended" else outcomes[event.outcome]
    return replace(referral, phase=phase, stage=event.stage)
