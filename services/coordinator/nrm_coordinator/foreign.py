"""Facts that are not their sender's to record: they move nothing, and a person has to look.

A right signature says who wrote an entry, and not that an agency of that kind may say such a thing: a prosecutor's fact
counts from a prosecutor's log alone. What no kind owns, such as handovers and refusals, every agency records.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from sqlalchemy import func, select

from nrm_coordinator import tables as t
from nrm_coordinator.making import Given
from nrm_coordinator.moment import AsOf
from nrm_kernel.identity import service_of
from nrm_kernel.service import OF_ANYBODY
from nrm_kernel.views import Add, ViewReader


@dataclass(frozen=True, slots=True)
class Foreign:
    """Events of one type in the log of an agency of another kind: the first one's position and day of recording."""

    origin: str
    kind: str
    position: int
    since: str


@cache
def is_own(origin: str, kind: str) -> bool:
    """Whether an agency of that origin's kind may record events of this type."""
    return kind.partition(".")[0] in (service_of(origin), OF_ANYBODY)


def of_foreign(kind: str, given: Given) -> list[Add]:
    """All that such an entry gives: the person whom it says it is about, if any, and where it stands."""
    return [given.adds(t.foreign, {"subject": given.data.get("person_ref", ""), "kind": kind})]


async def foreign(reader: ViewReader, as_of: AsOf, refs: Collection[str] | None = None) -> list[Foreign]:
    """What was recorded by then, about these references or at all: one for each log and type, however many."""
    c = t.foreign.c
    query = (
        select(c.origin, c.kind, func.min(c.position).label("first"), func.min(c.recorded_at).label("since"))
        .where(c.recorded_at <= as_of.moment)
        .group_by(c.origin, c.kind)
    )
    rows = await reader.rows(query if refs is None else query.where(c.subject.in_(refs)))
    return [Foreign(row.origin, row.kind, row.first, row.since[:10]) for row in rows]
