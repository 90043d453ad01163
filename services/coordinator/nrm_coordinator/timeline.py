"""What happened to a person, step by step. A step shows codes and figures: no place, no provider, no officer."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields, replace

from sqlalchemy import select

from nrm_contracts.assistance import events as assistance
from nrm_contracts.catalogue import type_of
from nrm_contracts.prosecution import events as prosecution
from nrm_contracts.record import events as record
from nrm_coordinator import tables as t
from nrm_coordinator.corrections import stands
from nrm_coordinator.incidents import voided_incidents
from nrm_coordinator.making import Build, Given, facts_of_agencies
from nrm_coordinator.moment import AsOf
from nrm_kernel.views import Add, ViewReader

DETAILS = (
    "stage",
    "final",
    "outcome",
    "scope",
    "change",
    "answer",
    "reason",
    "ground",
    "kind",
    "phase",
    "entitlement",
    "risk_level",
    "month",
    "capacity",
    "in_contact",
    "goal",
    "detection_channel",
    "measure",
    "topic",
    "told",
)
"""Fields of codes and figures that a step shows; one that is not named here is not shown."""

NOT_STEPS = frozenset(
    {
        record.HandoverMinted,
        record.HandoverReceived,
        # Who houses a person is not shown: stays count among the services, which name no provider.
        assistance.PlacementStarted,
        assistance.PlacementExtended,
        assistance.PlacementEnded,
        assistance.HearingTold,  # whose word HearingNoted and HearingCallOffNoted rest on
        assistance.ContractUsed,  # the contract's copy of DeliveryClaimed
        prosecution.VictimEnteredCase,  # the case's copy of VictimLinkedToCase
    }
)
_DEADLINES = ("DeadlineSet", "DeadlineMet", "DeadlineLifted")
_INCIDENT = ("incident_id", "incident_shared_ref")
_ABOUT = ("charge_id", "delivery_id", "criminal_case_id", *_INCIDENT)


@dataclass(frozen=True, slots=True)
class TimelineStep:
    """One recorded fact of a pathway. ``subject`` is the agency's own reference of the person."""

    origin: str
    position: int
    subject: str
    kind: str
    detail: str
    about: str
    occurred_on: str
    recorded_at: str


async def timeline(reader: ViewReader, refs: Collection[str], as_of: AsOf) -> list[TimelineStep]:
    """Every step of the person behind these references, in the order in which it happened."""
    c = t.step.c
    rows = await reader.rows(
        select(c.origin, c.position, c.subject, c.kind, c.detail, c.about, c.occurred_on, c.recorded_at)
        .where(c.subject.in_(refs), c.recorded_at <= as_of.moment, stands(t.step, as_of))
        .order_by(c.occurred_on, c.recorded_at, c.origin, c.position)
    )
    steps = [TimelineStep(*tuple(row)) for row in rows]
    voided = await voided_incidents(reader, {one.about for one in steps if one.kind in _OF_INCIDENTS}, as_of)
    return [_told_void(one, voided.get((one.origin, one.about))) for one in steps]


def _told_void(step: TimelineStep, voided_on: str | None) -> TimelineStep:
    """What was recorded with an incident says so where its own agency has it on record as void."""
    return replace(step, detail=f"{step.detail} incident_voided_on={voided_on}".strip()) if voided_on else step


def _steps() -> Iterator[tuple[type[object], Build]]:
    for kind in facts_of_agencies():
        names = {field.name for field in fields(kind.form)}
        if "person_ref" in names and kind.form not in NOT_STEPS and kind.form.__name__ not in _DEADLINES:
            yield kind.form, _step(kind.form, names)


def _step(form: type[object], names: Collection[str]) -> Build:
    kind, details = type_of(form).name, tuple(name for name in DETAILS if name in names)
    about = _about(names)

    def build(given: Given) -> tuple[Add]:
        cells = {
            "subject": given.data["person_ref"],
            "kind": kind,
            "detail": " ".join([f"{name}={_shown(given.data[name])}" for name in details if name in given.data]),
            "about": given.data.get(about, ""),
            "occurred_on": given.on,
        }
        return (given.adds(t.step, cells),)

    return build


def _about(names: Collection[str]) -> str:
    """The field that says what else than the person an event is about, if any."""
    return next((name for name in _ABOUT if name in names), "")


def _shown(value: str | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


FACTS = dict(_steps())
_OF_INCIDENTS = frozenset(
    kind.name for kind in facts_of_agencies() if _about({field.name for field in fields(kind.form)}) in _INCIDENT
)
