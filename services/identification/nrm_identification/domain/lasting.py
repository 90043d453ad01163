"""What is known of a person's safety and lasts: whoever begins to help hears of it.

A danger does not end because it was told before the person agreed to help (Palermo Protocol art. 6.5, Convention 197
art. 12.2: whoever helps takes due account of the victim's safety).
"""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

from nrm_contracts.identification.sharing_events import HearingReceived, ProtectionChangeReceived
from nrm_contracts.prosecution.events import (
    HearingCalledOffNotified,
    HearingNotified,
    OffenderReleasedNotified,
    ProtectionMeasureNotified,
)
from nrm_identification.domain.state.safety import Safety

News = Iterator[Callable[[str], object]]


def lasting(safety: Safety, on: date) -> News:
    """Of releases all, of hearings and measures those that are not over: each as a notice under a receiver's name."""
    for released_on in safety.releases:
        yield partial(OffenderReleasedNotified, released_on=released_on)
    for kind, hearing_on in safety.hearings_from(on):
        yield partial(HearingNotified, hearing_on=hearing_on, kind=kind)
    for one in safety.protection_on(on):
        yield as_told(one)


def learned(before: Safety, after: Safety, on: date) -> News:
    """What lasts of the one, and did not of the other."""
    known = {form("") for form in lasting(before, on)}
    return (form for form in lasting(after, on) if form("") not in known)


def taken_back(before: Safety, after: Safety, on: date) -> News:
    """That what lasted does so no more. Of a release there is no taking back: that danger was looked at."""
    for kind, hearing_on in sorted(set(before.hearings_from(on)) - set(after.hearings_from(on))):
        yield partial(HearingCalledOffNotified, hearing_on=hearing_on, kind=kind)
    standing = {(one.measure, one.starts_on) for one in before.protection_on(on)}
    for one in after.protection_ended():
        if (one.measure, one.starts_on) in standing:
            yield as_told(one)


def told_again(safety: Safety, on: date) -> News:
    """To whoever heard before, and not all since: what lasts, and what of the rest they may still count on."""
    yield from lasting(safety, on)
    for kind, hearing_on in safety.called_off_from(on):
        yield partial(HearingCalledOffNotified, hearing_on=hearing_on, kind=kind)
    for one in safety.protection_ended():
        yield as_told(one)


def as_told(one: HearingReceived | ProtectionChangeReceived) -> Callable[[str], object]:
    """The newest word on a hearing or a measure."""
    if isinstance(one, HearingReceived):
        return partial(HearingNotified, hearing_on=one.hearing_on, kind=one.kind)
    return partial(
        ProtectionMeasureNotified,
        measure=one.measure,
        change=one.change,
        starts_on=one.starts_on,
        ends_on=one.ends_on,
    )
