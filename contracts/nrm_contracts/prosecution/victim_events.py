"""A victim in proceedings: taking part, heard, informed, compensated; part of the catalogue in ``events.py``."""

from dataclasses import dataclass
from typing import Annotated

from nrm_contracts.catalogue import Audience, event
from nrm_contracts.fields import AmountMinor, Code, Day, Ref
from nrm_contracts.identification.terms import Forms

Currency = Annotated[str, Code("iso_4217")]


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class VictimRegistered:
    """A victim whom nobody reported, found by this agency's own work."""

    person_ref: Ref
    minor: bool
    exploitation_forms: Forms
    registered_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class VictimLinkedToCase:
    """The person is a victim in this case; a person may be one in several cases and a case have many."""

    person_ref: Ref
    criminal_case_id: Ref
    linked_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class VictimParticipationConsented:
    """The person agreed to take part in the case in this capacity."""

    person_ref: Ref
    criminal_case_id: Ref
    capacity: Annotated[str, Code("participation_capacity")]
    given_by: Annotated[str, Code("consent_giver")]
    consented_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class VictimParticipationWithdrawn:
    """The person takes part no longer. What the law obliges the agency to keep stays: earlier statements, charges."""

    person_ref: Ref
    criminal_case_id: Ref
    capacity: Annotated[str, Code("participation_capacity")]
    withdrawn_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class StatementTaken:
    """The person gave a statement. ``repeat_no`` 1 is the first: each repetition may harm."""

    person_ref: Ref
    criminal_case_id: Ref
    recorded: bool
    repeat_no: int
    own_request: bool
    basis: Annotated[str, Code("legal_basis")]
    taken_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class VictimInformed:
    """The person was told about this (EU Directive 2012/29 art. 4 and 6)."""

    person_ref: Ref
    criminal_case_id: Ref
    topic: Annotated[str, Code("informed_topic")]
    informed_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class CompensationClaimed:
    """The person, or somebody for them, claimed this much in the case."""

    person_ref: Ref
    criminal_case_id: Ref
    compensation_id: Ref
    amount_minor: AmountMinor
    ccy: Currency
    claimed_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class CompensationAwarded:
    """This much was awarded, to be paid by this payer."""

    person_ref: Ref
    compensation_id: Ref
    payer: Annotated[str, Code("compensation_payer")]
    amount_minor: AmountMinor
    ccy: Currency
    awarded_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class CompensationPaid:
    """Money reached the person; an award may be paid in parts."""

    person_ref: Ref
    compensation_id: Ref
    payer: Annotated[str, Code("compensation_payer")]
    amount_minor: AmountMinor
    ccy: Currency
    paid_on: Day
