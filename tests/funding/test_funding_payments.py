"""Payments: what was approved, once, by another officer; money that comes back; money owed back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from nrm_contracts.funding.events import ClaimAnswered, ClawbackRaised
from nrm_funding.domain.agreements import SuspendContract
from nrm_funding.domain.claims import VoidUnit
from nrm_funding.domain.invoices import QueryInvoice, RejectInvoice
from nrm_funding.domain.payments import MakePayment, OrderPayment, RaiseClawback, ReversePayment

if TYPE_CHECKING:
    from tests.funding.conftest import Fund

DAWN = "test/assistance/ngo-dawn"


def approved_1000(fund: Fund) -> tuple[str, str]:
    """A contract and its approved invoice over 1,000 minor units."""
    contract_ref = fund.signed_contract(price_minor=1_000)
    return contract_ref, fund.approved(contract_ref, fund.verified(contract_ref))


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"amount_minor": 0}, "AMOUNT_NOT_POSITIVE"),
        ({"amount_minor": -1}, "AMOUNT_NOT_POSITIVE"),
        ({"amount_minor": -(2**63)}, "AMOUNT_NOT_POSITIVE"),
        ({"amount_minor": 2**63 - 1}, "AMOUNT_TOO_LARGE"),
        ({"amount_minor": 1_001}, "OVER_APPROVED"),
        ({"ccy": "USD"}, "CURRENCY_DIFFERS"),
        ({"invoice_id": "f" * 32}, "NOT_FOUND"),
        ({"contract_ref": "f" * 32}, "NOT_FOUND"),
    ],
)
def test_an_order_that_is_not_covered_is_refused(fund: Fund, changed: dict[str, object], reason: str) -> None:
    contract_ref, invoice_id = approved_1000(fund)
    given = {"contract_ref": contract_ref, "invoice_id": invoice_id, "amount_minor": 1_000, "ccy": "KZT"}
    assert fund.refused(OrderPayment, **{**given, **changed}) == reason


def test_an_invoice_is_paid_only_after_its_approval(fund: Fund) -> None:
    contract_ref = fund.signed_contract()
    invoice_id = fund.invoice(contract_ref, fund.verified(contract_ref))
    given = {"contract_ref": contract_ref, "invoice_id": invoice_id, "amount_minor": 1, "ccy": "KZT"}
    assert fund.refused(OrderPayment, **given) == "INVOICE_NOT_APPROVED"


def test_orders_that_stand_count_against_what_is_left(fund: Fund) -> None:
    contract_ref, invoice_id = approved_1000(fund)
    fund.ordered(contract_ref, invoice_id, 600)
    given = {"contract_ref": contract_ref, "invoice_id": invoice_id, "ccy": "KZT"}
    assert fund.refused(OrderPayment, amount_minor=401, **given) == "OVER_APPROVED"
    fund.ordered(contract_ref, invoice_id, 400)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"amount_minor": 999}, "PAYMENT_DIFFERS"),
        ({"amount_minor": 1_001}, "PAYMENT_DIFFERS"),
        ({"amount_minor": 0}, "AMOUNT_NOT_POSITIVE"),
        ({"amount_minor": -1_000}, "AMOUNT_NOT_POSITIVE"),
        ({"amount_minor": 2**53}, "AMOUNT_TOO_LARGE"),
        ({"ccy": "USD"}, "CURRENCY_DIFFERS"),
        ({"payment_id": "f" * 32}, "NOT_FOUND"),
        ({"officer": "verifier"}, "OFFICERS_NOT_DISTINCT"),
        ({"officer": "matcher"}, "OFFICERS_NOT_DISTINCT"),
        ({"officer": "approver"}, "OFFICERS_NOT_DISTINCT"),
        ({"officer": "orderer"}, "OFFICERS_NOT_DISTINCT"),
    ],
)
def test_a_payment_other_than_ordered_is_refused(fund: Fund, changed: dict[str, object], reason: str) -> None:
    contract_ref, invoice_id = approved_1000(fund)
    payment_id = fund.ordered(contract_ref, invoice_id, 1_000)
    given = {"contract_ref": contract_ref, "payment_id": payment_id, "amount_minor": 1_000, "ccy": "KZT"}
    assert fund.refused(MakePayment, **{**given, "officer": "payer", **changed}) == reason


def test_an_order_is_carried_out_once(fund: Fund) -> None:
    contract_ref, invoice_id = approved_1000(fund)
    payment_id = fund.paid(contract_ref, invoice_id, 1_000)
    given = {"contract_ref": contract_ref, "payment_id": payment_id, "amount_minor": 1_000, "ccy": "KZT"}
    assert fund.refused(MakePayment, officer="payer", **given) == "PAYMENT_NOT_ORDERED"
    order = {"contract_ref": contract_ref, "invoice_id": invoice_id, "amount_minor": 1, "ccy": "KZT"}
    assert fund.refused(OrderPayment, **order) == "OVER_APPROVED"


def test_the_provider_hears_of_payment_when_the_invoice_is_paid_in_full(fund: Fund) -> None:
    contract_ref, invoice_id = approved_1000(fund)
    fund.paid(contract_ref, invoice_id, 400)
    told = [notice.event for notice in fund.notices if isinstance(notice.event, ClaimAnswered)]
    assert [each.answer for each in told] == ["recorded", "verified"]
    fund.paid(contract_ref, invoice_id, 600)
    assert isinstance(fund.notices[-1].event, ClaimAnswered)
    assert fund.notices[-1].event.answer == "paid"


def test_suspension_holds_orders_and_payments(fund: Fund) -> None:
    contract_ref, invoice_id = approved_1000(fund)
    payment_id = fund.ordered(contract_ref, invoice_id, 1_000)
    fund.do(SuspendContract, contract_ref=contract_ref, reason="suspected_fraud", occurred_on=date(2026, 6, 1))
    order = {"contract_ref": contract_ref, "invoice_id": invoice_id, "amount_minor": 1, "ccy": "KZT"}
    assert fund.refused(OrderPayment, **order) == "CONTRACT_SUSPENDED"
    given = {"contract_ref": contract_ref, "payment_id": payment_id, "amount_minor": 1_000, "ccy": "KZT"}
    assert fund.refused(MakePayment, officer="payer", **given) == "CONTRACT_SUSPENDED"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"amount_minor": 1_001}, "REVERSAL_OVER_PAID"),
        ({"amount_minor": 0}, "AMOUNT_NOT_POSITIVE"),
        ({"amount_minor": -1}, "AMOUNT_NOT_POSITIVE"),
        ({"amount_minor": 2**63 - 1}, "AMOUNT_TOO_LARGE"),
        ({"ccy": "USD"}, "CURRENCY_DIFFERS"),
        ({"payment_id": "f" * 32}, "NOT_FOUND"),
    ],
)
def test_no_more_comes_back_than_was_paid(fund: Fund, changed: dict[str, object], reason: str) -> None:
    contract_ref, invoice_id = approved_1000(fund)
    payment_id = fund.paid(contract_ref, invoice_id, 1_000)
    given = {"contract_ref": contract_ref, "payment_id": payment_id, "amount_minor": 1_000, "ccy": "KZT"}
    assert fund.refused(ReversePayment, **{**given, "reason": "bank_returned", **changed}) == reason


def test_money_that_came_back_may_be_paid_again_and_comes_back_no_second_time(fund: Fund) -> None:
    contract_ref, invoice_id = approved_1000(fund)
    payment_id = fund.ordered(contract_ref, invoice_id, 1_000)
    given = {"contract_ref": contract_ref, "payment_id": payment_id, "ccy": "KZT"}
    assert fund.refused(ReversePayment, amount_minor=1, reason="bank_returned", **given) == "PAYMENT_NOT_MADE"
    fund.do(MakePayment, amount_minor=1_000, officer="payer", **given)
    fund.do(ReversePayment, amount_minor=700, reason="bank_returned", **given)
    assert fund.refused(ReversePayment, amount_minor=301, reason="bank_returned", **given) == "REVERSAL_OVER_PAID"
    assert fund.year(contract_ref).paid_minor == 300
    fund.paid(contract_ref, invoice_id, 700)
    assert fund.year(contract_ref).paid_minor == 1_000


def test_a_partly_paid_invoice_is_neither_queried_nor_rejected(fund: Fund) -> None:
    contract_ref, invoice_id = approved_1000(fund)
    fund.paid(contract_ref, invoice_id, 1)
    on = {"contract_ref": contract_ref, "invoice_id": invoice_id}
    assert fund.refused(QueryInvoice, reason="evidence_missing", **on) == "INVOICE_PARTLY_PAID"
    assert fund.refused(RejectInvoice, reason="duplicate", **on) == "INVOICE_NOT_OPEN"


def voided(fund: Fund, contract_ref: str, claim_id: str) -> list[object]:
    handover_id = fund.contract(contract_ref).units[claim_id].claim.handover_id
    given = {"contract_ref": contract_ref, "claim_id": claim_id, "handover_id": handover_id, "provider": DAWN}
    return list(fund.do(VoidUnit, reason="wrong_person", **given))


def test_a_voided_unit_that_was_paid_is_owed_back_and_binds_the_ceiling_until_it_is_back(fund: Fund) -> None:
    contract_ref = fund.signed_contract(ceiling_minor=2_000, price_minor=1_000)
    first, second = fund.verified(contract_ref), fund.verified(contract_ref)
    invoice_id = fund.approved(contract_ref, first, second)
    payment_id = fund.paid(contract_ref, invoice_id, 1_500)
    events = voided(fund, contract_ref, first)
    assert ClawbackRaised(contract_ref, invoice_id, first, 500, "KZT", "unit_voided") in events
    year = fund.year(contract_ref)
    assert (year.verified_minor, year.approved_minor, year.paid_minor) == (1_500, 1_500, 1_500)

    given = {"contract_ref": contract_ref, "payment_id": payment_id, "ccy": "KZT", "reason": "unit_voided"}
    fund.do(ReversePayment, amount_minor=600, **given)
    year = fund.year(contract_ref)
    assert (year.verified_minor, year.approved_minor, year.paid_minor) == (1_000, 1_000, 900)
    fund.paid(contract_ref, invoice_id, 100)


def test_orders_lapse_when_a_unit_of_their_invoice_is_voided(fund: Fund) -> None:
    contract_ref = fund.signed_contract(price_minor=1_000)
    first, second = fund.verified(contract_ref), fund.verified(contract_ref)
    invoice_id = fund.approved(contract_ref, first, second)
    payment_id = fund.ordered(contract_ref, invoice_id, 2_000)
    voided(fund, contract_ref, first)
    given = {"contract_ref": contract_ref, "payment_id": payment_id, "amount_minor": 2_000, "ccy": "KZT"}
    assert fund.refused(MakePayment, officer="payer", **given) == "PAYMENT_NOT_ORDERED"
    order = {"contract_ref": contract_ref, "invoice_id": invoice_id, "ccy": "KZT"}
    assert fund.refused(OrderPayment, amount_minor=1_001, **order) == "OVER_APPROVED"
    fund.paid(contract_ref, invoice_id, 1_000)


def test_a_clawback_takes_a_paid_unit_back_once_and_its_delivery_stays_claimed(fund: Fund) -> None:
    contract_ref, person = fund.signed_contract(price_minor=1_000), fund.ref()
    claim_id = fund.verified(contract_ref, handover_id=person)
    clawback = {"contract_ref": contract_ref, "claim_id": claim_id, "reason": "fraud"}
    assert fund.refused(RaiseClawback, **clawback) == "NOTHING_PAID"
    invoice_id = fund.approved(contract_ref, claim_id)
    assert fund.refused(RaiseClawback, **clawback) == "NOTHING_PAID"
    fund.paid(contract_ref, invoice_id, 1_000)
    event, *_ = fund.do(RaiseClawback, officer="controller", **clawback)
    assert event == ClawbackRaised(contract_ref, invoice_id, claim_id, 1_000, "KZT", "fraud", "controller")
    assert fund.refused(RaiseClawback, **clawback) == "NOTHING_PAID"
    assert voided(fund, contract_ref, claim_id) == []
    again = fund.claim(contract_ref, handover_id=person)
    assert again in fund.contract(contract_ref).duplicates
