"""Needs, plans that the person agrees to, phases, and a child's best interests."""

from datetime import timedelta

import pytest
from tests.assistance.story import (
    ACCEPTED,
    ANNA,
    ASSESSED,
    CHILD,
    DAY,
    FOLLOWED_UP,
    OFFERED,
    PLANNED,
    PLANNED_CARE,
    POLICY,
    REGISTERED,
    World,
    asks,
    lived,
)

from nrm_assistance.domain import care
from nrm_assistance.domain.care import (
    AgreePlan,
    AssessBestInterest,
    AssessNeeds,
    EnterPhase,
    RaiseRiskAlert,
    ReachGoal,
    RevisePlan,
)
from nrm_assistance.domain.person import PERSON
from nrm_contracts.assistance.events import (
    BestInterestAssessed,
    DeadlineMet,
    DeadlineSet,
    DomainLevel,
    GoalReached,
    NeedsAssessed,
    PhaseEntered,
    PlanAgreed,
    PlanRevised,
    RiskAlertRaised,
)
from nrm_contracts.policy import Period, Unit
from nrm_kernel.testing.spec import Decided, Spec

assess = Spec(PERSON, care.assess_needs)
agree = Spec(PERSON, care.agree_plan)
revise = Spec(PERSON, care.revise_plan)
reach = Spec(PERSON, care.reach_goal)
enter = Spec(PERSON, care.enter_phase)
weigh = Spec(PERSON, care.assess_best_interest)
alert = Spec(PERSON, care.raise_risk_alert)
END = DAY + timedelta(days=200)


def due(decided: Decided) -> dict[str, object]:
    return {event.kind: event.due_on for event in decided.events if isinstance(event, DeadlineSet)}


def test_needs_are_assessed_by_domain_and_again_on_a_day() -> None:
    decided = assess.given(*lived(*ACCEPTED)).when(asks(AssessNeeds))
    later = DAY + timedelta(days=30)
    assert decided.events[:2] == (
        NeedsAssessed(ANNA, (DomainLevel("safety", 3),), "medium", DAY, later),
        DeadlineMet(ANNA, "needs_assessment", DAY),
    )
    assert due(decided) == {"needs_reassessment": later, "plan_agreement": POLICY.due("plan_agreement", DAY)}


def test_needs_wait_for_the_persons_yes() -> None:
    assess.given(*lived(*OFFERED)).when(asks(AssessNeeds)).then_refused("NOT_ACCEPTED")


@pytest.mark.parametrize("domains", [(), (DomainLevel("safety", 1), DomainLevel("safety", 2))])
def test_each_domain_stands_once(domains: tuple[DomainLevel, ...]) -> None:
    assess.given(*lived(*ACCEPTED)).when(asks(AssessNeeds, domains=domains)).then_refused("LIST_NOT_PLAIN")


def test_needs_are_looked_at_again_on_a_later_day() -> None:
    assess.given(*lived(*ACCEPTED)).when(asks(AssessNeeds, reassess_by=DAY)).then_refused("REASSESSMENT_NOT_LATER")


def test_a_plan_is_agreed_with_the_person() -> None:
    agree.given(*lived(*ASSESSED)).when(asks(AgreePlan, agreed_by_person=False)).then_refused("PLAN_NOT_AGREED")
    decided = agree.given(*lived(*ASSESSED)).when(asks(AgreePlan))
    assert decided.events[0] == PlanAgreed(ANNA, ("safe_housing",), PLANNED, DAY, END, True)
    assert due(decided) == {"plan_end": END}


def test_a_plan_answers_to_needs_and_there_is_one() -> None:
    agree.given(*lived(*ACCEPTED)).when(asks(AgreePlan)).then_refused("NEEDS_NOT_ASSESSED")
    agree.given(*lived(*PLANNED_CARE)).when(asks(AgreePlan)).then_refused("PLAN_EXISTS")
    revise.given(*lived(*ASSESSED)).when(asks(RevisePlan)).then_refused("PLAN_MISSING")


