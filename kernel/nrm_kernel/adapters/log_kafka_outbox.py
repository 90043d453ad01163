"""One origin's way out to Kafka: every reader's topic gets what it lacks, and is known to have what was acknowledged.

A topic that was deleted, wiped or is new holds less than the others: entries that come later are refused with
:class:`Behind` until those before them are given again, from the agency's store.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from typing import Final

from faststream.kafka import KafkaBroker
from structlog.typing import FilteringBoundLogger

from nrm_kernel.adapters.log_kafka_broker import publish
from nrm_kernel.adapters.log_kafka_probe import Probe, Tail
from nrm_kernel.errors import Unavailable
from nrm_kernel.ledger.note import stated
from nrm_kernel.log import Behind, Fork, Published
from nrm_kernel.log_records import records_for
from nrm_kernel.log_topics import LogTopic

PUBLISH_TIMEOUT_S: Final = 15.0


class TopicsMissing(Unavailable):
    """Topics that should be there are not."""

    def __init__(self, origin: str, topics: Collection[str]) -> None:
        super().__init__(
            "LOG_TOPICS_MISSING",
            f"{origin}: Kafka lacks its topics, or hides them, among them {min(topics, default='all')}. Nothing was "
            "published. Run `nrm admin topics apply`.",
            origin=origin,
            count=len(topics),
        )


class Outbox:
    """What was published of one origin, by reader."""

    def __init__(
        self,
        origin: str,
        readers: Callable[[], Collection[str]],
        broker: KafkaBroker,
        probe: Probe,
        log: FilteringBoundLogger,
    ) -> None:
        self._origin = origin
        self._readers = readers
        self._broker = broker
        self._probe = probe
        self._log = log
        self._missing: frozenset[str] = frozenset()
        self._tails: dict[str, Tail] = {}
        self._sending: asyncio.Task[None] | None = None
        self._read_back = (0, 0)
        self._most = 0

    async def size(self) -> int:
        """How many entries every reader's topic holds; topics that changed are looked at again.

        A topic that is missing keeps nobody else from theirs: it is told once, and filled when it is there.
        """
        await self._sent()
        topics = {reader: LogTopic(self._origin, reader) for reader in self._readers()}
        existing = await self._probe.existing()
        present = {reader: topic for reader, topic in topics.items() if topic.name in existing}
        bounds = await self._probe.bounds([topic.name for topic in present.values()]) if present else {}
        for reader, topic in present.items():
            tail = self._tails.get(reader)
            if tail is None or (tail.begin, tail.end) != bounds[topic.name]:
                self._tails[reader] = await self._probe.tail(topic)
        self._tails = {reader: tail for reader, tail in self._tails.items() if reader in present}
        self._miss(frozenset(topics[reader].name for reader in topics.keys() - present.keys()))
        return min((tail.held for tail in self._tails.values()), default=0)

    async def check(self) -> None:
        """Raise :class:`Behind` when a topic lost what it had, also when all of them were gone for a while."""
        self._most = max(self._most, *(tail.held for tail in self._tails.values()), 0)
        size = await self.size()
        if self._tails and size < self._most:
            raise Behind(self._origin, size)

    async def publish(self, entries: Sequence[Published], note: str) -> None:
        """See :meth:`nrm_kernel.log.SharedLog.publish`; besides, raises KafkaError."""
        await self._sent()
        await self._know()
        await self._compare(entries)
        held = min(tail.held for tail in self._tails.values())
        if entries and entries[0].entry.position > held:
            raise Behind(self._origin, held)
        self._sending = asyncio.create_task(self._send(entries, note))
        fault = await self._sent()
        if fault is not None:
            raise fault

    async def close(self) -> None:
        """Wait no longer for what is on its way."""
        if self._sending is not None:
            self._sending.cancel()
            await asyncio.gather(self._sending, return_exceptions=True)

    async def _sent(self) -> BaseException | None:
        """Wait for what is on its way, and tell what went wrong. It goes on when nobody waits for it any more."""
        if self._sending is None:
            return None
        await asyncio.wait([self._sending], timeout=PUBLISH_TIMEOUT_S)
        if not self._sending.done():
            raise TimeoutError
        sent, self._sending = self._sending, None
        return sent.exception()

    async def _know(self) -> None:
        """Look at topics that are not known yet. Raises TopicsMissing when there is none at all."""
        names = {LogTopic(self._origin, reader).name for reader in self._readers() if reader not in self._tails}
        if names - self._missing or not self._tails:
            await self.size()
        if not self._tails:
            raise TopicsMissing(self._origin, self._missing)

    def _miss(self, missing: frozenset[str]) -> None:
        if missing != self._missing:
            self._missing = missing
            tell = self._log.warning if missing else self._log.info
            tell("log_topics_missing" if missing else "log_topics_complete", origin=self._origin, count=len(missing))

    async def _compare(self, entries: Sequence[Published]) -> None:
        """What is published again must be what stands there: on the origin's own topic, which has everything."""
        held = max(tail.held for tail in self._tails.values())
        again = {one.entry.position: one.entry.leaf for one in entries if one.entry.position < held}
        if not again:
            return
        reader = max(self._tails, key=lambda reader: (self._tails[reader].held, reader == self._origin))
        topic, first, size = LogTopic(self._origin, reader), min(again), max(again) + 1
        position, offset = self._read_back
        if position != first:
            offset = await self._probe.locate(topic, first)
        stands, offset = await self._probe.leaves(topic, first, size, offset)
        self._read_back = size, offset
        for position, leaf in again.items():
            if stands.get(position, leaf) != leaf:
                raise Fork(self._origin, position)

    async def _send(self, entries: Sequence[Published], note: str) -> None:
        sending = [self._send_to(reader, tail, entries, note) for reader, tail in self._tails.items()]
        for fault in await asyncio.gather(*sending, return_exceptions=True):
            if fault is not None:
                raise fault

    async def _send_to(self, reader: str, tail: Tail, entries: Sequence[Published], note: str) -> None:
        new = [one for one in entries if one.entry.position >= tail.held]
        size = stated(note).size
        if not new and size <= tail.covered:
            return
        records = records_for(reader, self._origin, new, note)
        del self._tails[reader]  # until it is acknowledged nobody knows
        offset = await publish(self._broker, LogTopic(self._origin, reader).name, records)
        if offset < tail.end:  # the topic was made anew: what stood before is gone
            raise Behind(self._origin, 0)
        self._tails[reader] = Tail(tail.held + len(new), size, offset + len(records), tail.begin)
