"""Where the person stays, by kind of place alone: a part of the person's state, evolved event by event."""

from typing import Final

from immutables import Map

from nrm_assistance.domain.parts import Placement
from nrm_contracts.assistance import events as e
from nrm_kernel.changing import replace

Placements = Map[str, Placement]
"""By the placement's id."""


def after(event: object, placements: Placements) -> Placements:
    """The stays after one more fact about one of them."""
    match event:
        case e.PlacementStarted():
            return placements.set(event.placement_id, Placement(event.kind, event.starts_on, event.max_days))
        case e.PlacementExtended():
            extended = replace(placements[event.placement_id], max_days=event.max_days)
            return placements.set(event.placement_id, extended)
        case e.PlacementEnded():
            ended = replace(placements[event.placement_id], ended_on=event.ended_on)
            return placements.set(event.placement_id, ended)
        case _:
            return placements


EVENTS: Final = (e.PlacementStarted, e.PlacementExtended, e.PlacementEnded)
"""The facts about stays."""
