"""A person at the prosecutors': the criminal cases with them as a victim, and what was won in compensation."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select

from nrm_contracts.prosecution import events as prosecution
from nrm_coordinator import tables as t
from nrm_coordinator.making import Build, Builds, Given
from nrm_coordinator.moment import AsOf
from nrm_coordinator.standing import newest_of_cases
from nrm_kernel.views import Add, ViewReader

CLAIMED, AWARDED, PAID = "claimed", "awarded", "paid"


@dataclass(frozen=True, slots=True)
class LinkedCase:
    """A criminal case with the person as a victim, and where it stands; empty where nothing was recorded of it yet."""

    origin: str
    criminal_case_id: str
    state: str
    since: str
    linked_on: str


@dataclass(frozen=True, slots=True)
class Compensation:
    """Amounts in minor units of one currency."""

    ccy: str
    claimed_minor: int
    awarded_minor: int
    paid_minor: int


async def linked_cases(reader: ViewReader, refs: Collection[str], as_of: AsOf) -> list[LinkedCase]:
    """The criminal cases of the person behind these references, the first first."""
    c = t.involvement.c
    rows = await reader.rows(
        select(c.origin, c.criminal_case_id, func.min(c.occurred_on).label("linked_on"))
        .where(c.person_ref.in_(refs), c.recorded_at <= as_of.moment)
        .group_by(c.origin, c.criminal_case_id)
    )
    newest = await newest_of_cases(reader, as_of, {row.criminal_case_id for row in rows})
    states = {one.subject: one for one in newest}
    cases = []
    for row in rows:
        state = states.get(row.criminal_case_id)
        told = (state.code, state.since) if state else ("", "")
        cases.append(LinkedCase(row.origin, row.criminal_case_id, *told, row.linked_on))
    return sorted(cases, key=lambda one: (one.linked_on, one.criminal_case_id))


async def compensation(reader: ViewReader, refs: Collection[str], as_of: AsOf) -> list[Compensation]:
    """What was claimed for the person, awarded and paid."""
    c = t.compensation.c
    rows = await reader.rows(
        select(c.ccy, c.change, func.sum(c.amount_minor).label("amount_minor"))
        .where(c.person_ref.in_(refs), c.recorded_at <= as_of.moment)
        .group_by(c.ccy, c.change)
    )
    sums: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows:
        sums[row.ccy][row.change] = int(row.amount_minor)
    return [
        Compensation(ccy, *(of_ccy.get(change, 0) for change in (CLAIMED, AWARDED, PAID)))
        for ccy, of_ccy in sorted(sums.items())
    ]


def _linked(given: Given) -> tuple[Add]:
    cells = {
        "person_ref": given.data["person_ref"],
        "criminal_case_id": given.data["criminal_case_id"],
        "occurred_on": given.on,
    }
    return (given.adds(t.involvement, cells),)


def _compensation(change: str) -> Build:
    def build(given: Given) -> tuple[Add]:
        cells = {
            "person_ref": given.data["person_ref"],
            "change": change,
            "amount_minor": given.data["amount_minor"],
            "ccy": given.data["ccy"],
        }
        return (given.adds(t.compensation, cells),)

    return build


FACTS: Builds = {
    prosecution.VictimLinkedToCase: _linked,
    prosecution.CompensationClaimed: _compensation(CLAIMED),
    prosecution.CompensationAwarded: _compensation(AWARDED),
    prosecution.CompensationPaid: _compensation(PAID),
}
