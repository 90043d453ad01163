"""The person's safety as others tell it: a release, a hearing, a measure of protection. None of it stops any help."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Annotated, Final

from nrm_assistance.domain import deadlines
from nrm_assistance.domain.command import AboutPerson, cites_no_dead_consent, live_consent, open_case
from nrm_assistance.domain.person import Person
from nrm_assistance.domain.warned import Hearing
from nrm_contracts.assistance.events import (
    HearingCallOffNoted,
    HearingNoted,
    HearingTold,
    OffenderReleaseNoted,
    PersonPrepared,
    ProtectionChangeNoted,
    RiskAlertRaised,
)
from nrm_contracts.fields import Code, Day, Origin
from nrm_contracts.prosecution.events import (
    HearingCalledOffNotified,
    HearingNotified,
    OffenderReleasedNotified,
    ProtectionMeasureNotified,
)
from nrm_kernel.decider import Decision, Notice
from nrm_kernel.errors import Refused
from nrm_kernel.identity import service_of

PREPARATION: Final = "hearing_preparation"
TOLD: Final = "court/told"
"""The rule of a day that a court set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteOffenderRelease(AboutPerson):
    """Somebody convicted of what was done to the person is free."""

    released_on: Day


@dataclass(frozen=True, slots=True, kw_only=True)
class OfHearing(AboutPerson):
    """What ``sender`` tells of a hearing."""

    sender: Origin
    kind: Annotated[str, Code("hearing_kind")]
    hearing_on: Day

    @property
    def hearing(self) -> Hearing:
        """Which one: by its day and kind."""
        return self.hearing_on, self.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteHearing(OfHearing):
    """A court sits in a case of the person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteHearingCallOff(OfHearing):
    """The hearing of that day does not take place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteProtectionChange(AboutPerson):
    """A measure that protects the person was granted, extended or ended."""

    measure: Annotated[str, Code("protection_measure")]
    change: Annotated[str, Code("protection_change")]
    starts_on: Day
    ends_on: Day | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareForHearing(AboutPerson):
    """The person was prepared for the hearing of that day, whether or not they mean to go."""

    hearing_on: Day


def note_offender_release(command: NoteOffenderRelease, person: Person) -> Decision:
    """A danger: in an open case somebody looks at it anew. Told twice of one day, by two agencies, it is one alert."""
    if command.released_on in person.safety.releases:
        return []
    return [
        OffenderReleaseNoted(command.person_ref, command.released_on),
        *_alert(command, person, "offender_released"),
        *_passed_on(command, person, partial(OffenderReleasedNotified, released_on=command.released_on)),
    ]


def note_hearing(command: NoteHearing, person: Person) -> Decision:
    """In an open case the person is to be prepared by that day; else once a case opens, if the day is not over then."""
    said = _said(command, person, takes_place=True)
    if command.hearing in person.safety.hearings | person.safety.prepared:
        return said
    noted = HearingNoted(command.person_ref, command.kind, command.hearing_on)
    return [
        noted,
        *said,
        *(_next_preparation(command, person.safety.hearings | {command.hearing}) if _helped(person) else []),
        *_passed_on(command, person, partial(HearingNotified, hearing_on=command.hearing_on, kind=command.kind)),
    ]


def note_hearing_call_off(command: NoteHearingCallOff, person: Person) -> Decision:
    """Kept also where the person was prepared already, so that nobody takes them there. Told twice it is one fact.

    As long as another agency says that one takes place, one does: two courts may sit on one day.
    """
    said = _said(command, person, takes_place=False)
    if command.hearing in person.safety.called_off:
        return []
    if person.safety.told_by.get(command.hearing, frozenset()) - {command.sender}:
        return said
    noted = HearingCallOffNoted(command.person_ref, command.kind, command.hearing_on)
    told = partial(HearingCalledOffNotified, hearing_on=command.hearing_on, kind=command.kind)
    return [noted, *said, *_prepared_no_more(command, person), *_passed_on(command, person, told)]


