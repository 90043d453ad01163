"""Which references are of one person: the connected components of the links, so the order of arrival does not matter.

Handovers join what two agencies call a person; a merge joins two records of the agency that found them to be one. What
other agencies note of such a merge joins nothing: they know both records by handovers of the agency that merged them,
and would otherwise hold two persons together after it has taken them apart again.

A person's name is the smallest of their references. Handover ids join references; they name nobody.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Select, or_, select

from nrm_contracts.identification import events as identification
from nrm_contracts.prosecution import events as prosecution
from nrm_contracts.record import events as record
from nrm_coordinator import tables as t
from nrm_coordinator.making import Build, Builds, Data, fact
from nrm_coordinator.moment import AsOf
from nrm_kernel.entry import Entry
from nrm_kernel.views import Add, ViewReader

HANDOVER, MERGE, CASES = "handover", "merge", "cases"
_PERSONS = (HANDOVER, MERGE)


class Link(NamedTuple):
    """Two references of the same; ``one`` is never a handover id."""

    one: str
    other: str
    kind: str

    @property
    def names(self) -> tuple[str, ...]:
        """The references of the link that may name what it joins."""
        return (self.one,) if self.kind == HANDOVER else (self.one, self.other)


@dataclass(frozen=True)
class Names:
    """Every linked reference and the smallest one of the same; a reference that is not linked names itself."""

    smallest: Mapping[str, str]

    def name(self, ref: str) -> str:
        """The person, or the criminal case, behind a reference."""
        return self.smallest.get(ref, ref)


def joined(links: Iterable[Link]) -> Names:
    """What these links join, whatever their order."""
    above: dict[str, str] = {}

    def top(ref: str) -> str:
        while (higher := above.setdefault(ref, ref)) != ref:
            above[ref] = ref = above[higher]  # shorten the way for those who come after
        return ref

    links = list(links)
    for link in links:
        above[top(link.one)] = top(link.other)
    smallest: dict[str, str] = {}
    for name in {name for link in links for name in link.names}:
        smallest[top(name)] = min(name, smallest.get(top(name), name))
    return Names({ref: smallest[top(ref)] for ref in above})


def holding(changes: Iterable[tuple[str, str, str, bool, str, int]]) -> Iterator[Link]:
    """The links that hold: of each pair and agency the newest change counts."""
    newest: dict[tuple[str, str, str, str], tuple[int, bool]] = {}
    for one, other, kind, is_joined, origin, position in changes:
        key = one, other, kind, origin
        newest[key] = max(newest.get(key, (-1, False)), (position, is_joined))
    for (one, other, kind, _), (_, is_joined) in newest.items():
        if is_joined:
            yield Link(one, other, kind)


def _changes(as_of: AsOf, *kinds: str) -> Select[tuple[str, str, str, bool, str, int]]:
    c = t.link.c
    return select(c.one, c.other, c.kind, c.joined, c.origin, c.position).where(
        c.kind.in_(kinds), c.recorded_at <= as_of.moment
    )


async def everybody(reader: ViewReader, as_of: AsOf) -> Names:
    """All persons as of then."""
    return joined(holding(tuple(row) for row in await reader.rows(_changes(as_of, *_PERSONS))))


async def every_case(reader: ViewReader, as_of: AsOf) -> Names:
    """All criminal cases that were taken into another one, as of then."""
    return joined(holding(tuple(row) for row in await reader.rows(_changes(as_of, CASES))))


@dataclass(frozen=True)
class OnePerson:
    """All references that lead to one person, handover ids among them, and the smallest that is the person's own."""

    refs: frozenset[str]
    name: str


async def one_person(reader: ViewReader, ref: str, as_of: AsOf) -> OnePerson:
    """Whoever is behind this reference; found step by step, however much else is in the logs."""
    found, ahead, names = {ref}, {ref}, set[str]()
    while ahead:
        c = t.link.c
        rows = await reader.rows(_changes(as_of, *_PERSONS).where(or_(c.one.in_(ahead), c.other.in_(ahead))))
        links = list(holding(tuple(row) for row in rows))
        names |= {name for link in links for name in link.names}
        ahead = {side for link in links for side in link[:2]} - found
        found |= ahead
    return OnePerson(frozenset(found), min(names, default=ref))


def _link(kind: str, one: str, other: str, *, is_joined: bool = True) -> Build:
    def build(entry: Entry, data: Data) -> tuple[Add]:
        return (fact(t.link, entry, {"one": data[one], "other": data[other], "kind": kind, "joined": is_joined}),)

    return build


FACTS: Builds = {
    record.HandoverMinted: _link(HANDOVER, "person_ref", "handover_id"),
    record.HandoverReceived: _link(HANDOVER, "person_ref", "handover_id"),
    identification.PersonRecordsMerged: _link(MERGE, "person_ref", "absorbed_ref"),
    identification.PersonRecordsUnmerged: _link(MERGE, "person_ref", "absorbed_ref", is_joined=False),
    prosecution.CasesMerged: _link(CASES, "into_case_id", "criminal_case_id"),
}
