"""Invoices and payments."""

from dataclasses import dataclass
from typing import Annotated

from nrm_contracts.catalogue import Audience, event
from nrm_contracts.fields import AmountMinor, Code, Day, Ref
from nrm_contracts.funding.parts import Currency, FiscalYear, InvoiceLine, Signatory


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class InvoiceSubmitted:
    """The provider asks for the money of these verified units, all of one fiscal year."""

    contract_ref: Ref
    invoice_id: Ref
    invoice_no: int
    fiscal_year: FiscalYear
    line_id: Ref
    lines: tuple[InvoiceLine, ...]
    claim_ids: tuple[Ref, ...]
    total_minor: AmountMinor
    ccy: Currency
    submitted_by: Signatory


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class InvoiceMatched:
    """Every line was found to agree with verified units and with the price of the day."""

    contract_ref: Ref
    invoice_id: Ref
    matched_by: str


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class InvoiceQueried:
    """The invoice needs an answer before it goes on; approvals given so far and unpaid orders lapse."""

    contract_ref: Ref
    invoice_id: Ref
    reason: Annotated[str, Code("invoice_query_reason")]


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class InvoiceRejected:
    """The invoice is refused for good; its units may stand on another one."""

    contract_ref: Ref
    invoice_id: Ref
    reason: Annotated[str, Code("invoice_rejection_reason")]


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class InvoiceApprovalGiven:
    """One of several officers whom the policy's threshold wants approved the invoice; more are needed."""

    contract_ref: Ref
    invoice_id: Ref
    approved_by: str
    still_needed: int


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class InvoiceApproved:
    """Enough officers approved, by the policy's threshold for that amount; the money may be ordered."""

    contract_ref: Ref
    invoice_id: Ref
    amount_minor: AmountMinor
    ccy: Currency
    approved_by: tuple[str, ...]


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class PaymentOrdered:
    """The treasury or bank is told to pay."""

    contract_ref: Ref
    invoice_id: Ref
    payment_id: Ref
    amount_minor: AmountMinor
    ccy: Currency
    ordered_by: str


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class PaymentMade:
    """The money left the line on that value day."""

    contract_ref: Ref
    invoice_id: Ref
    payment_id: Ref
    fiscal_year: FiscalYear
    line_id: Ref
    amount_minor: AmountMinor
    ccy: Currency
    paid_on: Day
    paid_by: str


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class PaymentReversed:
    """Money of a payment came back; the invoice is open again by that amount."""

    contract_ref: Ref
    invoice_id: Ref
    payment_id: Ref
    fiscal_year: FiscalYear
    line_id: Ref
    amount_minor: AmountMinor
    ccy: Currency
    reason: Annotated[str, Code("payment_reversal_reason")]
    reversed_by: str


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class ClawbackRaised:
    """The provider owes back what it was paid for this unit. It counts against the ceiling until the money is back.

    ``raised_by`` is absent where it follows from the provider's own taking back of the claim.
    """

    contract_ref: Ref
    invoice_id: Ref
    claim_id: Ref
    amount_minor: AmountMinor
    ccy: Currency
    reason: Annotated[str, Code("clawback_reason")]
    raised_by: str | None = None
