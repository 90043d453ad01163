"""What is known of a person's safety and lasts: the agency that takes over hears of it with the transfer."""

from collections.abc import Iterator
from datetime import date, timedelta

from nrm_assistance.domain.person import Person
from nrm_contracts.assistance.events import ProtectionChangeNoted
from nrm_contracts.prosecution.events import HearingNotified, OffenderReleasedNotified, ProtectionMeasureNotified

WEEK = timedelta(days=6)
"""From the Monday by which the end of a measure is told to the last day on which that may be."""


def lasting(person: Person, about: str, on: date) -> Iterator[object]:
    """Of releases all, of hearings and measures those that are not over: each as a notice under that handover."""
    for released_on in sorted(person.releases):
        yield OffenderReleasedNotified(about, released_on)
    for hearing_on, kind in sorted(person.hearings | person.prepared):
        if hearing_on >= on:
            yield HearingNotified(about, hearing_on, kind)
    for one in _standing(person):
        if one.ends_on is None or one.ends_on + WEEK >= on:
            yield ProtectionMeasureNotified(about, one.measure, one.change, one.starts_on, one.ends_on)


def _standing(person: Person) -> Iterator[ProtectionChangeNoted]:
    """The last word on each measure, where it is not that it ended."""
    latest = {(one.measure, one.starts_on): one for one in person.protection}
    return (one for one in latest.values() if one.change != "ended")
