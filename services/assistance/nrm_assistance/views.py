"""This agency's own lists: cases, what is due, delivered units, contracts. They follow from its log alone."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import singledispatch
from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Integer, MetaData, String, Table

from nrm_contracts.assistance import events as e
from nrm_kernel.entry import Entry
from nrm_kernel.views import Change, Put, Remove, View

METADATA: Final = MetaData()

CASE: Final = Table(
    "assistance_case",
    METADATA,
    Column("person_ref", String, primary_key=True),
    Column("case_id", String),
    Column("opened_at", BigInteger, index=True),
    Column("stage", String, index=True),
    Column("phase", String),
    Column("source", String),
    Column("opened_on", String),
    Column("ended_on", String),
    Column("outcome", String),
    Column("region", String),
    Column("minor", Boolean),
    Column("risk_level", String),
    Column("lost", Boolean),
    Column("entitlement", String),
    Column("exit_on", String),
    Column("planned_end", String),
)
"""Each person's latest case. ``opened_at`` is the position of its first entry; it is empty for a person without one."""

DUE: Final = Table(
    "deadline",
    METADATA,
    Column("person_ref", String, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("month", Integer, primary_key=True),
    Column("anchor_on", String),
    Column("due_on", String, index=True),
    Column("rule_id", String),
    Column("owner", String),
)
"""What is due now; :data:`NO_DAY` stands where the policy sets none, so that it sorts last."""

NO_DAY: Final = "9999-12-31"

UNIT: Final = Table(
    "service_unit",
    METADATA,
    Column("delivery_id", String, primary_key=True),
    Column("delivered_at", BigInteger, index=True),
    Column("person_ref", String, index=True),
    Column("service_code", String),
    Column("unit", String),
    Column("qty_milli", BigInteger),
    Column("delivered_from", String),
    Column("delivered_to", String),
    Column("contract_ref", String, index=True),
    Column("claim_id", String),
    Column("answer", String),
    Column("unfunded_reason", String),
    Column("voided", Boolean),
)
"""Delivered units; ``delivered_at`` is the position of the entry."""

CONTRACT: Final = Table(
    "contract",
    METADATA,
    Column("contract_ref", String, primary_key=True),
    Column("funder", String),
    Column("change", String),
    Column("ccy", String),
    Column("starts_on", String),
    Column("ends_on", String),
    Column("ceiling_percent", Integer),
)
"""Contracts as the funder told of them last."""


def apply(entry: Entry) -> Iterable[Change]:
    """What an entry of this agency's log changes in its lists."""
    return _changes(entry.event, entry)


VIEWS: Final = (View("assistance", 1, METADATA, apply),)


@singledispatch
def _changes(_event: object, _entry: Entry) -> Iterable[Change]:
    """Most facts stand in no list."""
    return ()


def _case(person_ref: str, **cells: str | int | bool | None) -> tuple[Change]:
    return (Put(CASE, {"person_ref": person_ref, **cells}),)


def _unit(delivery_id: str, **cells: str | int | bool | None) -> tuple[Change]:
    return (Put(UNIT, {"delivery_id": delivery_id, **cells}),)


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


@_changes.register
def _(event: e.PersonRegistered, _entry: Entry) -> Iterable[Change]:
    return _case(event.person_ref, region=event.region, minor=event.minor)


@_changes.register
def _(event: e.ProfileCorrected, _entry: Entry) -> Iterable[Change]:
    return _case(event.person_ref, region=event.region)


@_changes.register
def _(event: e.CaseOpened, entry: Entry) -> Iterable[Change]:
    return _case(
        event.person_ref,
        case_id=event.case_id,
        opened_at=entry.position,
        stage="requested",
        phase=None,
        source=event.source,
        opened_on=_text(event.opened_on),
        ended_on=None,
        outcome=None,
        risk_level="not_asked",
        lost=False,
        exit_on=None,
        planned_end=None,
    )


@_changes.register
def _(event: e.AssistanceOffered, _entry: Entry) -> Iterable[Change]:
    return _case(event.person_ref, stage="offered")


@_changes.register
def _(event: e.AssistanceAccepted, _entry: Entry) -> Iterable[Change]:
    return _case(event.person_ref, stage="accepted")


@_changes.register
def _(event: e.AssistanceDeclined, _entry: Entry) -> Iterable[Change]:
    return _case(event.person_ref, stage="ended", outcome="declined", ended_on=_text(event.declined_on))


@_changes.register
def _(event: e.CaseClosed, _entry: Entry) -> Iterable[Change]:
    return _case(event.person_ref, stage="ended", outcome=event.outcome, ended_on=_text(event.closed_on))


@_changes.register
def _(event: e.PhaseEntered, _entry: Entry) -> Iterable[Change]:
    return _case(event.person_ref, phase=event.phase)


@_changes.register
def _(event: e.NeedsAssessed, _entry: Entry) -> Iterable[Change]:
    return _case(event.person_ref, risk_level=event.risk_level)


@_changes.register(e.PlanAgreed)
@_changes.register(e.PlanRevised)
def _(event: e.PlanAgreed | e.PlanRevised, _entry: Entry) -> Iterable[Change]:
    return _case(event.person_ref, planned_end=_text(event.planned_end))


@_changes.register
def _(event: e.PersonLost, _entry: Entry) -> Iterable[Change]:
    return _case(event.person_ref, lost=True)


@_changes.register
def _(event: e.PersonFound, _entry: Entry) -> Iterable[Change]:
    return _case(event.person_ref, lost=False)


@_changes.register
def _(event: e.EntitlementChanged, _entry: Entry) -> Iterable[Change]:
    return _case(event.person_ref, entitlement=event.entitlement)


@_changes.register
def _(event: e.ExitPlanStarted, _entry: Entry) -> Iterable[Change]:
    return _case(event.person_ref, exit_on=_text(event.exit_on))


@_changes.register
def _(event: e.ExitPlanLifted, _entry: Entry) -> Iterable[Change]:
    return _case(event.person_ref, exit_on=None)


@_changes.register
def _(event: e.DeadlineSet, _entry: Entry) -> Iterator[Change]:
    yield Put(
        DUE,
        {
            "person_ref": event.person_ref,
            "kind": event.kind,
            "month": event.month or 0,
            "anchor_on": _text(event.anchor_on),
            "due_on": _text(event.due_on) or NO_DAY,
            "rule_id": event.rule_id,
            "owner": event.owner,
        },
    )


@_changes.register(e.DeadlineMet)
@_changes.register(e.DeadlineLifted)
def _(event: e.DeadlineMet | e.DeadlineLifted, _entry: Entry) -> Iterator[Change]:
    yield Remove(DUE, {"person_ref": event.person_ref, "kind": event.kind, "month": event.month or 0})


@_changes.register
def _(event: e.ServiceUnitDelivered, entry: Entry) -> Iterable[Change]:
    return _unit(
        event.delivery_id,
        delivered_at=entry.position,
        person_ref=event.person_ref,
        service_code=event.service_code,
        unit=event.unit,
        qty_milli=event.qty_milli,
        delivered_from=_text(event.delivered_from),
        delivered_to=_text(event.delivered_to),
        voided=False,
    )


@_changes.register
def _(event: e.DeliveryClaimed, _entry: Entry) -> Iterable[Change]:
    return _unit(
        event.delivery_id, contract_ref=event.contract_ref, claim_id=event.claim_id, unfunded_reason=None, answer=None
    )


@_changes.register
def _(event: e.DeliveryUnfunded, _entry: Entry) -> Iterable[Change]:
    return _unit(event.delivery_id, contract_ref=None, claim_id=None, unfunded_reason=event.reason)


@_changes.register
def _(event: e.ClaimAnswerRecorded, _entry: Entry) -> Iterable[Change]:
    return _unit(event.delivery_id, answer=event.answer)


@_changes.register
def _(event: e.ServiceUnitVoided, _entry: Entry) -> Iterable[Change]:
    return _unit(event.delivery_id, voided=True, contract_ref=None, claim_id=None, unfunded_reason=None)


@_changes.register
def _(event: e.ContractRecorded, _entry: Entry) -> Iterator[Change]:
    yield Put(
        CONTRACT,
        {
            "contract_ref": event.contract_ref,
            "funder": event.funder,
            "change": event.change,
            "ccy": event.ccy,
            "starts_on": _text(event.starts_on),
            "ends_on": _text(event.ends_on),
        },
    )


@_changes.register
def _(event: e.CeilingAlertRaised, _entry: Entry) -> Iterator[Change]:
    yield Put(CONTRACT, {"contract_ref": event.contract_ref, "ceiling_percent": event.percent})
