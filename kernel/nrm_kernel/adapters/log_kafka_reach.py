"""Whether Kafka is within reach: told once when it goes and once when it is back, however often it is tried."""

from collections.abc import Callable
from time import monotonic
from typing import Final

from structlog.typing import FilteringBoundLogger

FORGOTTEN_S: Final = 60.0
"""What failed and was not tried again for so long is tried no more: a loop tries what it needs every few seconds."""


class Reach:
    """What loops ask of Kafka again and again, by name, and which of it fails.

    What has no name tells nothing: it is asked by whoever looks, and perhaps never again.

    While brokers come back some of it goes well and some does not yet, in turns. So Kafka is away from the first fault
    on until everything that failed went well again. What began before Kafka was back and fails late says nothing new.
    """

    def __init__(self, log: FilteringBoundLogger, address: str, now: Callable[[], float] = monotonic) -> None:
        self._log = log
        self._address = address
        self._now = now
        self._failed_at: dict[str, float] = {}
        self._back_at = -1.0
        self.is_away = False

    def begin(self) -> float:
        """When something is asked, for :meth:`failed` or :meth:`went_well`."""
        return self._now()

    def failed(self, asked: str, began: float, fault: str) -> None:
        """There was no answer."""
        if not asked or began <= self._back_at:
            return
        self._failed_at[asked] = self._now()
        if not self.is_away:
            self.is_away = True
            self._log.warning("kafka_away", fault=fault, address=self._address)

    def went_well(self, asked: str, began: float) -> None:
        """Kafka answered, if only to refuse."""
        if not asked or not self.is_away:
            return
        now = self._now()
        open_still = {name: at for name, at in self._failed_at.items() if now - at < FORGOTTEN_S}
        if began >= open_still.get(asked, began):
            open_still.pop(asked, None)
        self._failed_at = open_still
        if not open_still:
            self.is_away, self._back_at = False, now
            self._log.info("kafka_back", address=self._address)
