"""Claims: a delivered unit is recorded whatever the money says, a second claim for it is found."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrm_contracts.funding.events import (
    CeilingAlertRaised,
    CeilingNearlyReached,
    ClaimableUnitRecorded,
    ClaimAnswered,
    DuplicateClaimFound,
    UnfundedLiabilityRecorded,
    UnitVoided,
)
from nrm_funding.domain.agreements import ResumeContract, SignContract, SuspendContract, TerminateContract
from nrm_funding.domain.awards import LotOffer, YearCeiling
from nrm_funding.domain.claims import RecordClaimableUnit, VoidUnit
from nrm_funding.domain.units import RejectUnit, VerifyUnit

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.funding.conftest import Fund

DAWN, HARBOUR = "test/assistance/ngo-dawn", "test/assistance/ngo-harbour"
CLAIM: dict[str, object] = {
    "service_code": "shelter",
    "unit": "bed_night",
    "qty_milli": 1_000,
    "delivered_from": date(2026, 3, 1),
    "delivered_to": date(2026, 3, 1),
    "evidence_hash": "e" * 64,
    "provider": DAWN,
}


def answers(fund: Fund) -> list[tuple[str, str | None]]:
    told = [notice.event for notice in fund.notices]
    return [(each.answer, each.reason) for each in told if isinstance(each, ClaimAnswered)]


def liabilities(fund: Fund, contract_ref: str) -> list[tuple[str, int | None]]:
    events = fund.streams[f"contract-{contract_ref}"]
    return [(each.reason, each.shortage_minor) for each in events if isinstance(each, UnfundedLiabilityRecorded)]


def test_a_claim_is_recorded_with_the_price_of_its_day_and_answered(fund: Fund) -> None:
    contract_ref = fund.signed_contract(price_minor=700)
    claim_id = fund.claim(contract_ref, nights=3)
    unit = fund.contract(contract_ref).units[claim_id]
    assert (unit.claim.price_minor, unit.claim.amount_minor, unit.claim.fiscal_year) == (700, 2_100, 2026)
    assert (answers(fund), liabilities(fund, contract_ref)) == ([("recorded", None)], [])


def test_only_the_contracts_own_provider_claims_under_it_once_it_is_signed(fund: Fund) -> None:
    fund.price(10)
    contract_ref = fund.award_in(fund.approved_line(fund.source()), 100)
    given = {**CLAIM, "contract_ref": contract_ref, "claim_id": fund.ref(), "handover_id": fund.ref()}
    assert fund.refused(RecordClaimableUnit, **given) == "CONTRACT_NOT_SIGNED"
    fund.do(SignContract, contract_ref=contract_ref, officer="signer")
    assert fund.refused(RecordClaimableUnit, **{**given, "provider": HARBOUR}) == "NOT_FOUND"
    assert fund.refused(RecordClaimableUnit, **{**given, "contract_ref": "f" * 32}) == "NOT_FOUND"


@pytest.mark.parametrize("last_day", [date(2026, 2, 28), date(2027, 3, 3)])
def test_a_delivery_has_days_in_order_and_within_a_year(fund: Fund, last_day: date) -> None:
    given = {**CLAIM, "contract_ref": fund.signed_contract(), "claim_id": fund.ref(), "handover_id": fund.ref()}
    assert fund.refused(RecordClaimableUnit, **{**given, "delivered_to": last_day}) == "DATES_INVALID"


def test_the_same_claim_again_is_found_and_the_first_answer_stands(fund: Fund) -> None:
    contract_ref = fund.signed_contract()
    claim_id = fund.claim(contract_ref)
    fund.claim(contract_ref, claim_id=claim_id)
    assert fund.streams[f"contract-{contract_ref}"][-1] == DuplicateClaimFound(
        contract_ref, claim_id, contract_ref, claim_id
    )
    assert answers(fund) == [("recorded", None)]
    assert fund.year(contract_ref).claimed_minor == 1_000


def test_the_same_delivery_under_another_claim_is_found_also_under_another_contract(fund: Fund) -> None:
    first_ref, second_ref = fund.signed_contract(), fund.award_in(fund.approved_line(fund.source()), 9_000)
    fund.do(SignContract, contract_ref=second_ref, officer="signer")
    person = fund.ref()
    first = fund.claim(first_ref, handover_id=person)
    second = fund.claim(second_ref, handover_id=person)
    found = DuplicateClaimFound(second_ref, second, first_ref, first)
    assert fund.streams[f"contract-{second_ref}"][-1] == found
    assert answers(fund)[-1] == ("duplicate", "duplicate")
    assert fund.year(second_ref).claimed_minor == 0
    assert fund.refused(VerifyUnit, contract_ref=second_ref, claim_id=second, method="visit") == "CLAIM_UNKNOWN"


@given(first=st.integers(1, 20), nights=st.integers(1, 5), second=st.integers(1, 20), more_nights=st.integers(1, 5))
def test_no_night_of_a_person_is_claimed_twice(
    new_fund: Callable[[], Fund], first: int, nights: int, second: int, more_nights: int
) -> None:
    fund = new_fund()
    contract_ref, person = fund.signed_contract(), fund.ref()
    fund.claim(contract_ref, nights, date(2026, 3, first), handover_id=person)
    fund.claim(contract_ref, more_nights, date(2026, 3, second), handover_id=person)
    shared = set(range(first, first + nights)) & set(range(second, second + more_nights))
    assert len(fund.contract(contract_ref).units) == (1 if shared else 2)


def test_a_rejected_or_voided_delivery_may_be_claimed_again_corrected(fund: Fund) -> None:
    contract_ref, person = fund.signed_contract(), fund.ref()
    at = {"contract_ref": contract_ref, "handover_id": person}
    first = fund.claim(contract_ref, handover_id=person)
    fund.do(RejectUnit, claim_id=first, reason="no_evidence", **at)
    second = fund.claim(contract_ref, handover_id=person)
    fund.do(VoidUnit, claim_id=second, reason="wrong_quantity", provider=DAWN, **at)
    third = fund.claim(contract_ref, handover_id=person)
    statuses = [fund.contract(contract_ref).units[claim_id].status for claim_id in (first, second, third)]
    assert statuses == ["rejected", "voided", "recorded"]
    assert fund.year(contract_ref).claimed_minor == 1_000


def test_voiding_what_is_closed_changes_nothing_and_strangers_void_nothing(fund: Fund) -> None:
    contract_ref, person = fund.signed_contract(), fund.ref()
    claim_id = fund.claim(contract_ref, handover_id=person)
    duplicate = fund.claim(contract_ref, handover_id=person)
    given = {"contract_ref": contract_ref, "handover_id": person, "reason": "duplicate", "provider": DAWN}
    assert fund.do(VoidUnit, claim_id=duplicate, **given) == []
    assert fund.refused(VoidUnit, claim_id=claim_id, **{**given, "provider": HARBOUR}) == "NOT_FOUND"
    assert fund.refused(VoidUnit, claim_id=claim_id, **{**given, "handover_id": fund.ref()}) == "HANDOVER_DIFFERS"
    assert fund.refused(VoidUnit, claim_id=fund.ref(), **given) == "CLAIM_UNKNOWN"
    assert fund.do(VoidUnit, claim_id=claim_id, **given)[0] == UnitVoided(contract_ref, claim_id, "duplicate")
    assert fund.do(VoidUnit, claim_id=claim_id, **given) == []


NOT_PAYABLE: list[tuple[dict[str, object], str]] = [
    ({"service_code": "medical", "unit": "visit"}, "no_price"),
    ({"service_code": "legal_aid", "unit": "hour"}, "outside_contract"),
    ({"unit": "month"}, "no_price"),
    ({"delivered_from": date(2024, 3, 1), "delivered_to": date(2024, 3, 1)}, "no_price"),
    ({"delivered_from": date(2025, 12, 31), "delivered_to": date(2025, 12, 31)}, "outside_dates"),
    ({"delivered_from": date(2026, 12, 2), "delivered_to": date(2026, 12, 2)}, "outside_dates"),
    ({"delivered_from": date(2027, 3, 1), "delivered_to": date(2027, 3, 1)}, "outside_dates"),
    ({"qty_milli": 2_000}, "over_quantity"),
    ({"qty_milli": 2**53 - 1, "delivered_to": date(2027, 3, 1)}, "over_quantity"),
    ({"delivered_from": date(2026, 5, 1), "delivered_to": date(2026, 5, 1)}, "contract_suspended"),
    ({"delivered_from": date(2026, 9, 2), "delivered_to": date(2026, 9, 2)}, "outside_dates"),
]


@pytest.mark.parametrize(("changed", "reason"), NOT_PAYABLE)
def test_help_that_cannot_be_paid_is_recorded_as_unfunded_and_never_verified(
    fund: Fund, changed: dict[str, object], reason: str
) -> None:
    contract_ref, person = fund.signed_contract(), fund.ref()
    fund.price(100, service_code="legal_aid", unit="hour")
    fund.do(SuspendContract, contract_ref=contract_ref, reason="quality", occurred_on=date(2026, 4, 20))
    fund.do(ResumeContract, contract_ref=contract_ref, occurred_on=date(2026, 6, 1))
    fund.do(TerminateContract, contract_ref=contract_ref, reason="agreement", occurred_on=date(2026, 9, 1))
    claim_id = fund.ref()
    given = {**CLAIM, "contract_ref": contract_ref, "claim_id": claim_id, "handover_id": person, **changed}
    recorded, *_ = fund.do(RecordClaimableUnit, **given)
    assert isinstance(recorded, ClaimableUnitRecorded)
    assert [each[0] for each in liabilities(fund, contract_ref)] == [reason]
    assert answers(fund) == [("recorded", reason)]
    refusal = fund.refused(VerifyUnit, contract_ref=contract_ref, claim_id=claim_id, method="visit")
    assert refusal == f"UNIT_{reason.upper()}"
    fund.do(RejectUnit, contract_ref=contract_ref, claim_id=claim_id, handover_id=person, reason=reason)


def test_a_delivery_over_a_change_of_price_or_of_year_has_no_one_price(fund: Fund) -> None:
    source_id = fund.source()
    lines = [fund.approved_line(source_id, year=year) for year in (2025, 2026)]
    fund.price(100)
    years = [YearCeiling(year, line_id, 9_000) for year, line_id in zip((2025, 2026), lines, strict=True)]
    contract_ref = fund.award(years, starts_on=date(2025, 1, 1))
    fund.do(SignContract, contract_ref=contract_ref, officer="signer")
    fund.claim(contract_ref, nights=2, day=date(2025, 12, 31))
    fund.now = fund.now.replace(month=1)
    fund.price(200, date(2026, 3, 2))
    fund.now = fund.now.replace(month=12)
    fund.claim(contract_ref, nights=2, day=date(2026, 3, 1))
    assert [reason for _, reason in answers(fund)] == ["year_crossed", "price_changed"]
    one_day_each = [fund.claim(contract_ref, nights=1, day=date(2026, 3, day)) for day in (1, 2)]
    assert [fund.contract(contract_ref).units[each].amount_minor for each in one_day_each] == [100, 200]


def test_a_person_gets_no_more_paid_than_the_standard_says_over_all_contracts(fund: Fund) -> None:
    line_id = fund.approved_line(fund.source())
    fund.price(10, qty_max_per_person_milli=3_000)
    contracts = [fund.award_in(line_id, 1_000) for _ in range(2)]
    for contract_ref in contracts:
        fund.do(SignContract, contract_ref=contract_ref, officer="signer")
    person = fund.ref()
    fund.claim(contracts[0], nights=2, handover_id=person)
    fund.claim(contracts[1], nights=2, day=date(2026, 3, 5), handover_id=person)
    fund.claim(contracts[1], nights=2, day=date(2026, 3, 5))
    assert [reason for _, reason in answers(fund)] == [None, "person_maximum", None]


def test_a_shortage_raises_alerts_once_and_refuses_no_claim(fund: Fund) -> None:
    contract_ref = fund.signed_contract(ceiling_minor=10_000, price_minor=1_000)
    for _ in range(12):
        fund.claim(contract_ref)
    events = fund.streams[f"contract-{contract_ref}"]
    alerts = [each for each in events if isinstance(each, CeilingAlertRaised)]
    assert alerts == [CeilingAlertRaised(contract_ref, 2026, 80, 10_000)]
    assert [each.event for each in fund.notices if isinstance(each.event, CeilingNearlyReached)] == [
        CeilingNearlyReached(contract_ref, 80)
    ]
    assert liabilities(fund, contract_ref) == [("year_ceiling", 1_000)] * 2
    assert len(fund.contract(contract_ref).units) == 12


def test_the_shortage_is_the_part_that_the_ceiling_does_not_cover(fund: Fund) -> None:
    contract_ref = fund.signed_contract(ceiling_minor=1_500, price_minor=1_000)
    fund.claim(contract_ref)
    fund.claim(contract_ref)
    assert liabilities(fund, contract_ref) == [("year_ceiling", 500)]


def test_quantities_of_a_lot_are_an_alert_when_claimed_and_a_limit_when_verified(fund: Fund) -> None:
    lots = (LotOffer("shelter", "bed_night", 2_000),)
    contract_ref = fund.signed_contract(lots=lots)
    fund.verified(contract_ref, nights=2)
    claim_id = fund.claim(contract_ref)
    given = {"contract_ref": contract_ref, "claim_id": claim_id, "method": "visit"}
    assert fund.refused(VerifyUnit, **given) == "UNIT_OVER_QUANTITY"


@given(qty_milli=st.integers(1, 2**53 - 1), price_minor=st.integers(1, 2**53 - 1), ceiling_minor=st.integers(1, 10**6))
def test_no_claim_is_too_large_to_be_recorded(
    new_fund: Callable[[], Fund], qty_milli: int, price_minor: int, ceiling_minor: int
) -> None:
    fund = new_fund()
    line_id = fund.approved_line(fund.source())
    fund.price(price_minor, service_code="legal_aid", unit="hour")
    lots = (LotOffer("legal_aid", "hour", 2**53 - 1),)
    contract_ref = fund.award([YearCeiling(2026, line_id, min(ceiling_minor, 500_000))], lots=lots)
    fund.do(SignContract, contract_ref=contract_ref, officer="signer")
    for _ in range(3):
        fund.claim(contract_ref, service_code="legal_aid", unit="hour", qty_milli=qty_milli)
    assert len(fund.contract(contract_ref).units) == 3
