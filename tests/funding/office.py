"""A fund behind a real server, and the stories that its calls tell."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import grpc
from google.protobuf.message_factory import GetMessageClass
from tests.funding.conftest import DAWN, FUND, HARBOUR, ref

from nrm_contracts.assistance.events import ClaimableUnitSent, ClaimableUnitVoided
from nrm_contracts.funding.v1 import funding_pb2
from nrm_funding.reactions import on_claimable_unit_sent, on_claimable_unit_voided
from nrm_kernel.appender import Order
from nrm_kernel.entry import Entry, canonical
from nrm_kernel.reactions import StoreAsking
from nrm_kernel.service import Ask
from nrm_kernel.testing import serving
from nrm_kernel.testing.calling import Reply, Running, heard

SERVICE = funding_pb2.DESCRIPTOR.services_by_name["FundingService"]
AGENCIES = {FUND: "funding", DAWN: "assistance", HARBOUR: "assistance"}
YEAR_2026: dict[str, Any] = {"fiscal_year": 2026, "starts_on": "2026-01-01", "ends_on": "2026-12-31"}
APPROVER_ONLY = {
    "ApproveBudgetLine",
    "ConfirmReallocation",
    "SignContract",
    "AmendContract",
    "ReleaseCeiling",
    "TerminateContract",
    "ApproveInvoice",
}


@dataclass
class FundOffice:
    """A running funding agency and everybody who calls it."""

    at: Running
    asking: StoreAsking
    versions: dict[str, int] = field(default_factory=dict)
    called: set[str] = field(default_factory=set)

    async def call(self, name: str, caller: serving.Metadata, **values: object) -> serving.Outcome:
        """Call a method with these fields."""
        request = GetMessageClass(SERVICE.methods_by_name[name].input_type)(**values)
        self.called.add(name)
        return await serving.outcome(
            self.at.channel, f"/{SERVICE.full_name}/{name}", request.SerializeToString(), caller
        )

    async def do(self, name: str, officer: str = "officer", **values: object) -> Reply:
        """Give a command of the fund on what was read last; it must be recorded."""
        role = "funding_approver" if name in APPROVER_ONLY else "funding_officer"
        return await self.say(name, serving.says(FUND, role, "fund", officer), **values)

    async def say(self, name: str, caller: serving.Metadata, **values: object) -> Reply:
        """Give a command as this caller; it must be recorded."""
        own = self.own_stream(name, values)
        if own in self.versions:
            values["expected_version"] = self.versions[own]
        result = await self.call(name, caller, request_id=str(uuid.uuid4()), **values)
        assert result.code is grpc.StatusCode.OK, f"{name}: {result}"
        reply: Reply = GetMessageClass(SERVICE.methods_by_name[name].output_type).FromString(result.reply)
        await self.read_versions()
        return reply

    def own_stream(self, name: str, values: Mapping[str, object]) -> str:
        """The stream that the command acts on, empty for a new one."""
        if "contract_ref" in values:
            return f"contract-{values['contract_ref']}"
        if name == "PublishServiceStandard":
            return f"standard-{values['service_code']}"
        if name == "RecordInKind":
            return f"source-{values['source_id']}"
        return f"line-{values['from_line_id']}" if "from_line_id" in values else ""

    async def read_versions(self) -> None:
        """What a client sees of every stream."""
        self.versions.clear()
        for entry in await self.at.agency.store.read(0, 10_000):
            self.versions[entry.stream] = entry.seq + 1

    async def ask(self, name: str, caller: serving.Metadata | None = None, **values: object) -> Reply:
        """Ask a query once the lists hold everything."""
        while await self.at.lists.step():
            pass
        result = await self.call(name, caller or serving.says(FUND, "funding_officer", "fund"), **values)
        assert result.code is grpc.StatusCode.OK, f"{name}: {result}"
        return GetMessageClass(SERVICE.methods_by_name[name].output_type).FromString(result.reply)

    async def hear(self, notice: ClaimableUnitSent | ClaimableUnitVoided, sender: str = DAWN) -> None:
        """What the reaction to a provider's notice records."""
        entry = Entry.of(sender, 0, canonical({"occurred_at": "2026-03-02"}))
        if isinstance(notice, ClaimableUnitSent):
            asks: Sequence[Ask] = await on_claimable_unit_sent(notice, entry, self.asking)
        else:
            asks = await on_claimable_unit_voided(notice, entry, self.asking)
        for ask in asks:
            await self.at.agency.appender.submit(order(ask))
        await self.read_versions()


def order(ask: Ask) -> Order:
    """A command on its way, on whatever version."""
    return heard(ask, FUND, "2026-03-02T00:00:00.000000Z")


async def budgeted(office: FundOffice) -> tuple[str, str]:
    """A source with two lines."""
    years = [{"fiscal_year": 2026, "amount_minor": 1_000_000}]
    source = await office.do("RegisterFundingSource", kind="state", ccy="KZT", years=years, valid_from="2026-01-01")
    in_kind: dict[str, Any] = {"item": "premises", "basis": "own_estimate", "value_minor": 5, "ccy": "KZT"}
    await office.do("RecordInKind", source_id=source.source_id, **in_kind)
    given: dict[str, Any] = {"source_id": source.source_id, "ccy": "KZT", **YEAR_2026}
    lines = [await office.do("ApproveBudgetLine", ceiling_minor=ceiling, **given) for ceiling in (100_000, 50_000)]
    one, other = (line.line_id for line in lines)
    between = {"from_line_id": other, "to_line_id": one}
    moved = await office.do("ReallocateBudget", "first", amount_minor=10_000, ccy="KZT", **between)
    await office.do("ConfirmReallocation", "second", reallocation_id=moved.reallocation_id, **between)
    return source.source_id, one


