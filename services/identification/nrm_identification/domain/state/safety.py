"""What a person's safety is known to be: what was told of it and still lasts."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from immutables import Map

from nrm_contracts.identification.sharing_events import (
    HearingCallOffReceived,
    HearingReceived,
    OffenderReleaseReceived,
    ProtectionChangeReceived,
)

WEEK = timedelta(days=6)
"""From the Monday by which the end of a measure is told to the last day on which that may be."""


@dataclass(frozen=True, slots=True)
class Safety:
    """Days on which an offender became free; hearings by kind and day; measures by who told, measure and first week.

    What was called off or ended is kept: somebody may have heard of it, and not of its end.
    """

    releases: frozenset[date] = frozenset()
    hearings: frozenset[tuple[str, date]] = frozenset()
    called_off: frozenset[tuple[str, date]] = frozenset()
    protection: Map[tuple[str, str, date], ProtectionChangeReceived] = Map()

    def hearings_from(self, on: date) -> list[tuple[str, date]]:
        """Hearings that are not over on that day."""
        return sorted(one for one in self.hearings if one[1] >= on)

    def called_off_from(self, on: date) -> list[tuple[str, date]]:
        """Hearings that would not be over on that day, and do not take place."""
        return sorted(one for one in self.called_off if one[1] >= on)

    def protection_on(self, on: date) -> list[ProtectionChangeReceived]:
        """Measures that may stand on that day."""
        granted = (one for one in self.protection.values() if one.change != "ended")
        return _in_order(one for one in granted if one.ends_on is None or one.ends_on + WEEK >= on)

    def protection_ended(self) -> list[ProtectionChangeReceived]:
        """Measures of which the last word is that they ended."""
        return _in_order(one for one in self.protection.values() if one.change == "ended")


def _in_order(changes: Iterable[ProtectionChangeReceived]) -> list[ProtectionChangeReceived]:
    return sorted(changes, key=lambda one: (one.measure, one.starts_on, one.sender))


def evolve(safety: Safety, event: object) -> Safety:
    """What is known after an event; most events leave it as it is."""
    match event:
        case OffenderReleaseReceived():
            return replace(safety, releases=safety.releases | {event.released_on})
        case HearingReceived():
            one = {(event.kind, event.hearing_on)}
            return replace(safety, hearings=safety.hearings | one, called_off=safety.called_off - one)
        case HearingCallOffReceived():
            one = {(event.kind, event.hearing_on)}
            return replace(safety, hearings=safety.hearings - one, called_off=safety.called_off | one)
        case ProtectionChangeReceived():
            key = event.sender, event.measure, event.starts_on
            return replace(safety, protection=safety.protection.set(key, event))
        case _:
            return safety
