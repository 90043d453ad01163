"""When a court sits in a case of a victim: a hearing is set, called off, moved. Each command, then its rule.

Those who care for the person are told the day and the kind, so that they can prepare them (EU Directive 2012/29
art. 6); nothing says whether the person is heard.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from nrm_contracts.fields import Day, Ref
from nrm_contracts.prosecution.events import (
    HearingCalledOff,
    HearingCalledOffNotified,
    HearingNotified,
    HearingScheduled,
)
from nrm_contracts.prosecution.safety_events import HearingKind
from nrm_kernel.decider import Decision, Notice
from nrm_kernel.errors import Refused
from nrm_prosecution.domain.ground import LegalBasis, on_live_ground
from nrm_prosecution.domain.proceedings import must_be_victim_in
from nrm_prosecution.domain.safety import CARERS
from nrm_prosecution.domain.victim import Victim


@dataclass(frozen=True, slots=True)
class ScheduleHearing:
    """A court sits in a case of the victim on ``hearing_on``."""

    person_ref: Ref
    criminal_case_id: Ref
    kind: HearingKind
    hearing_on: Day
    occurred_on: Day
    legal_basis: LegalBasis


@dataclass(frozen=True, slots=True)
class CallOffHearing:
    """The hearing that was set for ``hearing_on`` does not take place."""

    person_ref: Ref
    criminal_case_id: Ref
    kind: HearingKind
    hearing_on: Day
    occurred_on: Day


@dataclass(frozen=True, slots=True)
class MoveHearing:
    """The hearing that was set for ``hearing_on`` takes place on ``moved_to``."""

    person_ref: Ref
    criminal_case_id: Ref
    kind: HearingKind
    hearing_on: Day
    moved_to: Day
    occurred_on: Day


@on_live_ground
def schedule_hearing(command: ScheduleHearing, victim: Victim) -> Decision:
    """Whoever cares for the person can prepare them. It says nothing of whether they take part."""
    must_be_victim_in(victim, command.criminal_case_id)
    return list(_set(command, victim, command.hearing_on))


def call_off_hearing(command: CallOffHearing, victim: Victim) -> Decision:
    """Whoever was told of the day hears that nobody needs to be prepared for it."""
    _must_be_set(command, victim)
    return list(_called_off(command, victim))


def move_hearing(command: MoveHearing, victim: Victim) -> Decision:
    """One day goes and another comes in one append: nobody hears the one without the other."""
    _must_be_set(command, victim)
    return [*_called_off(command, victim), *_set(command, victim, command.moved_to)]


def _set(command: ScheduleHearing | MoveHearing, victim: Victim, on: date) -> Iterator[object]:
    if on < command.occurred_on:
        raise _day_past(
            f"{on} is before the day on which it was set, {command.occurred_on}. Correct one of the two.", on
        )
    if (command.criminal_case_id, command.kind, on) in victim.hearings:
        raise Refused(
            "HEARING_STANDS",
            f"Nothing was recorded: a hearing of the kind {command.kind} is set for {on} in this case already.",
            hearing_on=on.isoformat(),
        )
    yield HearingScheduled(command.person_ref, command.criminal_case_id, command.kind, on, command.occurred_on)
    for to, about in victim.known_to(CARERS):
        yield Notice(to, about, HearingNotified(about, on, command.kind))


def _must_be_set(command: CallOffHearing | MoveHearing, victim: Victim) -> None:
    must_be_victim_in(victim, command.criminal_case_id)
    on = command.hearing_on
    if (command.criminal_case_id, command.kind, on) not in victim.hearings:
        raise Refused(
            "HEARING_UNKNOWN",
            f"Nothing was recorded: no hearing of the kind {command.kind} is set for {on} in this case.",
            hearing_on=on.isoformat(),
        )
    if on < command.occurred_on:
        raise _day_past(f"its day, {on}, is over.", on)


def _day_past(why: str, on: date) -> Refused:
    return Refused("HEARING_DAY_PAST", f"Nothing was recorded of the hearing: {why}", hearing_on=on.isoformat())


def _called_off(command: CallOffHearing | MoveHearing, victim: Victim) -> Iterator[object]:
    """Where a hearing of that day and kind stands in another case, whoever was told has nothing to take back."""
    case, kind, on = command.criminal_case_id, command.kind, command.hearing_on
    yield HearingCalledOff(command.person_ref, case, kind, on, command.occurred_on)
    if any(other != case and (sort, day) == (kind, on) for other, sort, day in victim.hearings):
        return
    for to, about in victim.known_to(CARERS):
        yield Notice(to, about, HearingCalledOffNotified(about, on, kind))
