"""Prices: one is valid on each day, and none is changed backwards (invariant 16)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrm_contracts.funding.events import ServiceStandardPublished
from nrm_funding.domain.standards import STANDARD, PublishServiceStandard

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.funding.conftest import Fund

DAY_0 = date(2026, 1, 1)


def published(offset_days: int, price_minor: int, unit: str = "bed_night") -> ServiceStandardPublished:
    return ServiceStandardPublished("shelter", unit, price_minor, "KZT", DAY_0 + timedelta(days=offset_days))


@given(starts=st.lists(st.integers(0, 900), min_size=1, max_size=6, unique=True), day=st.integers(-10, 1_000))
def test_the_price_of_a_day_is_the_last_one_that_began_by_then(starts: list[int], day: int) -> None:
    standard = STANDARD.state([published(start, 100 + start) for start in sorted(starts)])
    begun = [start for start in starts if start <= day]
    found = standard.on("bed_night", DAY_0 + timedelta(days=day))
    assert (found.unit_price_minor if found else None) == (100 + max(begun) if begun else None)


@given(now=st.integers(0, 400), first=st.integers(0, 400), second=st.integers(0, 400))
def test_no_day_that_has_passed_ever_changes_its_price(
    new_fund: Callable[[], Fund], now: int, first: int, second: int
) -> None:
    fund = new_fund()
    fund.now = datetime.combine(DAY_0, datetime.min.time(), UTC) + timedelta(days=now)
    fund.price(100, DAY_0 + timedelta(days=first))
    before = fund.states["standard-shelter"]
    later = {"service_code": "shelter", "unit": "bed_night", "unit_price_minor": 200, "ccy": "KZT"}
    later["valid_from"] = DAY_0 + timedelta(days=second)
    if second > max(first, now):
        fund.do(PublishServiceStandard, **later)
        today = DAY_0 + timedelta(days=now)
        assert fund.states["standard-shelter"].on("bed_night", today) == before.on("bed_night", today)
    else:
        assert fund.refused(PublishServiceStandard, **later) == "PRICE_NOT_LATER"


def test_units_of_a_service_are_priced_apart() -> None:
    standard = STANDARD.state([published(0, 100), published(0, 7, "month")])
    assert [standard.on(unit, DAY_0) for unit in ("bed_night", "month", "hour")] == [
        published(0, 100),
        published(0, 7, "month"),
        None,
    ]


@pytest.mark.parametrize("price_minor", [0, -5])
def test_a_price_is_above_zero(fund: Fund, price_minor: int) -> None:
    given = {"service_code": "shelter", "unit": "bed_night", "ccy": "KZT", "valid_from": DAY_0}
    assert fund.refused(PublishServiceStandard, unit_price_minor=price_minor, **given) == "AMOUNT_NOT_POSITIVE"
