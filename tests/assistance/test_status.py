"""What other agencies decide about a person adds rights and sets an end to some; it stops no help."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.assistance.story import ACCEPTED, ANNA, AUTHORITY, DAY, HANDOVER, REGISTERED, US, World, asks, lived, ref

from nrm_assistance.domain import status
from nrm_assistance.domain.intake import RegisterPerson
from nrm_assistance.domain.person import PERSON
from nrm_assistance.domain.status import NoteMerge, NoteRecovery, NoteStatus
from nrm_contracts.assistance.events import (
    DeadlineLifted,
    DeadlineSet,
    EntitlementChanged,
    ExitPlanLifted,
    ExitPlanStarted,
    RecordsMerged,
    RecoveryRecorded,
    StatusRecorded,
)
from nrm_contracts.record.events import HandoverReceived
from nrm_kernel.decider import In
from nrm_kernel.testing.spec import Spec

note = Spec(PERSON, status.note_status)
LAST_DAY = DAY + timedelta(days=9)
RECEIVED = HandoverReceived(ANNA, AUTHORITY, HANDOVER)
ZOE = ref("zoe")


def test_a_negative_decision_starts_an_exit_plan_with_the_authoritys_day() -> None:
    note.given(*lived(*ACCEPTED)).when(asks(NoteStatus, outcome="negative", exit_on=LAST_DAY)).then(
        RECEIVED,
        StatusRecorded(ANNA, AUTHORITY, 1, "negative", True, DAY),
        EntitlementChanged(ANNA, "ending", DAY),
        ExitPlanStarted(ANNA, DAY, LAST_DAY),
        DeadlineSet(ANNA, "exit_negative", "StatusRecorded", DAY, "authority/told", US, due_on=LAST_DAY),
    )


def test_where_nobody_sets_a_day_the_exit_has_none_and_nothing_ends() -> None:
    decided = note.given(*lived(*ACCEPTED)).when(asks(NoteStatus, outcome="negative"))
    assert ExitPlanStarted(ANNA, DAY) in decided.events


def test_a_positive_decision_later_lifts_the_exit() -> None:
    negative = asks(NoteStatus, outcome="negative", exit_on=LAST_DAY)
    note.given(*lived(*ACCEPTED, negative)).when(asks(NoteStatus, final=False)).then(
        StatusRecorded(ANNA, AUTHORITY, 1, "positive", False, DAY),
        EntitlementChanged(ANNA, "presumed", DAY),
        ExitPlanLifted(ANNA, DAY),
        DeadlineLifted(ANNA, "exit_negative", DAY),
    )


@pytest.mark.parametrize(
    ("outcome", "final", "entitlement"),
    [
        ("positive", False, "presumed"),
        ("positive", True, "confirmed"),
        ("negative", False, "ending"),
        ("negative", True, "ending"),
        ("disqualified", True, "ending"),
        ("revoked", True, "ending"),
    ],
)
def test_entitlement_follows_the_decision(outcome: str, entitlement: str, *, final: bool) -> None:
    world = World().do(*ACCEPTED, asks(NoteStatus, outcome=outcome, final=final))
    assert world.person().entitlement == entitlement


def test_the_end_of_support_after_a_positive_decision_is_due_on_its_day() -> None:
    decided = note.given(*lived(*ACCEPTED)).when(asks(NoteStatus, exit_on=LAST_DAY))
    assert [(one.kind, one.due_on) for one in decided.events if isinstance(one, DeadlineSet)] == [
        ("exit_positive", LAST_DAY)
    ]


def test_a_status_without_a_case_is_kept_for_later() -> None:
    note.when(asks(NoteStatus, outcome="negative", exit_on=LAST_DAY)).then(
        RECEIVED,
        StatusRecorded(ANNA, AUTHORITY, 1, "negative", True, DAY),
        EntitlementChanged(ANNA, "ending", DAY),
    )


def test_a_recovery_period_is_kept_as_told() -> None:
    told = asks(NoteRecovery, change="started", ends_on=DAY + timedelta(days=30))
    recovery = RecoveryRecorded(ANNA, "started", DAY - timedelta(days=30), DAY + timedelta(days=30))
    Spec(PERSON, status.note_recovery).when(told).then(RECEIVED, recovery)


def merged(world: World, change: str = "merged") -> World:
    return world.do(asks(NoteMerge, other_ref=ZOE, change=change))


def test_two_records_of_one_person_know_of_each_other() -> None:
    decided = Spec(PERSON, status.note_merge).also(PERSON).when(asks(NoteMerge, other_ref=ZOE, change="merged"))
    decided.then(RecordsMerged(ANNA, ZOE, "merged"), In(PERSON.stream(ZOE), RecordsMerged(ZOE, ANNA, "merged")))


def test_of_two_open_cases_the_later_record_has_one_to_close_until_the_merge_is_taken_back() -> None:
    both = World().do(*REGISTERED, asks(RegisterPerson, person_ref=ZOE, case_id=ref("zoes")))
    merged(both)
    assert ("two_open_cases", None) in both.person(ZOE).deadlines
    assert ("two_open_cases", None) not in both.person().deadlines
    merged(both, "unmerged")
    assert ("two_open_cases", None) not in both.person(ZOE).deadlines
    assert not both.person().merged_with


OUTCOMES = st.sampled_from(["positive", "negative", "disqualified", "revoked"])


@given(st.lists(st.tuples(OUTCOMES, st.booleans(), st.none() | st.integers(0, 60)), min_size=1, max_size=6))
def test_every_refusing_decision_opens_an_exit_and_every_positive_one_ends_it(
    decisions: list[tuple[str, bool, int | None]],
) -> None:
    """Invariant 18."""
    world = World().do(*ACCEPTED)
    for outcome, final, days in decisions:
        exit_on = None if days is None else DAY + timedelta(days=days)
        world.do(asks(NoteStatus, outcome=outcome, final=final, exit_on=exit_on))
        person = world.person()
        assert person.exiting == (outcome != "positive")
        assert (("exit_negative", None) in person.deadlines) == person.exiting
        assert person.exit_on == (exit_on if person.exiting else None)
        assert person.case is not None
        assert person.case.is_open, "no decision closes a case"


@pytest.mark.parametrize(("outcome", "exit_on"), [("positive", None), ("negative", LAST_DAY)])
def test_a_decision_told_again_under_its_right_day_is_recorded_once_and_changes_nothing_else(
    outcome: str, exit_on: date | None
) -> None:
    told = asks(NoteStatus, outcome=outcome, exit_on=exit_on)
    right = asks(NoteStatus, outcome=outcome, exit_on=exit_on, decided_on=DAY + timedelta(days=3))
    spec = note.given(*lived(*ACCEPTED, told))
    corrected = StatusRecorded(ANNA, AUTHORITY, 1, outcome, True, DAY + timedelta(days=3))  # type: ignore[arg-type]  # both are outcomes
    spec.when(right).then(corrected)
    spec.given(corrected).when(right).then()
    world, before = World().do(*ACCEPTED, told), World().do(*ACCEPTED, told).person()
    assert world.do(right).person().deadlines == before.deadlines


def test_a_second_decision_against_a_person_has_an_exit_of_its_own() -> None:
    later = LAST_DAY + timedelta(days=30)
    world = World().do(*ACCEPTED, asks(NoteStatus, outcome="negative", exit_on=LAST_DAY))
    world.do(asks(NoteStatus, outcome="negative", exit_on=later, decided_on=DAY + timedelta(days=30)))
    assert world.person().exit_on == later
