"""Deadlines as data: what is due from whom, by which rule. "Overdue" is computed from these, never recorded."""

from dataclasses import dataclass
from typing import Annotated

from nrm_contracts.catalogue import Audience, event
from nrm_contracts.fields import Code, Day, Origin, Ref
from nrm_contracts.identification.terms import EventName, RuleId

DeadlineKind = Annotated[str, Code("deadline_kind")]


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class DeadlineSet:
    """Something is due. ``about`` is the person or the referral; the same kind and subject again replaces the former.

    ``due_on`` is absent where the policy sets no time: the task is open all the same.
    """

    person_ref: Ref
    kind: DeadlineKind
    about: Ref
    anchor: EventName
    anchor_on: Day
    rule_id: RuleId
    owner: Origin
    due_on: Day | None = None


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class DeadlineMet:
    """What was due is done, in time or late."""

    person_ref: Ref
    kind: DeadlineKind
    about: Ref
    met_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class DeadlineLifted:
    """What was due is no longer asked for, as when the referral ended."""

    person_ref: Ref
    kind: DeadlineKind
    about: Ref
    lifted_on: Day
