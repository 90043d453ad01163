"""The coordinator's answers as messages: what the domain found, field by field, and nothing beside it."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date

from nrm_contracts.coordinator.v1 import coordinator_pb2 as pb
from nrm_contracts.record.v1.receipt_pb2 import Completeness
from nrm_coordinator.alerts import Alert
from nrm_coordinator.funnel import Funnels
from nrm_coordinator.listing import Summary
from nrm_coordinator.moment import AsOf
from nrm_coordinator.overdue import OpenDeadline
from nrm_coordinator.pathway import Pathway
from nrm_coordinator.standing import Standing
from nrm_coordinator.timeline import TimelineStep


def pathway(found: Pathway, as_of: AsOf, complete_to: Iterable[Completeness]) -> pb.GetPathwayResponse:
    """One person's pathway."""
    return pb.GetPathwayResponse(
        person=found.person,
        references=[pb.AgencyReference(origin=origin, person_ref=ref) for origin, ref in found.references],
        profile=pb.Profile(**asdict(found.profile)),
        standing=_standing(found.standing, as_of.day),
        timeline=map(_step, found.timeline),
        deadlines=[deadline(one, found.person, as_of.day) for one in found.deadlines],
        consents=[pb.Consent(**asdict(one)) for one in found.consents],
        help=[pb.HelpGiven(**asdict(one)) for one in found.help.services],
        unfunded_deliveries=len(found.help.unfunded),
        money=[pb.Money(**asdict(one)) for one in found.money],
        cases=[pb.LinkedCase(**asdict(one)) for one in found.cases],
        compensation=[pb.Compensation(**asdict(one)) for one in found.compensation],
        alerts=map(_alert, found.alerts),
        as_of=as_of.moment,
        complete_to=complete_to,
    )


def summary(found: Summary, day: date) -> pb.PathwaySummary:
    """One person of a list."""
    return pb.PathwaySummary(
        person=found.person,
        profile=pb.Profile(**asdict(found.profile)),
        standing=_standing(found.standing, day),
        agencies=found.agencies,
        overdue=found.overdue,
    )


def funnels(
    found: Funnels, alerts: Iterable[Alert], as_of: AsOf, complete_to: Iterable[Completeness]
) -> pb.GetFunnelsResponse:
    """Three funnels, side by side."""
    return pb.GetFunnelsResponse(
        persons=_counts(found.persons),
        cases=_counts(found.cases),
        defendants=_counts(found.defendants),
        alerts=map(_alert, alerts),
        as_of=as_of.moment,
        complete_to=complete_to,
    )


def deadline(found: OpenDeadline, person: str, day: date) -> pb.Deadline:
    """A deadline about this person, or about none."""
    late = found.days_late(day)
    return pb.Deadline(
        kind=found.kind,
        owner=found.owner_shown,
        due_on=found.due_on,
        overdue=late > 0,
        days_late=late,
        rule_id=found.rule_id,
        person=person,
        about=found.about,
    )


def _step(step: TimelineStep) -> pb.Step:
    return pb.Step(
        origin=step.origin,
        position=step.position,
        kind=step.kind,
        detail=step.detail,
        occurred_on=step.occurred_on,
        recorded_at=step.recorded_at,
    )


def _alert(found: Alert) -> pb.Alert:
    return pb.Alert(**asdict(found))


def _standing(standing: Standing, day: date) -> pb.Standing:
    return pb.Standing(
        identification=standing.identification,
        identification_days=standing.days(day),
        assistance=standing.assistance,
        proceedings=standing.proceedings,
    )


def _counts(counts: Mapping[str, int]) -> list[pb.Count]:
    return [pb.Count(step=step, count=count) for step, count in counts.items()]
