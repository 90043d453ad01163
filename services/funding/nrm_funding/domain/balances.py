"""An invoice's balance and what it does to its year: the one place where approved, paid and owed money moves.

Money that was paid for a withdrawn unit stays in the year's totals until it is back, so that what left the budget line
never exceeds the ceiling.
"""

from nrm_funding.domain.contract import Contract, Invoice, Unit
from nrm_kernel.changing import replace


def with_balance(contract: Contract, invoice: Invoice) -> Contract:
    """The contract with the invoice as given; the year's totals follow by the difference."""
    before = contract.invoices[invoice.submitted.invoice_id]
    year = contract.years[invoice.submitted.fiscal_year]
    year = replace(
        year,
        verified_minor=year.verified_minor + invoice.owed_back_minor - before.owed_back_minor,
        approved_minor=year.approved_minor + invoice.approved_minor - before.approved_minor,
        paid_minor=year.paid_minor + invoice.paid_minor - before.paid_minor,
    )
    return contract.with_invoice(invoice).with_year(year)


def overpaid_by(contract: Contract, unit: Unit) -> int:
    """What would be owed back if the unit were withdrawn, in minor units."""
    invoice = _paying(contract, unit)
    return _without(invoice, unit).owed_back_minor - invoice.owed_back_minor if invoice else 0


def withdrawn(contract: Contract, unit: Unit, status: str) -> Contract:
    """The contract without the unit: orders to pay for its invoice lapse, what was paid for it is owed back."""
    contract = _less_claimed(contract, unit)
    if unit.status == "verified":
        contract = _less_verified(contract, unit)
    invoice = _paying(contract, unit)
    if invoice is not None:
        contract = with_balance(lapsed(contract, invoice), replace(_without(invoice, unit), pending=()))
    return contract.with_unit(replace(unit, status=status))


def lapsed(contract: Contract, invoice: Invoice) -> Contract:
    """The contract with every order of the invoice that was not carried out gone."""
    for payment_id in invoice.pending:
        contract = contract.with_payment(replace(contract.payments[payment_id], status="lapsed"))
    return contract


def _paying(contract: Contract, unit: Unit) -> Invoice | None:
    """The approved invoice that the unit is paid by."""
    invoice = contract.invoices.get(unit.invoice_id or "")
    return invoice if invoice and invoice.status == "approved" and unit.status == "verified" else None


def _without(invoice: Invoice, unit: Unit) -> Invoice:
    return replace(invoice, granted_minor=invoice.granted_minor - unit.amount_minor)


def _less_claimed(contract: Contract, unit: Unit) -> Contract:
    if unit.fiscal_year is None:
        return contract
    year = contract.years[unit.fiscal_year]
    return contract.with_year(replace(year, claimed_minor=year.claimed_minor - unit.amount_minor))


def _less_verified(contract: Contract, unit: Unit) -> Contract:
    key = unit.claim.service_code, unit.claim.unit
    use = contract.lots[key]
    use = replace(use, verified_milli=use.verified_milli - unit.claim.qty_milli)
    year = contract.years[unit.fiscal_year or 0]
    year = replace(year, verified_minor=year.verified_minor - unit.amount_minor)
    return replace(contract, lots=contract.lots.set(key, use)).with_year(year)