def _said(command: OfHearing, person: Person, *, takes_place: bool) -> list[object]:
    """Whose word it is, when that is new. A shelter's word is somebody else's, and two might hold each other to it."""
    says_so = command.sender in person.safety.told_by.get(command.hearing, frozenset())
    if says_so == takes_place or service_of(command.sender) == "assistance":
        return []
    return [HearingTold(command.person_ref, command.sender, command.kind, command.hearing_on, takes_place)]


def _prepared_no_more(command: NoteHearingCallOff, person: Person) -> list[object]:
    if command.hearing not in person.safety.hearings or not _helped(person):
        return []
    return _next_preparation(command, person.safety.hearings - {command.hearing}) or deadlines.lifted(
        command, person, PREPARATION
    )


def note_protection_change(command: NoteProtectionChange, person: Person) -> Decision:
    """The end of a measure is a danger; any change calls for another look. Told twice by two agencies it is one."""
    noted = ProtectionChangeNoted(
        command.person_ref, command.measure, command.change, command.starts_on, command.ends_on
    )
    if noted in person.safety.protection:
        return []
    news = partial(
        ProtectionMeasureNotified,
        measure=command.measure,
        change=command.change,
        starts_on=command.starts_on,
        ends_on=command.ends_on,
    )
    return [noted, *_looked_at_anew(command, person), *_passed_on(command, person, news)]


def _looked_at_anew(command: NoteProtectionChange, person: Person) -> list[object]:
    if command.change == "ended":
        return _alert(command, person, "protection_ended")
    return list(deadlines.at_least(command, person, "risk_response")) if _helped(person) else []


def prepare_for_hearing(command: PrepareForHearing, person: Person) -> Decision:
    """Once for each day of hearings that was told; what is due then is the next one's."""
    open_case(person)
    cites_no_dead_consent(command, person)
    later = frozenset(one for one in person.safety.hearings if one[0] != command.hearing_on)
    if later == person.safety.hearings:
        raise Refused(
            "HEARING_UNKNOWN",
            f"Nothing was recorded: no hearing on {command.hearing_on} was told, or the person was prepared for it.",
            hearing_on=command.hearing_on.isoformat(),
        )
    return [
        PersonPrepared(command.person_ref, command.hearing_on, command.occurred_on),
        *deadlines.met(command, person, PREPARATION),
        *_next_preparation(command, later),
    ]


def awaiting(command: AboutPerson, person: Person) -> list[object]:
    """What a case that opens owes for what was told before: hearings that are not over, and dangers, which last."""
    dangers = [RiskAlertRaised(command.person_ref, kind, command.occurred_on) for kind in sorted(person.safety.dangers)]
    return [
        *_next_preparation(command, (one for one in person.safety.hearings if one[0] >= command.occurred_on)),
        *dangers,
        *([deadlines.by_policy(command, "risk_response")] if dangers else []),
    ]


def _next_preparation(command: AboutPerson, hearings: Iterable[Hearing]) -> list[object]:
    """Due by the first hearing for which the person is not prepared."""
    first = min(hearings, default=None)
    return [deadlines.on_day(command, PREPARATION, first[0], TOLD)] if first else []


def _alert(command: AboutPerson, person: Person, kind: str) -> list[object]:
    if not _helped(person):
        return []
    raised = RiskAlertRaised(command.person_ref, kind, command.occurred_on)
    return [raised, *deadlines.at_least(command, person, "risk_response")]


def _passed_on(command: AboutPerson, person: Person, form: Callable[[str], object]) -> Iterator[Notice]:
    """To those who take or took the person over, as long as the person lets it. What is told twice goes on once."""
    for to in sorted(person.taking_over):
        if live_consent(person, "share_with", _last_word_on(command, person, to), to):
            yield Notice(to, person.handovers[to], form(person.handovers[to]))


def _last_word_on(command: AboutPerson, person: Person, to: str) -> date:
    """The day of the news; or when the person last said yes or no to sharing, if they did before it arrived."""
    said = [one for one in person.consents.values() if one.given.share_with == to]
    return max([command.occurred_on, *(one.revoked_from or one.given.given_on for one in said)])


def _helped(person: Person) -> bool:
    return person.case is not None and person.case.is_open
