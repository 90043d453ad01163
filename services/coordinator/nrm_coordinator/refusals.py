"""Notices that an agency's rules refused: nothing came of them, and a person has to look.

A refusal names the notice as its cause, and the notice the handover id that it is about. So both are kept.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from nrm_contracts.record import events as record
from nrm_coordinator import tables as t
from nrm_coordinator.making import Builds, Data, day_of, fact
from nrm_coordinator.moment import AsOf
from nrm_kernel.entry import Entry
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


def of_notice(entry: Entry, data: Data) -> list[Add]:
    """Whom a notice is about; one that is about nobody gives nothing."""
    about = data.get("handover_id")
    return [fact(t.notice, entry, {"about": about, "entry_id": entry.text("id")})] if about else []


def _refused(entry: Entry, data: Data) -> tuple[Add]:
    cells = {"cause_id": data["cause_id"], "code": data["code"], "occurred_on": day_of(entry)}
    return (fact(t.refusal, entry, cells),)


FACTS: Builds = {record.ReactionRefused: _refused}
