"""Where money comes from: state and local budgets, donors, confiscated assets, and what is given in kind."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from immutables import Map

from nrm_contracts.fields import AmountMinor, Code, Day, Origin, Ref
from nrm_contracts.funding.events import (
    FundingSourceRegistered,
    InKindContributed,
    ProceedsReceived,
    SourceAllocated,
    SourceYear,
)
from nrm_contracts.funding.parts import Currency
from nrm_funding.domain.money import require_amount, require_currency
from nrm_kernel.changing import replace
from nrm_kernel.decider import Decision, Fold
from nrm_kernel.errors import NotFound, Refused

PROCEEDS = "confiscated_assets"


@dataclass(frozen=True, slots=True)
class Source:
    """A source; ``allocated`` is what its budget lines took, by fiscal year."""

    registered: FundingSourceRegistered | None = None
    allocated: Map[int, int] = field(default_factory=Map)


@dataclass(frozen=True, slots=True)
class RegisterFundingSource:
    """A source of money becomes known, with the most that it gives in each fiscal year."""

    source_id: Ref
    kind: Annotated[str, Code("funding_source_kind")]
    ccy: Currency
    years: tuple[SourceYear, ...]
    earmarks: tuple[Annotated[str, Code("earmark")], ...]
    valid_from: Day
    valid_to: Day | None = None
    donor_ref: Ref | None = None


@dataclass(frozen=True, slots=True)
class RecordInKind:
    """Something other than money was given: its value is counted, nothing can be paid from it."""

    source_id: Ref
    item: Annotated[str, Code("in_kind_item")]
    basis: Annotated[str, Code("in_kind_basis")]
    value_minor: AmountMinor
    ccy: Currency
    occurred_on: date


@dataclass(frozen=True, slots=True)
class ReceiveProceeds:
    """A prosecution agency sent a sum of confiscated proceeds; its own reference names the source here."""

    proceeds_ref: Ref
    amount_minor: AmountMinor
    ccy: Currency
    distributed_on: Day
    sender: Origin


def receive_proceeds(command: ReceiveProceeds, source: Source) -> Decision:
    """Once for each sum, however often it is told. Raises the refusals of amounts."""
    if source.registered is not None:
        return []
    require_amount(command.amount_minor)
    on = command.distributed_on
    return [
        FundingSourceRegistered(
            source_id=command.proceeds_ref,
            kind=PROCEEDS,
            ccy=command.ccy,
            years=(SourceYear(on.year, command.amount_minor),),
            earmarks=(),
            valid_from=on,
        ),
        ProceedsReceived(command.proceeds_ref, command.sender, command.amount_minor, command.ccy, on),
    ]


def register_source(command: RegisterFundingSource, source: Source) -> Decision:
    """Raises YEARS_INVALID, DATES_INVALID and the refusals of amounts."""
    _require_years(command.years)
    if command.valid_to is not None and command.valid_to < command.valid_from:
        raise Refused("DATES_INVALID", "The source would end before it begins. Correct valid_from or valid_to.")
    return [
        FundingSourceRegistered(
            source_id=command.source_id,
            kind=command.kind,
            ccy=command.ccy,
            years=command.years,
            earmarks=command.earmarks,
            valid_from=command.valid_from,
            valid_to=command.valid_to,
            donor_ref=command.donor_ref,
        )
    ]


def _require_years(years: Sequence[SourceYear]) -> None:
    if not years or len({year.fiscal_year for year in years}) < len(years):
        raise Refused("YEARS_INVALID", "A source names each of its fiscal years once, and at least one.")
    for year in years:
        require_amount(year.amount_minor)


def record_in_kind(command: RecordInKind, source: Source) -> Decision:
    """Raises NotFound and the refusals of amounts."""
    registered = source.registered
    if registered is None:
        raise NotFound
    require_amount(command.value_minor)
    require_currency(command.ccy, registered.ccy, "the source")
    return [
        InKindContributed(
            source_id=command.source_id,
            item=command.item,
            basis=command.basis,
            value_minor=command.value_minor,
            ccy=command.ccy,
            contributed_on=command.occurred_on,
        )
    ]


def registered_source(source_id: str, source: Source) -> FundingSourceRegistered:
    """Raises SOURCE_UNKNOWN."""
    if source.registered is None:
        raise Refused("SOURCE_UNKNOWN", f"No funding source {source_id} is registered here. Register it first.")
    return source.registered


def left_in_source(source: Source, fiscal_year: int) -> int:
    """What the source still gives in a fiscal year, in minor units; 0 for a year that it does not name.

    Confiscated proceeds are a sum, not a yearly budget: what was not used of it is there in later years.
    """
    years = source.registered.years if source.registered else ()
    if source.registered and source.registered.kind == PROCEEDS:
        given = sum(year.amount_minor for year in years if year.fiscal_year <= fiscal_year)
        return given - sum(source.allocated.values()) if given else 0
    given = sum(year.amount_minor for year in years if year.fiscal_year == fiscal_year)
    return given - source.allocated.get(fiscal_year, 0)


def _evolve(source: Source, event: object) -> Source:
    match event:
        case FundingSourceRegistered():
            return replace(source, registered=event)
        case SourceAllocated(fiscal_year=year, amount_minor=amount):
            return replace(source, allocated=source.allocated.set(year, source.allocated.get(year, 0) + amount))
        case _:
            return source


SOURCE: Fold[Source, object] = Fold("source", Source(), _evolve)
