"""Notices that an agency's rules refused: nothing came of them, and a person has to look.

A refusal names the notice as its cause, and the notice the handover id that it is about. So both are kept.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from nrm_contracts.record import events as record
from nrm_coordinator import tables as t
from nrm_coordinator.making import Builds, Given
from nrm_coordinator.moment import AsOf
from nrm_kernel.views import Add, ViewReader


@dataclass(frozen=True, slots=True)
class Refusal:
    """An agency refused what a notice asked for, by this reason."""

    origin: str
    code: str
    occurred_on: str


async def refusals(reader: ViewReader, refs: Collection[str], as_of: AsOf) -> list[Refusal]:
    """The refused notices about the person behind these references."""
    c = t.refusal.c
    rows = await reader.rows(
        select(c.origin, c.code, c.occurred_on)
        .join(t.notice, t.notice.c.entry_id == c.cause_id)
        .where(t.notice.c.about.in_(refs), c.recorded_at <= as_of.moment)
        .order_by(c.occurred_on, c.origin, c.position)
    )
    return [Refusal(*tuple(row)) for row in rows]


def of_notice(given: Given) -> list[Add]:
    """Whom a notice is about; one that is about nobody gives nothing."""
    about = given.data.get("handover_id")
    return [given.adds(t.notice, {"about": about, "entry_id": given.entry_id})] if about else []


def _refused(given: Given) -> tuple[Add]:
    cells = {"cause_id": given.data["cause_id"], "code": given.data["code"], "occurred_on": given.on}
    return (given.adds(t.refusal, cells),)


FACTS: Builds = {record.ReactionRefused: _refused}
