"""Part of a victim's state: in which cases the person is a victim, and takes part in what capacity."""

from dataclasses import dataclass, field
from datetime import date

from immutables import Map

from nrm_contracts.prosecution.events import (
    StatementTaken,
    VictimLinkedToCase,
    VictimParticipationConsented,
    VictimParticipationWithdrawn,
)
from nrm_kernel.changing import replace

SCOPES = frozenset({"proceedings", "share_with"})
"""Scopes of consent given elsewhere on which taking part here rests: to take part, and to be made known to us."""


@dataclass(frozen=True, slots=True)
class Participation:
    """One person in one case. ``capacities``: those in which the person takes part now, and since when."""

    capacities: Map[str, date] = field(default_factory=Map)
    statements: int = 0


Participations = Map[str, Participation]
"""By criminal case id."""

ParticipationEvent = VictimLinkedToCase | VictimParticipationConsented | VictimParticipationWithdrawn | StatementTaken


def evolve(participations: Participations, event: ParticipationEvent) -> Participations:
    """The participations after the event."""
    if isinstance(event, VictimLinkedToCase):
        return participations.set(event.criminal_case_id, Participation())
    return participations.set(event.criminal_case_id, _after(participations[event.criminal_case_id], event))


def _after(one: Participation, event: ParticipationEvent) -> Participation:
    match event:
        case VictimParticipationConsented():
            return replace(one, capacities=one.capacities.set(event.capacity, event.consented_on))
        case VictimParticipationWithdrawn():
            return replace(one, capacities=one.capacities.delete(event.capacity))
        case _:
            return replace(one, statements=one.statements + 1)
