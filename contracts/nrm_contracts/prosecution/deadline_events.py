"""Deadlines as data; part of the catalogue in ``events.py``. "Overdue" is computed from these, never recorded."""

from dataclasses import dataclass
from typing import Annotated

from nrm_contracts.catalogue import Audience, event
from nrm_contracts.fields import Code, Day, Origin, Ref
from nrm_contracts.identification.terms import EventName, RuleId


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class DeadlineSet:
    """Something is due: ``kind`` names the duty, ``about`` the case, charge or defendant, ``owner`` whose duty it is.

    The same kind and subject again replaces the former. ``due_on`` is absent where neither the policy nor the officer
    sets a day: the task is open all the same.
    """

    kind: Annotated[str, Code("deadline_kind")]
    about: Ref
    anchor: EventName
    anchor_on: Day
    rule_id: RuleId
    owner: Origin
    due_on: Day | None = None


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class DeadlineMet:
    """What was due has been done, in time or late."""

    kind: Annotated[str, Code("deadline_kind")]
    about: Ref
    met_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class DeadlineLifted:
    """What was due is no longer asked for: what it was about has ended."""

    kind: Annotated[str, Code("deadline_kind")]
    about: Ref
    lifted_on: Day
