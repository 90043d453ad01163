"""Each invoice that waits has one duty and one owner: its approval, then its payment (invariant 20)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from nrm_contracts.funding.events import DeadlineLifted, DeadlineMet, DeadlineSet
from nrm_funding.domain.approvals import ApproveInvoice
from nrm_funding.domain.claims import VoidUnit
from nrm_funding.domain.invoices import MatchInvoice, QueryInvoice, RejectInvoice
from nrm_funding.domain.payments import ReversePayment

if TYPE_CHECKING:
    from tests.funding.conftest import Fund

FUND = "test/funding/fund"


def duties(fund: Fund, contract_ref: str) -> list[tuple[str, str]]:
    """What was set, met and lifted, in order."""
    names = {DeadlineSet: "set", DeadlineMet: "met", DeadlineLifted: "lifted"}
    events = fund.streams[f"contract-{contract_ref}"]
    return [
        (names[type(each)], each.kind)
        for each in events
        if isinstance(each, DeadlineSet | DeadlineMet | DeadlineLifted)
    ]


def test_an_invoice_is_due_for_approval_and_then_for_payment(fund: Fund) -> None:
    contract_ref = fund.signed_contract()
    invoice_id = fund.approved(contract_ref, fund.verified(contract_ref))
    first, met, second = (
        each
        for each in fund.streams[f"contract-{contract_ref}"]
        if isinstance(each, DeadlineSet | DeadlineMet | DeadlineLifted)
    )
    on = fund.now.date()
    assert first == DeadlineSet(
        contract_ref=contract_ref,
        kind="invoice_approval",
        about=invoice_id,
        anchor="InvoiceSubmitted",
        anchor_on=on,
        rule_id="deadlines.invoice_approval",
        owner=FUND,
        due_on=fund.policy.due("invoice_approval", on),
    )
    assert met == DeadlineMet(contract_ref, "invoice_approval", invoice_id, on)
    due_on = date(2026, 12, 31)
    payment = replace(first, kind="payment", anchor="InvoiceApproved", rule_id="deadlines.payment", due_on=due_on)
    assert second == payment
    fund.paid(contract_ref, invoice_id, 1_000)
    assert duties(fund, contract_ref)[-1] == ("met", "payment")


def test_a_part_payment_leaves_the_duty_and_a_reversal_brings_it_back(fund: Fund) -> None:
    contract_ref = fund.signed_contract()
    invoice_id = fund.approved(contract_ref, fund.verified(contract_ref))
    fund.paid(contract_ref, invoice_id, 400)
    assert duties(fund, contract_ref)[-1] == ("set", "payment")
    payment_id = fund.paid(contract_ref, invoice_id, 600)
    given = {"contract_ref": contract_ref, "payment_id": payment_id, "ccy": "KZT", "reason": "bank_returned"}
    fund.do(ReversePayment, amount_minor=600, **given)
    assert duties(fund, contract_ref)[-2:] == [("met", "payment"), ("set", "payment")]


def test_an_invoice_sent_back_is_due_for_approval_again_and_a_rejected_one_for_nothing(fund: Fund) -> None:
    contract_ref = fund.signed_contract()
    invoice_id = fund.approved(contract_ref, fund.verified(contract_ref))
    on = {"contract_ref": contract_ref, "invoice_id": invoice_id}
    fund.do(QueryInvoice, reason="evidence_missing", **on)
    assert duties(fund, contract_ref)[-2:] == [("lifted", "payment"), ("set", "invoice_approval")]
    fund.do(MatchInvoice, officer="matcher", **on)
    fund.do(RejectInvoice, reason="query_unanswered", **on)
    assert duties(fund, contract_ref)[-1] == ("lifted", "invoice_approval")


def test_nothing_is_due_for_an_invoice_whose_units_were_all_voided(fund: Fund) -> None:
    contract_ref, person = fund.signed_contract(), fund.ref()
    claim_id = fund.verified(contract_ref, handover_id=person)
    fund.approved(contract_ref, claim_id)
    given = {"contract_ref": contract_ref, "claim_id": claim_id, "handover_id": person}
    fund.do(VoidUnit, reason="wrong_person", provider="test/assistance/ngo-dawn", **given)
    assert duties(fund, contract_ref)[-1] == ("lifted", "payment")


def test_a_duty_without_a_time_in_the_policy_is_open_all_the_same(fund: Fund) -> None:
    fund.policy = replace(fund.policy, deadlines={})
    contract_ref = fund.signed_contract(price_minor=60_000)
    invoice_id = fund.invoice(contract_ref, fund.verified(contract_ref))
    fund.do(MatchInvoice, contract_ref=contract_ref, invoice_id=invoice_id, officer="matcher")
    fund.do(ApproveInvoice, contract_ref=contract_ref, invoice_id=invoice_id, officer="one")
    [only] = [each for each in fund.streams[f"contract-{contract_ref}"] if isinstance(each, DeadlineSet)]
    assert only.due_on is None
