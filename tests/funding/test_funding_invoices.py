"""Units, invoices and approvals: verified units only, each on one live invoice, four different pairs of hands."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from nrm_contracts.funding.events import InvoiceApprovalGiven, InvoiceApproved, InvoiceLine, InvoiceSubmitted
from nrm_funding.domain.agreements import ResumeContract, SignContract, SuspendContract
from nrm_funding.domain.approvals import ApproveInvoice, approvers_needed
from nrm_funding.domain.awards import LotOffer, YearCeiling
from nrm_funding.domain.claims import VoidUnit
from nrm_funding.domain.invoices import MatchInvoice, QueryInvoice, RejectInvoice, SubmitInvoice
from nrm_funding.domain.units import RejectUnit, VerifyUnit

if TYPE_CHECKING:
    from tests.funding.conftest import Fund

    from nrm_contracts.policy import NationalPolicy

DAWN, HARBOUR = "test/assistance/ngo-dawn", "test/assistance/ngo-harbour"


def test_verifying_stops_at_the_ceiling_and_goes_on_when_there_is_room(fund: Fund) -> None:
    contract_ref = fund.signed_contract(ceiling_minor=2_500, price_minor=1_000)
    first, _ = fund.verified(contract_ref), fund.verified(contract_ref)
    third = fund.claim(contract_ref)
    given = {"contract_ref": contract_ref, "claim_id": third, "method": "sample"}
    assert fund.refused(VerifyUnit, **given) == "UNIT_YEAR_CEILING"
    handover_id = fund.contract(contract_ref).units[first].claim.handover_id
    fund.do(RejectUnit, contract_ref=contract_ref, claim_id=first, handover_id=handover_id, reason="no_evidence")
    fund.do(VerifyUnit, **given)
    assert fund.year(contract_ref).verified_minor == 2_000


def test_a_unit_is_not_verified_before_it_is_delivered_nor_twice(fund: Fund) -> None:
    contract_ref = fund.signed_contract()
    claim_id = fund.claim(contract_ref, day=date(2026, 12, 2))
    given = {"contract_ref": contract_ref, "claim_id": claim_id, "method": "visit"}
    assert fund.refused(VerifyUnit, **given) == "UNIT_OUTSIDE_DATES"
    fund.now = fund.now.replace(day=2)
    fund.do(VerifyUnit, **given)
    assert fund.refused(VerifyUnit, **given) == "UNIT_NOT_OPEN"


def test_a_year_added_later_pays_for_what_was_claimed_before_it(fund: Fund) -> None:
    source_id = fund.source()
    lines = [fund.approved_line(source_id, year=year) for year in (2025, 2026)]
    fund.price(100)
    contract_ref = fund.award([YearCeiling(2026, lines[1], 1_000)], starts_on=date(2025, 1, 1))
    fund.do(SignContract, contract_ref=contract_ref, officer="signer")
    claim_id = fund.claim(contract_ref, day=date(2025, 3, 1))
    fund.amend(contract_ref, 2025, lines[0], 1_000)
    fund.do(VerifyUnit, contract_ref=contract_ref, claim_id=claim_id, method="visit")
    assert (fund.year(contract_ref, 2025).claimed_minor, fund.year(contract_ref, 2025).verified_minor) == (100, 100)


def test_an_invoice_sums_rounded_units_by_service_and_price(fund: Fund) -> None:
    line_id = fund.approved_line(fund.source())
    fund.price(100)
    fund.price(333, service_code="legal_aid", unit="hour")
    lots = (LotOffer("shelter", "bed_night", 9_000), LotOffer("legal_aid", "hour", 9_000))
    contract_ref = fund.award([YearCeiling(2026, line_id, 100_000)], lots=lots)
    fund.do(SignContract, contract_ref=contract_ref, officer="signer")
    half_hours = [fund.verified(contract_ref, service_code="legal_aid", unit="hour", qty_milli=500) for _ in range(3)]
    claim_ids = [fund.verified(contract_ref), *half_hours]
    invoice_id = fund.invoice(contract_ref, *claim_ids)
    submitted = fund.contract(contract_ref).invoices[invoice_id].submitted
    assert submitted.lines == (
        InvoiceLine("legal_aid", "hour", 333, 1_500, 498),
        InvoiceLine("shelter", "bed_night", 100, 1_000, 100),
    )
    assert submitted.total_minor == 598


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"total_minor": 999}, "TOTAL_DIFFERS"),
        ({"total_minor": 1_001}, "TOTAL_DIFFERS"),
        ({"total_minor": 0}, "AMOUNT_NOT_POSITIVE"),
        ({"total_minor": -1_000}, "AMOUNT_NOT_POSITIVE"),
        ({"total_minor": 2**63 - 1}, "AMOUNT_TOO_LARGE"),
        ({"ccy": "EUR"}, "CURRENCY_DIFFERS"),
        ({"invoice_no": 0}, "INVOICE_NO_INVALID"),
        ({"invoice_no": -1}, "INVOICE_NO_INVALID"),
        ({"claim_ids": ()}, "CLAIMS_INVALID"),
        ({"claim_ids": ("f" * 32,)}, "CLAIM_UNKNOWN"),
        ({"caller_agency": HARBOUR}, "NOT_FOUND"),
        ({"contract_ref": "f" * 32}, "NOT_FOUND"),
        ({"caller_agency": "test/funding/fund", "officer": "verifier"}, "OFFICERS_NOT_DISTINCT"),
    ],
)
def test_an_invoice_that_does_not_agree_is_refused(fund: Fund, changed: dict[str, object], reason: str) -> None:
    contract_ref = fund.signed_contract(price_minor=1_000)
    given = {"contract_ref": contract_ref, "invoice_no": 1, "total_minor": 1_000, "ccy": "KZT"}
    claims = {"claim_ids": (fund.verified(contract_ref),), "officer": "submitter", "caller_agency": DAWN}
    assert fund.refused(SubmitInvoice, **{**given, **claims, **changed}) == reason


def test_a_pseudonym_of_the_provider_is_another_officer_than_the_same_pseudonym_here(fund: Fund) -> None:
    contract_ref = fund.signed_contract()
    claim_id = fund.verified(contract_ref, officer="verifier")
    fund.invoice(contract_ref, claim_id, officer="verifier", caller_agency=DAWN)


def test_a_unit_stands_on_one_live_invoice_and_an_invoice_number_is_used_once(fund: Fund) -> None:
    contract_ref = fund.signed_contract()
    claim_id, other = fund.verified(contract_ref), fund.verified(contract_ref)
    invoice_id = fund.invoice(contract_ref, claim_id)
    given = {"contract_ref": contract_ref, "ccy": "KZT", "caller_agency": DAWN, "total_minor": 1_000}
    assert fund.refused(SubmitInvoice, claim_ids=(claim_id,), invoice_no=2, **given) == "UNIT_ALREADY_INVOICED"
    assert fund.refused(SubmitInvoice, claim_ids=(other,), invoice_no=1, **given) == "DUPLICATE_INVOICE"
    assert fund.refused(SubmitInvoice, claim_ids=(other, other), invoice_no=2, **given) == "CLAIMS_INVALID"
    fund.do(RejectInvoice, contract_ref=contract_ref, invoice_id=invoice_id, reason="duplicate")
    assert fund.refused(SubmitInvoice, claim_ids=(claim_id,), invoice_no=1, **given) == "DUPLICATE_INVOICE"
    fund.do(SubmitInvoice, claim_ids=(claim_id,), invoice_no=2, **given)


def test_only_verified_units_of_one_year_are_invoiced(fund: Fund) -> None:
    source_id = fund.source()
    lines = [fund.approved_line(source_id, year=year) for year in (2025, 2026)]
    fund.price(1_000)
    years = [YearCeiling(year, line_id, 9_000) for year, line_id in zip((2025, 2026), lines, strict=True)]
    contract_ref = fund.award(years, starts_on=date(2025, 1, 1))
    fund.do(SignContract, contract_ref=contract_ref, officer="signer")
    unverified = fund.claim(contract_ref, day=date(2026, 4, 1))
    both = (fund.verified(contract_ref, day=date(2025, 4, 1)), fund.verified(contract_ref))
    given = {"contract_ref": contract_ref, "invoice_no": 1, "ccy": "KZT", "caller_agency": DAWN, "total_minor": 2_000}
    assert fund.refused(SubmitInvoice, claim_ids=both, **given) == "YEARS_MIXED"
    assert fund.refused(SubmitInvoice, claim_ids=(both[1], unverified), **given) == "UNIT_NOT_VERIFIED"


def test_an_invoiced_unit_is_not_rejected_behind_its_invoice(fund: Fund) -> None:
    contract_ref = fund.signed_contract()
    claim_id = fund.verified(contract_ref)
    fund.invoice(contract_ref, claim_id)
    handover_id = fund.contract(contract_ref).units[claim_id].claim.handover_id
    given = {"contract_ref": contract_ref, "claim_id": claim_id, "handover_id": handover_id, "reason": "duplicate"}
    assert fund.refused(RejectUnit, **given) == "UNIT_NOT_OPEN"


def test_a_voided_unit_sends_its_invoice_back(fund: Fund) -> None:
    contract_ref = fund.signed_contract()
    claim_id, other = fund.verified(contract_ref), fund.verified(contract_ref)
    invoice_id = fund.invoice(contract_ref, claim_id, other)
    on = {"contract_ref": contract_ref, "invoice_id": invoice_id}
    fund.do(MatchInvoice, officer="matcher", **on)
    handover_id = fund.contract(contract_ref).units[claim_id].claim.handover_id
    given = {"contract_ref": contract_ref, "claim_id": claim_id, "handover_id": handover_id, "provider": DAWN}
    fund.do(VoidUnit, reason="wrong_person", **given)
    assert fund.refused(ApproveInvoice, **on) == "INVOICE_NOT_OPEN"
    assert fund.refused(MatchInvoice, officer="matcher", **on) == "UNIT_NOT_VERIFIED"
    fund.do(RejectInvoice, reason="not_verified", **on)
    fund.invoice(contract_ref, other)
    assert fund.year(contract_ref).verified_minor == 1_000


@pytest.mark.parametrize("officer", ["verifier", "matcher"])
def test_who_had_a_hand_in_an_invoice_does_not_approve_it(fund: Fund, officer: str) -> None:
    contract_ref = fund.signed_contract()
    invoice_id = fund.invoice(contract_ref, fund.verified(contract_ref))
    fund.do(MatchInvoice, contract_ref=contract_ref, invoice_id=invoice_id, officer="matcher")
    given = {"contract_ref": contract_ref, "invoice_id": invoice_id, "officer": officer}
    assert fund.refused(ApproveInvoice, **given) == "OFFICERS_NOT_DISTINCT"


def test_who_submitted_for_the_provider_neither_matches_nor_approves(fund: Fund) -> None:
    contract_ref = fund.signed_contract()
    here = {"caller_agency": "test/funding/fund", "officer": "clerk"}
    invoice_id = fund.invoice(contract_ref, fund.verified(contract_ref), **here)
    on = {"contract_ref": contract_ref, "invoice_id": invoice_id}
    assert fund.refused(MatchInvoice, officer="clerk", **on) == "OFFICERS_NOT_DISTINCT"
    fund.do(MatchInvoice, officer="matcher", **on)
    assert fund.refused(ApproveInvoice, officer="clerk", **on) == "OFFICERS_NOT_DISTINCT"


@pytest.mark.parametrize("agency", [DAWN, HARBOUR])
def test_nobody_outside_the_paying_agency_approves(fund: Fund, agency: str) -> None:
    contract_ref = fund.signed_contract()
    invoice_id = fund.invoice(contract_ref, fund.verified(contract_ref))
    fund.do(MatchInvoice, contract_ref=contract_ref, invoice_id=invoice_id, officer="matcher")
    given = {"contract_ref": contract_ref, "invoice_id": invoice_id, "caller_agency": agency}
    assert fund.refused(ApproveInvoice, **given) == "APPROVER_OF_PROVIDER"


def test_an_amount_from_the_policys_threshold_on_takes_two_approvers(fund: Fund) -> None:
    contract_ref = fund.signed_contract(price_minor=50_000)
    invoice_id = fund.invoice(contract_ref, fund.verified(contract_ref))
    on = {"contract_ref": contract_ref, "invoice_id": invoice_id}
    assert fund.refused(ApproveInvoice, **on) == "INVOICE_NOT_OPEN"
    fund.do(MatchInvoice, officer="matcher", **on)
    assert fund.do(ApproveInvoice, officer="one", **on) == [InvoiceApprovalGiven(contract_ref, invoice_id, "one", 1)]
    assert fund.refused(ApproveInvoice, officer="one", **on) == "OFFICERS_NOT_DISTINCT"
    approved, *_ = fund.do(ApproveInvoice, officer="two", **on)
    assert approved == InvoiceApproved(contract_ref, invoice_id, 50_000, "KZT", ("one", "two"))
    assert fund.refused(ApproveInvoice, officer="three", **on) == "INVOICE_NOT_OPEN"


@pytest.mark.parametrize(("amount_minor", "ccy", "approvers"), [(49_999, "KZT", 1), (50_000, "KZT", 2), (1, "EUR", 2)])
def test_another_currency_takes_as_many_as_the_highest_step(
    policy: NationalPolicy, amount_minor: int, ccy: str, approvers: int
) -> None:
    assert approvers_needed(policy, amount_minor, ccy) == approvers


def test_a_query_takes_approvals_back_and_the_invoice_is_matched_again(fund: Fund) -> None:
    contract_ref = fund.signed_contract()
    invoice_id = fund.approved(contract_ref, fund.verified(contract_ref))
    payment_id = fund.ordered(contract_ref, invoice_id, 1_000)
    on = {"contract_ref": contract_ref, "invoice_id": invoice_id}
    fund.do(QueryInvoice, reason="evidence_missing", **on)
    assert fund.year(contract_ref).approved_minor == 0
    assert fund.contract(contract_ref).payments[payment_id].status == "lapsed"
    fund.do(MatchInvoice, officer="matcher", **on)
    fund.do(ApproveInvoice, officer="approver", **on)
    assert fund.year(contract_ref).approved_minor == 1_000


def test_while_a_contract_is_suspended_units_are_verified_and_nothing_is_approved(fund: Fund) -> None:
    contract_ref = fund.signed_contract()
    claim_id = fund.claim(contract_ref)
    fund.do(SuspendContract, contract_ref=contract_ref, reason="late_reports", occurred_on=date(2026, 6, 1))
    fund.do(VerifyUnit, contract_ref=contract_ref, claim_id=claim_id, method="visit", officer="verifier")
    invoice_id = fund.invoice(contract_ref, claim_id)
    on = {"contract_ref": contract_ref, "invoice_id": invoice_id}
    fund.do(MatchInvoice, officer="matcher", **on)
    assert fund.refused(ApproveInvoice, **on) == "CONTRACT_SUSPENDED"
    fund.do(ResumeContract, contract_ref=contract_ref)
    fund.do(ApproveInvoice, **on)


@pytest.mark.parametrize("command", [MatchInvoice, ApproveInvoice])
def test_an_unknown_invoice_is_refused(fund: Fund, command: type[object]) -> None:
    contract_ref = fund.signed_contract()
    assert fund.refused(command, contract_ref=contract_ref, invoice_id="f" * 32) == "NOT_FOUND"


def test_the_longest_invoice_still_makes_an_entry(fund: Fund) -> None:
    contract_ref = fund.signed_contract(ceiling_minor=500, price_minor=1)
    claim_ids = [fund.verified(contract_ref) for _ in range(500)]
    invoice_id = fund.invoice(contract_ref, *claim_ids)
    assert isinstance(fund.contract(contract_ref).invoices[invoice_id].submitted, InvoiceSubmitted)
    extra = (*claim_ids, "f" * 32)
    given = {"contract_ref": contract_ref, "invoice_no": 2, "total_minor": 500, "ccy": "KZT", "caller_agency": DAWN}
    assert fund.refused(SubmitInvoice, claim_ids=extra, **given) == "CLAIMS_INVALID"
