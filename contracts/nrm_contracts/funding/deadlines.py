"""What is due on invoices, by the country's policy. "Overdue" is computed from these, never recorded."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from nrm_contracts.catalogue import Audience, event
from nrm_contracts.fields import Code, Day, Origin, Ref

EventName = Annotated[str, Field(pattern=r"^[A-Z][A-Za-z]{2,63}$")]
RuleId = Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z._/-]{0,63}$")]


@event(version=1, audience=Audience.OWN, sensitivity=0)
@dataclass(frozen=True, slots=True)
class DeadlineSet:
    """Something is due: ``kind`` names the duty, ``about`` the invoice, ``anchor`` the event that it counts from.

    ``due_on`` is absent where the policy sets no time: the duty is open all the same.
    """

    contract_ref: Ref
    kind: Annotated[str, Code("deadline_kind")]
    about: Ref
    anchor: EventName
    anchor_on: Day
    rule_id: RuleId
    owner: Origin
    due_on: Day | None = None


@event(version=1, audience=Audience.OWN, sensitivity=0)
@dataclass(frozen=True, slots=True)
class DeadlineMet:
    """What was due has been done, in time or late."""

    contract_ref: Ref
    kind: Annotated[str, Code("deadline_kind")]
    about: Ref
    met_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=0)
@dataclass(frozen=True, slots=True)
class DeadlineLifted:
    """What was due is no longer asked for: the invoice was sent back or rejected, or nothing is left to pay."""

    contract_ref: Ref
    kind: Annotated[str, Code("deadline_kind")]
    about: Ref
    lifted_on: Day
