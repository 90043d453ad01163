"""As of when an answer is given: one moment that bounds what was recorded, and the day that it falls on."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from nrm_kernel.clock import stamp
from nrm_kernel.errors import Invalid


@dataclass(frozen=True, slots=True)
class AsOf:
    """Facts recorded up to ``moment`` count; "today" is its ``day``."""

    moment: str
    day: date

    @classmethod
    def parse(cls, text: str, now: datetime) -> "AsOf":
        """A day (its end), a moment, or now. Raises Invalid AS_OF_INVALID."""
        if not text:
            return cls(stamp(now), now.date())
        try:
            if len(text) == len("2026-11-22"):
                day = date.fromisoformat(text)
                return cls(f"{day.isoformat()}T23:59:59.999999Z", day)
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise _invalid(text) from None
        if moment.tzinfo is None:
            raise _invalid(text)
        return cls(stamp(moment), moment.astimezone(UTC).date())


def _invalid(text: str) -> Invalid:
    what = f"as_of {text[:40]!r} is neither a day (YYYY-MM-DD) nor a moment with its zone (RFC 3339)"
    return Invalid("AS_OF_INVALID", f"{what}. Send one of these, or leave it empty for now.", {"as_of": what})