async def contracted(office: FundOffice, line_id: str, provider: str = DAWN, ceiling_minor: int = 20_000) -> str:
    """A signed contract for nights at 1,000 minor units."""
    if "standard-shelter" not in office.versions:
        price: dict[str, Any] = {"unit_price_minor": 1_000, "ccy": "KZT", "valid_from": "2026-01-01"}
        await office.do("PublishServiceStandard", service_code="shelter", unit="bed_night", **price)
    awarded = await office.do(
        "AwardContract",
        provider=provider,
        ccy="KZT",
        starts_on="2026-01-01",
        ends_on="2026-11-30",
        years=[{"fiscal_year": 2026, "line_id": line_id, "ceiling_minor": ceiling_minor}],
        lots=[{"service_code": "shelter", "unit": "bed_night", "qty_max_milli": 100_000}],
        criteria=["quality"],
    )
    contract_ref = str(awarded.contract_ref)
    await office.do("SignContract", "signer", contract_ref=contract_ref)
    return contract_ref


async def claimed(office: FundOffice, contract_ref: str, number: int, sender: str = DAWN) -> str:
    """A night that the provider says it gave to its person of that number."""
    night = date(2026, 3, 1)
    notice = ClaimableUnitSent(
        claim_id=ref(number),
        handover_id=ref(1_000 + number),
        contract_ref=contract_ref,
        service_code="shelter",
        unit="bed_night",
        qty_milli=1_000,
        delivered_from=night,
        delivered_to=night,
        evidence_hash="e" * 64,
    )
    await office.hear(notice, sender)
    return notice.claim_id


async def approved(office: FundOffice, contract_ref: str, *numbers: int) -> str:
    """An invoice of the provider over these nights, approved."""
    invoice_id = await matched(office, contract_ref, *numbers)
    await office.do("ApproveInvoice", "approver", contract_ref=contract_ref, invoice_id=invoice_id)
    return invoice_id


async def matched(office: FundOffice, contract_ref: str, *numbers: int) -> str:
    """An invoice of the provider over these nights, queried once and matched."""
    claims = [await claimed(office, contract_ref, number) for number in numbers]
    for claim_id in claims:
        await office.do("VerifyUnit", "verifier", contract_ref=contract_ref, claim_id=claim_id, method="visit")
    worker = serving.says(DAWN, "case_worker", "fund", "worker")
    sums = {"total_minor": 1_000 * len(claims), "ccy": "KZT", "invoice_no": numbers[0]}
    invoice = await office.say("SubmitInvoice", worker, contract_ref=contract_ref, claim_ids=claims, **sums)
    on = {"contract_ref": contract_ref, "invoice_id": invoice.invoice_id}
    await office.do("MatchInvoice", "matcher", **on)
    await office.do("QueryInvoice", reason="evidence_missing", **on)
    await office.do("MatchInvoice", "matcher", **on)
    return str(invoice.invoice_id)


async def paid(office: FundOffice, contract_ref: str, invoice_id: str, amount_minor: int) -> str:
    """An ordered and made payment."""
    amount = {"amount_minor": amount_minor, "ccy": "KZT", "contract_ref": contract_ref}
    ordered = await office.do("OrderPayment", "orderer", invoice_id=invoice_id, **amount)
    await office.do("MakePayment", "payer", payment_id=ordered.payment_id, **amount)
    return str(ordered.payment_id)


async def wound_up(office: FundOffice, contract_ref: str, line_id: str) -> None:
    """From a suspension to the end and the release of what is left."""
    on = {"contract_ref": contract_ref}
    await office.do("SuspendContract", reason="quality", occurred_on="2026-05-01", **on)
    await office.do("ResumeContract", occurred_on="2026-05-02", **on)
    await office.do("AmendContract", fiscal_year=2026, line_id=line_id, ceiling_minor=21_000, **on)
    variance: dict[str, Any] = {
        "service_code": "shelter",
        "target_milli": 9,
        "actual_milli": 3,
        "reason": "fewer_arrivals",
    }
    await office.do("ExplainVariance", fiscal_year=2026, **variance, **on)
    await office.do("CompleteContract", **on)
    await office.do("ReleaseCeiling", fiscal_year=2026, line_id=line_id, **on)


async def refused_units(office: FundOffice, contract_ref: str) -> None:
    """One unit rejected, one invoice rejected, one unit clawed back, one voided by the provider."""
    rejected = await claimed(office, contract_ref, 21)
    given: dict[str, Any] = {"contract_ref": contract_ref, "claim_id": rejected, "handover_id": ref(1_021)}
    await office.do("RejectUnit", reason="no_evidence", **given)
    invoice_id = await approved(office, contract_ref, 22, 23)
    payment_id = await paid(office, contract_ref, invoice_id, 2_000)
    await office.do("RaiseClawback", contract_ref=contract_ref, claim_id=ref(22), reason="ineligible_cost")
    await office.hear(ClaimableUnitVoided(ref(23), ref(1_023), contract_ref, "wrong_person"))
    back: dict[str, Any] = {"amount_minor": 2_000, "ccy": "KZT", "reason": "unit_voided"}
    await office.do("ReversePayment", contract_ref=contract_ref, payment_id=payment_id, **back)
    await claimed(office, contract_ref, 24)
    await office.do("VerifyUnit", "verifier", contract_ref=contract_ref, claim_id=ref(24), method="visit")
    given = {"contract_ref": contract_ref, "claim_ids": [ref(24)], "total_minor": 1_000, "ccy": "KZT"}
    invoice = await office.do("SubmitInvoice", "clerk", invoice_no=24, **given)
    await office.do("RejectInvoice", contract_ref=contract_ref, invoice_id=invoice.invoice_id, reason="duplicate")