def test_a_plan_ends_after_it_begins() -> None:
    backwards = asks(AgreePlan, planned_end=DAY - timedelta(days=1))
    agree.given(*lived(*ASSESSED)).when(backwards).then_refused("PLAN_ENDS_BEFORE_IT_BEGINS")


def test_a_revised_plan_keeps_the_goals_that_were_reached() -> None:
    world = World().do(*PLANNED_CARE, asks(ReachGoal), asks(RevisePlan, goals=("safe_housing", "income_own")))
    plan = world.person().plan
    assert plan is not None
    assert sorted(plan.goals) == ["income_own", "safe_housing"]
    assert sorted(plan.reached) == ["safe_housing"]


def test_a_revised_plan_moves_the_end() -> None:
    decided = revise.given(*lived(*PLANNED_CARE)).when(asks(RevisePlan, planned_end=END + timedelta(days=10)))
    assert isinstance(decided.events[0], PlanRevised)
    assert due(decided) == {"plan_end": END + timedelta(days=10)}


def test_each_goal_of_the_plan_is_reached_once() -> None:
    reach.given(*lived(*PLANNED_CARE)).when(asks(ReachGoal)).then(GoalReached(ANNA, "safe_housing", DAY))
    reach.given(*lived(*PLANNED_CARE)).when(asks(ReachGoal, goal="income_own")).then_refused("GOAL_NOT_PLANNED")
    reach.given(*lived(*PLANNED_CARE, asks(ReachGoal))).when(asks(ReachGoal)).then_refused("GOAL_REACHED_BEFORE")


def test_follow_up_has_a_contact_due_in_each_month_of_the_policy() -> None:
    decided = enter.given(*lived(*PLANNED_CARE)).when(asks(EnterPhase, phase="follow_up"))
    assert decided.events[0] == PhaseEntered(ANNA, "follow_up", DAY)
    contacts = {event.month: event.due_on for event in decided.events if isinstance(event, DeadlineSet)}
    assert contacts == {month: POLICY.calendar.add(DAY, Period(month, Unit.MONTHS)) for month in (1, 3, 6, 12)}


def test_follow_up_needs_a_plan_to_follow() -> None:
    enter.given(*lived(*ASSESSED)).when(asks(EnterPhase, phase="follow_up")).then_refused("PLAN_MISSING")


def test_a_phase_is_entered_once_in_a_row() -> None:
    crisis = asks(EnterPhase, phase="crisis")
    enter.given(*lived(*ACCEPTED, crisis)).when(crisis).then_refused("PHASE_UNCHANGED")


def test_who_needs_care_again_goes_back_from_follow_up() -> None:
    decided = enter.given(*lived(*FOLLOWED_UP)).when(asks(EnterPhase, phase="rehabilitation"))
    assert due(decided) == {"needs_reassessment": POLICY.due("needs_reassessment", DAY)}


def test_best_interests_are_a_childs() -> None:
    weigh.given(*lived(*CHILD)).when(asks(AssessBestInterest)).then(
        BestInterestAssessed(ANNA, ("child_view", "safety"), True, "care_suits", DAY),
        DeadlineMet(ANNA, "best_interest_assessment", DAY),
    )
    weigh.given(*lived(*ACCEPTED)).when(asks(AssessBestInterest)).then_refused("NOT_A_CHILD")


def test_danger_is_told_in_any_open_case_without_asking_for_consent() -> None:
    alert.given(*lived(*REGISTERED)).when(asks(RaiseRiskAlert, kind="threat")).then(
        RiskAlertRaised(ANNA, "threat", DAY),
        DeadlineSet(
            ANNA,
            "risk_response",
            "RiskAlertRaised",
            DAY,
            f"{POLICY.version}/deadlines.risk_response",
            "test/assistance/ngo-dawn",
            due_on=POLICY.due("risk_response", DAY),
        ),
    )


def test_a_new_assessment_answers_the_alert() -> None:
    decided = assess.given(*lived(*ACCEPTED, asks(RaiseRiskAlert, kind="threat"))).when(asks(AssessNeeds))
    assert DeadlineMet(ANNA, "risk_response", DAY) in decided.events
