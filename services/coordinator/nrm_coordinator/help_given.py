"""Units of help that a person got: which services, how much of each, and which of them nobody pays for.

Who gave them is not told: the provider of a shelter is never shown.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, exists, select

from nrm_contracts.assistance import events as assistance
from nrm_coordinator import tables as t
from nrm_coordinator.making import Build, Builds, Given
from nrm_coordinator.moment import AsOf
from nrm_kernel.views import Add, ViewReader

DELIVERED, CLAIMED, UNFUNDED, VOIDED = "delivered", "claimed", "unfunded", "voided"


@dataclass(frozen=True, slots=True)
class Service:
    """All that was delivered of one service, and when the last of it was."""

    service_code: str
    unit: str
    qty_milli: int
    last_on: str


@dataclass(frozen=True, slots=True)
class Unfunded:
    """A delivery that nothing pays for, and since when."""

    origin: str
    since: str


@dataclass(frozen=True, slots=True)
class Help:
    """What a person got. ``claim_ids`` are all claims that were ever made for it."""

    services: Sequence[Service]
    unfunded: Sequence[Unfunded]
    claim_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Change:
    origin: str
    delivery_id: str
    change: str
    claim_id: str
    service_code: str
    unit: str
    qty_milli: int
    occurred_on: str


async def help_given(reader: ViewReader, refs: Collection[str], as_of: AsOf) -> Help:
    """What the person behind these references got; what was voided counts nowhere."""
    c = t.delivery.c
    told = (c.origin, c.delivery_id, c.change, c.claim_id, c.service_code, c.unit, c.qty_milli, c.occurred_on)
    rows = await reader.rows(
        select(*told).where(c.person_ref.in_(refs), c.recorded_at <= as_of.moment).order_by(c.origin, c.position)
    )
    changes = [_Change(*tuple(row)) for row in rows]
    newest = {(one.origin, one.delivery_id): one for one in changes}.values()
    voided = {one.delivery_id for one in changes if one.change == VOIDED}
    unfunded = (Unfunded(one.origin, one.occurred_on) for one in newest if one.change == UNFUNDED)
    return Help(
        services=_services([one for one in changes if one.change == DELIVERED and one.delivery_id not in voided]),
        unfunded=sorted(unfunded, key=lambda one: (one.since, one.origin)),
        claim_ids=frozenset(one.claim_id for one in changes if one.claim_id),
    )


def _services(deliveries: Sequence[_Change]) -> list[Service]:
    sums: dict[tuple[str, str], tuple[int, str]] = {}
    for one in deliveries:
        key = one.service_code, one.unit
        qty_milli, last_on = sums.get(key, (0, ""))
        sums[key] = qty_milli + one.qty_milli, max(last_on, one.occurred_on)
    return [Service(*key, *total) for key, total in sorted(sums.items())]


def assisted(as_of: AsOf, from_on: str, to_on: str) -> Select[tuple[str]]:
    """References of persons with a delivery in the period that was not voided."""
    c, later = t.delivery.c, t.delivery.alias().c
    voided = exists().where(
        later.person_ref == c.person_ref,
        later.change == VOIDED,
        later.delivery_id == c.delivery_id,
        later.recorded_at <= as_of.moment,
    )
    query = select(c.person_ref).where(c.change == DELIVERED, c.recorded_at <= as_of.moment, ~voided).distinct()
    query = query.where(c.occurred_on >= from_on) if from_on else query
    return query.where(c.occurred_on <= to_on) if to_on else query


def _build(change: str) -> Build:
    def build(given: Given) -> tuple[Add]:
        cells = {
            "person_ref": given.data["person_ref"],
            "delivery_id": given.data["delivery_id"],
            "change": change,
            "claim_id": given.data.get("claim_id", ""),
            "service_code": given.data.get("service_code", ""),
            "unit": given.data.get("unit", ""),
            "qty_milli": given.data.get("qty_milli", 0),
            "occurred_on": given.on,
        }
        return (given.adds(t.delivery, cells),)

    return build


FACTS: Builds = {
    assistance.ServiceUnitDelivered: _build(DELIVERED),
    assistance.DeliveryClaimed: _build(CLAIMED),
    assistance.DeliveryUnfunded: _build(UNFUNDED),
    assistance.ServiceUnitVoided: _build(VOIDED),
}
