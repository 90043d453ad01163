"""Sources of money, budget lines, service standards with their prices."""

from dataclasses import dataclass
from typing import Annotated

from nrm_contracts.catalogue import Audience, event
from nrm_contracts.fields import AmountMinor, Code, Day, Origin, QtyMilli, Ref
from nrm_contracts.funding.parts import Currency, FiscalYear, ServiceCode, ServiceUnit, SourceYear


@event(version=1, audience=Audience.OWN, sensitivity=0)
@dataclass(frozen=True, slots=True)
class FundingSourceRegistered:
    """Money may come from here. ``donor_ref`` tells donors apart without naming them."""

    source_id: Ref
    kind: Annotated[str, Code("funding_source_kind")]
    ccy: Currency
    years: tuple[SourceYear, ...]
    earmarks: tuple[Annotated[str, Code("earmark")], ...]
    valid_from: Day
    valid_to: Day | None = None
    donor_ref: Ref | None = None


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class ProceedsReceived:
    """The source is a sum of confiscated proceeds that this agency sent, under the reference that both know."""

    source_id: Ref
    sender: Origin
    amount_minor: AmountMinor
    ccy: Currency
    distributed_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=0)
@dataclass(frozen=True, slots=True)
class InKindContributed:
    """Premises, staff time, goods: counted at a value, never paid out."""

    source_id: Ref
    item: Annotated[str, Code("in_kind_item")]
    basis: Annotated[str, Code("in_kind_basis")]
    value_minor: AmountMinor
    ccy: Currency
    contributed_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=0)
@dataclass(frozen=True, slots=True)
class SourceAllocated:
    """A budget line took its ceiling out of the source's year."""

    source_id: Ref
    line_id: Ref
    fiscal_year: FiscalYear
    amount_minor: AmountMinor


@event(version=1, audience=Audience.OWN, sensitivity=0)
@dataclass(frozen=True, slots=True)
class BudgetLineApproved:
    """Money of one source for one fiscal year; contracts reserve their ceilings in it."""

    line_id: Ref
    source_id: Ref
    fiscal_year: FiscalYear
    starts_on: Day
    ends_on: Day
    ceiling_minor: AmountMinor
    ccy: Currency
    approved_by: str
    measure_ref: Ref | None = None


@event(version=1, audience=Audience.OWN, sensitivity=0)
@dataclass(frozen=True, slots=True)
class ReallocationProposed:
    """The first of two officers approved moving money between two lines of one source and year."""

    reallocation_id: Ref
    from_line_id: Ref
    to_line_id: Ref
    amount_minor: AmountMinor
    ccy: Currency
    proposed_by: str


@event(version=1, audience=Audience.OWN, sensitivity=0)
@dataclass(frozen=True, slots=True)
class BudgetReallocated:
    """The second officer approved; the money left this line."""

    reallocation_id: Ref
    from_line_id: Ref
    to_line_id: Ref
    amount_minor: AmountMinor
    ccy: Currency
    approved_by: tuple[str, ...]


@event(version=1, audience=Audience.OWN, sensitivity=0)
@dataclass(frozen=True, slots=True)
class BudgetReceived:
    """The other side of a reallocation: the money reached this line."""

    reallocation_id: Ref
    line_id: Ref
    amount_minor: AmountMinor
    ccy: Currency


@event(version=1, audience=Audience.OWN, sensitivity=0)
@dataclass(frozen=True, slots=True)
class CeilingReserved:
    """A contract's ceiling, or the rise of it, is set aside in the line and is not there for another contract."""

    line_id: Ref
    contract_ref: Ref
    amount_minor: AmountMinor


@event(version=1, audience=Audience.OWN, sensitivity=0)
@dataclass(frozen=True, slots=True)
class CeilingReleased:
    """What a finished contract did not use is free again in the line."""

    line_id: Ref
    contract_ref: Ref
    amount_minor: AmountMinor


@event(version=1, audience=Audience.ALL, sensitivity=0)
@dataclass(frozen=True, slots=True)
class ServiceStandardPublished:
    """What one unit of a service costs from that day on, until a later price, and the most that one person may get."""

    service_code: ServiceCode
    unit: ServiceUnit
    unit_price_minor: AmountMinor
    ccy: Currency
    valid_from: Day
    qty_max_per_person_milli: QtyMilli | None = None
    quality: tuple[Annotated[str, Code("quality_criterion")], ...] = ()
