"""Keeps notes of records that one reader could not take, on that reader's own topic."""

from contextlib import suppress

from aiokafka.errors import KafkaError
from faststream.kafka import KafkaBroker
from structlog.typing import FilteringBoundLogger

from nrm_kernel.adapters.log_kafka_broker import publish
from nrm_kernel.adapters.log_kafka_probe import Probe
from nrm_kernel.log_parked import Parked
from nrm_kernel.log_records import Sent
from nrm_kernel.log_topics import parked_topic


class ParkedRecords:
    """The notes of one reader."""

    def __init__(self, reader: str, log: FilteringBoundLogger) -> None:
        self._topic = parked_topic(reader)
        self._log = log
        self._known: dict[str, Parked] | None = None
        self._seen = 0

    @property
    def count(self) -> int:
        """How many wait to be looked at, as far as this process knows."""
        return sum(not parked.released for parked in (self._known or {}).values())

    async def look(self, probe: Probe) -> None:
        """See what others noted meanwhile: an operator who released some, or this process before it was restarted."""
        kept: dict[str, Parked] = {}
        seen = self._seen
        if self._topic in await probe.existing():
            async for raw in probe.everything(self._topic, seen):
                with suppress(ValueError):
                    parked = Parked.parse(raw.value or b"")
                    kept[parked.key] = parked
                seen = raw.offset + 1
        self._known, self._seen = {**(self._known or {}), **kept}, seen

    async def park(self, origin: str, record: Parked, broker: KafkaBroker, probe: Probe) -> None:
        """Note a record and raise the alarm, once. Reading goes on when the note cannot be kept: it is met again."""
        if self._known is None:
            with suppress(KafkaError, OSError, TimeoutError):
                await self.look(probe)
        known = self._known = self._known or {}
        if record.key in known:
            return
        known[record.key] = record
        self._log.error("record_parked", origin=origin, position=record.offset, reason="RECORD_PARKED")
        with suppress(KafkaError, OSError, TimeoutError):
            await publish(broker, self._topic, [Sent(record.text(), [], record.key.encode())])
