"""Where a person stays: one place at a time, and no child for long in an institution without a dated way out."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.assistance.story import (
    ACCEPTED,
    ANNA,
    CHILD,
    CHILD_PLANNED,
    DAY,
    OFFERED,
    POLICY,
    US,
    World,
    asks,
    lived,
    ref,
)

from nrm_assistance.domain import placement
from nrm_assistance.domain.care import AgreePlan, AssessNeeds, RevisePlan
from nrm_assistance.domain.person import PERSON
from nrm_assistance.domain.placement import EndPlacement, ExtendPlacement, StartPlacement
from nrm_contracts.assistance.events import DeadlineLifted, DeadlineMet, DeadlineSet, PlacementEnded, PlacementStarted
from nrm_kernel.errors import NotFound
from nrm_kernel.testing.spec import Spec

LIMIT_DAYS = 90
start = Spec(PERSON, placement.start_placement)
extend = Spec(PERSON, placement.extend_placement)
end = Spec(PERSON, placement.end_placement)
STARTED = asks(StartPlacement)
LEAVING = DAY + timedelta(days=120)


def test_a_stay_has_a_kind_a_longest_length_and_a_facility_without_a_place() -> None:
    start.given(*lived(*ACCEPTED)).when(STARTED).then(
        PlacementStarted(ANNA, ref("placement"), ref("facility"), "shelter", DAY, 30),
        DeadlineSet(ANNA, "placement_end", "PlacementStarted", DAY, "officer/set", US, due_on=DAY + timedelta(days=30)),
    )


def test_in_an_emergency_a_bed_does_not_wait_for_acceptance() -> None:
    start.given(*lived(*OFFERED)).when(STARTED).then_refused("CONSENT_NOT_LIVE")
    assert start.given(*lived(*OFFERED)).when(asks(StartPlacement, legal_basis="vital_interest")).refusal is None


def test_one_place_at_a_time() -> None:
    start.given(*lived(*ACCEPTED, STARTED)).when(STARTED).then_refused("PLACEMENT_OPEN")


def test_a_stay_ends_once_and_not_before_it_began() -> None:
    leave = asks(EndPlacement, reason="moved_on")
    early = asks(EndPlacement, reason="moved_on", occurred_on=DAY - timedelta(days=1))
    end.given(*lived(*ACCEPTED, STARTED)).when(leave).then(
        PlacementEnded(ANNA, ref("placement"), "moved_on", DAY), DeadlineMet(ANNA, "placement_end", DAY)
    )
    end.given(*lived(*ACCEPTED, STARTED)).when(early).then_refused("PLACEMENT_ENDS_BEFORE_START")
    end.given(*lived(*ACCEPTED, STARTED, leave)).when(leave).then_refused("PLACEMENT_ENDED")
    with pytest.raises(NotFound):
        end.given(*lived(*ACCEPTED)).when(leave)


def test_a_longer_stay_moves_its_end() -> None:
    decided = extend.given(*lived(*ACCEPTED, STARTED)).when(asks(ExtendPlacement, max_days=45))
    due = [event.due_on for event in decided.events if isinstance(event, DeadlineSet)]
    assert due == [DAY + timedelta(days=45)]


def test_a_childs_long_stay_in_an_institution_needs_a_dated_plan() -> None:
    long = asks(StartPlacement, kind="child_centre", max_days=LIMIT_DAYS + 1)
    start.given(*lived(*CHILD_PLANNED)).when(long).then_refused("REINTEGRATION_PLAN_MISSING")
    dated = lived(*CHILD, asks(AssessNeeds), asks(AgreePlan, reintegration_on=LEAVING))
    assert start.given(*dated).when(long).refusal is None


@pytest.mark.parametrize("kind", ["foster", "family", "independent"])
def test_a_childs_stay_in_a_family_needs_none(kind: str) -> None:
    assert start.given(*lived(*CHILD)).when(asks(StartPlacement, kind=kind, max_days=900)).refusal is None


def test_an_adults_stay_needs_none() -> None:
    assert start.given(*lived(*ACCEPTED)).when(asks(StartPlacement, max_days=900)).refusal is None


def test_the_dated_plan_is_due_from_a_childs_first_day() -> None:
    decided = start.given(*lived(*CHILD)).when(asks(StartPlacement, kind="child_centre", max_days=30))
    due = {event.kind: event.due_on for event in decided.events if isinstance(event, DeadlineSet)}
    assert due["reintegration_plan"] == DAY + timedelta(days=LIMIT_DAYS)


def test_the_dated_plan_meets_its_deadline_and_may_not_be_taken_back() -> None:
    stay = asks(StartPlacement, kind="child_centre", max_days=30)
    world = World().do(*CHILD_PLANNED, stay, asks(RevisePlan, reintegration_on=LEAVING))
    assert DeadlineMet(ANNA, "reintegration_plan", DAY) in world.events()
    world.do(asks(ExtendPlacement, max_days=LIMIT_DAYS + 30))
    assert world.refuses(asks(RevisePlan)) == "REINTEGRATION_PLAN_MISSING"


def test_leaving_the_institution_lifts_the_plan_that_was_due() -> None:
    stay = asks(StartPlacement, kind="child_centre", max_days=30)
    decided = end.given(*lived(*CHILD, stay)).when(asks(EndPlacement, reason="family_reunited"))
    assert DeadlineLifted(ANNA, "reintegration_plan", DAY) in decided.events


STAYS = st.lists(
    st.tuples(st.sampled_from(["child_centre", "shelter", "foster"]), st.integers(1, 120), st.integers(0, 120)),
    max_size=4,
)


@given(stays=STAYS, last_days=st.integers(1, 200), extended_to=st.integers(1, 300))
def test_no_way_around_adds_up_to_a_long_stay_without_a_dated_plan(
    stays: list[tuple[str, int, int]], last_days: int, extended_to: int
) -> None:
    """Invariant 19, over several stays one after another and over extensions."""
    world, day, spent = World().do(*CHILD_PLANNED), DAY, 0
    for nth, (kind, max_days, lasted) in enumerate(stays):
        stay = ref(f"stay {nth}")
        allowed = kind == "foster" or spent + max_days <= LIMIT_DAYS
        moved_in = _moved(world, asks(StartPlacement, kind=kind, max_days=max_days, occurred_on=day, placement_id=stay))
        assert moved_in == allowed
        if moved_in:
            day += timedelta(days=lasted)
            world.do(asks(EndPlacement, reason="moved_on", occurred_on=day, placement_id=stay))
            spent += 0 if kind == "foster" else lasted
    last = asks(StartPlacement, kind="child_centre", max_days=last_days, occurred_on=day)
    if _moved(world, last):
        assert spent + last_days <= LIMIT_DAYS
        longer = asks(ExtendPlacement, max_days=extended_to, occurred_on=day)
        assert _moved(world, longer) == (spent + extended_to <= LIMIT_DAYS)


def _moved(world: World, command: object) -> bool:
    """Whether the stay was granted; the dated plan is all that may be missing."""
    reason = world.refuses(command)
    assert reason in (None, "REINTEGRATION_PLAN_MISSING")
    return reason is None


def test_the_policy_of_these_tests_is_the_one_they_speak_of() -> None:
    assert POLICY.child_institution_max is not None
    assert POLICY.child_institution_max.n == LIMIT_DAYS
