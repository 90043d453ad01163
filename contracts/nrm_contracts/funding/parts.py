"""Parts of which several funding events are made. Money in minor units, quantities in thousandths."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from nrm_contracts.fields import AmountMinor, Code, Day, Origin, QtyMilli, Ref

Currency = Annotated[str, Code("iso_4217")]
FiscalYear = Annotated[int, Field(ge=1, le=9999)]
"""Named by the calendar year in which it begins."""
EvidenceHash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
ServiceCode = Annotated[str, Code("service_code")]
ServiceUnit = Annotated[str, Code("service_unit")]
NotPayable = Annotated[str, Code("unit_rejection_reason")]


@dataclass(frozen=True, slots=True)
class SourceYear:
    """What a source gives at most in one fiscal year."""

    fiscal_year: FiscalYear
    amount_minor: AmountMinor


@dataclass(frozen=True, slots=True)
class ContractYear:
    """The budget line that pays for deliveries between two days (both included), and the most that it pays."""

    fiscal_year: FiscalYear
    line_id: Ref
    starts_on: Day
    ends_on: Day
    ceiling_minor: AmountMinor


@dataclass(frozen=True, slots=True)
class Lot:
    """One service of a contract. The price is the first day's; each delivery is paid at its own day's."""

    service_code: ServiceCode
    unit: ServiceUnit
    price_minor: AmountMinor
    qty_max_milli: QtyMilli


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """The units of one service at one price. ``amount_minor`` is the sum of the units' rounded amounts."""

    service_code: ServiceCode
    unit: ServiceUnit
    price_minor: AmountMinor
    qty_milli: QtyMilli
    amount_minor: AmountMinor


@dataclass(frozen=True, slots=True)
class Signatory:
    """An officer of an agency; pseudonyms are unique within an agency only."""

    agency: Origin
    officer: str
