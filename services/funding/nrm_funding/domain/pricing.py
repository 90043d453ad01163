"""What a claimed unit comes to, and why it may not be payable."""

from dataclasses import dataclass
from datetime import date

from nrm_contracts.funding.events import ServiceStandardPublished, UnitClaimed
from nrm_funding.domain.claimants import Claimant
from nrm_funding.domain.contract import Contract, Unit, Year
from nrm_funding.domain.money import MINOR_MAX, amount_of
from nrm_funding.domain.standards import Standard


@dataclass(frozen=True, slots=True)
class Priced:
    """The price of the days of delivery with the amount, and why the unit can never be paid as claimed, if so."""

    price_minor: int | None = None
    amount_minor: int | None = None
    barred: str | None = None


def priced(claimed: UnitClaimed, ccy: str, standard: Standard, claimant: Claimant) -> Priced:
    """Price the unit at the standard of its day of delivery; one price must hold on all of its days."""
    price = standard.on(claimed.unit, claimed.delivered_from)
    if price is None or price.ccy != ccy:
        return Priced(barred="no_price")
    if price != standard.on(claimed.unit, claimed.delivered_to):
        return Priced(barred="price_changed")
    amount = amount_of(price.unit_price_minor, claimed.qty_milli)
    if amount > MINOR_MAX or _more_nights_than_days(claimed):
        return Priced(barred="over_quantity")
    return Priced(price.unit_price_minor, amount, _over_person_maximum(claimed, price, claimant))


def _more_nights_than_days(claimed: UnitClaimed) -> bool:
    days = (claimed.delivered_to - claimed.delivered_from).days + 1
    return claimed.unit == "bed_night" and claimed.qty_milli > days * 1000


def _over_person_maximum(claimed: UnitClaimed, price: ServiceStandardPublished, claimant: Claimant) -> str | None:
    before_milli = claimant.qty_milli.get(claimed.service_code, 0)
    most_milli = price.qty_max_per_person_milli
    return "person_maximum" if most_milli is not None and before_milli + claimed.qty_milli > most_milli else None


def not_payable(contract: Contract, unit: Unit, today: date) -> str | None:
    """Why the unit cannot be paid as things stand, a code of unit_rejection_reason; None when it can."""
    claim = unit.claim
    if unit.barred is not None:
        return unit.barred
    if (claim.service_code, claim.unit) not in contract.lots:
        return "outside_contract"
    if contract.paused(claim.delivered_from, claim.delivered_to):
        return "contract_suspended"
    year = contract.year_of(claim.delivered_from, claim.delivered_to)
    if year is None:
        return _without_year(contract, unit)
    return "outside_dates" if _outside(contract, unit, today) else _over_limits(contract, unit, year)


def _without_year(contract: Contract, unit: Unit) -> str:
    first, last = unit.claim.delivered_from, unit.claim.delivered_to
    both_covered = contract.year_of(first, first) is not None and contract.year_of(last, last) is not None
    return "year_crossed" if both_covered else "outside_dates"


def _outside(contract: Contract, unit: Unit, today: date) -> bool:
    """Before the contract, after it, or not delivered yet."""
    starts_on = contract.awarded.starts_on if contract.awarded else date.max
    return unit.claim.delivered_from < starts_on or unit.claim.delivered_to > min(contract.ends_on, today)


def _over_limits(contract: Contract, unit: Unit, year: Year) -> str | None:
    use = contract.lots[unit.claim.service_code, unit.claim.unit]
    if use.verified_milli + unit.claim.qty_milli > use.lot.qty_max_milli:
        return "over_quantity"
    return "year_ceiling" if year.verified_minor + unit.amount_minor > year.ceiling_minor else None
