"""What a person's safety is known to be: what was told of it and still lasts."""

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
    """Days on which an offender became free; hearings by kind and day; measures by who told, measure and first week."""

    releases: frozenset[date] = frozenset()
    hearings: frozenset[tuple[str, date]] = frozenset()
    protection: Map[tuple[str, str, date], ProtectionChangeReceived] = Map()

    def hearings_from(self, on: date) -> list[tuple[str, date]]:
        """Hearings that are not over on that day."""
        return sorted(one for one in self.hearings if one[1] >= on)

    def protection_on(self, on: date) -> list[ProtectionChangeReceived]:
        """Measures that may stand on that day."""
        standing = (one for one in self.protection.values() if one.ends_on is None or one.ends_on + WEEK >= on)
        return sorted(standing, key=lambda one: (one.measure, one.starts_on))


def evolve(safety: Safety, event: object) -> Safety:
    """What is known after an event; most events leave it as it is."""
    match event:
        case OffenderReleaseReceived():
            return replace(safety, releases=safety.releases | {event.released_on})
        case HearingReceived():
            return replace(safety, hearings=safety.hearings | {(event.kind, event.hearing_on)})
        case HearingCallOffReceived():
            return replace(safety, hearings=safety.hearings - {(event.kind, event.hearing_on)})
        case ProtectionChangeReceived():
            return replace(safety, protection=_protected(safety.protection, event))
        case _:
            return safety


def _protected(
    standing: Map[tuple[str, str, date], ProtectionChangeReceived], event: ProtectionChangeReceived
) -> Map[tuple[str, str, date], ProtectionChangeReceived]:
    key = event.sender, event.measure, event.starts_on
    if event.change != "ended":
        return standing.set(key, event)
    return standing.delete(key) if key in standing else standing
