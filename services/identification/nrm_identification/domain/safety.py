"""News of a person's safety: prosecution tells it to those who know the person, and they tell those who help.

A prosecutor never learns who helps, so this agency is the bridge: it brought the helpers in. What another
identification agency passed on goes to the helpers alone, so that no news goes round in circles.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from nrm_contracts.identification.sharing_events import (
    HearingCallOffReceived,
    HearingReceived,
    OffenderReleaseReceived,
    ProtectionChangeReceived,
)
from nrm_contracts.prosecution.events import (
    HearingCalledOffNotified,
    HearingNotified,
    OffenderReleasedNotified,
    ProtectionMeasureNotified,
)
from nrm_identification.domain.hearing import Heard
from nrm_identification.domain.state.consents import ASSISTANCE
from nrm_identification.domain.state.person import PERSON, Person, profile_of
from nrm_identification.domain.telling import brought_in, deciding, entitled, tell
from nrm_kernel.decider import Decision, In, Notice
from nrm_kernel.identity import service_of


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOffenderRelease(Heard):
    notice: OffenderReleasedNotified


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordHearing(Heard):
    notice: HearingNotified


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordHearingCallOff(Heard):
    notice: HearingCalledOffNotified


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordProtectionChange(Heard):
    notice: ProtectionMeasureNotified


def record_offender_release(command: RecordOffenderRelease, *records: Person) -> Decision:
    """Those who help can look at the danger anew."""
    on = command.notice.released_on

    def received(person_ref: str) -> OffenderReleaseReceived:
        return OffenderReleaseReceived(person_ref, command.sender, on)

    return _recorded(command, records, received, lambda name: OffenderReleasedNotified(name, on))


def record_hearing(command: RecordHearing, *records: Person) -> Decision:
    """Those who help can prepare the person."""
    told = command.notice

    def received(person_ref: str) -> HearingReceived:
        return HearingReceived(person_ref, command.sender, told.kind, told.hearing_on)

    return _recorded(command, records, received, lambda name: HearingNotified(name, told.hearing_on, told.kind))


def record_hearing_call_off(command: RecordHearingCallOff, *records: Person) -> Decision:
    """Those who help need not prepare the person for that day."""
    told = command.notice

    def received(person_ref: str) -> HearingCallOffReceived:
        return HearingCallOffReceived(person_ref, command.sender, told.kind, told.hearing_on)

    return _recorded(
        command, records, received, lambda name: HearingCalledOffNotified(name, told.hearing_on, told.kind)
    )


def record_protection_change(command: RecordProtectionChange, *records: Person) -> Decision:
    """Those who help know how the person is protected."""
    told = command.notice
    news = (told.measure, told.change, told.starts_on, told.ends_on)

    def received(person_ref: str) -> ProtectionChangeReceived:
        return ProtectionChangeReceived(person_ref, command.sender, *news)

    return _recorded(command, records, received, lambda name: ProtectionMeasureNotified(name, *news))


def _recorded(
    command: Heard, records: Sequence[Person], fact: Callable[[str], object], form: Callable[[str], object]
) -> Decision:
    """A fact of every record of the person; whoever is to hear by more than one of them hears once."""
    told_for, *others = records
    profile_of(told_for)
    passed_on = (notice for person in records for notice in _passed_on(command, person, form))
    return [
        fact(command.person_ref),
        *(In(PERSON.stream(one.person_ref), fact(one.person_ref)) for one in others),
        *dict.fromkeys(passed_on),
    ]


def _passed_on(command: Heard, person: Person, form: Callable[[str], object]) -> Iterator[Notice]:
    """To those who still may hear of the person, and never back to a prosecutor."""
    on = _told_on(command, person)
    if service_of(command.sender) == "prosecution":
        agencies = {*entitled(person, command.agency, on), *deciding(person)}
        fitting = sorted(one for one in agencies if service_of(one) != "prosecution")
    else:
        fitting = [one for one in brought_in(person, on) if service_of(one) == "assistance"]
    yield from tell(person, fitting, form)


def _told_on(command: Heard, person: Person) -> date:
    """The day of the news; where the person agreed to help before it arrived, that day."""
    consent = person.consents.given.get((ASSISTANCE, None))
    return max(command.occurred_on, consent.given_on) if consent else command.occurred_on
