"""A hearing is set, called off or moved: those who care for the victim know of each day whether a court sits on it."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from nrm_contracts.prosecution.events import (
    ConsentNoted,
    HearingCalledOff,
    HearingCalledOffNotified,
    HearingNotified,
    HearingScheduled,
    VictimLinkedToCase,
    VictimRegistered,
)
from nrm_contracts.record.events import HandoverReceived
from nrm_kernel.decider import Notice
from nrm_kernel.errors import Refused
from nrm_kernel.testing.spec import Spec
from nrm_prosecution.domain import sitting
from nrm_prosecution.domain.sitting import CallOffHearing, MoveHearing, ScheduleHearing
from nrm_prosecution.domain.victim import VICTIMS

CASE, OTHER_CASE, ANNA, HELPED_AS = "c" * 32, "d" * 32, "a" * 32, "f" * 32
SHELTER, DAY = "test/assistance/ngo-dawn", date(2026, 3, 2)
LATER = DAY + timedelta(30)
MUCH_LATER = DAY + timedelta(60)
LINKED = (
    VictimRegistered(ANNA, False, (), DAY),
    HandoverReceived(ANNA, SHELTER, HELPED_AS),
    VictimLinkedToCase(ANNA, CASE, DAY),
    VictimLinkedToCase(ANNA, OTHER_CASE, DAY),
)
SET = HearingScheduled(ANNA, CASE, "trial", LATER, DAY)
OFF = HearingCalledOff(ANNA, CASE, "trial", LATER, DAY)
SCHEDULE = ScheduleHearing(ANNA, CASE, "trial", LATER, DAY, "")
CALL_OFF = CallOffHearing(ANNA, CASE, "trial", LATER, DAY)
MOVE = MoveHearing(ANNA, CASE, "trial", LATER, MUCH_LATER, DAY)
schedule, call_off, move = (
    Spec(VICTIMS, rule).given(*LINKED)
    for rule in (sitting.schedule_hearing, sitting.call_off_hearing, sitting.move_hearing)
)


def told(on: date) -> Notice:
    return Notice(SHELTER, HELPED_AS, HearingNotified(HELPED_AS, on, "trial"))


def taken_back(on: date) -> Notice:
    return Notice(SHELTER, HELPED_AS, HearingCalledOffNotified(HELPED_AS, on, "trial"))


def test_a_hearing_is_told_by_its_day_and_kind_alone() -> None:
    schedule.when(SCHEDULE).then(SET, told(LATER))
    schedule.given(SET).when(SCHEDULE).then_refused("HEARING_STANDS")
    schedule.when(replace(SCHEDULE, hearing_on=DAY - timedelta(1))).then_refused("HEARING_DAY_PAST")
    schedule.when(replace(SCHEDULE, criminal_case_id="9" * 32)).then_refused("VICTIM_NOT_LINKED")


def test_a_hearing_does_not_rest_on_a_consent_that_was_taken_back() -> None:
    spec = schedule.given(ConsentNoted(ANNA, "proceedings", "revoked", DAY))
    spec.when(replace(SCHEDULE, legal_basis="consent")).then_refused("CONSENT_REVOKED")
    spec.when(replace(SCHEDULE, legal_basis="legal_obligation")).then(SET, told(LATER))


def test_given_a_hearing_when_it_is_called_off_then_whoever_was_told_hears_it() -> None:
    call_off.given(SET).when(CALL_OFF).then(OFF, taken_back(LATER))


def test_given_no_hearing_on_that_day_when_it_is_called_off_then_it_is_refused() -> None:
    call_off.when(CALL_OFF).then_refused("HEARING_UNKNOWN")
    call_off.given(SET, OFF).when(CALL_OFF).then_refused("HEARING_UNKNOWN")
    call_off.given(SET).when(replace(CALL_OFF, kind="appeal")).then_refused("HEARING_UNKNOWN")
    call_off.given(SET).when(replace(CALL_OFF, occurred_on=LATER + timedelta(1))).then_refused("HEARING_DAY_PAST")
    call_off.given(SET).when(replace(CALL_OFF, criminal_case_id="9" * 32)).then_refused("VICTIM_NOT_LINKED")


def test_given_a_hearing_of_another_case_on_that_day_when_one_is_called_off_then_nobody_stops_preparing() -> None:
    other = HearingScheduled(ANNA, OTHER_CASE, "trial", LATER, DAY)
    call_off.given(SET, other).when(CALL_OFF).then(OFF)


def test_given_a_hearing_when_it_is_moved_then_both_days_are_told_in_one_append() -> None:
    moved = replace(SET, hearing_on=MUCH_LATER)
    move.given(SET).when(MOVE).then(OFF, taken_back(LATER), moved, told(MUCH_LATER))


def test_given_nothing_to_move_or_nowhere_to_move_it_then_it_is_refused() -> None:
    move.when(MOVE).then_refused("HEARING_UNKNOWN")
    move.given(SET).when(replace(MOVE, moved_to=LATER)).then_refused("HEARING_STANDS")
    move.given(SET).when(replace(MOVE, moved_to=DAY - timedelta(1))).then_refused("HEARING_DAY_PAST")


DAYS = st.sampled_from([DAY + timedelta(nth) for nth in range(4)])
CASES = st.sampled_from([CASE, OTHER_CASE])
STEPS = st.lists(st.tuples(st.sampled_from(["sets", "calls off", "moves"]), CASES, DAYS, DAYS), max_size=12)


@given(STEPS)
def test_whoever_cares_awaits_exactly_the_days_on_which_a_court_sits(steps: list[tuple[str, str, date, date]]) -> None:
    past, sits, awaited = list[object](LINKED), set[tuple[str, date]](), set[date]()
    for step, case, day, other in steps:
        victim = VICTIMS.state(past)
        try:
            match step:
                case "sets":
                    command = ScheduleHearing(ANNA, case, "trial", day, DAY, "")
                    outcome = sitting.schedule_hearing(command, victim)
                    sits.add((case, day))
                case "calls off":
                    outcome = sitting.call_off_hearing(CallOffHearing(ANNA, case, "trial", day, DAY), victim)
                    sits.remove((case, day))
                case _:
                    outcome = sitting.move_hearing(MoveHearing(ANNA, case, "trial", day, other, DAY), victim)
                    sits.remove((case, day))
                    sits.add((case, other))
        except Refused:
            continue
        for one in outcome:
            match one:
                case Notice(event=HearingNotified(hearing_on=on)):
                    awaited.add(on)
                case Notice(event=HearingCalledOffNotified(hearing_on=on)):
                    awaited.remove(on)
                case event:
                    past.append(event)
    assert awaited == {day for _, day in sits}
