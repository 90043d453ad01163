"""Looks into topics: how far they reach, and at which offset a position stands. Nothing is remembered from it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from faststream.kafka import KafkaBroker

from nrm_kernel.adapters.log_kafka_broker import REQUEST_TIMEOUT_S, connect
from nrm_kernel.ledger.merkle import leaf_hash
from nrm_kernel.ledger.trust import Trusted
from nrm_kernel.log import Body, Record, Run, Signed, end_of
from nrm_kernel.log_records import Unreadable, read
from nrm_kernel.log_topics import PARTITION, LogTopic

LOOK_BYTES: Final = 65_536
LOOK_WAIT_S: Final = 0.05
LOOK_TURN_MS: Final = 200
"""How soon it is seen that there is no record up to the end."""
AT_ONCE: Final = 2_000
"""So many records are looked through in one look, so that other looks come in between and none takes too long."""

Meant = Callable[[Record], bool]


def _any(_: Record) -> bool:
    return True


def _is_signed(record: Record) -> bool:
    return isinstance(record, Signed)


@dataclass(frozen=True, slots=True)
class Tail:
    """How far a topic reaches: entries from the first one on, the size that is covered, and between which offsets."""

    held: int = 0
    covered: int = 0
    end: int = 0
    begin: int = 0


class Probe:
    """One consumer for all looks, one look at a time."""

    def __init__(self, trust: Trusted | None = None) -> None:
        self._trust = trust
        self._consumer: AIOKafkaConsumer | None = None
        self._lock = asyncio.Lock()

    async def start(self, broker: KafkaBroker) -> None:
        """Connect, by the settings of that broker. Raises KafkaError."""
        consumer_with = await connect(broker)
        self._consumer = consumer_with(
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=LOOK_BYTES,
            fetch_max_wait_ms=int(LOOK_WAIT_S * 1_000),
        )
        await self._consumer.start()

    async def stop(self) -> None:
        """Let go."""
        if self._consumer is not None:
            await self._consumer.stop()

    async def existing(self) -> frozenset[str]:
        """Every topic that may be seen."""
        async with self._looking() as consumer:
            return frozenset(await consumer.topics())

    async def bounds(self, topics: Collection[str]) -> Mapping[str, tuple[int, int]]:
        """The offsets of the first record of each topic, and behind the last; all of them exist."""
        async with self._looking() as consumer:
            partitions = [TopicPartition(topic, PARTITION) for topic in topics]
            begins, ends = await consumer.beginning_offsets(partitions), await consumer.end_offsets(partitions)
            return {partition.topic: (begins[partition], end) for partition, end in ends.items()}

    async def tail(self, topic: LogTopic) -> Tail:
        """How far a topic reaches: to its last checkpoint, for what is said behind it nobody has signed.

        One that has not the log's first entry has nothing that can be used.
        """
        async with self._looking(topic.name) as consumer:
            begin, end = await _Look(consumer, topic, self._trust).bounds()
        last = await self._last(topic, begin, end, _is_signed) if await self._begins(topic, begin, end) else None
        size = end_of(last) if last else 0
        return Tail(size, size, end, begin)

    async def _begins(self, topic: LogTopic, begin: int, end: int) -> bool:
        """Whether the log's first entry stands there.

        Before it may be what a topic made anew was sent first, or what is left of one that lost its beginning.
        """
        for first in range(begin, end, AT_ONCE):
            async with self._looking(topic.name) as consumer:
                look = _Look(consumer, topic, self._trust, end)
                if await look.first(first, first + AT_ONCE, lambda record: _start_of(record) == 0):
                    return True
        return False

    async def newest(self, topic: LogTopic) -> str | None:
        """The topic's last checkpoint."""
        async with self._looking(topic.name) as consumer:
            begin, end = await _Look(consumer, topic, self._trust).bounds()
        last = await self._last(topic, begin, end, _is_signed)
        return last.note if isinstance(last, Signed) else None

    async def _last(self, topic: LogTopic, begin: int, end: int, is_meant: Meant) -> Record | None:
        """The last record that is meant: mostly the very last."""
        high, width = end, 1
        while high > begin:
            low = max(begin, high - width)
            async with self._looking(topic.name) as consumer:
                if found := await _Look(consumer, topic, self._trust, end).last(low, high, is_meant):
                    return found
            high, width = low, min(2 * width, AT_ONCE)
        return None

    async def locate(self, topic: LogTopic, position: int) -> int:
        """The offset to read on from to find the entry at that position: by halving.

        The topic's first one where that finds no entry which fits: a relay that comes late says again what stands
        further ahead, and behind that nothing follows from an offset.
        """
        async with self._looking(topic.name) as consumer:
            look = _Look(consumer, topic, self._trust)
            begin, end = await look.bounds()
            offset = await _halved(look, begin, end, position)
            found = await look.first(offset, end)
        if found is None:  # the last checkpoint ends where a reader stands that has everything
            last = await self._last(topic, begin, offset, _is_signed)
            return offset if last and end_of(last) == position else begin
        return offset if _start_of(found) <= position else begin

    async def leaves(self, topic: LogTopic, first: int, size: int, offset: int) -> tuple[dict[int, bytes], int]:
        """Leaf hashes from position ``first`` up to ``size``, read from an offset on; and the offset behind them."""
        found: dict[int, bytes] = {}
        async with self._looking(topic.name) as consumer:
            look = _Look(consumer, topic, self._trust)
            _, end = await look.bounds()
            while offset < end and len(found) < size - first:
                record = await look.at(offset)
                offset += 1
                for position, leaf in _leaves(record):
                    if first <= position < size:
                        found.setdefault(position, leaf)
        return found, offset

    async def last(self, topic: str) -> bytes | None:
        """The value of a topic's last record; None when it is empty."""
        async with self._looking(topic) as consumer:
            partition = TopicPartition(topic, PARTITION)
            begin, end = await _bounds(consumer, partition)
            for offset in range(end - 1, begin - 1, -1):
                if record := await _record(consumer, partition, offset, end):
                    return record.value
            return None

    async def everything(self, topic: str, seen: int = 0) -> AsyncIterator[ConsumerRecord[bytes, bytes]]:
        """Every record of a short topic that stands behind those seen; all of one that is shorter, and so another."""
        async with self._looking(topic) as consumer:
            partition = TopicPartition(topic, PARTITION)
            begin, end = await _bounds(consumer, partition)
            offset = seen if begin <= seen <= end else begin
            while record := await _record(consumer, partition, offset, end):
                offset = record.offset + 1
                yield record

    @asynccontextmanager
    async def _looking(self, topic: str = "") -> AsyncIterator[AIOKafkaConsumer]:
        async with self._lock, asyncio.timeout(REQUEST_TIMEOUT_S):
            consumer = self._consumer
            if consumer is None:
                raise KafkaError("the reader was closed")
            looked_at = [TopicPartition(topic, PARTITION)] if topic else []
            known = consumer.assignment()
            if not known.issuperset(looked_at):  # topics stay assigned: to forget one is to ask Kafka for all again
                consumer.assign([*known, *looked_at])
                consumer.pause(*known)
            consumer.resume(*looked_at)
            try:
                yield consumer
            finally:
                consumer.pause(*looked_at)  # else it would go on reading


