"""The shared log's copies on Kafka, read by a client that shares no code with the one that wrote them.

Every topic is read as it stands when it is opened. A copy made for a reader who may not see every body has the leaf
hashes of the rest: they count in every root, and are all that can be checked of them. What is repeated is passed over
if it is the same; a record that is none of the log's is told, as the readers park it.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from nrm_audit.copies import Copy, Damaged, Row
from nrm_kernel.errors import Unavailable
from nrm_kernel.ledger.merkle import leaf_hash
from nrm_kernel.ledger.note import stated
from nrm_kernel.log import Body, Record, Run, Signed, reads_everything
from nrm_kernel.log_records import Unreadable, read
from nrm_kernel.log_topics import PARTITION, Cluster, LogTopic

BATCH = 1_000
POLL_S = 5
SILENT_MAX = 6
"""How often nothing may come, before the topic counts as one that cannot be read."""

_Place = tuple[int, bytes | None, bytes]


@dataclass(frozen=True)
class TopicSource:
    """One topic up to the offset where it ended when it was opened."""

    topic: LogTopic
    first: int
    end: int
    consumer: KafkaConsumer

    def batches(self, first: int) -> Iterator[Sequence[Row]]:
        """Entries in the order of their positions; a hidden one without its bytes."""
        batch: list[Row] = []
        for row in self._in_order():
            if row[0] >= first:
                batch.append(row)
            if len(batch) == BATCH:
                yield batch
                batch = []
        if batch:
            yield batch

    def checkpoints(self) -> Sequence[tuple[int, str]]:
        """Every checkpoint, each once."""
        return self._scanned[0]

    def head(self) -> bytes | None:
        """Kafka keeps none."""
        return None

    def faults(self) -> Sequence[str]:
        """Records that are none of the log's."""
        return self._scanned[1]

    @cached_property
    def _scanned(self) -> tuple[list[tuple[int, str]], list[str]]:
        notes: dict[str, int] = {}
        faults: list[str] = []
        for offset, record in self._records():
            match record:
                case Unreadable():
                    faults.append(f"{self.topic.name} {offset}: {record}")
                case Signed(note=note):
                    notes[note] = stated(note).size
        return sorted((size, note) for note, size in notes.items()), faults

    def _in_order(self) -> Iterator[_Place]:
        """Rows by position. What comes too soon waits for those before it, which a later filling-in brings."""
        leaves: list[bytes] = []
        early: dict[int, _Place] = {}
        for row in self._rows():
            position, _, leaf = row
            if position < len(leaves):
                if leaves[position] != leaf:
                    yield row  # a second history
                continue
            early.setdefault(position, row)
            while (due := early.pop(len(leaves), None)) is not None:
                leaves.append(due[2])
                yield due
        yield from (early[position] for position in sorted(early))

    def _rows(self) -> Iterator[_Place]:
        for _, record in self._records():
            match record:
                case Body(position=position, body=body):
                    yield position, body, leaf_hash(body)
                case Run(first=first, leaves=leaves):
                    yield from ((position, None, leaf) for position, leaf in enumerate(leaves, start=first))

    def _records(self) -> Iterator[tuple[int, Record | Unreadable]]:
        partition = TopicPartition(self.topic.name, PARTITION)
        try:
            self.consumer.pause(*self.consumer.assignment())
            self.consumer.seek(partition, self.first)
            self.consumer.resume(partition)
            silent = 0
            while (at := self.consumer.position(partition)) < self.end and silent < SILENT_MAX:
                found = self.consumer.poll(POLL_S * 1_000).get(partition, ())
                silent = 0 if found else silent + 1
                for raw in found:
                    if raw.offset < self.end:
                        yield raw.offset, _read(self.topic.origin, raw.headers, raw.value)
        except (KafkaError, UnicodeDecodeError) as fault:  # a header's name that is no text is raised as it is
            raise Damaged(f"Kafka does not give it ({type(fault).__name__})") from fault
        if at < self.end:
            raise Damaged(f"Kafka gives nothing from offset {at} on, of {self.end}")


@dataclass(frozen=True)
class BrokerHolder:
    """Every copy of a log on one Kafka that may be read."""

    name: str
    copies: Sequence[Copy]
    sources: Sequence[TopicSource]
    of_all: bool = field(default=True)

    def faults(self) -> Sequence[str]:
        """Records that are none of the log's."""
        try:
            return [text for source in self.sources for text in source.faults()]
        except Damaged as fault:
            return [str(fault)]

    def renew(self) -> None:
        """What is read ends where it ended when this was opened."""

    def close(self) -> None:
        """The client is closed by whoever opened it."""


@contextmanager
def on_kafka(cluster: Cluster) -> Iterator[BrokerHolder]:
    """The copies on Kafka, as long as the block. Raises Unavailable when it cannot be reached."""
    try:
        cluster.reached()
        consumer = KafkaConsumer(
            **cluster.options(),
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            # All that came is given out at once: of a topic that waits its turn the client may never give what it kept.
            max_poll_records=sys.maxsize,
        )
    except (KafkaError, OSError) as fault:
        raise _away(cluster, fault) from fault
    try:
        yield _holder(cluster, consumer)
    except KafkaError as fault:
        raise _away(cluster, fault) from fault
    finally:
        consumer.close()


def _holder(cluster: Cluster, consumer: KafkaConsumer) -> BrokerHolder:
    found = [topic for name in sorted(consumer.topics()) if (topic := LogTopic.parse(name)) is not None]
    partitions = {topic: TopicPartition(topic.name, PARTITION) for topic in found}
    consumer.assign(list(partitions.values()))  # all at once: for each assigned anew, Kafka is asked where it is
    begins: Mapping[TopicPartition, int] = consumer.beginning_offsets(list(partitions.values()))
    ends: Mapping[TopicPartition, int] = consumer.end_offsets(list(partitions.values()))
    sources = [TopicSource(topic, begins[at], ends[at], consumer) for topic, at in partitions.items()]
    name = f"kafka {cluster.bootstrap}"
    copies = [
        Copy(f"{name} for {source.topic.reader}", source.topic.origin, source, hides=_hides(source.topic))
        for source in sources
    ]
    return BrokerHolder(name, sorted(copies, key=lambda copy: copy.hides), sources)


def _hides(topic: LogTopic) -> bool:
    return not reads_everything(topic.origin, topic.reader)


def _read(origin: str, headers: list[tuple[str, bytes]], value: bytes | None) -> Record | Unreadable:
    try:
        return read(origin, headers, value)
    except Unreadable as why:
        return why


def _away(cluster: Cluster, fault: BaseException) -> Unavailable:
    text = f"Kafka at {cluster.bootstrap} cannot be read ({type(fault).__name__}: {fault}): nothing was verified there."
    return Unavailable("KAFKA_AWAY", text)
