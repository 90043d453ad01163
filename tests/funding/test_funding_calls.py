"""Every method of the service through a real server, from bytes to entry, list and back; races at a real appender."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import grpc
import pytest
from tests.funding.conftest import DAWN, FUND, HARBOUR, POLICY_FILE, ref
from tests.funding.office import (
    AGENCIES,
    SERVICE,
    FundOffice,
    approved,
    budgeted,
    claimed,
    contracted,
    matched,
    order,
    paid,
    refused_units,
    wound_up,
)

from nrm_funding.domain.contracts import CONTRACT
from nrm_funding.domain.payments import OrderPayment, order_payment
from nrm_funding.service import build
from nrm_funding.views import LISTS
from nrm_kernel.decider import At
from nrm_kernel.errors import NrmError
from nrm_kernel.policy import load_history
from nrm_kernel.reactions import StoreAsking
from nrm_kernel.service import Ask
from nrm_kernel.testing import serving
from nrm_kernel.testing.calling import running


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[FundOffice]:
    history = load_history(POLICY_FILE)
    clock = serving.SetClock(datetime(2026, 12, 1, 12, tzinfo=UTC))
    async with (
        serving.agency(tmp_path, FUND, AGENCIES, policy=history.at, clock=clock) as agency,
        running(agency, tmp_path, build, [LISTS]) as at,
    ):
        yield FundOffice(at, StoreAsking(agency.store, clock, FUND, history, AGENCIES))


async def test_every_method_works_through_a_real_server(office: FundOffice) -> None:
    source_id, line_id = await budgeted(office)
    contract_ref = await contracted(office, line_id)
    await paid(office, contract_ref, await approved(office, contract_ref, 1, 2, 3), 3_000)
    await refused_units(office, contract_ref)

    [year] = (await office.ask("GetContract", contract_ref=contract_ref)).contract.years
    assert (year.claimed_minor, year.verified_minor, year.approved_minor, year.paid_minor) == (
        4_000,
        4_000,
        3_000,
        3_000,
    )
    claims = (await office.ask("ListClaims", contract_ref=contract_ref)).claims
    assert [(int(claim.claim_id, 16), claim.status, bool(claim.invoice_id)) for claim in claims] == [
        (1, "verified", True),
        (2, "verified", True),
        (3, "verified", True),
        (21, "rejected", False),
        (22, "clawed_back", True),
        (23, "voided", True),
        (24, "verified", False),
    ]
    invoices = (await office.ask("ListInvoices", contract_ref=contract_ref)).invoices
    assert sorted((each.invoice_no, each.status, each.paid_minor) for each in invoices) == [
        (1, "approved", 3_000),
        (22, "approved", 0),
        (24, "rejected", 0),
    ]
    await wound_up(office, contract_ref, line_id)
    other = await contracted(office, line_id)
    await office.do("TerminateContract", contract_ref=other, reason="no_need")

    line = (await office.ask("GetBudgetLine", line_id=line_id)).line
    assert (line.ceiling_minor, line.reserved_minor, line.paid_minor) == (110_000, 24_000, 3_000)
    source = (await office.ask("GetFundingSource", source_id=source_id)).source
    assert [(left.amount_minor, left.left_minor) for left in source.years] == [(1_000_000, 850_000)]
    [price] = (await office.ask("ListServiceStandards", service_code="shelter")).standards
    assert (price.unit_price_minor, price.HasField("qty_max_per_person_milli")) == (1_000, False)
    listed = (await office.ask("ListContracts")).contracts
    assert sorted(each.status for each in listed) == ["completed", "terminated"]
    assert office.called == {method.name for method in SERVICE.methods}


async def test_a_provider_sees_its_own_contracts_only(office: FundOffice) -> None:
    _, line_id = await budgeted(office)
    own, foreign = await contracted(office, line_id), await contracted(office, line_id, HARBOUR)
    worker = serving.says(DAWN, "case_worker", "fund")
    assert [each.contract_ref for each in (await office.ask("ListContracts", worker)).contracts] == [own]
    assert (await office.ask("GetContract", worker, contract_ref=own)).contract.status == "signed"
    hidden = [
        await office.call(name, worker, contract_ref=foreign) for name in ("GetContract", "ListClaims", "ListInvoices")
    ]
    absent = [
        await office.call(name, worker, contract_ref=ref(9)) for name in ("GetContract", "ListClaims", "ListInvoices")
    ]
    assert {each.code for each in (*hidden, *absent)} == {grpc.StatusCode.NOT_FOUND}
    assert [each.text for each in hidden] == [each.text for each in absent]
    submit = {"invoice_no": 1, "claim_ids": [ref(1)], "total_minor": 1, "ccy": "KZT"}
    for contract_ref in (foreign, ref(9)):
        given = {"contract_ref": contract_ref, "request_id": str(uuid.uuid4()), **submit}
        version = office.versions.get(f"contract-{contract_ref}")
        result = await office.call("SubmitInvoice", worker, expected_version=version, **given)
        assert result.code is grpc.StatusCode.NOT_FOUND


async def test_lists_come_in_pages_and_by_status(office: FundOffice) -> None:
    _, line_id = await budgeted(office)
    contract_ref = await contracted(office, line_id)
    for number in range(1, 6):
        await claimed(office, contract_ref, number)
    await office.do("VerifyUnit", contract_ref=contract_ref, claim_id=ref(3), method="visit")
    seen, token, page = [], "", None
    for _ in range(3):
        page = await office.ask("ListClaims", contract_ref=contract_ref, page_size=2, page_token=token)
        seen += [int(claim.claim_id, 16) for claim in page.claims]
        token = page.next_page_token
    assert (seen, token) == ([1, 2, 3, 4, 5], "")
    [verified] = (await office.ask("ListClaims", contract_ref=contract_ref, status="verified")).claims
    assert verified.claim_id == ref(3)
    assert page is not None
    assert [each.size for each in page.complete_to] == [await office.at.agency.store.size()]


async def test_of_sixteen_approvals_on_one_version_one_counts_and_the_others_hear_of_it(office: FundOffice) -> None:
    _, line_id = await budgeted(office)
    contract_ref = await contracted(office, line_id)
    invoice_id = await matched(office, contract_ref, 1)
    version = office.versions[f"contract-{contract_ref}"]

    async def race(officer: str) -> serving.Outcome:
        caller = serving.says(FUND, "funding_approver", "fund", officer)
        on = {"contract_ref": contract_ref, "invoice_id": invoice_id}
        return await office.call("ApproveInvoice", caller, request_id=str(uuid.uuid4()), expected_version=version, **on)

    results = await asyncio.gather(*(race(f"approver-{nth}") for nth in range(16)))
    assert sorted(each.code.name for each in results) == ["ABORTED"] * 15 + ["OK"]
    assert {each.reason for each in results} == {"VERSION_STALE", ""}


async def test_orders_given_at_once_never_exceed_what_was_approved(office: FundOffice) -> None:
    _, line_id = await budgeted(office)
    contract_ref = await contracted(office, line_id)
    invoice_id = await approved(office, contract_ref, 1)

    async def race(nth: int) -> str:
        command = OrderPayment(contract_ref, invoice_id, ref(5_000 + nth), 300, "KZT", f"officer-{nth}")
        try:
            await office.at.agency.appender.submit(order(Ask(command, order_payment, (At(CONTRACT, contract_ref),))))
        except NrmError as refusal:
            return refusal.reason
        return "ordered"

    results = await asyncio.gather(*(race(nth) for nth in range(32)))
    assert sorted(results) == ["OVER_APPROVED"] * 29 + ["ordered"] * 3
