"""What a reader has at hand of one origin's log on Kafka: a stretch without a gap that moves along as it is read.

Positions decide, offsets are only where to look: a record that stands earlier is a duplicate, one that comes too soon
is not taken, and a topic that was made anew and counts its offsets from 0 again is read until the due position comes.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Final

from aiokafka import ConsumerRecord, TopicPartition
from faststream.kafka import KafkaBroker, KafkaMessage
from structlog.typing import FilteringBoundLogger

from nrm_kernel.adapters.log_kafka_broker import REQUEST_TIMEOUT_S, consumer_of, subscriber_of
from nrm_kernel.adapters.log_kafka_parked import ParkedRecords
from nrm_kernel.adapters.log_kafka_probe import Probe
from nrm_kernel.ledger.merkle import leaf_hash
from nrm_kernel.ledger.note import stated
from nrm_kernel.ledger.trust import Trusted
from nrm_kernel.log import Body, Fork, Record, Run, Signed
from nrm_kernel.log_headers import TRACE
from nrm_kernel.log_parked import Parked
from nrm_kernel.log_records import Unreadable, Unsigned, is_signed, read
from nrm_kernel.log_topics import PARTITION, LogTopic

AHEAD_MAX: Final = 20_000
"""Entries that are fetched ahead of the reader; beyond them Kafka keeps the rest, however slow the reader is."""
BEHIND_MAX: Final = 2_000
"""Entries kept behind the reader, for another one that is a little later."""
TAKEN_MAX: Final = 5_000
RETRY_S: Final = 1.0
UNSIGNED_MAX: Final = 8
"""Parked checkpoints that are looked at again, at most: the last ones, for a later one covers what an earlier does."""

Item = Body | bytes
"""An entry at hand, or its leaf hash."""


class Window:
    """A stretch of one origin's log as one reader gets it."""

    def __init__(
        self,
        topic: LogTopic,
        first: int,
        parked: ParkedRecords,
        log: FilteringBoundLogger,
        trust: Trusted | None = None,
    ) -> None:
        self.topic = topic
        self.first = first
        self._parked = parked
        self._log = log
        self._trust = trust
        self._items: list[Item] = []
        self._marks: list[tuple[int, str]] = []
        self._unsigned: deque[str] = deque(maxlen=UNSIGNED_MAX)
        self._served = first
        self.used_at = 0.0
        self._offset = -1
        self._sought_for = self._lacks = -1
        self._forked: Fork | None = None
        self._changed = asyncio.Event()
        self._room = asyncio.Event()

    @property
    def size(self) -> int:
        """Up to where entries are at hand."""
        return self.first + len(self._items)

    @property
    def covered(self) -> int:
        """Up to where a checkpoint covers them."""
        return self._marks[-1][0] if self._marks else self.first

    @property
    def offset(self) -> int:
        """The offset behind the last record that was seen."""
        return self._offset

    @property
    def is_full(self) -> bool:
        """Whether the reader has enough to go on with."""
        return self.size - self._served > AHEAD_MAX and self.covered > self._served

    def has(self, position: int) -> bool:
        """Whether reading can go on there."""
        return self.first <= position <= self.size

    async def open(self, broker: KafkaBroker, probe: Probe) -> None:
        """Begin to read. Raises KafkaError."""
        self._broker, self._probe = broker, probe
        offset = await probe.locate(self.topic, self.first)
        self._subscriber = subscriber_of(broker, self.topic.name)
        self._subscriber(self._arrived, parser=_unread, decoder=_as_it_is)
        self._offset = offset
        try:
            await self._subscriber.start()
        except BaseException:
            await self._subscriber.stop()
            raise
        self._seek(offset)

    async def close(self) -> None:
        """End reading."""
        self._room.set()
        await self._subscriber.stop()

    def stretch(self, after: int, limit: int) -> list[Record]:
        """Records from a position on, about ``limit`` entries, and their checkpoint. Raises Fork."""
        self._serve(after)
        if self._forked is not None:
            raise self._forked
        if self.covered <= after:
            self._mark_what_is_signed_by_now()
        ahead = [mark for mark in self._marks if mark[0] > after]
        if not ahead:
            return []
        within = [mark for mark in ahead if mark[0] <= after + limit]
        size, note = within[-1] if within else ahead[0]
        return [*_records(after, self._items[after - self.first : size - self.first]), Signed(note)]

    async def end(self) -> int:
        """The offset behind the last record that the topic has now; Kafka's answer comes within a roundtrip."""
        partition = TopicPartition(self.topic.name, PARTITION)
        async with asyncio.timeout(REQUEST_TIMEOUT_S):
            return int((await consumer_of(self._subscriber).end_offsets([partition]))[partition])

    async def wait(self, timeout_s: float) -> bool:
        """Until something came; False when the time ran out."""
        changed = self._changed
        try:
            async with asyncio.timeout(timeout_s):
                await changed.wait()
        except TimeoutError:
            return False
        return True

    def _serve(self, after: int) -> None:
        """The reader has come to this position: what it left behind makes room."""
        self._served = max(self._served, after)
        surplus = self._served - self.first - BEHIND_MAX
        if surplus > BEHIND_MAX:
            del self._items[:surplus]
            self.first += surplus
            self._marks = [mark for mark in self._marks if mark[0] > self.first]
        self._room.set()

    async def _arrived(self, message: KafkaMessage) -> None:
        """Take what came, with everything that is here already; wait while the reader has enough."""
        assert isinstance(message.raw_message, ConsumerRecord)
        rest = await consumer_of(self._subscriber).getmany(timeout_ms=0, max_records=TAKEN_MAX)
        try:
            for raw in (message.raw_message, *(record for records in rest.values() for record in records)):
                if not await self._take(raw):
                    break
        except Exception:
            self._seek(self._offset)  # nothing of it is lost: FastStream itself would go on behind it
            await asyncio.sleep(RETRY_S)
            raise
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
        while self.is_full and self._subscriber.running:
            self._room.clear()
            await self._room.wait()

    async def _take(self, raw: "ConsumerRecord[bytes, bytes]") -> bool:
        """Take a record; False when reading goes on elsewhere."""
        if raw.offset < self._offset:
            self._log.warning("log_restarted", origin=self.topic.origin, position=self.size)
        taken = await self._took(raw)
        self._offset = raw.offset + 1 if taken else self._offset
        return taken

    async def _took(self, raw: "ConsumerRecord[bytes, bytes]") -> bool:
        try:
            record = read(self.topic.origin, raw.headers, raw.value, self._trust)
        except Unreadable as why:
            parked = Parked.of(self.topic.name, raw.offset, str(why), raw.value)
            await self._parked.park(self.topic.origin, parked, self._broker, self._probe)
            if isinstance(why, Unsigned):
                self._unsigned.append(why.note)
            return True
        match record:
            case Body(position=position):
                return await self._add(position, [record])
            case Run(first=first, leaves=leaves):
                return await self._add(first, leaves)
            case Signed(note=note):
                self._mark(note)
        return True

    async def _add(self, first: int, items: Sequence[Item]) -> bool:
        due = self.size
        if first > due:
            return not await self._look_for(due)
        known = items[: due - first]
        for position, item in enumerate(known, start=first):
            if position >= self.first and _leaf(item) != _leaf(self._items[position - self.first]):
                self._forked = Fork(self.topic.origin, position)
                return True
        self._items.extend(items[len(known) :])
        return True

    def _mark(self, note: str) -> None:
        size = stated(note).size
        if self.covered < size <= self.size:
            self._marks.append((size, note))

    def _mark_what_is_signed_by_now(self) -> None:
        """The trust file may have got a key after a checkpoint of it came: nothing else brings that one again."""
        for note in list(self._unsigned):
            if self._trust is not None and is_signed(note, self._trust):
                self._unsigned.remove(note)
                self._mark(note)

    async def _look_for(self, due: int) -> bool:
        """Look once for the due entry elsewhere. If it is nowhere, it may still come: its agency fills in gaps."""
        if self._sought_for != due:
            self._sought_for = due
            offset = await self._probe.locate(self.topic, due)
            if offset < self._offset:
                self._seek(offset)
                return True
        if self._lacks != due:
            self._lacks = due
            self._log.warning("log_gap", origin=self.topic.origin, position=due)
        return False

    def _seek(self, offset: int) -> None:
        self._offset = offset
        consumer_of(self._subscriber).seek(TopicPartition(self.topic.name, PARTITION), offset)


