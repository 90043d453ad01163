"""Decisions on victim status, the recovery and reflection period, and what follows a decision."""

from dataclasses import dataclass
from typing import Annotated, Literal

from nrm_contracts.catalogue import Audience, event
from nrm_contracts.fields import Code, Corrects, Day, Origin, Ref
from nrm_contracts.identification.terms import Forms, Officer, RecoveryChange, RuleId, Stage, StatusOutcome

Grounds = tuple[Annotated[str, Code("decision_ground")], ...]


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class StageProposed:
    """An officer decided a stage that a second officer must confirm; until then nothing follows from it."""

    person_ref: Ref
    referral_id: Ref
    stage: Stage
    outcome: Annotated[str, Code("stage_outcome")]
    grounds: Grounds
    exploitation_forms: Forms
    asked_early: bool
    officer: Officer
    proposed_on: Day
    industry: Annotated[str, Code("isic_rev4")] | None = None


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class StageDecided:
    """A stage of the status decision. ``rule_id`` is the stage of the policy version it was decided under.

    ``asked_early`` says that the person asked for the decision before the recovery period's minimum had run.
    """

    person_ref: Ref
    referral_id: Ref
    stage: Stage
    final: bool
    outcome: Annotated[str, Code("stage_outcome")]
    grounds: Grounds
    exploitation_forms: Forms
    asked_early: bool
    officer: Officer
    rule_id: RuleId
    decided_on: Day
    industry: Annotated[str, Code("isic_rev4")] | None = None
    second_officer: Officer | None = None


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class StageCorrected:
    """What was written down of a stage decision was wrong; this is right. The outcome is no slip of the pen."""

    person_ref: Ref
    referral_id: Ref
    stage: Stage
    corrects: Corrects
    reason: Annotated[str, Code("correction_reason")]
    happened_on: Day
    final: bool
    outcome: Annotated[str, Code("stage_outcome")]
    grounds: Grounds
    exploitation_forms: Forms
    officer: Officer
    industry: Annotated[str, Code("isic_rev4")] | None = None


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class DecisionTold:
    """The person was told of the decision, in a language they understand."""

    person_ref: Ref
    referral_id: Ref
    stage: Stage
    means: Annotated[str, Code("notification_means")]
    told_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class StatusReceived:
    """The referrer heard of a decision on its referral."""

    person_ref: Ref
    sender: Origin
    stage: Stage
    outcome: StatusOutcome
    final: bool
    decided_on: Day
    exit_on: Day | None = None


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ReconsiderationRequested:
    """Somebody entitled asked to look at a decision again; the stage is open once more."""

    person_ref: Ref
    referral_id: Ref
    requested_by: Annotated[str, Code("reconsideration_requester")]
    grounds: tuple[Annotated[str, Code("reconsideration_ground")], ...]
    requested_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class PersonDisqualified:
    """Protection is withheld on a ground of law after weighing the harm to the person (Convention 197, art. 13.3)."""

    person_ref: Ref
    referral_id: Ref
    ground: Annotated[str, Code("disqualification_ground")]
    disqualified_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class StatusRevoked:
    """A status that had been confirmed was taken away."""

    person_ref: Ref
    referral_id: Ref
    ground: Annotated[str, Code("status_revocation_ground")]
    revoked_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class StatusExpired:
    """The time for which the policy grants the status is over; ``expired_on`` is the first day without it."""

    person_ref: Ref
    referral_id: Ref
    expired_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ResidencePermitIssued:
    """The person may stay (Convention 197, art. 14): for their own situation, or because proceedings need them here.

    ``ends_on`` follows from the policy; absent where it sets no time. A later permit takes the place of the former.
    """

    person_ref: Ref
    referral_id: Ref
    ground: Annotated[str, Code("residence_permit_ground")]
    starts_on: Day
    rule_id: RuleId
    ends_on: Day | None = None


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ResidencePermitEnded:
    """The permit is no more."""

    person_ref: Ref
    referral_id: Ref
    reason: Annotated[str, Code("residence_permit_end_reason")]
    ended_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class ExitPeriodStarted:
    """Support runs out by a date, never at once. ``ends_on`` is absent where the policy does not set it.

    Until ``reconsideration_until`` a decision against the person can be asked about; absent: without end.
    """

    person_ref: Ref
    referral_id: Ref
    after: Literal["positive", "negative"]
    starts_on: Day
    rule_id: RuleId
    ends_on: Day | None = None
    reconsideration_until: Day | None = None


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class RecoveryPeriodStarted:
    """The recovery and reflection period: at least 30 days after the one it starts on (Convention 197, art. 13.1).

    ``minimum_on`` is the last day of the least period by the rule in force at the start; later rules leave it as it is.
    """

    person_ref: Ref
    referral_id: Ref
    starts_on: Day
    minimum_on: Day
    ends_on: Day
    rule_id: RuleId


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class RecoveryPeriodExtended:
    """The recovery period now ends later."""

    person_ref: Ref
    referral_id: Ref
    ends_on: Day
    reason: Annotated[str, Code("recovery_extension_reason")]


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class RecoveryPeriodEnded:
    """The recovery period is over."""

    person_ref: Ref
    referral_id: Ref
    reason: Annotated[str, Code("recovery_end_reason")]
    ended_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class RemovalSuspended:
    """No removal order is enforced while the recovery period runs (Convention 197, art. 13.1).

    ``until`` is the period's last day; recorded again with a later one when the period is extended.
    """

    person_ref: Ref
    until: Day
    rule: RuleId


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class RemovalSuspensionEnded:
    """The recovery period is over, and with it what it suspended."""

    person_ref: Ref
    ended_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class RecoveryChangeReceived:
    """The referrer heard of a recovery period."""

    person_ref: Ref
    sender: Origin
    change: RecoveryChange
    starts_on: Day
    ends_on: Day
