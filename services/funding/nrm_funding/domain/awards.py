"""Awarding a contract: its ceilings are reserved in the budget lines, its prices come from the published standards."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated

from nrm_contracts.fields import AmountMinor, Code, Day, Origin, QtyMilli, Ref
from nrm_contracts.funding.events import CeilingReserved, ContractAwarded, ContractYear, Lot
from nrm_contracts.funding.parts import Currency, FiscalYear, ServiceCode, ServiceUnit
from nrm_contracts.policy import NationalPolicy
from nrm_funding.domain.contract import Contract, Year
from nrm_funding.domain.lines import LINE, Line, approved_line, require_free
from nrm_funding.domain.money import require_amount, require_currency
from nrm_funding.domain.standards import Standard
from nrm_kernel.decider import Decision, In
from nrm_kernel.errors import Refused
from nrm_kernel.identity import service_of

MODE = "unit_price"
"""Of the funding modes that a policy may allow, the one that these contracts are made in."""


@dataclass(frozen=True, slots=True)
class YearCeiling:
    """The most that the contract pays out of one line, in the line's fiscal year."""

    fiscal_year: FiscalYear
    line_id: Ref
    ceiling_minor: AmountMinor


@dataclass(frozen=True, slots=True)
class LotOffer:
    """A service to be delivered and the most of it that the contract pays for."""

    service_code: ServiceCode
    unit: ServiceUnit
    qty_max_milli: QtyMilli


@dataclass(frozen=True, slots=True)
class AwardContract:
    """A provider is chosen; the contract waits for a second officer to sign it."""

    contract_ref: Ref
    provider: Origin
    ccy: Currency
    starts_on: Day
    ends_on: Day
    years: tuple[YearCeiling, ...]
    lots: tuple[LotOffer, ...]
    criteria: tuple[Annotated[str, Code("award_criterion")], ...]
    conflict_declared: bool
    officer: str
    policy: NationalPolicy
    agencies: Mapping[str, str]


def award_contract(command: AwardContract, contract: Contract, *read: Line | Standard) -> Decision:
    """``read`` are the lines of ``years`` and then the standards of ``lots``, in the command's order.

    Raises CONFLICT_OF_INTEREST, PROVIDER_UNKNOWN, MODE_NOT_ALLOWED, TERM_INVALID, YEARS_INVALID, LINE_UNKNOWN,
    LINE_EXHAUSTED, LOTS_INVALID, PRICE_MISSING and the refusals of amounts.
    """
    lines = [each for each in read if isinstance(each, Line)]
    standards = [each for each in read if isinstance(each, Standard)]
    _require_fair(command)
    _require_term(command)
    years = _years(command, lines)
    reserved = [In(LINE.stream(year.line_id), _reserved(command.contract_ref, year)) for year in years]
    return [_awarded(command, years, _lots(command, standards)), *reserved]


def _awarded(command: AwardContract, years: Sequence[ContractYear], lots: Sequence[Lot]) -> ContractAwarded:
    return ContractAwarded(
        contract_ref=command.contract_ref,
        provider=command.provider,
        ccy=command.ccy,
        starts_on=command.starts_on,
        ends_on=command.ends_on,
        years=tuple(years),
        lots=tuple(lots),
        criteria=command.criteria,
        awarded_by=command.officer,
    )


def _reserved(contract_ref: str, year: ContractYear) -> CeilingReserved:
    return CeilingReserved(year.line_id, contract_ref, year.ceiling_minor)


def _require_fair(command: AwardContract) -> None:
    if command.conflict_declared:
        raise Refused("CONFLICT_OF_INTEREST", "You declared a conflict of interest. Another officer has to award this.")
    if command.provider not in command.agencies or service_of(command.provider) != "assistance":
        raise Refused(
            "PROVIDER_UNKNOWN",
            f"{command.provider} is no agency of this country that gives assistance. Check its name.",
        )
    if command.policy.funding_modes is not None and MODE not in command.policy.funding_modes:
        raise Refused("MODE_NOT_ALLOWED", "The national policy does not allow contracts with a price per unit.")


def _require_term(command: AwardContract) -> None:
    years_max = command.policy.project_years_max
    if command.ends_on < command.starts_on:
        raise Refused("TERM_INVALID", "The contract would end before it begins. Correct starts_on or ends_on.")
    first, last = command.starts_on, command.ends_on
    if years_max is not None and (last.year - years_max, last.month, last.day) >= (first.year, first.month, first.day):
        raise Refused(
            "TERM_TOO_LONG",
            f"The national policy allows contracts of at most {years_max} years. Choose an earlier last day.",
            years_max=years_max,
        )


def _years(command: AwardContract, lines: Sequence[Line]) -> list[ContractYear]:
    if not command.years or len({year.fiscal_year for year in command.years}) < len(command.years):
        raise Refused("YEARS_INVALID", "A contract names each of its fiscal years once, and at least one.")
    years = [contract_year(year, line, command.ccy) for year, line in zip(command.years, lines, strict=True)]
    require_apart(years)
    return years


def contract_year(year: YearCeiling, line: Line, ccy: str) -> ContractYear:
    """The year as the line gives it. Raises LINE_UNKNOWN, YEARS_INVALID, LINE_EXHAUSTED and refusals of amounts."""
    approved = approved_line(year.line_id, line)
    require_amount(year.ceiling_minor)
    require_currency(ccy, approved.ccy, "the budget line")
    if approved.fiscal_year != year.fiscal_year:
        raise Refused("YEARS_INVALID", f"Budget line {year.line_id} is of fiscal year {approved.fiscal_year}.")
    require_free(year.line_id, line, year.ceiling_minor)
    return ContractYear(year.fiscal_year, year.line_id, approved.starts_on, approved.ends_on, year.ceiling_minor)


def require_apart(years: Iterable[ContractYear | Year]) -> None:
    """Raises YEARS_INVALID: every day of delivery belongs to one year and one line."""
    in_order = sorted(years, key=lambda year: year.starts_on)
    if any(later.starts_on <= earlier.ends_on for earlier, later in pairwise(in_order)):
        raise Refused("YEARS_INVALID", "Two budget lines of the contract share days. Choose lines with days apart.")


def _lots(command: AwardContract, standards: Sequence[Standard]) -> list[Lot]:
    if not command.lots or len({(lot.service_code, lot.unit) for lot in command.lots}) < len(command.lots):
        raise Refused("LOTS_INVALID", "A contract names each service and unit once, and at least one.")
    return [_lot(command, offer, standard) for offer, standard in zip(command.lots, standards, strict=True)]


def _lot(command: AwardContract, offer: LotOffer, standard: Standard) -> Lot:
    require_amount(offer.qty_max_milli)
    price = standard.on(offer.unit, command.starts_on)
    if price is None:
        raise Refused(
            "PRICE_MISSING",
            f"No price of {offer.service_code} per {offer.unit} is valid on {command.starts_on}. Publish one first.",
            service_code=offer.service_code,
        )
    require_currency(price.ccy, command.ccy, "the contract")
    return Lot(offer.service_code, offer.unit, price.unit_price_minor, offer.qty_max_milli)
