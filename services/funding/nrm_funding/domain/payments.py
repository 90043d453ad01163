"""Payments: ordered by one officer, made by another, reversed when money comes back; clawbacks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from nrm_contracts.fields import AmountMinor, Code, Origin, Ref
from nrm_contracts.funding.events import (
    ClawbackRaised,
    PaymentMade,
    PaymentOrdered,
    PaymentReversed,
    Signatory,
)
from nrm_contracts.funding.parts import Currency
from nrm_contracts.policy import NationalPolicy
from nrm_funding.domain.balances import overpaid_by, with_balance, withdrawn
from nrm_funding.domain.contract import (
    Contract,
    Invoice,
    Payment,
    hands_on,
    known_invoice,
    known_payment,
    known_unit,
    require_not_suspended,
    signed_terms,
)
from nrm_funding.domain.money import require_amount, require_currency
from nrm_funding.domain.units import answered
from nrm_kernel.changing import replace
from nrm_kernel.decider import Decision, Notice
from nrm_kernel.errors import Refused


@dataclass(frozen=True, slots=True)
class OrderPayment:
    """An officer tells the treasury or bank to pay an approved invoice, wholly or in part."""

    contract_ref: Ref
    invoice_id: Ref
    payment_id: Ref
    amount_minor: AmountMinor
    ccy: Currency
    officer: str


@dataclass(frozen=True, slots=True)
class MakePayment:
    """Another officer confirms that the ordered money left the line, all of it."""

    contract_ref: Ref
    payment_id: Ref
    amount_minor: AmountMinor
    ccy: Currency
    officer: str
    agency: Origin
    occurred_on: date
    policy: NationalPolicy


@dataclass(frozen=True, slots=True)
class ReversePayment:
    """Money of a payment came back. It settles first what the provider owes back for withdrawn units."""

    contract_ref: Ref
    payment_id: Ref
    amount_minor: AmountMinor
    ccy: Currency
    reason: Annotated[str, Code("payment_reversal_reason")]
    officer: str
    agency: Origin
    occurred_on: date
    policy: NationalPolicy


@dataclass(frozen=True, slots=True)
class RaiseClawback:
    """A paid unit turns out not payable: the provider owes its money back."""

    contract_ref: Ref
    claim_id: Ref
    reason: Annotated[str, Code("clawback_reason")]
    officer: str
    agency: Origin
    occurred_on: date
    policy: NationalPolicy


def order_payment(command: OrderPayment, contract: Contract) -> Decision:
    """Raises NotFound, CONTRACT_SUSPENDED, INVOICE_NOT_APPROVED, OVER_APPROVED and refusals of
    amounts.
    """
    terms = signed_terms(command.contract_ref, contract)
    require_not_suspended(command.contract_ref, contract)
    invoice = known_invoice(command.invoice_id, contract)
    require_amount(command.amount_minor)
    require_currency(command.ccy, terms.ccy, "the contract")
    if invoice.status != "approved":
        raise Refused("INVOICE_NOT_APPROVED", f"Invoice {command.invoice_id} is {invoice.status}, not approved.")
    _require_due(command, contract, invoice)
    return [
        PaymentOrdered(
            contract_ref=command.contract_ref,
            invoice_id=command.invoice_id,
            payment_id=command.payment_id,
            amount_minor=command.amount_minor,
            ccy=command.ccy,
            ordered_by=command.officer,
        )
    ]


def _require_due(command: OrderPayment, contract: Contract, invoice: Invoice) -> None:
    ordered = sum(contract.payments[payment_id].ordered.amount_minor for payment_id in invoice.pending)
    left = invoice.due_minor - ordered
    if command.amount_minor > left:
        raise Refused(
            "OVER_APPROVED",
            f"Of what was approved {left} minor units are neither paid nor ordered; {command.amount_minor} are asked "
            "for. Lower the amount.",
            left_minor=left,
        )


def make_payment(command: MakePayment, contract: Contract) -> Decision:
    """Raises NotFound, CONTRACT_SUSPENDED, PAYMENT_NOT_ORDERED, PAYMENT_DIFFERS,
    OFFICERS_NOT_DISTINCT and refusals of amounts. The provider is told of each claim when its invoice is paid in full.
    """
    terms = signed_terms(command.contract_ref, contract)
    require_not_suspended(command.contract_ref, contract)
    payment = known_payment(command.payment_id, contract)
    invoice = contract.invoices[payment.ordered.invoice_id]
    _require_as_ordered(command, payment, terms.ccy)
    _require_distinct_payer(command, payment, invoice)
    made = PaymentMade(
        contract_ref=command.contract_ref,
        invoice_id=payment.ordered.invoice_id,
        payment_id=command.payment_id,
        fiscal_year=invoice.submitted.fiscal_year,
        line_id=invoice.submitted.line_id,
        amount_minor=command.amount_minor,
        ccy=command.ccy,
        paid_on=command.occurred_on,
        paid_by=command.officer,
    )
    in_full = invoice.due_minor == command.amount_minor
    return [made, *(_paid_claims(terms.provider, contract, invoice) if in_full else ())]


def _require_as_ordered(command: MakePayment, payment: Payment, ccy: str) -> None:
    if payment.status != "ordered":
        raise Refused(
            "PAYMENT_NOT_ORDERED",
            f"Payment {command.payment_id} is {payment.status}. Only an order that stands is paid, and once.",
            status=payment.status,
        )
    require_amount(command.amount_minor)
    require_currency(command.ccy, ccy, "the contract")
    if command.amount_minor != payment.ordered.amount_minor:
        raise Refused(
            "PAYMENT_DIFFERS",
            f"{payment.ordered.amount_minor} minor units were ordered, {command.amount_minor} are confirmed. Pay what "
            "was ordered, or order again.",
            ordered_minor=payment.ordered.amount_minor,
        )


def _require_distinct_payer(command: MakePayment, payment: Payment, invoice: Invoice) -> None:
    own = {*invoice.approvals, payment.ordered.ordered_by}
    if Signatory(command.agency, command.officer) in hands_on(invoice, command.agency) or command.officer in own:
        raise Refused(
            "OFFICERS_NOT_DISTINCT",
            "You recorded, verified, matched, approved or ordered this yourself. Another officer has to pay it.",
        )


def _paid_claims(provider: str, contract: Contract, invoice: Invoice) -> Iterator[Notice]:
    for claim_id in invoice.submitted.claim_ids:
        if contract.units[claim_id].status == "verified":
            yield answered(provider, invoice.submitted.contract_ref, claim_id, "paid")


def reverse_payment(command: ReversePayment, contract: Contract) -> Decision:
    """Raises NotFound, PAYMENT_NOT_MADE, REVERSAL_OVER_PAID and refusals of amounts."""
    terms = signed_terms(command.contract_ref, contract)
    payment = known_payment(command.payment_id, contract)
    require_amount(command.amount_minor)
    require_currency(command.ccy, terms.ccy, "the contract")
    if payment.status != "paid":
        raise Refused("PAYMENT_NOT_MADE", f"Payment {command.payment_id} is {payment.status}: nothing to reverse.")
    left = payment.ordered.amount_minor - payment.reversed_minor
    if command.amount_minor > left:
        raise Refused(
            "REVERSAL_OVER_PAID",
            f"Of this payment {left} minor units are still out; {command.amount_minor} cannot come back.",
            left_minor=left,
        )
    return [_reversed(command, contract.invoices[payment.ordered.invoice_id])]


def _reversed(command: ReversePayment, invoice: Invoice) -> PaymentReversed:
    return PaymentReversed(
        contract_ref=command.contract_ref,
        invoice_id=invoice.submitted.invoice_id,
        payment_id=command.payment_id,
        fiscal_year=invoice.submitted.fiscal_year,
        line_id=invoice.submitted.line_id,
        amount_minor=command.amount_minor,
        ccy=command.ccy,
        reason=command.reason,
        reversed_by=command.officer,
    )


def raise_clawback(command: RaiseClawback, contract: Contract) -> Decision:
    """Raises NotFound, CLAIM_UNKNOWN, NOTHING_PAID. A delivery that was clawed back cannot be claimed again."""
    terms = signed_terms(command.contract_ref, contract)
    unit = known_unit(command.claim_id, contract)
    owed = overpaid_by(contract, unit)
    if owed == 0:
        raise Refused(
            "NOTHING_PAID",
            f"Nothing was paid for claim {command.claim_id} that could be owed back. Reject the unit, or query "
            "its invoice.",
        )
    return [
        ClawbackRaised(
            contract_ref=command.contract_ref,
            invoice_id=unit.invoice_id or "",
            claim_id=command.claim_id,
            amount_minor=owed,
            ccy=terms.ccy,
            reason=command.reason,
            raised_by=command.officer,
        )
    ]


def evolve_payment(contract: Contract, event: object) -> Contract:
    """The contract after an event of one of its payments; unchanged by any other."""
    match event:
        case PaymentOrdered():
            invoice = contract.invoices[event.invoice_id]
            invoice = replace(invoice, pending=(*invoice.pending, event.payment_id))
            return contract.with_invoice(invoice).with_payment(Payment(event))
        case PaymentMade():
            return _with_paid(contract, event)
        case PaymentReversed():
            return _with_reversed(contract, event)
        case ClawbackRaised(claim_id=claim_id, raised_by=str()):
            return withdrawn(contract, contract.units[claim_id], "clawed_back")
        case _:
            return contract


def _with_paid(contract: Contract, event: PaymentMade) -> Contract:
    payment, invoice = contract.payments[event.payment_id], contract.invoices[event.invoice_id]
    pending = tuple(payment_id for payment_id in invoice.pending if payment_id != event.payment_id)
    invoice = replace(invoice, paid_minor=invoice.paid_minor + event.amount_minor, pending=pending)
    return with_balance(contract.with_payment(replace(payment, status="paid")), invoice)


def _with_reversed(contract: Contract, event: PaymentReversed) -> Contract:
    """Money that came back settles what is owed back first; only then is the invoice open again."""
    payment, invoice = contract.payments[event.payment_id], contract.invoices[event.invoice_id]
    payment = replace(payment, reversed_minor=payment.reversed_minor + event.amount_minor)
    invoice = replace(invoice, paid_minor=invoice.paid_minor - event.amount_minor)
    return with_balance(contract.with_payment(payment), invoice)
