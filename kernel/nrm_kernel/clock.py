"""The only place that reads the time."""

import asyncio
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Gives the present time, in UTC, and lets a loop wait."""

    def now(self) -> datetime: ...

    async def sleep(self, seconds: float) -> None: ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def stamp(moment: datetime) -> str:
    """RFC 3339 in UTC with six decimals: the one form in which a time is recorded."""
    return f"{moment.astimezone(UTC).isoformat(timespec='microseconds')[: -len('+00:00')]}Z"
