"""What an assistance agency records while it helps: needs, plan, placement, staying in touch."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from nrm_contracts.catalogue import Audience, event
from nrm_contracts.fields import Code, Corrects, Day, QtyMilli, Ref

NeedLevel = Annotated[int, Field(ge=0, le=4)]
"""How pressing a need is: 0 none, 1 slight, 2 moderate, 3 serious, 4 urgent."""

FollowUpMonth = Annotated[int, Field(ge=1, le=120)]
"""Months since the follow-up began."""


@dataclass(frozen=True, slots=True)
class DomainLevel:
    """One domain of a needs assessment."""

    domain: Annotated[str, Code("need_domain")]
    level: NeedLevel


@dataclass(frozen=True, slots=True)
class PlannedService:
    """A service that a plan foresees."""

    service_code: Annotated[str, Code("service_code")]
    unit: Annotated[str, Code("service_unit")]
    qty_milli: QtyMilli


@event(version=1, audience=Audience.OWN, sensitivity=3)
@dataclass(frozen=True, slots=True)
class NeedsAssessed:
    """What the person needs, by domain, and how great the danger is."""

    person_ref: Ref
    domains: tuple[DomainLevel, ...]
    risk_level: Annotated[str, Code("risk_level")]
    assessed_on: Day
    reassess_by: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class PlanAgreed:
    """A plan made with the person. ``reintegration_on`` is the day it foresees life outside an institution."""

    person_ref: Ref
    goals: tuple[Annotated[str, Code("goal_code")], ...]
    services: tuple[PlannedService, ...]
    agreed_on: Day
    planned_end: Day
    agreed_by_person: bool
    reintegration_on: Day | None = None


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class PlanRevised:
    """A new plan in the place of the old one; goals that both hold keep whether they were reached."""

    person_ref: Ref
    goals: tuple[Annotated[str, Code("goal_code")], ...]
    services: tuple[PlannedService, ...]
    revised_on: Day
    planned_end: Day
    agreed_by_person: bool
    reintegration_on: Day | None = None


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class GoalReached:
    """A goal of the plan was reached."""

    person_ref: Ref
    goal: Annotated[str, Code("goal_code")]
    reached_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class PhaseEntered:
    """Help moved on: crisis, rehabilitation, reintegration, follow-up."""

    person_ref: Ref
    phase: Annotated[str, Code("assistance_phase")]
    entered_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=3)
@dataclass(frozen=True, slots=True)
class BestInterestAssessed:
    """A child's best interests were weighed (UN Convention on the Rights of the Child, art. 3)."""

    person_ref: Ref
    factors: tuple[Annotated[str, Code("best_interest_factor")], ...]
    child_view_heard: bool
    result: Annotated[str, Code("best_interest_result")]
    assessed_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=3)
@dataclass(frozen=True, slots=True)
class BestInterestDetermined:
    """Several people determined formally what solution lasts for a child; it counts until it is to be reviewed."""

    person_ref: Ref
    solution: Annotated[str, Code("durable_solution")]
    panel: tuple[Annotated[str, Code("team_role")], ...]
    child_view_heard: bool
    determined_on: Day
    review_by: Day


@event(version=1, audience=Audience.OWN, sensitivity=3)
@dataclass(frozen=True, slots=True)
class PlacementStarted:
    """The person stays at a facility known only by an opaque reference, for at most ``max_days`` days."""

    person_ref: Ref
    placement_id: Ref
    facility_ref: Ref
    kind: Annotated[str, Code("placement_kind")]
    starts_on: Day
    max_days: int


@event(version=1, audience=Audience.OWN, sensitivity=3)
@dataclass(frozen=True, slots=True)
class PlacementExtended:
    """The longest stay, counted from the start, is now ``max_days`` days."""

    person_ref: Ref
    placement_id: Ref
    max_days: int
    extended_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=3)
@dataclass(frozen=True, slots=True)
class PlacementEnded:
    """The stay ended."""

    person_ref: Ref
    placement_id: Ref
    reason: Annotated[str, Code("placement_end_reason")]
    ended_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class FollowUpContactMade:
    """How the person fares some months on."""

    person_ref: Ref
    month: FollowUpMonth
    wellbeing: Annotated[str, Code("wellbeing")]
    housing: Annotated[str, Code("housing_situation")]
    income: Annotated[str, Code("income_situation")]
    safe: Annotated[str, Code("answer")]
    contacted_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class FollowUpVoided:
    """The contact of that month was recorded in error: it counts no longer."""

    person_ref: Ref
    month: FollowUpMonth
    corrects: Corrects
    reason: Annotated[str, Code("correction_reason")]
    voided_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class FollowUpMissed:
    """The nth attempt to reach the person for a follow-up failed; the contact is still due."""

    person_ref: Ref
    month: FollowUpMonth
    attempt: int
    attempted_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class PersonLost:
    """Nobody here knows where the person is."""

    person_ref: Ref
    last_contact_on: Day
    lost_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class PersonFound:
    """Contact again; the case goes on where it stood."""

    person_ref: Ref
    found_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=3)
@dataclass(frozen=True, slots=True)
class RiskAlertRaised:
    """Danger that calls for a new assessment."""

    person_ref: Ref
    kind: Annotated[str, Code("risk_alert_kind")]
    raised_on: Day
