"""Deadlines by a country's calendar: calendar days, working days, months. Pure once the calendar is made."""

from calendar import isleap, monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, partial
from itertools import count, islice

from holidays import HolidayBase, country_holidays

from nrm_contracts.policy import Period, Unit
from nrm_kernel.errors import Invalid

FIRST_YEAR, LAST_YEAR = 1991, 2060
"""The years for which holidays are known; later ones follow the rules in force today."""


@dataclass(frozen=True)
class WorkCalendar:
    """A country's days off in a year: weekends, less those worked, and public holidays."""

    name: str
    days_off_in: Callable[[int], frozenset[date]]

    def is_working_day(self, day: date) -> bool:
        """Whether offices work. Raises :class:`Invalid` for a day outside the years covered."""
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise _out_of_range(day)
        return day not in self.days_off_in(day.year)

    def add(self, start: date, period: Period) -> date:
        """The same as :func:`add_period` by this calendar."""
        return add_period(start, period, self)


def add_period(start: date, period: Period, calendar: WorkCalendar) -> date:
    """The last day of a period; the day it starts on is not counted.

    Working days skip days off. A month ends on the same day of the month, or on its last day where there is no such
    day. Raises :class:`Invalid` if the end is outside the years covered.
    """
    try:
        end = _end(start, period, calendar)
    except (OverflowError, ValueError):
        raise _out_of_range(start) from None
    if not FIRST_YEAR <= end.year <= LAST_YEAR:
        raise _out_of_range(end)
    return end


def _end(start: date, period: Period, calendar: WorkCalendar) -> date:
    match period.unit:
        case Unit.CALENDAR_DAYS:
            return start + timedelta(days=period.n)
        case Unit.MONTHS:
            return _months_later(start, period.n)
        case Unit.WORKING_DAYS:
            return _working_days_later(start, period.n, calendar)


def _months_later(start: date, n: int) -> date:
    years, month = divmod(start.month - 1 + n, 12)
    year = start.year + years
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def _working_days_later(start: date, n: int, calendar: WorkCalendar) -> date:
    if n == 0:
        return start
    later = (start + timedelta(days=step) for step in count(1))
    return next(islice(filter(calendar.is_working_day, later), n - 1, None))


def _out_of_range(day: date) -> Invalid:
    return Invalid(
        "DATE_OUT_OF_RANGE",
        f"{day.isoformat()} is outside the years {FIRST_YEAR} to {LAST_YEAR} for which working days are known. "
        "Check the date.",
    )


def national_calendar(name: str) -> WorkCalendar:
    """The calendar of a country or of a part of it, by its ISO 3166 code: ``KZ``, ``GB-ENG``.

    Raises NotImplementedError, at once, if its holidays are not known.
    """
    _holidays(name, FIRST_YEAR)
    return WorkCalendar(name, partial(_days_off, name))


def _holidays(name: str, year: int) -> HolidayBase:
    country, _, part = name.partition("-")
    return country_holidays(country, subdiv=part or None, years=year)


@cache
def _days_off(name: str, year: int) -> frozenset[date]:
    known, first = _holidays(name, year), date(year, 1, 1)
    days = (first + timedelta(days=step) for step in range(365 + isleap(year)))
    return frozenset(day for day in days if not known.is_working_day(day))
