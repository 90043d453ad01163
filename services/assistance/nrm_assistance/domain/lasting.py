"""What is known of a person's safety and lasts: the agency that takes over hears of it with the transfer."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from nrm_assistance.domain.person import Person
from nrm_contracts.assistance.events import ProtectionChangeNoted
from nrm_contracts.prosecution.events import (
    HearingCalledOffNotified,
    HearingNotified,
    OffenderReleasedNotified,
    ProtectionMeasureNotified,
)

WEEK = timedelta(days=6)
"""From the Monday by which the end of a measure is told to the last day on which that may be."""


def lasting(person: Person, about: str, on: date) -> Iterator[object]:
    """Of releases all, of hearings and measures those that are not over: each as a notice under that handover."""
    for released_on in sorted(person.safety.releases):
        yield OffenderReleasedNotified(about, released_on)
    for hearing_on, kind in sorted(person.safety.hearings | person.safety.prepared):
        if hearing_on >= on:
            yield HearingNotified(about, hearing_on, kind)
    for one in _last_words(person):
        if one.change != "ended" and (one.ends_on is None or one.ends_on + WEEK >= on):
            yield _protection(about, one)


def told_again(person: Person, about: str, on: date) -> Iterator[object]:
    """To whoever heard before, and not all since: what lasts, and what of the rest they may still count on."""
    yield from lasting(person, about, on)
    for hearing_on, kind in sorted(person.safety.called_off):
        if hearing_on >= on:
            yield HearingCalledOffNotified(about, hearing_on, kind)
    for one in _last_words(person):
        if one.change == "ended":
            yield _protection(about, one)


def _last_words(person: Person) -> Iterable[ProtectionChangeNoted]:
    """The newest change of each measure."""
    return {(one.measure, one.starts_on): one for one in person.safety.protection}.values()


def _protection(about: str, one: ProtectionChangeNoted) -> ProtectionMeasureNotified:
    return ProtectionMeasureNotified(about, one.measure, one.change, one.starts_on, one.ends_on)
