"""As of when an answer is given: one moment that bounds what was recorded, and the day that it falls on."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from nrm_kernel.clock import stamp
from nrm_kernel.errors import Invalid

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT: Final = re.compile(rf"{_DAY.pattern}[Tt ][0-9]{{2}}:.+")
"""How a moment of RFC 3339 begins; the rest is read by the library, which takes week dates too."""
_FIRST_ZONE: Final = timedelta(hours=14)
"""In the easternmost zone a day begins so much earlier than in UTC: whoever asks may live in it already."""


@dataclass(frozen=True, slots=True)
class AsOf:
    """Facts recorded up to ``moment`` count; "today" is its ``day``. ``is_now`` when no moment was asked for."""

    moment: str
    day: date
    is_now: bool = False

    @classmethod
    def parse(cls, text: str, now: datetime) -> "AsOf":
        """A day (its end), a moment, or now. Raises Invalid AS_OF_INVALID."""
        if not text:
            return cls(stamp(now), now.date(), is_now=True)
        asked = _read(text)
        if asked.day > (now + _FIRST_ZONE).date():
            raise _invalid(
                "as_of lies in the future, and nobody knows what will be known then",
                "Send today or a day before, or leave it empty for now.",
            )
        return asked

    def covering(self, newest: str) -> "AsOf":
        """The same; now is no earlier than what is known already, though an agency's clock be ahead of this one."""
        if not self.is_now or newest <= self.moment:
            return self
        return AsOf(newest, date.fromisoformat(newest.partition("T")[0]), is_now=True)


def _read(text: str) -> AsOf:
    try:
        if _DAY.fullmatch(text):
            return AsOf(f"{text}T23:59:59.999999Z", date.fromisoformat(text))
        moment = datetime.fromisoformat(text) if _MOMENT.fullmatch(text) else None
        if moment and moment.tzinfo:
            return AsOf(stamp(moment), moment.astimezone(UTC).date())
    except (ValueError, OverflowError):  # its zone may put it beyond the calendar
        pass
    raise _invalid(
        "as_of is neither a day (YYYY-MM-DD) nor a moment with its zone (RFC 3339)",
        "Send one of these, or leave it empty for now.",
    )


def _invalid(what: str, advice: str) -> Invalid:
    return Invalid("AS_OF_INVALID", f"{what}. {advice}", {"as_of": what})
