"""Periods by the calendars of the United Kingdom and Kazakhstan."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nrm_contracts.policy import Period, Unit
from nrm_kernel.calendar import FIRST_YEAR, LAST_YEAR, WorkCalendar, add_period, national_calendar
from nrm_kernel.errors import Invalid

ENGLAND = national_calendar("GB-ENG")
KAZAKHSTAN = national_calendar("KZ")

calendars = st.sampled_from([ENGLAND, KAZAKHSTAN])
days = st.dates(date(2000, 1, 1), date(2045, 12, 31))
units = st.sampled_from(list(Unit))
periods = st.builds(Period, st.integers(0, 120), units)


@pytest.mark.parametrize(
    ("start", "period", "calendar", "end"),
    [
        # a Friday, five working days on
        (date(2024, 10, 4), Period(5, Unit.WORKING_DAYS), ENGLAND, date(2024, 10, 11)),
        # over Christmas and Boxing Day
        (date(2024, 12, 20), Period(5, Unit.WORKING_DAYS), ENGLAND, date(2024, 12, 31)),
        # over Nauryz, 21 to 23 March, of which the 23rd was a Saturday with Monday off in its place
        (date(2024, 3, 20), Period(1, Unit.WORKING_DAYS), KAZAKHSTAN, date(2024, 3, 26)),
        # Saturday 4 May 2024 was worked in the place of another day
        (date(2024, 5, 3), Period(1, Unit.WORKING_DAYS), KAZAKHSTAN, date(2024, 5, 4)),
        (date(2022, 12, 13), Period(30, Unit.CALENDAR_DAYS), ENGLAND, date(2023, 1, 12)),
        (date(2024, 1, 31), Period(1, Unit.MONTHS), ENGLAND, date(2024, 2, 29)),
        (date(2023, 1, 31), Period(1, Unit.MONTHS), ENGLAND, date(2023, 2, 28)),
        (date(2024, 11, 30), Period(15, Unit.MONTHS), ENGLAND, date(2026, 2, 28)),
        (date(2024, 12, 21), Period(0, Unit.WORKING_DAYS), ENGLAND, date(2024, 12, 21)),
    ],
)
def test_a_period_ends_on_the_day_counted_by_hand(
    start: date, period: Period, calendar: WorkCalendar, end: date
) -> None:
    assert add_period(start, period, calendar) == end


@given(start=days, n=st.integers(1, 120), calendar=calendars)
def test_working_days_end_on_a_working_day_and_skip_exactly_the_days_off(
    start: date, n: int, calendar: WorkCalendar
) -> None:
    end = add_period(start, Period(n, Unit.WORKING_DAYS), calendar)
    passed = [start + timedelta(days=step) for step in range(1, (end - start).days + 1)]
    assert calendar.is_working_day(end)
    assert sum(map(calendar.is_working_day, passed)) == n


@given(start=days, n=st.integers(0, 120))
def test_months_keep_the_day_of_the_month_or_take_the_last_one(start: date, n: int) -> None:
    end = add_period(start, Period(n, Unit.MONTHS), ENGLAND)
    assert (end.year - start.year) * 12 + end.month - start.month == n
    assert end.day == start.day or (end.day < start.day and (end + timedelta(days=1)).day == 1)


@given(start=days, period=periods, calendar=calendars)
def test_a_longer_period_never_ends_earlier_and_no_period_ends_before_it_starts(
    start: date, period: Period, calendar: WorkCalendar
) -> None:
    end = add_period(start, period, calendar)
    assert start <= end <= add_period(start, Period(period.n + 1, period.unit), calendar)
    assert (end - start).days >= period.shortest_days()


@given(first=days, second=days, period=periods, calendar=calendars)
def test_what_starts_later_never_ends_earlier(
    first: date, second: date, period: Period, calendar: WorkCalendar
) -> None:
    assume(first <= second)
    assert add_period(first, period, calendar) <= add_period(second, period, calendar)


@pytest.mark.parametrize("start", [date.min, date(FIRST_YEAR - 1, 1, 1), date(LAST_YEAR, 12, 31), date.max])
@pytest.mark.parametrize("unit", Unit)
def test_an_end_outside_the_years_with_known_holidays_is_refused_and_never_guessed(start: date, unit: Unit) -> None:
    with pytest.raises(Invalid) as refused:
        add_period(start, Period(20, unit) if start.year >= LAST_YEAR else Period(1, unit), ENGLAND)
    assert refused.value.reason == "DATE_OUT_OF_RANGE"


@given(start=st.dates(), period=st.builds(Period, st.integers(0, 3660), units))
def test_whatever_the_start_the_end_is_within_the_years_or_refused(start: date, period: Period) -> None:
    with suppress(Invalid):
        assert FIRST_YEAR <= add_period(start, period, ENGLAND).year <= LAST_YEAR


def test_a_country_without_known_holidays_is_refused() -> None:
    with pytest.raises(NotImplementedError):
        national_calendar("ZZ")
