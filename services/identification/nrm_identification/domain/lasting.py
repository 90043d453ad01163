"""What is known of a person's safety and lasts: whoever begins to help hears of it.

A danger does not end because it was told before the person agreed to help (Palermo Protocol art. 6.5, Convention 197
art. 12.2: whoever helps takes due account of the victim's safety).
"""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

from nrm_contracts.identification.sharing_events import ProtectionChangeReceived
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
    for released_on in sorted(safety.releases):
        yield partial(OffenderReleasedNotified, released_on=released_on)
    for kind, hearing_on in safety.hearings_from(on):
        yield partial(HearingNotified, hearing_on=hearing_on, kind=kind)
    for one in safety.protection_on(on):
        yield _protection(one)


def told_again(safety: Safety, on: date) -> News:
    """To whoever heard before, and not all since: what lasts, and what of the rest they may still count on."""
    yield from lasting(safety, on)
    for kind, hearing_on in safety.called_off_from(on):
        yield partial(HearingCalledOffNotified, hearing_on=hearing_on, kind=kind)
    for one in safety.protection_ended():
        yield _protection(one)


def _protection(one: ProtectionChangeReceived) -> Callable[[str], object]:
    return partial(
        ProtectionMeasureNotified,
        measure=one.measure,
        change=one.change,
        starts_on=one.starts_on,
        ends_on=one.ends_on,
    )
