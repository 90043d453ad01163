"""What a person should look at on a pathway: each alert follows from the facts and goes when they no longer hold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from nrm_coordinator.overdue import OpenDeadline
from nrm_coordinator.spending import Spend


@dataclass(frozen=True, slots=True)
class TimelineStep:
    """One recorded fact of a pathway."""

    origin: str
    position: int
    kind: str
    detail: str
    occurred_on: str
    recorded_at: str


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that a person should look at: since when, and at which agency."""

    kind: str
    origin: str
    since: str


LASTING = {
    "lost": ("assistance.PersonLost", ("assistance.PersonFound", "assistance.CaseClosed")),
    "charged": ("prosecution.VictimCharged", ("prosecution.NonPunishmentReviewed",)),
    "minor_without_guardian": ("identification.MinorPresumed", ("identification.GuardianAppointed",)),
    "guardian_conflict": ("identification.GuardianConflictFound", ("identification.GuardianAppointed",)),
    "exit_without_plan": ("assistance.ExitPlanStarted", ("assistance.ExitPlanLifted", "assistance.CaseClosed")),
}
"""What raises an alert, and what ends it: at the same agency, later in its log."""


def alerts(
    timeline: Sequence[TimelineStep], deadlines: Sequence[OpenDeadline], money: Sequence[Spend], day: date
) -> list[Alert]:
    """Every alert that stands, the oldest first."""
    found = [*_lasting(timeline), *_two_open_cases(timeline), *_overdue(deadlines, day)]
    if any(spend.unfunded_deliveries for spend in money):
        first = next((step for step in timeline if step.kind == "assistance.DeliveryUnfunded"), timeline[0])
        found.append(Alert("unfunded", first.origin, first.occurred_on))
    return sorted(found, key=lambda alert: (alert.since, alert.kind, alert.origin))


def _lasting(timeline: Sequence[TimelineStep]) -> Iterator[Alert]:
    for name, (raised, ended) in LASTING.items():
        for origin in sorted({step.origin for step in timeline}):
            ends = max((s.position for s in timeline if s.origin == origin and s.kind in ended), default=-1)
            raising = [s for s in timeline if s.origin == origin and s.kind == raised and s.position > ends]
            if raising:
                yield Alert(name, origin, raising[0].occurred_on)


def _two_open_cases(timeline: Sequence[TimelineStep]) -> Iterator[Alert]:
    """One open case per person holds within a store; across stores only the coordinator can see it broken."""
    open_cases: dict[str, str] = {}
    for step in sorted(timeline, key=lambda one: (one.origin, one.position)):
        if step.kind == "assistance.AssistanceAccepted":
            open_cases[step.origin] = step.occurred_on
        elif step.kind in ("assistance.CaseClosed", "assistance.AssistanceDeclined"):
            open_cases.pop(step.origin, None)
    if len(open_cases) > 1:
        for origin, since in open_cases.items():
            yield Alert("two_open_cases", origin, since)


def _overdue(deadlines: Sequence[OpenDeadline], day: date) -> Iterator[Alert]:
    for deadline in deadlines:
        if deadline.days_late(day):
            yield Alert("overdue", deadline.owner, deadline.due_on)
