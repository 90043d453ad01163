"""Invoices: submitted by or for the provider, matched with verified units, queried, rejected."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from nrm_contracts.fields import AmountMinor, Code, Origin, Ref
from nrm_contracts.funding.events import (
    InvoiceApprovalGiven,
    InvoiceApproved,
    InvoiceLine,
    InvoiceMatched,
    InvoiceQueried,
    InvoiceRejected,
    InvoiceSubmitted,
    Signatory,
)
from nrm_contracts.funding.parts import Currency
from nrm_contracts.policy import NationalPolicy
from nrm_funding.domain.balances import lapsed, with_balance
from nrm_funding.domain.contract import (
    Contract,
    Invoice,
    Unit,
    known_invoice,
    known_unit,
    signed_terms,
)
from nrm_funding.domain.money import require_amount, require_currency
from nrm_kernel.changing import replace
from nrm_kernel.decider import Decision
from nrm_kernel.errors import NotFound, Refused

CLAIMS_MAX = 500
"""Claims on one invoice: its entry must stay within 65,535 bytes."""


@dataclass(frozen=True, slots=True)
class SubmitInvoice:
    """Asks for the money of verified units; ``invoice_no`` is the provider's own running number under the contract."""

    contract_ref: Ref
    invoice_id: Ref
    invoice_no: int
    claim_ids: tuple[Ref, ...]
    total_minor: AmountMinor
    ccy: Currency
    officer: str
    caller_agency: Origin
    agency: Origin
    occurred_on: date
    policy: NationalPolicy


@dataclass(frozen=True, slots=True)
class MatchInvoice:
    """An officer finds the invoice in agreement with verified units."""

    contract_ref: Ref
    invoice_id: Ref
    officer: str
    agency: Origin


@dataclass(frozen=True, slots=True)
class QueryInvoice:
    """An officer needs an answer; approvals and unpaid orders lapse."""

    contract_ref: Ref
    invoice_id: Ref
    reason: Annotated[str, Code("invoice_query_reason")]
    agency: Origin
    occurred_on: date
    policy: NationalPolicy


@dataclass(frozen=True, slots=True)
class RejectInvoice:
    """The invoice is refused for good; its units are free for another one."""

    contract_ref: Ref
    invoice_id: Ref
    reason: Annotated[str, Code("invoice_rejection_reason")]
    agency: Origin
    occurred_on: date
    policy: NationalPolicy


def submit_invoice(command: SubmitInvoice, contract: Contract) -> Decision:
    """Raises NotFound, CONTRACT_NOT_SIGNED, INVOICE_NO_INVALID, DUPLICATE_INVOICE, CLAIMS_INVALID,
    CLAIM_UNKNOWN, UNIT_NOT_VERIFIED, UNIT_ALREADY_INVOICED, YEARS_MIXED, TOTAL_DIFFERS, OFFICERS_NOT_DISTINCT and the
    refusals of amounts.
    """
    terms = signed_terms(command.contract_ref, contract)
    if command.caller_agency not in (terms.provider, command.agency):
        raise NotFound
    require_amount(command.total_minor)
    require_currency(command.ccy, terms.ccy, "the contract")
    _require_new_number(command, contract)
    units = _invoiced_units(command, contract)
    _require_total(command, units)
    submitter = Signatory(command.caller_agency, command.officer)
    require_no_hand(submitter, [Signatory(command.agency, unit.verified_by) for unit in units], "submit")
    return [_submitted(command, contract, units, submitter)]


def _require_new_number(command: SubmitInvoice, contract: Contract) -> None:
    if command.invoice_no < 1:
        raise Refused("INVOICE_NO_INVALID", "Invoices under a contract are numbered from 1.")
    if command.invoice_no in contract.invoice_numbers:
        raise Refused(
            "DUPLICATE_INVOICE",
            f"Invoice number {command.invoice_no} was submitted before. Give a corrected invoice a number of its own.",
            invoice_id=contract.invoice_numbers[command.invoice_no],
        )


