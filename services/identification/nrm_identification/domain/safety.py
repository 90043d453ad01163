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
from nrm_identification.domain.lasting import as_told
from nrm_identification.domain.state.consents import ASSISTANCE
from nrm_identification.domain.state.person import PERSON, Person, profile_of
from nrm_identification.domain.state.safety import Fact, Safety, ends, evolve, in_another
from nrm_identification.domain.telling import brought_in, caring, tell
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
    fact = OffenderReleaseReceived(command.person_ref, command.sender, on)
    return _recorded(command, records, fact, lambda name: OffenderReleasedNotified(name, on))


def record_hearing(command: RecordHearing, *records: Person) -> Decision:
    """Those who help can prepare the person."""
    told = command.notice
    fact = HearingReceived(command.person_ref, command.sender, told.kind, told.hearing_on)
    return _recorded(command, records, fact, lambda name: HearingNotified(name, told.hearing_on, told.kind))


def record_hearing_call_off(command: RecordHearingCallOff, *records: Person) -> Decision:
    """Those who help need not prepare the person for that day, if no other court sits on it."""
    told = command.notice
    fact = HearingCallOffReceived(command.person_ref, command.sender, told.kind, told.hearing_on)
    return _recorded(command, records, fact, lambda name: HearingCalledOffNotified(name, told.hearing_on, told.kind))


def record_protection_change(command: RecordProtectionChange, *records: Person) -> Decision:
    """Those who help know how the person is protected."""
    told = command.notice
    news = (told.measure, told.change, told.starts_on, told.ends_on)
    fact = ProtectionChangeReceived(command.person_ref, command.sender, *news)
    return _recorded(command, records, fact, lambda name: ProtectionMeasureNotified(name, *news))


Form = Callable[[str], object]


def _recorded(command: Heard, records: Sequence[Person], fact: Fact, form: Form) -> Decision:
    """A fact of every record of the person; whoever is to hear by more than one of them hears once."""
    told_for, *others = records
    profile_of(told_for)
    facts = {one.person_ref: in_another(fact, one.person_ref, command.person_ref) for one in others}
    passed_on = (
        notice for one in records for notice in _passed_on(command, one, facts.get(one.person_ref, fact), form)
    )
    return [
        fact,
        *(In(PERSON.stream(person_ref), one) for person_ref, one in facts.items()),
        *dict.fromkeys(passed_on),
    ]


def _passed_on(command: Heard, person: Person, fact: Fact, form: Form) -> Iterator[Notice]:
    """To those who still may hear of the person, and never back to a prosecutor.

    No end is told to those who help as long as somebody else tells otherwise; what stands still is told instead. Other
    agencies that know the person weigh it against what they were told themselves: they hear of each end but where
    another prosecutor told this very agency otherwise.
    """
    on, known = _told_on(command, person), evolve(person.safety, fact)
    helping = [one for one in brought_in(person, on) if service_of(one) == "assistance"]
    yield from tell(person, helping, _last_word(known, fact, form))
    if service_of(command.sender) == "prosecution":
        others = [one for one in caring(person, command.agency, on) if one not in helping]
        yield from tell(person, others, _last_word(known, fact, form, "prosecution"))


def _last_word(known: Safety, fact: Fact, form: Form, by: str = "") -> Form:
    standing = known.stands(fact, by) if ends(fact) else None
    return as_told(standing) if standing else form


def _told_on(command: Heard, person: Person) -> date:
    """The day of the news; where the person agreed to help before it arrived, that day."""
    consent = person.consents.given.get((ASSISTANCE, None))
    return max(command.occurred_on, consent.given_on) if consent else command.occurred_on
