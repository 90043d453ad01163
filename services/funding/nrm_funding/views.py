"""Lists of this agency's contracts, claims, invoices and payments, made from its own log."""

from collections.abc import Iterable, Iterator

from sqlalchemy import BigInteger, Column, Index, MetaData, String, Table

from nrm_contracts.funding.events import (
    ClaimableUnitRecorded,
    ClawbackRaised,
    ContractAwarded,
    ContractCancelled,
    ContractCompleted,
    ContractResumed,
    ContractSigned,
    ContractSuspended,
    ContractTerminated,
    DuplicateClaimFound,
    InvoiceApproved,
    InvoiceMatched,
    InvoiceQueried,
    InvoiceRejected,
    InvoiceSubmitted,
    PaymentMade,
    PaymentReversed,
    UnfundedLiabilityRecorded,
    UnitRejected,
    UnitVerified,
    UnitVoided,
)
from nrm_kernel.entry import Entry
from nrm_kernel.views import Add, Change, Put, View

metadata = MetaData()

contracts = Table(
    "funding_contract",
    metadata,
    Column("contract_ref", String, primary_key=True),
    Column("provider", String, index=True),
    Column("status", String),
    Column("ccy", String),
    Column("starts_on", String),
    Column("ends_on", String),
)
claims = Table(
    "funding_claim",
    metadata,
    Column("contract_ref", String, primary_key=True),
    Column("claim_id", String, primary_key=True),
    Column("handover_id", String),
    Column("service_code", String),
    Column("unit", String),
    Column("qty_milli", BigInteger),
    Column("delivered_from", String),
    Column("delivered_to", String),
    Column("price_minor", BigInteger),
    Column("amount_minor", BigInteger),
    Column("evidence_hash", String),
    Column("status", String),
    Column("reason", String),
)
invoices = Table(
    "funding_invoice",
    metadata,
    Column("contract_ref", String, primary_key=True),
    Column("invoice_id", String, primary_key=True),
    Column("invoice_no", BigInteger),
    Column("fiscal_year", BigInteger),
    Column("line_id", String),
    Column("total_minor", BigInteger),
    Column("ccy", String),
    Column("status", String),
    Column("reason", String),
)
invoice_claims = Table(
    "funding_invoice_claim",
    metadata,
    Column("contract_ref", String, primary_key=True),
    Column("claim_id", String, primary_key=True),
    Column("invoice_id", String, primary_key=True),
)
spending = Table(
    "funding_spending",
    metadata,
    Column("origin", String, primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("line_id", String, index=True),
    Column("invoice_id", String, index=True),
    Column("amount_minor", BigInteger),
)
Index("funding_claim_status", claims.c.contract_ref, claims.c.status)


def apply(entry: Entry) -> Iterable[Change]:
    """What one entry changes in the lists."""
    event = entry.event
    match event:
        case ClaimableUnitRecorded() | UnitVerified() | UnitRejected() | UnitVoided() | ClawbackRaised():
            yield from _claim(event)
        case UnfundedLiabilityRecorded() | DuplicateClaimFound():
            yield from _unpayable(event)
        case InvoiceSubmitted() | InvoiceMatched() | InvoiceQueried() | InvoiceRejected() | InvoiceApproved():
            yield from _invoice(event)
        case PaymentMade(line_id=line_id, invoice_id=invoice_id, amount_minor=amount):
            yield _spent(entry, line_id, invoice_id, amount)
        case PaymentReversed(line_id=line_id, invoice_id=invoice_id, amount_minor=amount):
            yield _spent(entry, line_id, invoice_id, -amount)
        case _:
            yield from _contract(event)


def _contract(event: object) -> Iterator[Put]:
    match event:
        case ContractAwarded():
            yield Put(
                contracts,
                {
                    "contract_ref": event.contract_ref,
                    "provider": event.provider,
                    "status": "awarded",
                    "ccy": event.ccy,
                    "starts_on": event.starts_on.isoformat(),
                    "ends_on": event.ends_on.isoformat(),
                },
            )
        case ContractTerminated(contract_ref=contract_ref, terminated_on=day):
            row = {"contract_ref": contract_ref, "status": "terminated", "ends_on": day.isoformat()}
            yield Put(contracts, row)
        case ContractSigned(contract_ref=contract_ref) | ContractResumed(contract_ref=contract_ref):
            yield Put(contracts, {"contract_ref": contract_ref, "status": "signed"})
        case ContractSuspended(contract_ref=contract_ref):
            yield Put(contracts, {"contract_ref": contract_ref, "status": "suspended"})
        case ContractCompleted(contract_ref=contract_ref):
            yield Put(contracts, {"contract_ref": contract_ref, "status": "completed"})
        case ContractCancelled(contract_ref=contract_ref):
            yield Put(contracts, {"contract_ref": contract_ref, "status": "cancelled"})


def _claim(
    event: ClaimableUnitRecorded | UnitVerified | UnitRejected | UnitVoided | ClawbackRaised,
) -> Iterator[Put]:
    key = {"contract_ref": event.contract_ref, "claim_id": event.claim_id}
    match event:
        case ClaimableUnitRecorded():
            yield Put(claims, {**key, **_recorded(event)})
        case UnitVerified():
            yield Put(claims, {**key, "status": "verified", "reason": None})
        case UnitRejected(reason=reason):
            yield Put(claims, {**key, "status": "rejected", "reason": reason})
        case UnitVoided(reason=reason):
            yield Put(claims, {**key, "status": "voided", "reason": reason})
        case ClawbackRaised(raised_by=str(), reason=reason):
            yield Put(claims, {**key, "status": "clawed_back", "reason": reason})


def _recorded(event: ClaimableUnitRecorded) -> dict[str, str | int | None]:
    return {
        "handover_id": event.handover_id,
        "service_code": event.service_code,
        "unit": event.unit,
        "qty_milli": event.qty_milli,
        "delivered_from": event.delivered_from.isoformat(),
        "delivered_to": event.delivered_to.isoformat(),
        "price_minor": event.price_minor,
        "amount_minor": event.amount_minor,
        "evidence_hash": event.evidence_hash,
        "status": "recorded",
        "reason": None,
    }


def _unpayable(event: UnfundedLiabilityRecorded | DuplicateClaimFound) -> Iterator[Put]:
    key = {"contract_ref": event.contract_ref, "claim_id": event.claim_id}
    match event:
        case UnfundedLiabilityRecorded(reason=reason):
            yield Put(claims, {**key, "reason": reason})
        case DuplicateClaimFound(first_claim_id=first) if first != event.claim_id:
            yield Put(claims, {**key, "status": "duplicate", "reason": "duplicate"})


def _invoice(
    event: InvoiceSubmitted | InvoiceMatched | InvoiceQueried | InvoiceRejected | InvoiceApproved,
) -> Iterator[Put]:
    key = {"contract_ref": event.contract_ref, "invoice_id": event.invoice_id}
    match event:
        case InvoiceSubmitted():
            yield Put(invoices, {**key, **_submitted(event)})
            for claim_id in event.claim_ids:
                yield Put(invoice_claims, {**key, "claim_id": claim_id})
        case InvoiceMatched():
            yield Put(invoices, {**key, "status": "matched", "reason": None})
        case InvoiceApproved():
            yield Put(invoices, {**key, "status": "approved"})
        case InvoiceQueried(reason=reason):
            yield Put(invoices, {**key, "status": "queried", "reason": reason})
        case InvoiceRejected(reason=reason):
            yield Put(invoices, {**key, "status": "rejected", "reason": reason})


def _submitted(event: InvoiceSubmitted) -> dict[str, str | int | None]:
    return {
        "invoice_no": event.invoice_no,
        "fiscal_year": event.fiscal_year,
        "line_id": event.line_id,
        "total_minor": event.total_minor,
        "ccy": event.ccy,
        "status": "submitted",
        "reason": None,
    }


def _spent(entry: Entry, line_id: str, invoice_id: str, amount_minor: int) -> Add:
    row: dict[str, str | int] = {
        "origin": entry.origin,
        "position": entry.position,
        "line_id": line_id,
        "invoice_id": invoice_id,
        "amount_minor": amount_minor,
    }
    return Add(spending, row)


LISTS = View("funding", 1, metadata, apply)