def _invoiced_units(command: SubmitInvoice, contract: Contract) -> list[Unit]:
    claim_ids = command.claim_ids
    if not 0 < len(claim_ids) <= CLAIMS_MAX or len(set(claim_ids)) < len(claim_ids):
        raise Refused("CLAIMS_INVALID", f"An invoice names each claim once, at least one and at most {CLAIMS_MAX}.")
    units = [_invoiced_unit(claim_id, contract) for claim_id in claim_ids]
    if len({unit.fiscal_year for unit in units}) > 1:
        raise Refused("YEARS_MIXED", "The units are of different fiscal years. Submit one invoice for each year.")
    return units


def _invoiced_unit(claim_id: str, contract: Contract) -> Unit:
    unit = known_unit(claim_id, contract)
    if unit.status != "verified":
        raise Refused(
            "UNIT_NOT_VERIFIED", f"The unit of claim {claim_id} is {unit.status}. Only verified units are invoiced."
        )
    if unit.invoice_id is not None:
        raise Refused(
            "UNIT_ALREADY_INVOICED",
            f"The unit of claim {claim_id} stands on invoice {unit.invoice_id}. A unit is paid once: leave it out.",
            invoice_id=unit.invoice_id,
        )
    return unit


def _require_total(command: SubmitInvoice, units: Iterable[Unit]) -> None:
    expected = sum(unit.amount_minor for unit in units)
    if command.total_minor != expected:
        raise Refused(
            "TOTAL_DIFFERS",
            f"The verified units come to {expected} minor units, the invoice to {command.total_minor}. Each unit "
            "counts with the price of its day, rounded half to even. Correct the invoice.",
            expected_minor=expected,
        )


def _submitted(
    command: SubmitInvoice, contract: Contract, units: Sequence[Unit], submitter: Signatory
) -> InvoiceSubmitted:
    year = contract.years[units[0].fiscal_year or 0]
    return InvoiceSubmitted(
        contract_ref=command.contract_ref,
        invoice_id=command.invoice_id,
        invoice_no=command.invoice_no,
        fiscal_year=year.fiscal_year,
        line_id=year.line_id,
        lines=_lines(units),
        claim_ids=command.claim_ids,
        total_minor=command.total_minor,
        ccy=command.ccy,
        submitted_by=submitter,
    )


def _lines(units: Iterable[Unit]) -> tuple[InvoiceLine, ...]:
    """One line for each service at each price, in order of service, unit and price."""
    groups: dict[tuple[str, str, int], tuple[int, int]] = {}
    for unit in units:
        key = unit.claim.service_code, unit.claim.unit, unit.claim.price_minor or 0
        qty_milli, amount_minor = groups.get(key, (0, 0))
        groups[key] = qty_milli + unit.claim.qty_milli, amount_minor + unit.amount_minor
    return tuple(InvoiceLine(*key, *sums) for key, sums in sorted(groups.items()))


def match_invoice(command: MatchInvoice, contract: Contract) -> Decision:
    """Raises NotFound, INVOICE_NOT_OPEN, UNIT_NOT_VERIFIED, OFFICERS_NOT_DISTINCT."""
    invoice = invoice_in(command.contract_ref, command.invoice_id, contract, "submitted", "queried")
    for claim_id in invoice.submitted.claim_ids:
        if contract.units[claim_id].status != "verified":
            raise Refused(
                "UNIT_NOT_VERIFIED",
                f"The unit of claim {claim_id} is {contract.units[claim_id].status}. Reject the invoice; its other "
                "units may stand on a new one.",
            )
    require_no_hand(Signatory(command.agency, command.officer), [invoice.submitted.submitted_by], "match")
    return [InvoiceMatched(command.contract_ref, command.invoice_id, command.officer)]


def query_invoice(command: QueryInvoice, contract: Contract) -> Decision:
    """Raises NotFound, INVOICE_NOT_OPEN, INVOICE_PARTLY_PAID."""
    invoice = invoice_in(command.contract_ref, command.invoice_id, contract, "submitted", "matched", "approved")
    _require_unpaid(invoice)
    return [InvoiceQueried(command.contract_ref, command.invoice_id, command.reason)]


