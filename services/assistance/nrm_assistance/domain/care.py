"""Needs, the plan made with the person, the phases of help, and a child's best interests."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from nrm_assistance.domain import deadlines
from nrm_assistance.domain.command import (
    AboutPerson,
    accepted_case,
    cites_no_dead_consent,
    needs_consent,
    open_case,
)
from nrm_assistance.domain.parts import Plan
from nrm_assistance.domain.person import Person
from nrm_assistance.domain.placement import dated_plan_needed, open_placement
from nrm_contracts.assistance.events import (
    BestInterestAssessed,
    BestInterestDetermined,
    DomainLevel,
    GoalReached,
    NeedsAssessed,
    PhaseEntered,
    PlanAgreed,
    PlannedService,
    PlanRevised,
    RiskAlertRaised,
)
from nrm_contracts.fields import Code, Day
from nrm_contracts.policy import Period, Unit
from nrm_kernel.decider import Decision
from nrm_kernel.errors import Refused

FOLLOW_UP: Final = "follow_up"
DETERMINATION: Final = "best_interest_determination"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessNeeds(AboutPerson):
    """What the person needs, by domain, and when to look again."""

    domains: tuple[DomainLevel, ...]
    risk_level: Annotated[str, Code("risk_level")]
    reassess_by: Day


@dataclass(frozen=True, slots=True, kw_only=True)
class Planning(AboutPerson):
    """A plan as it was talked over with the person."""

    goals: tuple[Annotated[str, Code("goal_code")], ...]
    services: tuple[PlannedService, ...]
    planned_end: Day
    agreed_by_person: bool
    reintegration_on: Day | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreePlan(Planning):
    """The first plan of the case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisePlan(Planning):
    """Another plan in its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachGoal(AboutPerson):
    """A goal of the plan is reached."""

    goal: Annotated[str, Code("goal_code")]


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterPhase(AboutPerson):
    """Help moves on, or back when the person needs it."""

    phase: Annotated[str, Code("assistance_phase")]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessBestInterest(AboutPerson):
    """A child's best interests are weighed, the child's own view among them."""

    factors: tuple[Annotated[str, Code("best_interest_factor")], ...]
    child_view_heard: bool
    result: Annotated[str, Code("best_interest_result")]


@dataclass(frozen=True, slots=True, kw_only=True)
class DetermineBestInterest(AboutPerson):
    """What solution lasts for a child, as several people determine it formally."""

    solution: Annotated[str, Code("durable_solution")]
    panel: tuple[Annotated[str, Code("team_role")], ...]
    child_view_heard: bool
    review_by: Day


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseRiskAlert(AboutPerson):
    """Somebody sees danger for the person."""

    kind: Annotated[str, Code("risk_alert_kind")]


def assess_needs(command: AssessNeeds, person: Person) -> Decision:
    """After the person accepted; a new assessment also answers alerts raised since."""
    accepted_case(person)
    needs_consent(command, person, "assistance")
    _once_each("domain", [one.domain for one in command.domains])
    if command.reassess_by <= command.occurred_on:
        raise Refused("REASSESSMENT_NOT_LATER", "Needs are assessed again on a later day. Set reassess_by after today.")
    unplanned = person.plan is None and ("plan_agreement", None) not in person.deadlines
    return [
        NeedsAssessed(
            command.person_ref, command.domains, command.risk_level, command.occurred_on, command.reassess_by
        ),
        *deadlines.met(command, person, "needs_assessment", "needs_reassessment", "risk_response", "case_review"),
        deadlines.on_day(command, "needs_reassessment", command.reassess_by),
        *([deadlines.by_policy(command, "plan_agreement")] if unplanned else []),
    ]


def agree_plan(command: AgreePlan, person: Person) -> Decision:
    """Only a plan that the person agrees to, once needs are known."""
    accepted_case(person)
    if ("needs_assessment", None) in person.deadlines:  # due from acceptance until the first assessment
        raise Refused("NEEDS_NOT_ASSESSED", "A plan answers to needs. Record AssessNeeds first.")
    if person.plan:
        raise Refused("PLAN_EXISTS", "The case has a plan. Change it with RevisePlan.")
    planned = PlanAgreed(
        command.person_ref,
        command.goals,
        command.services,
        command.occurred_on,
        command.planned_end,
        command.agreed_by_person,
        command.reintegration_on,
    )
    return [planned, *deadlines.met(command, person, "plan_agreement"), *_planned(command, person)]


def revise_plan(command: RevisePlan, person: Person) -> Decision:
    """A plan may always be made anew with the person; a child in an institution keeps a dated way out."""
    accepted_case(person)
    _plan(person)
    if command.reintegration_on is None and dated_plan_needed(command.policy, person, open_placement(person)):
        raise Refused(
            "REINTEGRATION_PLAN_MISSING",
            "A child in an institution for so long needs a plan that dates the life outside. Set reintegration_on.",
        )
    revised = PlanRevised(
        command.person_ref,
        command.goals,
        command.services,
        command.occurred_on,
        command.planned_end,
        command.agreed_by_person,
        command.reintegration_on,
    )
    return [revised, *_planned(command, person)]


def _planned(command: Planning, person: Person) -> list[object]:
    """What both ways to a plan check and set."""
    needs_consent(command, person, "assistance")
    _once_each("goal", command.goals)
    if not command.agreed_by_person:
        raise Refused("PLAN_NOT_AGREED", "A plan is made with the person. Talk it over and record it when they agree.")
    if command.planned_end < command.occurred_on:
        raise Refused("PLAN_ENDS_BEFORE_IT_BEGINS", "planned_end is before the day of the plan. Correct it.")
    dated = ["reintegration_plan"] if command.reintegration_on else []
    return [
        deadlines.on_day(command, "plan_end", command.planned_end),
        *deadlines.met(command, person, *dated),
    ]


def reach_goal(command: ReachGoal, person: Person) -> Decision:
    """Each goal of the plan once."""
    accepted_case(person)
    cites_no_dead_consent(command, person)
    plan = _plan(person)
    if command.goal not in plan.goals:
        raise Refused("GOAL_NOT_PLANNED", f"{command.goal} is no goal of the plan. Put it there with RevisePlan.")
    if command.goal in plan.reached:
        raise Refused("GOAL_REACHED_BEFORE", f"{command.goal} was recorded as reached. Nothing to do.")
    return [GoalReached(command.person_ref, command.goal, command.occurred_on)]


def enter_phase(command: EnterPhase, person: Person) -> Decision:
    """Follow-up replaces the deadlines of the plan by contacts in the months that the policy names."""
    case = accepted_case(person)
    cites_no_dead_consent(command, person)
    if command.phase == case.phase:
        raise Refused("PHASE_UNCHANGED", f"The case is in the phase {case.phase}. Nothing to do.")
    entered = PhaseEntered(command.person_ref, command.phase, command.occurred_on)
    if command.phase != FOLLOW_UP:
        return [entered, *_care_again(command, person)]
    _plan(person)
    return [
        entered,
        *deadlines.met(command, person, "plan_end"),
        *deadlines.lifted(command, person, "needs_reassessment", "case_review"),
        *(_contacts_due(command) or [deadlines.by_policy(command, "case_review")]),
    ]


def _contacts_due(command: EnterPhase) -> list[object]:
    add = command.policy.calendar.add
    return [
        deadlines.follow_up(command, month, add(command.occurred_on, Period(month, Unit.MONTHS)))
        for month in command.policy.followup_months
    ]


def _care_again(command: EnterPhase, person: Person) -> list[object]:
    """From follow-up back into care: contacts are due no more, an assessment is."""
    contacts = deadlines.lifted(command, person, "follow_up_contact")
    return [*contacts, deadlines.by_policy(command, "needs_reassessment")] if contacts else []


def assess_best_interest(command: AssessBestInterest, person: Person) -> Decision:
    """For children alone; whether the child was heard is told, since an infant cannot be (UN CRC art. 12)."""
    _childs_case(command, person)
    _once_each("factor", command.factors)
    to_determine = command.result == "determination_needed"
    return [
        BestInterestAssessed(
            command.person_ref, command.factors, command.child_view_heard, command.result, command.occurred_on
        ),
        *deadlines.met(command, person, "best_interest_assessment"),
        *([deadlines.by_policy(command, DETERMINATION)] if to_determine else []),
    ]


def determine_best_interest(command: DetermineBestInterest, person: Person) -> Decision:
    """By more than one, for children alone; a return to another country rests on it (CETS 197 art. 16.7)."""
    _childs_case(command, person)
    _once_each("role", command.panel)
    if len(command.panel) == 1:
        raise Refused("PANEL_OF_ONE", "One alone does not determine what lasts for a child. Name who took part.")
    if command.review_by <= command.occurred_on:
        raise Refused("REVIEW_NOT_LATER", "A determination is reviewed on a later day. Set review_by after it.")
    determined = BestInterestDetermined(
        command.person_ref,
        command.solution,
        command.panel,
        command.child_view_heard,
        command.occurred_on,
        command.review_by,
    )
    return [determined, *deadlines.met(command, person, DETERMINATION)]


def _childs_case(command: AboutPerson, person: Person) -> None:
    open_case(person)
    cites_no_dead_consent(command, person)
    if person.profile is None or not person.profile.minor:
        raise Refused("NOT_A_CHILD", "Best interests are weighed for a child; this person is recorded as an adult.")


def raise_risk_alert(command: RaiseRiskAlert, person: Person) -> Decision:
    """In any open case, and asking nobody: danger does not wait for consent."""
    open_case(person)
    cites_no_dead_consent(command, person)
    return [
        RiskAlertRaised(command.person_ref, command.kind, command.occurred_on),
        *deadlines.at_least(command, person, "risk_response"),
    ]


def _plan(person: Person) -> Plan:
    if person.plan is None:
        raise Refused("PLAN_MISSING", "The case has no plan yet. Record AgreePlan first.")
    return person.plan


def _once_each(what: str, codes: Sequence[str]) -> None:
    if not codes or len(set(codes)) != len(codes):
        raise Refused("LIST_NOT_PLAIN", f"Name at least one {what}, and each {what} once.", field=what)
