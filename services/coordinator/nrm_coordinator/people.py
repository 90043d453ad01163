"""Which references are of one person: what handovers and merges connect, so the order of arrival does not matter.

Handovers join what two agencies call a person; a merge joins two records of the agency that found them to be one. What
other agencies note of such a merge joins nothing: they know both records by handovers of the agency that merged them,
and would otherwise hold two persons together after it has taken them apart again.

A person's name is the smallest of their references. Handover ids join references; they name nobody.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Select, func, or_, select

from nrm_contracts.identification import events as identification
from nrm_contracts.prosecution import events as prosecution
from nrm_contracts.record import events as record
from nrm_coordinator import tables as t
from nrm_coordinator.making import Build, Builds, Given
from nrm_coordinator.moment import AsOf
from nrm_kernel.views import Add, ViewReader

PERSONS: Final = "persons"
CASES: Final = "cases"
Pair = tuple[str, str]


@dataclass(frozen=True)
class Names:
    """Every connected reference and the smallest one of the same; any other reference names itself."""

    smallest: Mapping[str, str]

    def name(self, ref: str) -> str:
        """The person, or the criminal case, behind a reference."""
        return self.smallest.get(ref, ref)


def connected(pairs: Iterable[Pair]) -> Names:
    """What these pairs come to, whatever their order: the smaller reference of two always stands above the other."""
    above: dict[str, str] = {}

    def top(ref: str) -> str:
        while (higher := above.get(ref, ref)) != ref:
            above[ref] = ref = above.get(higher, higher)  # shorten the way for those who come after
        return ref

    for one, other in pairs:
        first, second = top(one), top(other)
        if first < second:
            above[second] = first
        elif second < first:
            above[first] = second
    return Names({ref: top(ref) for ref in list(above)})


async def everybody(reader: ViewReader, as_of: AsOf) -> Names:
    """All persons as of then."""
    pairs = [tuple(row) for row in await reader.rows(_shared(as_of))]
    return connected([*pairs, *await _merged(reader, PERSONS, as_of)])


async def every_case(reader: ViewReader, as_of: AsOf) -> Names:
    """All criminal cases that were taken into another one, as of then."""
    return connected(await _merged(reader, CASES, as_of))


def _shared(as_of: AsOf) -> Select[Pair]:
    """Pairs of references that know one handover id: each with the next smaller."""
    c = t.handover.c
    smaller = func.lag(c.person_ref).over(partition_by=c.handover_id, order_by=c.person_ref).label("smaller")
    sides = select(c.person_ref, smaller).where(c.recorded_at <= as_of.moment).subquery()
    return select(sides.c.person_ref, sides.c.smaller).where(sides.c.smaller < sides.c.person_ref)


async def _merged(reader: ViewReader, unit: str, as_of: AsOf, refs: Collection[str] | None = None) -> list[Pair]:
    """The merges that hold, of these references or all: of each pair and agency the newest change counts."""
    c = t.merge.c
    query = select(c.one, c.other, c.origin, c.joined).where(c.unit == unit, c.recorded_at <= as_of.moment)
    query = query if refs is None else query.where(or_(c.one.in_(refs), c.other.in_(refs)))
    newest = {(row.one, row.other, row.origin): row.joined for row in await reader.rows(query.order_by(c.position))}
    return [(one, other) for (one, other, _), is_joined in newest.items() if is_joined]


@dataclass(frozen=True)
class OnePerson:
    """All references of one person, and the handover ids between them. ``name`` is the smallest reference."""

    refs: frozenset[str]
    name: str


async def one_person(reader: ViewReader, ref: str, as_of: AsOf) -> OnePerson:
    """Whoever is behind this reference or handover id; found step by step, however much else is in the logs."""
    c = t.handover.c
    found, ahead, names = {ref}, {ref}, set[str]()
    while ahead:
        rows = await reader.rows(
            select(c.person_ref, c.handover_id)
            .where(or_(c.person_ref.in_(ahead), c.handover_id.in_(ahead)), c.recorded_at <= as_of.moment)
            .distinct()
        )
        merged = {side for pair in await _merged(reader, PERSONS, as_of, ahead) for side in pair}
        names |= merged | {row.person_ref for row in rows}
        ahead = (merged | {side for row in rows for side in row}) - found
        found |= ahead
    return OnePerson(frozenset(found), min(names, default=ref))


def _handed_over(given: Given) -> tuple[Add]:
    return (given.adds(t.handover, {"handover_id": given.data["handover_id"], "person_ref": given.data["person_ref"]}),)


def _merge(unit: str, one: str, other: str, *, is_joined: bool = True) -> Build:
    def build(given: Given) -> tuple[Add]:
        return (
            given.adds(
                t.merge, {"one": given.data[one], "other": given.data[other], "unit": unit, "joined": is_joined}
            ),
        )

    return build


FACTS: Builds = {
    record.HandoverMinted: _handed_over,
    record.HandoverReceived: _handed_over,
    identification.PersonRecordsMerged: _merge(PERSONS, "person_ref", "absorbed_ref"),
    identification.PersonRecordsUnmerged: _merge(PERSONS, "person_ref", "absorbed_ref", is_joined=False),
    prosecution.CasesMerged: _merge(CASES, "into_case_id", "criminal_case_id"),
}
