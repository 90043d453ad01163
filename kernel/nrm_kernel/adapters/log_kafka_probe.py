"""Looks into topics: how far they reach, and at which offset a position stands. Nothing is remembered from it."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from faststream.kafka import KafkaBroker

from nrm_kernel.adapters.log_kafka_broker import REQUEST_TIMEOUT_S
from nrm_kernel.ledger.merkle import leaf_hash
from nrm_kernel.ledger.trust import Trusted
from nrm_kernel.log import Body, Record, Run, Signed, end_of
from nrm_kernel.log_records import Unreadable, read
from nrm_kernel.log_topics import PARTITION, LogTopic

LOOK_BYTES: Final = 65_536
LOOK_WAIT_S: Final = 0.05
BEGIN_WITHIN: Final = 2_000


@dataclass(frozen=True, slots=True)
class Tail:
    """How far a topic reaches: entries from the first one on, the size that is covered, and the offset behind it."""

    held: int = 0
    covered: int = 0
    end: int = 0


class Probe:
    """One consumer for all looks, one look at a time."""

    def __init__(self, trust: Trusted | None = None) -> None:
        self._trust = trust
        self._consumer: AIOKafkaConsumer | None = None
        self._lock = asyncio.Lock()

    async def start(self, broker: KafkaBroker) -> None:
        """Connect, by the settings of that broker. Raises KafkaError."""
        consumer_with = await broker.connect()
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

    async def ends(self, topics: Collection[str]) -> Mapping[str, int]:
        """The offset behind the last record of each topic, all of which exist."""
        async with self._looking() as consumer:
            ends = await consumer.end_offsets([TopicPartition(topic, PARTITION) for topic in topics])
            return {partition.topic: end for partition, end in ends.items()}

    async def tail(self, topic: LogTopic) -> Tail:
        """How far a topic reaches. One that does not begin with the log's first entry has nothing that can be used."""
        async with self._looking(topic.name) as consumer:
            look = _Look(consumer, topic, self._trust)
            begin, end = await look.bounds()
            if not await look.begins(begin, min(end, begin + BEGIN_WITHIN)):
                return Tail(end=end)
            for offset in range(end - 1, begin - 1, -1):
                last = await look.at(offset)
                if last is not None:
                    return Tail(end_of(last), end_of(last) if isinstance(last, Signed) else 0, end)
            return Tail(end=end)

    async def locate(self, topic: LogTopic, position: int) -> int:
        """The offset to read on from to find the entry at that position, by halving."""
        async with self._looking(topic.name) as consumer:
            look = _Look(consumer, topic, self._trust)
            low, high = await look.bounds()
            while low < high:
                middle = (low + high) // 2
                found = await look.next(middle, high)
                if found is None or end_of(found) > position:
                    high = middle
                else:
                    low = middle + 1
            return low

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
            return None if begin == end else (await _record(consumer, partition, end - 1)).value

    async def everything(self, topic: str) -> AsyncIterator[ConsumerRecord[bytes, bytes]]:
        """Every record of a short topic."""
        async with self._looking(topic) as consumer:
            partition = TopicPartition(topic, PARTITION)
            offset, end = await _bounds(consumer, partition)
            while offset < end:
                record = await _record(consumer, partition, offset)
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

    def __init__(self, consumer: AIOKafkaConsumer, topic: LogTopic, trust: Trusted | None) -> None:
        self._consumer = consumer
        self._trust = trust
        self._origin = topic.origin
        self._partition = TopicPartition(topic.name, PARTITION)

    async def bounds(self) -> tuple[int, int]:
        return await _bounds(self._consumer, self._partition)

    async def at(self, offset: int) -> Record | None:
        """The record at an offset, or None where it is none."""
        raw = await _record(self._consumer, self._partition, offset)
        try:
            return read(self._origin, raw.headers, raw.value, self._trust)
        except Unreadable:
            return None

    async def begins(self, offset: int, end: int) -> bool:
        """Whether the log's first entry stands there; before it there may be what a topic made anew was sent first."""
        for each in range(offset, end):
            record = await self.at(each)
            if record is not None and _start_of(record) == 0:
                return True
        return False

    async def next(self, offset: int, end: int) -> Record | None:
        """The first record from an offset on that is one."""
        for each in range(offset, end):
            record = await self.at(each)
            if record is not None:
                return record
        return None


async def _bounds(consumer: AIOKafkaConsumer, partition: TopicPartition) -> tuple[int, int]:
    begin = await consumer.beginning_offsets([partition])
    end = await consumer.end_offsets([partition])
    return int(begin[partition]), int(end[partition])


async def _record(consumer: AIOKafkaConsumer, partition: TopicPartition, offset: int) -> "ConsumerRecord[bytes, bytes]":
    if await consumer.position(partition) != offset:
        consumer.seek(partition, offset)
    return await consumer.getone(partition)


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
