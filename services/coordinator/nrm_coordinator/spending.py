"""The money that followed one person's help: from the claims for it to what was paid, per currency.

A claim that was refused or taken back counts nowhere. A unit is paid when its invoice is: when the payments on it, less
what came back, cover all units that still stand on it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from nrm_contracts.funding import events as funding
from nrm_coordinator import tables as t
from nrm_coordinator.making import Build, Builds, Given
from nrm_coordinator.moment import AsOf
from nrm_kernel.views import Add, ViewReader

RECORDED, VERIFIED, WITHDRAWN, CLAWED_BACK = "recorded", "verified", "withdrawn", "clawed_back"


@dataclass(frozen=True, slots=True)
class Spend:
    """Amounts in minor units of one currency. ``owed_back_minor`` was paid for units that were taken back since."""

    ccy: str
    claimed_minor: int
    verified_minor: int
    paid_minor: int
    owed_back_minor: int


@dataclass(frozen=True, slots=True)
class _Claim:
    """One claim's money by what happened to it; the newest of each kind counts."""

    ccy: str
    amounts: Mapping[str, int]

    @property
    def stands(self) -> bool:
        return not {WITHDRAWN, CLAWED_BACK} & self.amounts.keys()

    def amount(self, change: str) -> int:
        """The amount in minor units; 0 when that did not happen or the claim stands no more."""
        return self.amounts.get(change, 0) if self.stands else 0


async def spending(reader: ViewReader, claim_ids: Collection[str], as_of: AsOf) -> list[Spend]:
    """What was claimed, verified and paid under these claims."""
    if not claim_ids:
        return []
    invoices = await _invoices(reader, claim_ids, as_of)
    beside = await _on_invoices(reader, set(invoices.values()), as_of)
    claims = await _claims(reader, {*claim_ids, *beside}, as_of)
    paid = await _paid(reader, beside, claims, as_of)
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for claim_id in claims.keys() & set(claim_ids):
        claim = claims[claim_id]
        of_ccy = sums[claim.ccy]
        of_ccy[0] += claim.amount(RECORDED)
        of_ccy[1] += claim.amount(VERIFIED)
        of_ccy[2] += claim.amount(VERIFIED) if invoices.get(claim_id) in paid else 0
        of_ccy[3] += claim.amounts.get(CLAWED_BACK, 0)
    return [Spend(ccy, *amounts) for ccy, amounts in sorted(sums.items())]


async def _invoices(reader: ViewReader, claim_ids: Collection[str], as_of: AsOf) -> dict[str, str]:
    """The invoice on which each claim stands: the newest, since the units of a refused one may stand on another."""
    c = t.invoiced.c
    rows = await reader.rows(
        select(c.claim_id, c.invoice_id)
        .where(c.claim_id.in_(claim_ids), c.recorded_at <= as_of.moment)
        .order_by(c.origin, c.position)
    )
    return {row.claim_id: row.invoice_id for row in rows}


async def _on_invoices(reader: ViewReader, invoice_ids: Collection[str], as_of: AsOf) -> dict[str, str]:
    """Every claim that stands on these invoices: other persons' too, for an invoice is paid as a whole."""
    c = t.invoiced.c
    rows = await reader.rows(
        select(c.claim_id, c.invoice_id).where(c.invoice_id.in_(invoice_ids), c.recorded_at <= as_of.moment)
    )
    return {row.claim_id: row.invoice_id for row in rows}


async def _claims(reader: ViewReader, claim_ids: Collection[str], as_of: AsOf) -> dict[str, _Claim]:
    c, contract = t.claim.c, t.contract.c
    rows = await reader.rows(
        select(c.claim_id, c.change, c.amount_minor, contract.ccy)
        .join(t.contract, contract.contract_ref == c.contract_ref)
        .where(c.claim_id.in_(claim_ids), c.recorded_at <= as_of.moment)
        .order_by(c.origin, c.position)
    )
    amounts: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for row in rows:
        amounts[row.claim_id, row.ccy][row.change] = row.amount_minor
    return {claim_id: _Claim(ccy, of_claim) for (claim_id, ccy), of_claim in amounts.items()}


async def _paid(
    reader: ViewReader, invoiced: Mapping[str, str], claims: Mapping[str, _Claim], as_of: AsOf
) -> Collection[str]:
    """The invoices of which nothing is left to pay."""
    c = t.payment.c
    rows: Sequence[tuple[str, int]] = [
        (row.invoice_id, int(row.paid_minor))
        for row in await reader.rows(
            select(c.invoice_id, func.sum(c.amount_minor).label("paid_minor"))
            .where(c.invoice_id.in_(set(invoiced.values())), c.recorded_at <= as_of.moment)
            .group_by(c.invoice_id)
        )
    ]
    due: dict[str, int] = defaultdict(int)
    for claim_id in invoiced.keys() & claims.keys():
        due[invoiced[claim_id]] += claims[claim_id].amount(VERIFIED)
    return {invoice_id for invoice_id, paid_minor in rows if paid_minor >= due[invoice_id]}


def _changed(change: str) -> Build:
    def build(given: Given) -> tuple[Add]:
        cells = {
            "claim_id": given.data["claim_id"],
            "change": change,
            "amount_minor": given.data.get("amount_minor", 0),
            "contract_ref": given.data["contract_ref"],
        }
        return (given.adds(t.claim, cells),)

    return build


def _invoiced(given: Given) -> list[Add]:
    return [
        given.adds(t.invoiced, {"claim_id": claim_id, "invoice_id": given.data["invoice_id"]})
        for claim_id in given.data["claim_ids"]
    ]


def _paid_out(sign: int) -> Build:
    def build(given: Given) -> tuple[Add]:
        cells = {"invoice_id": given.data["invoice_id"], "amount_minor": sign * given.data["amount_minor"]}
        return (given.adds(t.payment, cells),)

    return build


def _awarded(given: Given) -> tuple[Add]:
    return (given.adds(t.contract, {"contract_ref": given.data["contract_ref"], "ccy": given.data["ccy"]}),)


FACTS: Builds = {
    funding.ContractAwarded: _awarded,
    funding.ClaimableUnitRecorded: _changed(RECORDED),
    funding.UnitVerified: _changed(VERIFIED),
    funding.UnitRejected: _changed(WITHDRAWN),
    funding.UnitVoided: _changed(WITHDRAWN),
    funding.ClawbackRaised: _changed(CLAWED_BACK),
    funding.InvoiceSubmitted: _invoiced,
    funding.PaymentMade: _paid_out(1),
    funding.PaymentReversed: _paid_out(-1),
}