def reject_invoice(command: RejectInvoice, contract: Contract) -> Decision:
    """Raises NotFound, INVOICE_NOT_OPEN."""
    invoice_in(command.contract_ref, command.invoice_id, contract, "submitted", "matched", "queried")
    return [InvoiceRejected(command.contract_ref, command.invoice_id, command.reason)]


def _require_unpaid(invoice: Invoice) -> None:
    if invoice.paid_minor:
        raise Refused("INVOICE_PARTLY_PAID", "Money was paid on this invoice. Reverse the payment first.")


def invoice_in(contract_ref: str, invoice_id: str, contract: Contract, *statuses: str) -> Invoice:
    """Raises NotFound, CONTRACT_NOT_SIGNED, INVOICE_NOT_OPEN."""
    signed_terms(contract_ref, contract)
    invoice = known_invoice(invoice_id, contract)
    if invoice.status not in statuses:
        raise Refused(
            "INVOICE_NOT_OPEN",
            f"Invoice {invoice_id} is {invoice.status}; this needs one that is {' or '.join(statuses)}.",
            status=invoice.status,
        )
    return invoice


def require_no_hand(officer: Signatory, before: Iterable[Signatory], act: str) -> None:
    """Raises OFFICERS_NOT_DISTINCT."""
    if officer in before:
        raise Refused(
            "OFFICERS_NOT_DISTINCT",
            f"You had a hand in this invoice already, so you cannot {act} it. Another officer has to.",
        )


def evolve_invoice(contract: Contract, event: object) -> Contract:
    """The contract after an event of one of its invoices; unchanged by any other."""
    match event:
        case InvoiceSubmitted():
            return _with_submitted(contract, event)
        case InvoiceMatched(invoice_id=invoice_id, matched_by=officer):
            matched = replace(contract.invoices[invoice_id], status="matched", matched_by=officer, approvals=())
            return contract.with_invoice(matched)
        case InvoiceQueried(invoice_id=invoice_id):
            return _reopened(contract, contract.invoices[invoice_id])
        case InvoiceRejected(invoice_id=invoice_id):
            return _freed(contract, contract.invoices[invoice_id])
        case InvoiceApprovalGiven(invoice_id=invoice_id, approved_by=officer):
            invoice = contract.invoices[invoice_id]
            return contract.with_invoice(replace(invoice, approvals=(*invoice.approvals, officer)))
        case InvoiceApproved():
            return _approved(contract, event)
        case _:
            return contract


def _with_submitted(contract: Contract, event: InvoiceSubmitted) -> Contract:
    units = [contract.units[claim_id] for claim_id in event.claim_ids]
    numbers = contract.invoice_numbers.set(event.invoice_no, event.invoice_id)
    contract = replace(contract, invoice_numbers=numbers)
    contract = contract.with_units(replace(unit, invoice_id=event.invoice_id) for unit in units)
    return contract.with_invoice(Invoice(event, frozenset(unit.verified_by for unit in units)))


def _reopened(contract: Contract, invoice: Invoice) -> Contract:
    queried = replace(invoice, status="queried", approvals=(), granted_minor=0, pending=())
    return with_balance(lapsed(contract, invoice), queried)


def _freed(contract: Contract, invoice: Invoice) -> Contract:
    units = (contract.units[claim_id] for claim_id in invoice.submitted.claim_ids)
    contract = contract.with_units(replace(unit, invoice_id=None) for unit in units)
    return contract.with_invoice(replace(invoice, status="rejected", approvals=()))


def _approved(contract: Contract, event: InvoiceApproved) -> Contract:
    invoice = contract.invoices[event.invoice_id]
    approved = replace(invoice, status="approved", approvals=event.approved_by, granted_minor=event.amount_minor)
    return with_balance(contract, approved)
