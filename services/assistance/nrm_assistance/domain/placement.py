"""Where a person stays: for how long and in what kind of place. The place itself is sealed and never in an event.

A child is not left in an institution: past the days that the policy sets, a stay needs a plan that dates the life
outside (CETS 197 art. 12(7) with UN CRC art. 20; the days are the policy's ``child_institution_max``).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from pydantic import Field

from nrm_assistance.domain import deadlines
from nrm_assistance.domain.command import AboutPerson, cites_no_dead_consent, needs_consent, open_case
from nrm_assistance.domain.parts import Placement
from nrm_assistance.domain.person import Person
from nrm_contracts.assistance.events import PlacementEnded, PlacementExtended, PlacementStarted
from nrm_contracts.fields import Code, Ref
from nrm_contracts.policy import NationalPolicy
from nrm_kernel.changing import replace
from nrm_kernel.decider import Decision
from nrm_kernel.errors import NotFound, Refused

StayDays = Annotated[int, Field(ge=1, le=3660)]


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPlacement(AboutPerson):
    """The person moves in. The location comes beside the command, sealed."""

    placement_id: Ref
    facility_ref: Ref
    kind: Annotated[str, Code("placement_kind")]
    max_days: StayDays


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendPlacement(AboutPerson):
    """The stay may last longer; ``max_days`` counts from its first day."""

    placement_id: Ref
    max_days: StayDays


@dataclass(frozen=True, slots=True, kw_only=True)
class EndPlacement(AboutPerson):
    """The person moved out."""

    placement_id: Ref
    reason: Annotated[str, Code("placement_end_reason")]


def start_placement(command: StartPlacement, person: Person) -> Decision:
    """One place at a time; in an emergency before anything was accepted."""
    open_case(person)
    needs_consent(command, person, "assistance")
    if open_placement(person):
        raise Refused("PLACEMENT_OPEN", "The person stays somewhere already. Record EndPlacement first.")
    placement = Placement(command.kind, command.occurred_on, command.max_days)
    _needs_dated_plan(command.policy, person, placement)
    started = PlacementStarted(
        command.person_ref,
        command.placement_id,
        command.facility_ref,
        command.kind,
        command.occurred_on,
        command.max_days,
    )
    return [
        started,
        deadlines.on_day(command, "placement_end", placement.ends_by),
        *_reintegration_due(command, person, placement),
    ]


def extend_placement(command: ExtendPlacement, person: Person) -> Decision:
    """Never a way around the plan that a child's long stay needs."""
    open_case(person)
    needs_consent(command, person, "assistance")
    placement = _still_open(person, command.placement_id)
    longer = replace(placement, max_days=command.max_days)
    _needs_dated_plan(command.policy, person, longer)
    return [
        PlacementExtended(command.person_ref, command.placement_id, command.max_days, command.occurred_on),
        deadlines.on_day(command, "placement_end", longer.ends_by),
    ]


def end_placement(command: EndPlacement, person: Person) -> Decision:
    """A stay ends when the person leaves, whatever else is open."""
    cites_no_dead_consent(command, person)
    placement = _still_open(person, command.placement_id)
    if command.occurred_on < placement.starts_on:
        raise Refused("PLACEMENT_ENDS_BEFORE_START", f"The stay began on {placement.starts_on}. Correct occurred_on.")
    return [
        PlacementEnded(command.person_ref, command.placement_id, command.reason, command.occurred_on),
        *deadlines.met(command, person, "placement_end"),
        *deadlines.lifted(command, person, "reintegration_plan"),
    ]


def open_placement(person: Person) -> Placement | None:
    """Where the person stays now."""
    return next((placement for placement in person.placements.values() if placement.ended_on is None), None)


def must_have_left(person: Person) -> None:
    """Nobody is closed out of a bed. Refuses with PLACEMENT_OPEN."""
    if open_placement(person):
        raise Refused("PLACEMENT_OPEN", "The person still stays in a placement. Record EndPlacement first.")


def dated_plan_needed(policy: NationalPolicy, person: Person, stay: Placement | None) -> bool:
    """Whether this stay, with earlier ones in institutions, is over the days a child may stay without a dated plan."""
    limit = _limit_days(policy, stay.starts_on) if stay else None
    if stay is None or limit is None or not stay.is_institutional or not _is_child(person):
        return False
    return _days_before(person) + stay.max_days > limit


def _is_child(person: Person) -> bool:
    return person.profile is not None and person.profile.minor


def _days_before(person: Person) -> int:
    """Days that were spent in institutions of this agency, stays that ended."""
    ended = (one for one in person.placements.values() if one.is_institutional and one.ended_on)
    return sum(one.days for one in ended)


def _limit_days(policy: NationalPolicy, start: date) -> int | None:
    longest = policy.child_institution_max
    return (policy.calendar.add(start, longest) - start).days if longest else None


def _needs_dated_plan(policy: NationalPolicy, person: Person, stay: Placement) -> None:
    dated = person.plan is not None and person.plan.reintegration_on is not None
    if not dated and dated_plan_needed(policy, person, stay):
        raise Refused(
            "REINTEGRATION_PLAN_MISSING",
            f"A child may not stay in institutions for more than {_limit_days(policy, stay.starts_on)} days without a "
            "dated plan of reintegration. Set reintegration_on in the plan, or choose a shorter stay or a family.",
        )


def _reintegration_due(command: StartPlacement, person: Person, stay: Placement) -> list[object]:
    """From a child's first day in an institution the dated plan is due; without a day where the policy sets none."""
    dated = person.plan is not None and person.plan.reintegration_on is not None
    if dated or not stay.is_institutional or not _is_child(person):
        return []
    limit = _limit_days(command.policy, stay.starts_on)
    left = None if limit is None else max(0, limit - _days_before(person))
    day = None if left is None else stay.starts_on + timedelta(days=left)
    return [deadlines.on_day(command, "reintegration_plan", day, deadlines.rule(command, "child_institution_max"))]


def _still_open(person: Person, placement_id: str) -> Placement:
    placement = person.placements.get(placement_id)
    if placement is None:
        raise NotFound
    if placement.ended_on:
        raise Refused("PLACEMENT_ENDED", f"This stay ended on {placement.ended_on}. Nothing to change.")
    return placement
