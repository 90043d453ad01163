"""News of a person's safety: prosecution tells it to those who know the person, and they tell those who help.

A prosecutor never learns who helps, so this agency is the bridge: it brought the helpers in. What another
identification agency passed on goes to the helpers alone, so that no news goes round in circles.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from nrm_contracts.identification.sharing_events import (
    HearingReceived,
    OffenderReleaseReceived,
    ProtectionChangeReceived,
)
from nrm_contracts.prosecution.events import HearingNotified, OffenderReleasedNotified, ProtectionMeasureNotified
from nrm_identification.domain.command import service_kind
from nrm_identification.domain.hearing import Heard
from nrm_identification.domain.state.person import Person, profile_of
from nrm_identification.domain.telling import brought_in, entitled, tell
from nrm_kernel.decider import Decision, Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOffenderRelease(Heard):
    notice: OffenderReleasedNotified


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordHearing(Heard):
    notice: HearingNotified


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordProtectionChange(Heard):
    notice: ProtectionMeasureNotified


def record_offender_release(command: RecordOffenderRelease, person: Person) -> Decision:
    """Those who help can look at the danger anew."""
    profile_of(person)
    on = command.notice.released_on
    received = OffenderReleaseReceived(command.person_ref, command.sender, on)
    return [received, *_passed_on(command, person, lambda name: OffenderReleasedNotified(name, on))]


def record_hearing(command: RecordHearing, person: Person) -> Decision:
    """Those who help can prepare the person."""
    profile_of(person)
    told = command.notice
    received = HearingReceived(command.person_ref, command.sender, told.kind, told.hearing_on)
    return [received, *_passed_on(command, person, lambda name: HearingNotified(name, told.hearing_on, told.kind))]


def record_protection_change(command: RecordProtectionChange, person: Person) -> Decision:
    """Those who help know how the person is protected."""
    profile_of(person)
    told = command.notice
    news = (told.measure, told.change, told.starts_on, told.ends_on)
    received = ProtectionChangeReceived(command.person_ref, command.sender, *news)
    return [received, *_passed_on(command, person, lambda name: ProtectionMeasureNotified(name, *news))]


def _passed_on(command: Heard, person: Person, form: Callable[[str], object]) -> Iterator[Notice]:
    """To those who still may hear of the person, and never back to a prosecutor."""
    if service_kind(command.sender) == "prosecution":
        agencies = entitled(person, command.agency, command.occurred_on)
        fitting = [one for one in agencies if service_kind(one) != "prosecution"]
    else:
        agencies = brought_in(person, command.occurred_on)
        fitting = [one for one in agencies if service_kind(one) == "assistance"]
    yield from tell(person, fitting, form)