async def _unread(raw: "ConsumerRecord[bytes, bytes]") -> KafkaMessage:
    """A message as it came. FastStream's own parser reads headers as text and drops a message where that fails."""
    trace = dict(raw.headers).get(TRACE) or b""  # a header's value may be missing too
    headers = {TRACE: trace.decode()} if trace.isascii() else {}
    return KafkaMessage(raw_message=raw, body=raw.value or b"", headers=headers, consumer=_NOTHING_TO_COMMIT)


async def _as_it_is(message: KafkaMessage) -> KafkaMessage:
    """The handler gets the message itself: entries are never decoded and written again."""
    return message


class _Committing:
    """Stands in for the consumer: nothing that a message is told commits or moves anything."""

    async def commit(self) -> None:
        """Nothing: the cursor is the store's."""

    def seek(self, partition: TopicPartition, offset: int) -> None:
        """Nothing: what was not applied is read again from the window."""


_NOTHING_TO_COMMIT = _Committing()


def _leaf(item: Item) -> bytes:
    return leaf_hash(item.body) if isinstance(item, Body) else item


def _records(first: int, items: Sequence[Item]) -> list[Record]:
    """Entries as they are, and hashes next to one another as one run."""
    records: list[Record] = []
    hidden: list[bytes] = []
    for position, item in enumerate(items, start=first):
        if isinstance(item, bytes):
            hidden.append(item)
            continue
        if hidden:
            records.append(Run(position - len(hidden), tuple(hidden)))
            hidden = []
        records.append(item)
    if hidden:
        records.append(Run(first + len(items) - len(hidden), tuple(hidden)))
    return records
