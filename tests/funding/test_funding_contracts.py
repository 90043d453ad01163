"""Contracts: awarded within the lines, signed by a second officer, suspended, ended, the rest given back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from nrm_contracts.funding.events import ContractCancelled, ContractNotified, Lot, VarianceExplained
from nrm_funding.domain.agreements import (
    AmendContract,
    CompleteContract,
    ExplainVariance,
    ReleaseCeiling,
    ResumeContract,
    SignContract,
    SuspendContract,
    TerminateContract,
)
from nrm_funding.domain.awards import AwardContract, LotOffer, YearCeiling
from nrm_funding.domain.lines import ApproveBudgetLine

if TYPE_CHECKING:
    from tests.funding.conftest import Fund

SIX_LOTS = (LotOffer("shelter", "bed_night", 1_000),)
TERMS: dict[str, object] = {
    "provider": "test/assistance/ngo-dawn",
    "ccy": "KZT",
    "starts_on": date(2026, 1, 1),
    "ends_on": date(2026, 12, 31),
    "lots": SIX_LOTS,
    "criteria": ("price",),
    "conflict_declared": False,
}


def test_an_award_reserves_its_ceilings_in_the_lines(fund: Fund) -> None:
    line_id = fund.approved_line(fund.source(), 1_000)
    fund.price(10)
    fund.award_in(line_id, 700)
    assert (fund.line(line_id).reserved_minor, fund.line(line_id).free_minor) == (700, 300)
    years = (YearCeiling(2026, line_id, 301),)
    assert fund.refused(AwardContract, years=years, **TERMS) == "LINE_EXHAUSTED"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"conflict_declared": True}, "CONFLICT_OF_INTEREST"),
        ({"provider": "test/assistance/unknown"}, "PROVIDER_UNKNOWN"),
        ({"provider": "test/identification/police"}, "PROVIDER_UNKNOWN"),
        ({"ends_on": date(2025, 12, 31)}, "TERM_INVALID"),
        ({"ends_on": date(2029, 1, 1)}, "TERM_TOO_LONG"),
        ({"ccy": "EUR"}, "CURRENCY_DIFFERS"),
        ({"years": ()}, "YEARS_INVALID"),
        ({"lots": ()}, "LOTS_INVALID"),
        ({"lots": SIX_LOTS * 2}, "LOTS_INVALID"),
        ({"lots": (LotOffer("shelter", "bed_night", 0),)}, "AMOUNT_NOT_POSITIVE"),
        ({"lots": (LotOffer("medical", "visit", 1_000),)}, "PRICE_MISSING"),
        ({"starts_on": date(2024, 12, 31)}, "PRICE_MISSING"),
    ],
)
def test_an_award_that_cannot_stand_is_refused(fund: Fund, changed: dict[str, object], reason: str) -> None:
    line_id = fund.approved_line(fund.source())
    fund.price(10)
    given = {**TERMS, "years": (YearCeiling(2026, line_id, 100),), **changed}
    assert fund.refused(AwardContract, **given) == reason


def test_the_longest_term_that_the_policy_allows_is_allowed(fund: Fund) -> None:
    fund.price(10)
    line_id = fund.approved_line(fund.source())
    fund.do(AwardContract, years=(YearCeiling(2026, line_id, 1),), **{**TERMS, "ends_on": date(2028, 12, 31)})


@pytest.mark.parametrize(
    ("ceiling_minor", "fiscal_year", "reason"),
    [(0, 2026, "AMOUNT_NOT_POSITIVE"), (2**53, 2026, "AMOUNT_TOO_LARGE"), (1, 2027, "YEARS_INVALID")],
)
def test_a_year_that_does_not_fit_its_line_is_refused(
    fund: Fund, ceiling_minor: int, fiscal_year: int, reason: str
) -> None:
    line_id = fund.approved_line(fund.source())
    fund.price(10)
    years = (YearCeiling(fiscal_year, line_id, ceiling_minor),)
    assert fund.refused(AwardContract, years=years, **TERMS) == reason


def test_years_share_no_day_and_no_name(fund: Fund) -> None:
    source_id = fund.source()
    fund.price(10)
    one, other = fund.approved_line(source_id), fund.approved_line(source_id)
    same_name = (YearCeiling(2026, one, 1), YearCeiling(2026, other, 1))
    assert fund.refused(AwardContract, years=same_name, **TERMS) == "YEARS_INVALID"
    overlapping = fund.ref()
    given = {"source_id": source_id, "fiscal_year": 2027, "ceiling_minor": 1, "ccy": "KZT", "line_id": overlapping}
    fund.do(ApproveBudgetLine, starts_on=date(2026, 12, 31), ends_on=date(2027, 3, 31), **given)
    shared_day = (YearCeiling(2026, one, 1), YearCeiling(2027, overlapping, 1))
    assert fund.refused(AwardContract, years=shared_day, **TERMS) == "YEARS_INVALID"
    contract_ref = fund.award_in(one, 1)
    amended = {"contract_ref": contract_ref, "fiscal_year": 2027, "line_id": overlapping, "ceiling_minor": 1}
    assert fund.refused(AmendContract, **amended) == "YEARS_INVALID"
    unknown = (YearCeiling(2026, "f" * 32, 1),)
    assert fund.refused(AwardContract, years=unknown, **TERMS) == "LINE_UNKNOWN"


def test_a_second_officer_signs_and_the_provider_learns_lots_and_prices(fund: Fund) -> None:
    line_id = fund.approved_line(fund.source())
    fund.price(10)
    contract_ref = fund.award_in(line_id, 100)
    assert fund.refused(SignContract, contract_ref=contract_ref, officer="awarder") == "SECOND_OFFICER_NEEDED"
    fund.do(SignContract, contract_ref=contract_ref, officer="signer")
    [notice] = fund.notices
    lots = (Lot("shelter", "bed_night", 10, 1_000_000),)
    told = ContractNotified(contract_ref, "signed", lots, "KZT", date(2026, 1, 1), date(2026, 12, 31))
    assert (notice.to, notice.about, notice.event) == ("test/assistance/ngo-dawn", contract_ref, told)
    assert fund.refused(SignContract, contract_ref=contract_ref, officer="third") == "CONTRACT_NOT_AWARDED"
    assert fund.refused(SignContract, contract_ref="f" * 32) == "NOT_FOUND"


def test_an_unsigned_contract_is_cancelled_unheard_and_its_money_released(fund: Fund) -> None:
    line_id = fund.approved_line(fund.source(), 1_000)
    fund.price(10)
    contract_ref = fund.award_in(line_id, 100)
    assert fund.do(TerminateContract, contract_ref=contract_ref, reason="no_need") == [
        ContractCancelled(contract_ref, "no_need")
    ]
    assert fund.notices == []
    fund.do(ReleaseCeiling, contract_ref=contract_ref, fiscal_year=2026, line_id=line_id)
    assert fund.line(line_id).free_minor == 1_000


def test_an_amendment_raises_a_ceiling_or_adds_a_year_within_the_line(fund: Fund) -> None:
    source_id = fund.source()
    line_2026, line_2027 = fund.approved_line(source_id, 500), fund.approved_line(source_id, 500, year=2027)
    fund.price(10)
    contract_ref = fund.award_in(line_2026, 100)
    amended = {"contract_ref": contract_ref, "fiscal_year": 2026, "line_id": line_2026}
    for ceiling_minor, reason in ((100, "CEILING_NOT_HIGHER"), (99, "CEILING_NOT_HIGHER"), (501, "LINE_EXHAUSTED")):
        assert fund.refused(AmendContract, ceiling_minor=ceiling_minor, **amended) == reason
    fund.do(AmendContract, ceiling_minor=400, **amended)
    assert (fund.year(contract_ref).ceiling_minor, fund.line(line_2026).reserved_minor) == (400, 400)
    fund.do(AmendContract, contract_ref=contract_ref, fiscal_year=2027, line_id=line_2027, ceiling_minor=7)
    assert (fund.year(contract_ref, 2027).ceiling_minor, fund.line(line_2027).reserved_minor) == (7, 7)
    moved = {"contract_ref": contract_ref, "fiscal_year": 2027, "line_id": line_2026}
    assert fund.refused(AmendContract, ceiling_minor=9, **moved) == "CEILING_NOT_HIGHER"


def test_a_finished_contract_gives_back_what_it_did_not_use(fund: Fund) -> None:
    contract_ref = fund.signed_contract(ceiling_minor=10_000, price_minor=1_000)
    line_id = fund.year(contract_ref).line_id
    fund.verified(contract_ref, nights=3)
    released = {"contract_ref": contract_ref, "fiscal_year": 2026, "line_id": line_id}
    assert fund.refused(ReleaseCeiling, **released) == "CONTRACT_NOT_FINISHED"
    assert fund.refused(CompleteContract, contract_ref=contract_ref) == "CONTRACT_STILL_RUNNING"
    fund.do(CompleteContract, contract_ref=contract_ref, occurred_on=date(2026, 12, 31))
    fund.do(ReleaseCeiling, **released)
    assert (fund.year(contract_ref).ceiling_minor, fund.line(line_id).reserved_minor) == (3_000, 3_000)
    assert fund.refused(ReleaseCeiling, **released) == "NOTHING_TO_RELEASE"
    assert fund.refused(ReleaseCeiling, **{**released, "fiscal_year": 2027}) == "YEAR_UNKNOWN"
    amended = {**released, "ceiling_minor": 20_000}
    assert fund.refused(AmendContract, **amended) == "CONTRACT_FINISHED"


def test_a_contract_is_suspended_resumed_and_terminated_in_that_order_only(fund: Fund) -> None:
    contract_ref = fund.signed_contract()
    on = {"contract_ref": contract_ref}
    assert fund.refused(ResumeContract, **on) == "CONTRACT_NOT_SUSPENDED"
    fund.do(SuspendContract, reason="quality", occurred_on=date(2026, 5, 1), **on)
    assert fund.refused(SuspendContract, reason="quality", **on) == "CONTRACT_NOT_RUNNING"
    assert fund.refused(ResumeContract, occurred_on=date(2026, 4, 30), **on) == "RESUMED_TOO_EARLY"
    fund.do(ResumeContract, occurred_on=date(2026, 6, 1), **on)
    fund.do(TerminateContract, reason="breach", occurred_on=date(2026, 9, 1), **on)
    assert fund.refused(TerminateContract, reason="breach", **on) == "CONTRACT_FINISHED"
    told = [notice.event for notice in fund.notices]
    changes = [(each.change, each.ends_on) for each in told if isinstance(each, ContractNotified)]
    year_end = date(2026, 12, 31)
    assert changes == [
        ("signed", year_end),
        ("suspended", year_end),
        ("resumed", year_end),
        ("terminated", date(2026, 9, 1)),
    ]


def test_a_variance_is_explained_for_a_year_of_the_contract(fund: Fund) -> None:
    contract_ref = fund.signed_contract()
    given = {"contract_ref": contract_ref, "service_code": "shelter", "target_milli": 9, "actual_milli": 0}
    [event] = fund.do(ExplainVariance, fiscal_year=2026, reason="fewer_arrivals", **given)
    assert isinstance(event, VarianceExplained)
    assert fund.refused(ExplainVariance, fiscal_year=2027, reason="fewer_arrivals", **given) == "YEAR_UNKNOWN"
