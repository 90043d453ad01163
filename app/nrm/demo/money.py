"""What the fund does by plan: sources, prices, budget lines, one contract for each shelter and year, invoices."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from nrm.demo.acts import funding as act
from nrm.demo.acts.assistance import Unit
from nrm.demo.agencies import DAWN, FUND, HARBOUR, SHELTERS
from nrm.demo.lives.helping import price_minor
from nrm.demo.step import Step, Thread, thread

Units = Mapping[str, Sequence[Unit]]
"""What each shelter will have delivered."""
SOURCES = {DAWN: "@source-state", HARBOUR: "@source-donor"}
SLACK_MINOR = 2_000_000


@dataclass(frozen=True, slots=True)
class Billing:
    """A contract whose deliveries of a quarter are verified and invoiced on a day."""

    contract: str
    shelter: str
    on: date
    number: int


@dataclass(frozen=True, slots=True)
class Budget:
    """How much each contract may pay. One is too small: in December of its year the ceiling is hit."""

    first_year: int
    last_year: int
    overspent_year: int
    ceilings_minor: Mapping[tuple[str, int], int]


def budget(start: date, end: date, units: Units, overspent_year: int) -> Budget:
    """Enough for what will be delivered, and some slack; but for one contract, enough until the first of December."""
    years = range(start.year, end.year + 1)
    ceilings = {
        (shelter, year): _sum_minor(units.get(shelter, ()), date(year, 1, 1), date(year, 12, 31)) * 3 // 2 + SLACK_MINOR
        for shelter in SHELTERS
        for year in years
    }
    spent = _sum_minor(units.get(HARBOUR, ()), date(overspent_year, 1, 1), date(overspent_year, 12, 1))
    ceilings[HARBOUR, overspent_year] = max(spent, 1_000)
    return Budget(start.year, end.year, overspent_year, ceilings)


def _sum_minor(units: Sequence[Unit], first: date, last: date) -> int:
    return sum(price_minor(unit) for unit in units if first <= unit.last <= last)


def funded(plan: Budget, start: date, end: date) -> Iterator[Thread]:
    """The fund's threads: one for the frame, one for each contract, which waits for the frame."""
    years = range(plan.first_year, plan.last_year + 1)
    yield thread(FUND, _frame(plan, start, years))
    for shelter in SHELTERS:
        for year in years:
            yield thread(FUND, _contract(plan, shelter, year, start))


def _frame(plan: Budget, start: date, years: range) -> Iterator[Step]:
    for shelter, label in SOURCES.items():
        amounts = {year: plan.ceilings_minor[shelter, year] + SLACK_MINOR for year in years}
        yield act.source(label, start, "state" if shelter == DAWN else "donor", amounts)
    yield act.source("@source-premises", start, "in_kind", dict.fromkeys(years, SLACK_MINOR))
    for service_code, unit in act.PRICES_MINOR:
        priced = act.publish(service_code, unit, start, valid_from=start.replace(month=1, day=1))
        yield priced.marked(f"priced-{service_code}")
    for year in years:
        yield act.in_kind("@source-premises", max(start, date(year, 2, 1)), "premises", 1_200_000)


def _contract(plan: Budget, shelter: str, year: int, start: date) -> Iterator[Step]:
    on, ceiling = max(start, date(year - 1, 12, 5)), plan.ceilings_minor[shelter, year]
    contract = act.contract_label(shelter, year)
    last_price = f"priced-{list(act.PRICES_MINOR)[-1][0]}"
    yield act.line(shelter, year, SOURCES[shelter], on, ceiling).waiting(last_price)
    yield act.award(shelter, year, on, ceiling)
    yield act.sign(contract, on)
    yield act.explain(contract, year, date(year + 1, 1, 20), actual=1_200)
    yield act.complete(contract, date(year + 1, 5, 31))
    if (shelter, year) != (HARBOUR, plan.overspent_year):
        yield act.release(shelter, year, date(year + 1, 6, 15))


def billings(plan: Budget, start: date, end: date) -> tuple[Billing, ...]:
    """Every quarter of every contract that is over."""
    found = []
    for shelter in SHELTERS:
        for year in range(plan.first_year, plan.last_year + 1):
            for quarter, last in enumerate(
                (date(year, 3, 31), date(year, 6, 30), date(year, 9, 30), date(year, 12, 31))
            ):
                on = last + timedelta(days=30)
                if start <= on <= end:
                    found.append(Billing(act.contract_label(shelter, year), shelter, on, quarter + 1))
    return tuple(found)