class _Look:
    """A look at records of one topic of the log."""

    def __init__(self, consumer: AIOKafkaConsumer, topic: LogTopic, trust: Trusted | None, end: int = 0) -> None:
        self._consumer = consumer
        self._trust = trust
        self._origin = topic.origin
        self._partition = TopicPartition(topic.name, PARTITION)
        self._end = end

    async def bounds(self) -> tuple[int, int]:
        begin, self._end = await _bounds(self._consumer, self._partition)
        return begin, self._end

    async def at(self, offset: int) -> Record | None:
        """The record at an offset, or None where it is none."""
        raw = await _record(self._consumer, self._partition, offset, self._end)
        try:
            return read(self._origin, raw.headers, raw.value, self._trust) if raw else None
        except Unreadable:
            return None

    async def first(self, offset: int, end: int, is_meant: Meant = _any) -> Record | None:
        """The first record from an offset on that is one, and is meant."""
        for each in range(offset, min(end, self._end)):
            record = await self.at(each)
            if record is not None and is_meant(record):
                return record
        return None

    async def last(self, offset: int, end: int, is_meant: Meant) -> Record | None:
        """The last record from an offset on that is one, and is meant."""
        found = None
        for each in range(offset, end):
            record = await self.at(each)
            if record is not None and is_meant(record):
                found = record
        return found


async def _halved(look: _Look, low: int, high: int, position: int) -> int:
    """Where records that reach beyond a position begin, if each reaches further than those before it."""
    while low < high:
        middle = (low + high) // 2
        found = await look.first(middle, high)
        if found is None or end_of(found) > position:
            high = middle
        else:
            low = middle + 1
    return low


async def _bounds(consumer: AIOKafkaConsumer, partition: TopicPartition) -> tuple[int, int]:
    begin = await consumer.beginning_offsets([partition])
    end = await consumer.end_offsets([partition])
    return int(begin[partition]), int(end[partition])


async def _record(
    consumer: AIOKafkaConsumer, partition: TopicPartition, offset: int, end: int
) -> "ConsumerRecord[bytes, bytes] | None":
    """The first record from an offset on. There may be none up to the end: offsets are taken by other things too.

    (Marks that transactions leave have offsets, and are never given to who reads.)
    """
    if await consumer.position(partition) != offset:
        consumer.seek(partition, offset)
    while await consumer.position(partition) < end:
        for records in (await consumer.getmany(partition, timeout_ms=LOOK_TURN_MS, max_records=1)).values():
            return records[0]
    return None


def _start_of(record: Record) -> int:
    match record:
        case Body(position=position):
            return position
        case Run(first=first):
            return first
    return end_of(record)


def _leaves(record: Record | None) -> list[tuple[int, bytes]]:
    match record:
        case Body(position=position, body=body):
            return [(position, leaf_hash(body))]
        case Run(first=first, leaves=leaves):
            return list(enumerate(leaves, start=first))
    return []
