"""The tour through the funding service, in two parts: a contract before help is given, its money afterwards."""

from datetime import timedelta

from nrm.demo.acts import funding as act
from nrm.demo.agencies import CCY, DAWN, FUND
from nrm.demo.known import Claim
from nrm.demo.step import Step
from nrm.demo.tour.guide import Guide
from nrm_contracts.funding.v1 import budgets_pb2, claims_pb2, contracts_pb2, invoices_pb2, payments_pb2, queries_pb2

CONTRACT, CANCELLED, SOURCE = "@contract-tour", "@contract-tour-cancelled", "@source-tour"
LINE, SPARE = "@line-tour", "@line-tour-spare"
CEILING_MINOR = 5_000_000


async def contract(guide: Guide) -> None:
    """From the source of the money to a contract that pays."""
    on = guide.day(250)
    year = on.year
    await guide.do(
        FUND, act.source(SOURCE, on, "state", {year: 4 * CEILING_MINOR}), act.in_kind(SOURCE, on, "goods", 10_000)
    )
    await guide.do(FUND, _line(guide, LINE, year), _line(guide, SPARE, year), _price(guide))
    proposal = budgets_pb2.ReallocateBudgetRequest(from_line_id=SPARE, to_line_id=LINE, amount_minor=1_000_000, ccy=CCY)
    confirmed = budgets_pb2.ConfirmReallocationRequest(
        from_line_id=SPARE, to_line_id=LINE, reallocation_id="@reallocation-tour"
    )
    await guide.do(
        FUND,
        Step(on, proposal, {"reallocation_id": "@reallocation-tour"}, officer=act.OFFICER),
        Step(on, confirmed, officer=act.APPROVER),
        _award(guide, CONTRACT, year, CEILING_MINOR // 2),
        act.sign(CONTRACT, on),
    )
    more = contracts_pb2.AmendContractRequest(
        contract_ref=CONTRACT, fiscal_year=year, line_id="@line-tour", ceiling_minor=CEILING_MINOR
    )
    held = contracts_pb2.SuspendContractRequest(contract_ref=CONTRACT, reason="late_reports")
    resumed = contracts_pb2.ResumeContractRequest(contract_ref=CONTRACT)
    off = contracts_pb2.TerminateContractRequest(contract_ref=CANCELLED, reason="no_need")
    await guide.do(
        FUND,
        Step(on, more, officer=act.APPROVER),
        Step(on, held),
        Step(on + timedelta(days=2), resumed),
        _award(guide, CANCELLED, year, 1_000_000, line=SPARE),
        Step(on, off, officer=act.APPROVER),
    )


def _line(guide: Guide, label: str, year: int) -> Step:
    request = budgets_pb2.ApproveBudgetLineRequest(
        source_id=SOURCE,
        fiscal_year=year,
        starts_on=guide.day(250).isoformat(),
        ends_on=guide.day(2).isoformat(),
        ceiling_minor=2 * CEILING_MINOR,
        ccy=CCY,
    )
    return Step(guide.day(250), request, {"line_id": label}, officer=act.APPROVER)


def _award(guide: Guide, label: str, year: int, ceiling_minor: int, line: str = LINE) -> Step:
    request = contracts_pb2.AwardContractRequest(
        provider=DAWN,
        ccy=CCY,
        starts_on=guide.day(250).isoformat(),
        ends_on=guide.day(2).isoformat(),
        years=[contracts_pb2.YearCeiling(fiscal_year=year, line_id=line, ceiling_minor=ceiling_minor)],
        lots=[contracts_pb2.LotOffer(service_code="shelter", unit="bed_night", qty_max_milli=1_000_000)],
        criteria=("quality",),
    )
    return Step(guide.day(250), request, {"contract_ref": label}, officer=act.OFFICER)


def _price(guide: Guide) -> Step:
    """A price far ahead, and later than that of any tour before: prices are never changed backwards."""
    request = contracts_pb2.PublishServiceStandardRequest(
        service_code="follow_up",
        unit="visit",
        unit_price_minor=3_000,
        ccy=CCY,
        valid_from=(guide.today + timedelta(days=30 + guide.desks.known.sizes[FUND])).isoformat(),
    )
    return Step(guide.today, request)


async def money(guide: Guide) -> None:
    """What becomes of the deliveries that were claimed."""
    contract_ref = await guide.ref(FUND, CONTRACT)
    paid, refused, rejected = await _claims(guide, contract_ref)
    on = guide.day(40)
    wrong = claims_pb2.RejectUnitRequest(
        contract_ref=CONTRACT, claim_id=rejected.claim_id, handover_id=rejected.handover_id, reason="no_evidence"
    )
    await guide.do(FUND, *(act.verify(CONTRACT, one.claim_id, on) for one in (paid, refused)), Step(on, wrong))
    await _paid(guide, paid)
    await _not_paid(guide, refused)
    await _over(guide)
    await _asked(guide)


async def _claims(guide: Guide, contract_ref: str) -> list[Claim]:
    """The three that stand; the fourth was taken back."""
    while len([claim for claim in guide.desks.known.claims.get(contract_ref, {}).values() if claim.payable]) < 3:
        await guide.wait()
    await guide.following.rest()
    return [claim for claim in guide.desks.known.claims[contract_ref].values() if claim.payable]


async def _paid(guide: Guide, claim: Claim) -> None:
    on, invoice, amount = guide.day(35), f"{CONTRACT}-invoice-1", claim.amount_minor
    asked = invoices_pb2.QueryInvoiceRequest(contract_ref=CONTRACT, invoice_id=invoice, reason="evidence_missing")
    owed = payments_pb2.RaiseClawbackRequest(contract_ref=CONTRACT, claim_id=claim.claim_id, reason="ineligible_cost")
    back = payments_pb2.ReversePaymentRequest(
        contract_ref=CONTRACT, payment_id=f"{invoice}-payment", amount_minor=amount, ccy=CCY, reason="unit_voided"
    )
    await guide.do(
        FUND,
        act.invoice(CONTRACT, on, 1, (claim.claim_id,), amount, DAWN),
        Step(on, asked),
        act.match(CONTRACT, invoice, on),
        act.approve(CONTRACT, invoice, on),
        act.order(CONTRACT, invoice, on, amount),
        act.pay(CONTRACT, invoice, on, amount),
        Step(on, owed),
        Step(on, back),
    )


async def _not_paid(guide: Guide, claim: Claim) -> None:
    on, invoice = guide.day(35), f"{CONTRACT}-invoice-2"
    no = invoices_pb2.RejectInvoiceRequest(contract_ref=CONTRACT, invoice_id=invoice, reason="query_unanswered")
    await guide.do(FUND, act.invoice(CONTRACT, on, 2, (claim.claim_id,), claim.amount_minor, DAWN), Step(on, no))


async def _over(guide: Guide) -> None:
    year = guide.day(250).year
    rest = contracts_pb2.ReleaseCeilingRequest(contract_ref=CONTRACT, fiscal_year=year, line_id=LINE)
    explained = act.explain(CONTRACT, year, guide.day(1), actual=10)
    await guide.do(FUND, explained, act.complete(CONTRACT, guide.day(1)), Step(guide.day(1), rest, officer=4))


async def _asked(guide: Guide) -> None:
    await guide.ask(FUND, queries_pb2.GetFundingSourceRequest(source_id=SOURCE), queries_pb2.GetFundingSourceResponse)
    await guide.ask(FUND, queries_pb2.GetBudgetLineRequest(line_id=LINE), queries_pb2.GetBudgetLineResponse)
    await guide.ask(
        FUND, queries_pb2.ListServiceStandardsRequest(service_code="shelter"), queries_pb2.ListServiceStandardsResponse
    )
    await guide.ask(FUND, queries_pb2.GetContractRequest(contract_ref=CONTRACT), queries_pb2.GetContractResponse)
    await guide.ask(FUND, queries_pb2.ListContractsRequest(page_size=10), queries_pb2.ListContractsResponse)
    await guide.ask(FUND, queries_pb2.ListClaimsRequest(contract_ref=CONTRACT), queries_pb2.ListClaimsResponse)
    await guide.ask(FUND, queries_pb2.ListInvoicesRequest(contract_ref=CONTRACT), queries_pb2.ListInvoicesResponse)
