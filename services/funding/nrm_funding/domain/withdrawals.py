"""A unit that is not to be paid after all: what it takes out of the totals, and what of it is owed back.

Money that was paid for the unit stays in the year's totals until it is back, so that what left the budget line never
exceeds the ceiling.
"""

from dataclasses import replace

from nrm_funding.domain.contract import Contract, Invoice, Payment, Unit


def overpaid_by(contract: Contract, unit: Unit) -> int:
    """What would have been paid without ground if the unit were withdrawn, in minor units."""
    invoice = contract.invoices.get(unit.invoice_id or "")
    if unit.status != "verified" or invoice is None or invoice.status != "approved":
        return 0
    return max(0, unit.amount_minor - invoice.due_minor)


def withdrawn(contract: Contract, unit: Unit, status: str) -> Contract:
    """The contract without the unit: orders to pay for its invoice lapse, what was paid for it is owed back."""
    overpaid = overpaid_by(contract, unit)
    contract = _less_claimed(contract, unit)
    if unit.status == "verified":
        contract = _less_verified(contract, unit, unit.amount_minor - overpaid)
        contract = _less_approved(contract, unit, unit.amount_minor - overpaid, overpaid)
    return contract.with_unit(replace(unit, status=status))


def _less_claimed(contract: Contract, unit: Unit) -> Contract:
    if unit.fiscal_year is None:
        return contract
    year = contract.years[unit.fiscal_year]
    return contract.with_year(replace(year, claimed_minor=year.claimed_minor - unit.amount_minor))


def _less_verified(contract: Contract, unit: Unit, amount_minor: int) -> Contract:
    use = contract.lots[unit.claim.service_code, unit.claim.unit]
    use = replace(use, verified_milli=use.verified_milli - unit.claim.qty_milli)
    year = contract.years[unit.fiscal_year or 0]
    contract = replace(contract, lots=contract.lots.set((unit.claim.service_code, unit.claim.unit), use))
    return contract.with_year(replace(year, verified_minor=year.verified_minor - amount_minor))


def _less_approved(contract: Contract, unit: Unit, amount_minor: int, overpaid_minor: int) -> Contract:
    invoice = contract.invoices.get(unit.invoice_id or "")
    if invoice is None or invoice.status != "approved":
        return contract
    year = contract.years[invoice.submitted.fiscal_year]
    contract = lapsed(contract, invoice)
    invoice = replace(
        invoice,
        pending=(),
        approved_minor=invoice.approved_minor - amount_minor,
        owed_back_minor=invoice.owed_back_minor + overpaid_minor,
    )
    year = replace(year, approved_minor=year.approved_minor - amount_minor)
    return contract.with_invoice(invoice).with_year(year)


def lapsed(contract: Contract, invoice: Invoice) -> Contract:
    """The contract with every order of the invoice that was not carried out gone."""
    for payment_id in invoice.pending:
        ordered: Payment = contract.payments[payment_id]
        contract = contract.with_payment(replace(ordered, status="lapsed"))
    return contract
