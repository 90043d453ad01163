"""What tests of the log on Kafka share: agencies, entries as relays hand them over, readers that check everything."""

import asyncio
import io
from collections.abc import Callable, Sequence

import orjson
from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.consumer.fetcher import ConsumerRecord
from tests.servers.kafka import provide

from nrm_kernel.adapters.log_kafka import KafkaLog
from nrm_kernel.adapters.log_kafka_outbox import Outbox
from nrm_kernel.entry import Entry, Json, canonical
from nrm_kernel.errors import Unavailable
from nrm_kernel.log import Behind, Published
from nrm_kernel.log_topics import Cluster
from nrm_kernel.telemetry import log_to
from nrm_kernel.testing.log_contract import COORDINATOR, ORIGIN, OTHER, follower, signed

READERS = (ORIGIN, OTHER, COORDINATOR)
TRACE_ID = "ab" * 16
WAIT_S = 300
RETRY_S = 0.2


def told(position: int) -> Published:
    """An entry with an envelope as the kernel writes it; every third one is a notice to the other agency."""
    envelope: dict[str, Json] = {
        "id": f"{position:032x}",
        "origin": ORIGIN,
        "position": position,
        "recorded_at": "2026-01-02T03:04:05.000000Z",
        "schema": 1,
        "stream": f"person-{position % 7}",
        "type": "toy.Counted",
    }
    if position % 3 == 0:
        return Published(Entry.of(ORIGIN, position, canonical({**envelope, "to": OTHER})), "notice", OTHER)
    return Published(Entry.of(ORIGIN, position, canonical({**envelope, "trace_id": TRACE_ID})), "own")


def history(count: int) -> list[Published]:
    """The first entries."""
    return [told(position) for position in range(count)]


async def published(log: KafkaLog, entries: Sequence[Published], step: int = 10, first: int = 0) -> None:
    """Publish in steps, as a relay does; where the log is behind, from what it lacks."""
    at = first
    while at < len(entries):
        try:
            await log.publish(ORIGIN, entries[at : at + step], signed(entries[: at + step]))
        except Behind as behind:
            at = int(behind.facts["held"])
            continue
        at += step


async def read_to(log: KafkaLog, reader: str, size: int) -> list[Entry]:
    """Follow the log until that size. Every step is checked against its checkpoint."""
    following = follower(log, reader)
    entries: list[Entry] = []
    async with asyncio.timeout(WAIT_S):
        while following.frontier.size < size:
            try:
                covered = await following.next()
                if covered is None:
                    await following.wait(WAIT_S)
                    continue
            except Unavailable:  # as every loop does: wait until it is back
                await asyncio.sleep(RETRY_S)
                continue
            entries.extend(covered.entries)
    return entries


async def until(is_so: Callable[[], bool]) -> None:
    """Wait for something that others bring about."""
    async with asyncio.timeout(WAIT_S):
        while not is_so():  # noqa: ASYNC110 - nobody tells when
            await asyncio.sleep(0.05)


class Lines:
    """A log whose lines can be read."""

    def __init__(self) -> None:
        self._stream = io.BytesIO()
        self.log = log_to(self._stream)

    def events(self) -> list[str]:
        """The events so far."""
        return [line["event"] for line in self.whole()]

    def whole(self) -> list[dict[str, str]]:
        """The lines so far."""
        return [orjson.loads(line) for line in self._stream.getvalue().splitlines()]


def opened(cluster: Cluster, agency: str = COORDINATOR, lines: Lines | None = None) -> KafkaLog:
    """The log as that agency gets it."""
    return KafkaLog(cluster, agency, lambda: READERS, lines.log if lines else None)


def outbox_of(log: KafkaLog) -> Outbox:
    """What a log that is connected knows of what was published."""
    assert log._connection is not None
    return log._connection.outbox(ORIGIN)


def records_of(cluster: Cluster, topic: str) -> list[ConsumerRecord]:
    """Everything on a topic, read by another client."""
    consumer = KafkaConsumer(**cluster.options(), group_id=None, enable_auto_commit=False)
    try:
        partition = TopicPartition(topic, 0)
        consumer.assign([partition])
        consumer.seek_to_beginning(partition)
        end = consumer.end_offsets([partition])[partition]
        found: list[ConsumerRecord] = []
        while consumer.position(partition) < end:
            found.extend(record for records in consumer.poll(1_000).values() for record in records)
        return found
    finally:
        consumer.close()


def made_anew(cluster: Cluster, *topics: str) -> None:
    """Delete these topics and make them again, empty."""
    admin = KafkaAdminClient(**cluster.options())
    try:
        admin.delete_topics(list(topics))
        while set(topics) & set(admin.list_topics()):
            pass
    finally:
        admin.close()
    provide(cluster, *READERS)
