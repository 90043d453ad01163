"""The clock of the history: simulated while it is written, the machine's own ever after."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta

from nrm_kernel.clock import SystemClock

MORNING = time(8, tzinfo=UTC)
STEP = timedelta(milliseconds=700)


class HistoryClock(SystemClock):
    """Stands at a morning of the past and moves on a little with every look at it."""

    def __init__(self) -> None:
        self._moment: datetime | None = None

    def now(self) -> datetime:
        """The present time, or the one that is played."""
        if self._moment is None:
            return super().now()
        self._moment += STEP
        return self._moment

    def play(self, day: date) -> None:
        """It is the morning of that day."""
        self._moment = datetime.combine(day, MORNING)

    @contextmanager
    def playing(self) -> Iterator[None]:
        """Afterwards the present counts again."""
        try:
            yield
        finally:
            self._moment = None
