"""What a person should look at on a pathway: each alert follows from the facts and goes when they no longer hold."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from nrm_coordinator.foreign import Foreign
from nrm_coordinator.help_given import Unfunded
from nrm_coordinator.overdue import OpenDeadline
from nrm_coordinator.profiles import Description, first_told_minor
from nrm_coordinator.refusals import Refusal
from nrm_coordinator.timeline import TimelineStep


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that a person should look at: since when, at which agency, and the code that says more, if any."""

    kind: str
    origin: str
    since: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What alerts follow from; the timeline in the order in which things happened."""

    timeline: Sequence[TimelineStep]
    deadlines: Sequence[OpenDeadline]
    unfunded: Sequence[Unfunded]
    refusals: Sequence[Refusal]
    descriptions: Collection[Description]
    foreign: Sequence[Foreign] = ()


def alerts(facts: Facts, day: date) -> list[Alert]:
    """Every alert that stands, the oldest first."""
    steps = facts.timeline
    found = [
        *_overdue(facts.deadlines, day),
        *_lasting("lost", steps, ("assistance.PersonLost",), ("assistance.PersonFound", *_OVER)),
        *_lasting("charged", steps, _CHARGED, ("prosecution.NonPunishmentReviewed",)),
        *_lasting("support_ending", steps, ("assistance.ExitPlanStarted",), ("assistance.ExitPlanLifted", *_OVER)),
        *_at_risk(steps),
        *_release_untold(steps),
        *_two_open_cases(steps),
        *_found_again(steps),
        *_child_without_guardian(facts),
        *(Alert("unfunded", one.origin, one.since) for one in facts.unfunded[:1]),
        *(Alert("reaction_refused", one.origin, one.occurred_on, one.code) for one in facts.refusals),
        *of_foreign(facts.foreign),
    ]
    return sorted(found, key=lambda alert: (alert.since, alert.kind, alert.origin, alert.detail))


def of_foreign(found: Iterable[Foreign]) -> Iterator[Alert]:
    """A log holds what such an agency may not say: the log, the first position and the type are named."""
    for one in found:
        yield Alert("event_foreign", one.origin, one.since, f"event={one.kind} position={one.position}")


_OVER = ("assistance.CaseClosed", "assistance.AssistanceDeclined")
_CHARGED = ("prosecution.VictimCharged", "prosecution.NonPunishmentReviewOpened")
_DETECTED = ("identification.PersonDetected", "identification.DetectionCorrected")
_NOBODY_CAME = "referral_acknowledgement"


def _overdue(deadlines: Iterable[OpenDeadline], day: date) -> Iterator[Alert]:
    """A referral that nobody picked up has a name of its own: it is how people get lost between agencies."""
    for deadline in deadlines:
        if deadline.days_late(day):
            kind = "referral_not_picked_up" if deadline.kind == _NOBODY_CAME else "overdue"
            yield Alert(kind, deadline.owner_shown, deadline.due_on, deadline.kind)


def _lasting(
    name: str, timeline: Iterable[TimelineStep], raised: Collection[str], ended: Collection[str]
) -> Iterator[Alert]:
    """Raised by one event and ended by another of the same agency's log, about the same person and the same charge."""
    standing: dict[tuple[str, str, str], TimelineStep] = {}
    for step in _as_recorded(timeline):
        key = step.origin, step.subject, step.about
        if step.kind in raised:
            standing.setdefault(key, step)
        elif step.kind in ended:
            standing.pop(key, None)
    for step in standing.values():
        yield Alert(name, step.origin, step.occurred_on)


def _at_risk(timeline: Iterable[TimelineStep]) -> Iterator[Alert]:
    """Every danger that somebody raised since needs were assessed last, until the case is over."""
    raised: list[TimelineStep] = []
    for step in _as_recorded(timeline):
        if step.kind == "assistance.RiskAlertRaised":
            raised.append(step)
        elif step.kind in ("assistance.NeedsAssessed", *_OVER):
            raised = [one for one in raised if (one.origin, one.subject) != (step.origin, step.subject)]
    for step in raised:
        yield Alert("at_risk", step.origin, step.occurred_on, step.detail.removeprefix("kind="))


def _release_untold(timeline: Iterable[TimelineStep]) -> Iterator[Alert]:
    """Somebody is free, nobody who knows the person was told, and the prosecutor has not warned them in that case."""
    untold: list[TimelineStep] = []
    for step in _as_recorded(timeline):
        if step.kind == "prosecution.OffenderReleaseTold" and "told=false" in step.detail:
            untold.append(step)
        elif step.kind == "prosecution.VictimInformed" and "topic=offender_release" in step.detail:
            of_case = step.origin, step.subject, step.about
            untold = [one for one in untold if (one.origin, one.subject, one.about) != of_case]
    for step in untold:
        yield Alert("release_untold", step.origin, step.occurred_on)


def _two_open_cases(timeline: Iterable[TimelineStep]) -> Iterator[Alert]:
    """One open case per person holds within a store; across stores only the coordinator can see it broken."""
    open_cases: dict[tuple[str, str], TimelineStep] = {}
    for step in _as_recorded(timeline):
        if step.kind == "assistance.AssistanceAccepted":
            open_cases[step.origin, step.subject] = step
        elif step.kind in _OVER:
            open_cases.pop((step.origin, step.subject), None)
    if len(open_cases) > 1:
        for step in open_cases.values():
            yield Alert("two_open_cases", step.origin, step.occurred_on)


def _found_again(timeline: Sequence[TimelineStep]) -> Iterator[Alert]:
    """Detected anew after help had ended, and nobody has taken it up: perhaps trafficked again."""
    closed_on = min((step.occurred_on for step in timeline if step.kind == "assistance.CaseClosed"), default="")
    taken_up = ("identification.ReferralSubmitted", "assistance.AssistanceAccepted")
    last_taken_up = max((step.occurred_on for step in timeline if step.kind in taken_up), default="")
    for step in timeline:
        after = closed_on and step.occurred_on > max(closed_on, last_taken_up)
        if step.kind in _DETECTED and after:
            yield Alert("found_again", step.origin, step.occurred_on)


def _child_without_guardian(facts: Facts) -> Iterator[Alert]:
    """A child has a guardian from an appointment on until a conflict of interest is found, whoever recorded them."""
    told = first_told_minor(facts.descriptions)
    changes = ("identification.GuardianAppointed", "identification.GuardianConflictFound")
    newest = next((step for step in reversed(facts.timeline) if step.kind in changes), None)
    if told and (newest is None or newest.kind != changes[0]):
        yield Alert("child_without_guardian", told.origin, newest.occurred_on if newest else told.occurred_on)


def _as_recorded(timeline: Iterable[TimelineStep]) -> list[TimelineStep]:
    return sorted(timeline, key=lambda step: (step.origin, step.position))
