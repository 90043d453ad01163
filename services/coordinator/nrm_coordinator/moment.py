"""As of when an answer is given: one moment that bounds what was recorded, and the day that it falls on."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from nrm_kernel.clock import stamp
from nrm_kernel.errors import Invalid

_DAY_CHARACTERS = len("2026-11-22")


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
        try:
            if len(text) == _DAY_CHARACTERS:
                day = date.fromisoformat(text)
                return cls(f"{day.isoformat()}T23:59:59.999999Z", day)
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise _invalid() from None
        if moment.tzinfo is None:
            raise _invalid()
        return cls(stamp(moment), moment.astimezone(UTC).date())

    def covering(self, newest: str) -> "AsOf":
        """The same; now is no earlier than what is known already, though an agency's clock be ahead of this one."""
        if not self.is_now or newest <= self.moment:
            return self
        return AsOf(newest, date.fromisoformat(newest[:_DAY_CHARACTERS]), is_now=True)


def _invalid() -> Invalid:
    what = "as_of is neither a day (YYYY-MM-DD) nor a moment with its zone (RFC 3339)"
    return Invalid("AS_OF_INVALID", f"{what}. Send one of these, or leave it empty for now.", {"as_of": what})
