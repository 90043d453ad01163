"""Sources, budget lines and reallocations: no money is promised twice, and two officers move it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from nrm_contracts.funding.events import BudgetReallocated, BudgetReceived, InKindContributed, SourceYear
from nrm_funding.domain.lines import ApproveBudgetLine, ConfirmReallocation, ReallocateBudget
from nrm_funding.domain.sources import RecordInKind, RegisterFundingSource, left_in_source
from nrm_kernel.decider import In

if TYPE_CHECKING:
    from tests.funding.conftest import Fund

YEAR_2026 = {"fiscal_year": 2026, "starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31), "ccy": "KZT"}


@pytest.mark.parametrize(
    ("years", "reason"),
    [
        ((), "YEARS_INVALID"),
        ((SourceYear(2026, 1), SourceYear(2026, 2)), "YEARS_INVALID"),
        ((SourceYear(2026, 0),), "AMOUNT_NOT_POSITIVE"),
    ],
)
def test_a_source_names_each_year_once_with_an_amount(fund: Fund, years: tuple[SourceYear, ...], reason: str) -> None:
    given = {"kind": "state", "ccy": "KZT", "earmarks": (), "valid_from": date(2026, 1, 1)}
    assert fund.refused(RegisterFundingSource, years=years, **given) == reason


def test_a_source_does_not_end_before_it_begins(fund: Fund) -> None:
    given = {"kind": "donor", "ccy": "KZT", "earmarks": (), "years": (SourceYear(2026, 1),)}
    days = {"valid_from": date(2026, 2, 1), "valid_to": date(2026, 1, 31)}
    assert fund.refused(RegisterFundingSource, **given, **days) == "DATES_INVALID"


def test_lines_take_no_more_than_the_source_gives_in_their_year(fund: Fund) -> None:
    source_id = fund.source(1_000)
    fund.approved_line(source_id, 600)
    given = {"source_id": source_id, "ceiling_minor": 401, **YEAR_2026}
    assert fund.refused(ApproveBudgetLine, **given) == "SOURCE_EXHAUSTED"
    fund.approved_line(source_id, 400)
    fund.approved_line(source_id, 1_000, year=2027)
    source = fund.states[f"source-{source_id}"]
    assert [left_in_source(source, year) for year in (2025, 2026, 2027, 2028)] == [1_000, 0, 0, 0]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"source_id": "f" * 32}, "SOURCE_UNKNOWN"),
        ({"ccy": "EUR"}, "CURRENCY_DIFFERS"),
        ({"ceiling_minor": 0}, "AMOUNT_NOT_POSITIVE"),
        ({"ends_on": date(2025, 12, 31)}, "DATES_INVALID"),
        ({"ends_on": date(2027, 1, 2)}, "DATES_INVALID"),
        ({"starts_on": date(2024, 1, 1), "ends_on": date(2024, 12, 31)}, "SOURCE_NOT_VALID"),
    ],
)
def test_a_line_that_does_not_fit_its_source_is_refused(fund: Fund, changed: dict[str, object], reason: str) -> None:
    given = {"source_id": fund.source(), "ceiling_minor": 100, **YEAR_2026, **changed}
    assert fund.refused(ApproveBudgetLine, **given) == reason


def test_in_kind_is_counted_and_gives_no_money(fund: Fund) -> None:
    source_id = fund.source(1_000)
    given = {"source_id": source_id, "item": "premises", "basis": "own_estimate", "ccy": "KZT"}
    [event] = fund.do(RecordInKind, value_minor=900, **given)
    assert isinstance(event, InKindContributed)
    assert left_in_source(fund.states[f"source-{source_id}"], 2026) == 1_000
    assert fund.refused(RecordInKind, value_minor=1, **{**given, "source_id": "f" * 32}) == "NOT_FOUND"


def two_lines(fund: Fund) -> tuple[str, str]:
    source_id = fund.source()
    return fund.approved_line(source_id, 1_000), fund.approved_line(source_id, 1_000)


def test_money_moves_only_when_a_second_officer_confirms(fund: Fund) -> None:
    giving, taking = two_lines(fund)
    between = {"reallocation_id": fund.ref(), "from_line_id": giving, "to_line_id": taking}
    fund.do(ReallocateBudget, amount_minor=300, ccy="KZT", officer="first", **between)
    assert (fund.line(giving).ceiling_minor, fund.line(taking).ceiling_minor) == (1_000, 1_000)
    assert fund.refused(ConfirmReallocation, officer="first", **between) == "SECOND_OFFICER_NEEDED"

    moved, received = fund.do(ConfirmReallocation, officer="second", **between)
    assert isinstance(moved, BudgetReallocated)
    assert moved.approved_by == ("first", "second")
    assert isinstance(received, In)
    assert isinstance(received.event, BudgetReceived)
    assert (fund.line(giving).ceiling_minor, fund.line(taking).ceiling_minor) == (700, 1_300)
    assert fund.refused(ConfirmReallocation, officer="third", **between) == "REALLOCATION_UNKNOWN"


def test_reserved_money_is_not_moved_also_when_it_was_reserved_after_the_proposal(fund: Fund) -> None:
    source_id = fund.source()
    giving, taking = fund.approved_line(source_id, 1_000), fund.approved_line(source_id, 1_000)
    between = {"reallocation_id": fund.ref(), "from_line_id": giving, "to_line_id": taking}
    fund.do(ReallocateBudget, amount_minor=300, ccy="KZT", officer="first", **between)
    fund.price(10)
    fund.award_in(giving, 800)
    assert fund.refused(ConfirmReallocation, officer="second", **between) == "LINE_EXHAUSTED"
    given = {"from_line_id": giving, "to_line_id": taking, "ccy": "KZT"}
    assert fund.refused(ReallocateBudget, amount_minor=201, **given) == "LINE_EXHAUSTED"


def test_money_stays_within_its_source_and_year(fund: Fund) -> None:
    source_id = fund.source()
    line_2026, line_2027 = fund.approved_line(source_id), fund.approved_line(source_id, year=2027)
    elsewhere = fund.approved_line(fund.source())
    for other in (line_2026, line_2027, elsewhere):
        given = {"from_line_id": line_2026, "to_line_id": other, "amount_minor": 1, "ccy": "KZT"}
        assert fund.refused(ReallocateBudget, **given) == "REALLOCATION_CROSSES"
    given = {"from_line_id": line_2026, "to_line_id": "f" * 32, "amount_minor": 1, "ccy": "KZT"}
    assert fund.refused(ReallocateBudget, **given) == "LINE_UNKNOWN"
