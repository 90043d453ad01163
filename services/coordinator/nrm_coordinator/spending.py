"""The money that followed one person's help: from the claims for it to what was paid, per currency."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from nrm_coordinator import tables as t
from nrm_coordinator.moment import AsOf
from nrm_kernel.views import ViewReader


@dataclass(frozen=True, slots=True)
class Spend:
    """Amounts in minor units of one currency; no currency where nothing was payable."""

    ccy: str
    claimed_minor: int
    verified_minor: int
    paid_minor: int
    unfunded_deliveries: int


@dataclass(frozen=True, slots=True)
class _Claim:
    """One claim's money: what was recorded, what was verified, and the invoice that it stands on."""

    ccy: str
    recorded_minor: int
    verified_minor: int
    invoice_id: str


async def spending(reader: ViewReader, refs: Collection[str], as_of: AsOf) -> list[Spend]:
    """What was claimed, verified and paid for this person; a claim that was withdrawn counts nowhere."""
    c = t.claim.c
    query = select(c.claim_id).where(c.person_ref.in_(refs), c.recorded_at <= as_of.moment)
    claim_ids = [row.claim_id for row in await reader.rows(query)]
    claims = await _claims(reader, {claim for claim in claim_ids if claim}, as_of)
    paid = await _paid(reader, {claim.invoice_id for claim in claims if claim.invoice_id}, as_of)
    spends = [_spend(ccy, claims, paid) for ccy in sorted({claim.ccy for claim in claims})]
    unfunded = claim_ids.count("")
    return [*spends, Spend("", 0, 0, 0, unfunded)] if unfunded else spends


def _spend(ccy: str, claims: Sequence[_Claim], paid: Collection[str]) -> Spend:
    own = [claim for claim in claims if claim.ccy == ccy]
    return Spend(
        ccy,
        sum(claim.recorded_minor for claim in own),
        sum(claim.verified_minor for claim in own),
        sum(claim.verified_minor for claim in own if claim.invoice_id in paid),
        0,
    )


async def _claims(reader: ViewReader, claim_ids: Collection[str], as_of: AsOf) -> list[_Claim]:
    moves: dict[str, dict[str, Any]] = {}
    for row in await reader.rows(_moves(claim_ids, as_of)):
        moves.setdefault(row.claim_id, {})[row.kind] = row
    return [_claim(of_claim) for of_claim in moves.values() if "withdrawn" not in of_claim]


def _claim(moves: dict[str, Any]) -> _Claim:
    amounts = {kind: row.amount_minor for kind, row in moves.items()}
    newest = next(iter(moves.values()))
    invoiced = moves.get("invoiced")
    return _Claim(
        newest.ccy, amounts.get("recorded", 0), amounts.get("verified", 0), invoiced.invoice_id if invoiced else ""
    )


def _moves(claim_ids: Collection[str], as_of: AsOf) -> Select[Any]:
    c = t.money.c
    return (
        select(c.claim_id, c.kind, c.amount_minor, c.invoice_id, t.contract.c.ccy)
        .join(t.contract, t.contract.c.contract_ref == c.contract_ref)
        .where(c.claim_id.in_(claim_ids), c.recorded_at <= as_of.moment)
        .order_by(c.origin, c.position)
    )


async def _paid(reader: ViewReader, invoice_ids: Collection[str], as_of: AsOf) -> set[str]:
    """The invoices that are paid: a payment, and no reversal after it."""
    c = t.money.c
    query = (
        select(c.invoice_id, c.kind)
        .where(c.invoice_id.in_(invoice_ids), c.kind.in_(("paid", "reversed")), c.recorded_at <= as_of.moment)
        .order_by(c.origin, c.position)
    )
    newest = {row.invoice_id: row.kind for row in await reader.rows(query)}
    return {invoice_id for invoice_id, kind in newest.items() if kind == "paid"}
