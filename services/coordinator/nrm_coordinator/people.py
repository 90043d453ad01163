"""Which references are of one person: the connected components of the links, so the order of arrival does not matter.

A component's name is its smallest person reference. Handover ids join references; they name nobody.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import or_, select

from nrm_coordinator import tables as t
from nrm_coordinator.moment import AsOf
from nrm_kernel.views import ViewReader

Link = tuple[str, str]


@dataclass(frozen=True)
class People:
    """Every linked reference and the person whom it names; a reference that is not linked names itself."""

    names: Mapping[str, str]

    def name(self, ref: str) -> str:
        """The person behind a reference."""
        return self.names.get(ref, ref)


def components(links: Iterable[Link], persons: Iterable[str]) -> People:
    """The people that these links make up; ``persons`` are the references that may give a component its name."""
    parent: dict[str, str] = {}

    def root(ref: str) -> str:
        top = ref
        while (above := parent.setdefault(top, top)) != top:
            top = above
        while parent[ref] != top:  # halve the way for those who come after
            parent[ref], ref = top, parent[ref]
        return top

    for one, other in links:
        parent[root(one)] = root(other)
    smallest: dict[str, str] = {}
    for person in persons:
        if person in parent:
            top = root(person)
            smallest[top] = min(person, smallest.get(top, person))
    return People({ref: smallest.get(root(ref), ref) for ref in parent})


def standing(changes: Iterable[tuple[str, str, str, int, bool]]) -> set[Link]:
    """The links that hold: of each pair the newest change counts. Rows are one, other, origin, position, joined."""
    newest: dict[tuple[str, str, str], tuple[int, bool]] = {}
    for one, other, origin, position, joined in changes:
        newest[one, other, origin] = max(newest.get((one, other, origin), (-1, False)), (position, joined))
    return {(one, other) for (one, other, _), (_, joined) in newest.items() if joined}


_COLUMNS = (t.link.c.one, t.link.c.other, t.link.c.origin, t.link.c.position, t.link.c.joined)


async def everybody(reader: ViewReader, as_of: AsOf) -> People:
    """All people as of then."""
    rows = await reader.rows(select(*_COLUMNS).where(t.link.c.recorded_at <= as_of.moment))
    links = standing(tuple(row) for row in rows)
    # The first reference of a link is always a person's; the second is a handover id or an absorbed person's.
    persons = {one for one, _ in links} | await _absorbed(reader, as_of)
    return components(links, persons)


async def references(reader: ViewReader, ref: str, as_of: AsOf) -> set[str]:
    """Every reference linked to this one, handover ids among them; found step by step, whatever else is in the log."""
    found, ahead = {ref}, {ref}
    while ahead:
        rows = await reader.rows(
            select(*_COLUMNS).where(
                t.link.c.recorded_at <= as_of.moment, or_(t.link.c.one.in_(ahead), t.link.c.other.in_(ahead))
            )
        )
        linked = {side for pair in standing(tuple(row) for row in rows) for side in pair}
        ahead = linked - found
        found |= linked
    return found


async def _absorbed(reader: ViewReader, as_of: AsOf) -> set[str]:
    query = select(t.step.c.subject).where(
        t.step.c.kind == "identification.PersonRecordAbsorbed", t.step.c.recorded_at <= as_of.moment
    )
    return {row.subject for row in await reader.rows(query)}
