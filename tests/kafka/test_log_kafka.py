"""What the shared log on Kafka promises beyond the contract, each against a real broker."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from kafka import KafkaProducer
from tests.kafka.logs import (
    READERS,
    TRACE_ID,
    Lines,
    history,
    made_anew,
    opened,
    outbox_of,
    published,
    read_to,
    records_of,
)
from tests.servers.kafka import provide

from nrm_kernel.adapters import log_kafka_window
from nrm_kernel.adapters.log_kafka import KafkaLog
from nrm_kernel.adapters.log_kafka_broker import Batches
from nrm_kernel.adapters.log_kafka_outbox import TopicsMissing
from nrm_kernel.entry import Entry, canonical
from nrm_kernel.log import Behind, Body, Fork, Record, Run
from nrm_kernel.log_headers import POSITION
from nrm_kernel.log_topics import Cluster, LogTopic, beat_topic
from nrm_kernel.testing.log_contract import COORDINATOR, ORIGIN, OTHER, THIRD, follower, signed

COPY = LogTopic(ORIGIN, COORDINATOR)


@pytest.fixture
async def log(cluster: Cluster) -> AsyncIterator[KafkaLog]:
    log = opened(cluster)
    yield log
    await log.close()


async def test_records_are_the_entries_byte_for_byte_with_cloudevents_headers(cluster: Cluster, log: KafkaLog) -> None:
    entries = history(5)
    await published(log, entries, step=5)
    records = records_of(cluster, LogTopic(ORIGIN, ORIGIN).name)
    assert [record.value for record in records[:5]] == [one.entry.body for one in entries]
    assert [record.key for record in records[:5]] == [one.entry.stream.encode() for one in entries]
    assert {record.partition for record in records} == {0}
    headers = dict(records[1].headers)
    assert headers["ce_specversion"] == b"1.0"
    assert headers["ce_id"] == f"{1:032x}".encode()
    assert headers["ce_type"] == b"toy.Counted.v1"
    assert headers["ce_source"] == f"urn:nrm:{ORIGIN}".encode()
    assert headers["ce_time"] == b"2026-01-02T03:04:05.000000Z"
    assert headers["traceparent"] == f"00-{TRACE_ID}-{TRACE_ID[:16]}-01".encode()
    assert records[5].value == signed(entries).encode()


async def test_who_may_not_read_a_body_gets_neither_its_stream_nor_its_type_nor_its_trace(
    cluster: Cluster, log: KafkaLog
) -> None:
    await published(log, history(6), step=6)
    records = records_of(cluster, LogTopic(ORIGIN, OTHER).name)
    assert [len(record.value) // 32 for record in records if record.key is None][:2] == [2, 2]
    for record in records:
        names = {name for name, _ in record.headers}
        assert "traceparent" not in names  # neither on what is hidden nor on a notice
        if record.key is None:
            assert names == {"nrm-record", POSITION}
    assert [record.key for record in records if record.key] == [b"person-0", b"person-3"]


async def test_the_producer_waits_for_every_replica_and_the_readers_commit_nothing(log: KafkaLog) -> None:
    await published(log, history(3))
    await read_to(log, COORDINATOR, 3)
    connection = log._connection
    assert connection is not None
    batches = connection.broker.config.broker_config.producer
    assert isinstance(batches, Batches)
    producer = batches._producer.producer
    assert producer._sender._acks == -1
    assert producer._txn_manager is not None  # what makes it idempotent
    assert producer._txn_manager.transactional_id is None
    (window,) = connection._windows[COPY]
    for consumer in (window._subscriber.consumer, connection.probe._consumer):
        assert consumer is not None
        assert consumer._group_id is None
        assert not consumer._enable_auto_commit
        assert consumer._auto_offset_reset == "earliest"


async def test_a_topic_that_is_missing_is_told_and_not_made_and_keeps_nobody_waiting(fresh_topics: Cluster) -> None:
    lines = Lines()
    log = opened(fresh_topics, lines=lines)
    with pytest.raises(TopicsMissing):
        await published(log, history(2))
    provide(fresh_topics, *READERS, leave_out=frozenset({COPY.name}))
    await published(log, history(4), step=2)
    assert await log.read(ORIGIN, COORDINATOR, 0, 10) == []
    provide(fresh_topics, *READERS)
    with pytest.raises(Behind):
        await log.beat(ORIGIN, "alive")
    await published(log, history(6), first=4)
    assert len(await read_to(log, COORDINATOR, 6)) == 6
    assert lines.events() == ["log_topics_missing", "log_topics_missing", "log_topics_complete"]
    await log.close()


async def test_a_relay_that_starts_is_told_what_was_signed_though_another_readers_topic_is_empty(
    cluster: Cluster, log: KafkaLog
) -> None:
    entries = history(4)
    await published(log, entries, step=2)
    made_anew(cluster, COPY.name)
    assert await log.size(ORIGIN) == 0
    assert await log.checkpoint(ORIGIN) == signed(entries)
    connection = log._connection
    assert connection is not None
    assert not connection._windows  # its own topic is looked at, and not read along from now on


async def test_a_reader_goes_on_in_the_middle_of_a_run_and_of_a_long_topic(cluster: Cluster, log: KafkaLog) -> None:
    entries = history(200)
    await published(log, entries, step=8)
    for after in (0, 1, 2, 100, 101, 199):
        fresh = opened(cluster, OTHER)
        records = await fresh.read(ORIGIN, OTHER, after, 1_000)
        await fresh.close()
        assert [leaf for record in records for leaf in leaves_of(record)] == [
            each.entry.leaf for each in entries[after:]
        ]


async def test_what_is_published_twice_is_read_once(cluster: Cluster, log: KafkaLog) -> None:
    entries = history(40)
    await published(log, entries)
    zombie = opened(cluster)  # knows nothing of what was published behind its back
    await zombie.size(ORIGIN)
    await published(zombie, entries[:20])
    outbox = outbox_of(zombie)
    outbox._tails = {reader: replace(tail, held=10, covered=10) for reader, tail in outbox._tails.items()}
    await published(zombie, entries, first=10)
    assert len(records_of(cluster, COPY.name)) > 40 + 4
    for reader in READERS:
        one, two = await asyncio.gather(read_to(log, reader, 40), read_to(zombie, reader, 40))
        assert one == two
    assert await read_to(log, COORDINATOR, 40) == [one.entry for one in entries]
    await zombie.close()


async def test_where_a_late_relay_said_again_what_stands_further_ahead_all_is_read(cluster: Cluster) -> None:
    """Offsets tell nothing of positions there: a reader would begin behind what it lacks, and stand still."""
    entries, log, late = history(40), opened(cluster), opened(cluster)
    await late.size(ORIGIN)
    await published(log, entries)
    for _ in range(3):
        await published(late, entries[:10], step=1)
        outbox = outbox_of(late)
        outbox._tails = {reader: replace(tail, held=0, covered=0) for reader, tail in outbox._tails.items()}
    for after in (0, 20, 30, 40):
        assert await read_once(cluster, after) == [each.entry.leaf for each in entries[after:]]
    with pytest.raises(Behind) as behind:  # whoever is among what was said again has the rest with the next beat
        await log.beat(ORIGIN, "alive")
    assert behind.value.facts["held"] == "10"
    await published(log, entries, first=10)
    for after in (0, 5, 10, 20, 40):
        assert await read_once(cluster, after) == [each.entry.leaf for each in entries[after:]]
    for each in (log, late):
        await each.close()


async def read_once(cluster: Cluster, after: int) -> list[bytes]:
    """The hashes that one who starts there is given at once."""
    log = opened(cluster)
    records = await log.read(ORIGIN, COORDINATOR, after, 1_000)
    await log.close()
    return [leaf for record in records for leaf in leaves_of(record)]


async def test_two_histories_on_one_topic_are_a_fork_and_not_a_duplicate(cluster: Cluster, log: KafkaLog) -> None:
    entries = history(10)
    await published(log, entries)
    await read_to(log, COORDINATOR, 10)
    body = canonical({"origin": ORIGIN, "other": 1, "position": 9})
    foreign_record(cluster, COPY.name, body, position=9)
    with pytest.raises(Fork):
        await read_for_ever(log)


async def test_a_topic_made_anew_while_a_reader_runs_is_noticed_and_filled_again(cluster: Cluster) -> None:
    lines = Lines()
    log = opened(cluster, lines=lines)
    entries = history(60)
    await published(log, entries[:30], step=1)  # many checkpoints: offsets run ahead of positions
    following = follower(log, COORDINATOR)
    while following.frontier.size < 30:
        await following.next()
    made_anew(cluster, COPY.name)
    with pytest.raises(Behind):
        await log.publish(ORIGIN, entries[30:31], signed(entries[:31]))
    await published(log, entries, step=30)  # fewer checkpoints: the same offsets are other positions
    while following.frontier.size < 60:
        if await following.next() is None:
            assert await following.wait(20)
    assert "log_restarted" in lines.events()
    assert await read_to(log, COORDINATOR, 60) == [one.entry for one in entries]
    await log.close()


async def test_a_wiped_log_is_found_out_by_the_heartbeat_and_by_the_size(cluster: Cluster, log: KafkaLog) -> None:
    entries = history(20)
    await published(log, entries)
    await log.beat(ORIGIN, "alive")
    outbox_of(log)._tails = {}  # as when it is looked for them while all are gone
    made_anew(cluster, *(LogTopic(ORIGIN, reader).name for reader in READERS))
    with pytest.raises(Behind):
        await log.beat(ORIGIN, "alive")
    assert await log.size(ORIGIN) == 0
    await published(log, entries)
    assert await log.size(ORIGIN) == 20
    assert await read_to(log, COORDINATOR, 20) == [one.entry for one in entries]


async def test_an_agency_that_joins_gets_everything_from_the_beginning(fresh_topics: Cluster) -> None:
    provide(fresh_topics, *READERS)
    readers = list(READERS)
    log = KafkaLog(fresh_topics, THIRD, lambda: readers)
    entries = history(30)
    await published(log, entries[:20])
    provide(fresh_topics, *READERS, THIRD)
    readers.append(THIRD)
    with pytest.raises(Behind):
        await log.publish(ORIGIN, entries[20:], signed(entries))
    await published(log, entries)
    following = follower(log, THIRD)
    while following.frontier.size < 30:
        await following.next()
    assert len(records_of(fresh_topics, COPY.name)) == 30 + 3  # the others got nothing twice
    await log.close()


async def test_topics_that_are_all_made_anew_are_filled_again_also_when_nothing_new_comes(cluster: Cluster) -> None:
    log, entries = opened(cluster), history(12)
    await published(log, entries, step=4)
    await log.beat(ORIGIN, "alive")
    outbox_of(log)._tails = {}  # as when it is looked for them while all are gone
    made_anew(cluster, *(LogTopic(ORIGIN, reader).name for reader in READERS))
    with pytest.raises(Behind):
        await log.beat(ORIGIN, "alive")
    await published(log, entries, step=4)
    assert await read_to(log, COORDINATOR, 12) == [one.entry for one in entries]
    await log.close()


async def test_a_slow_reader_leaves_the_rest_to_kafka(
    cluster: Cluster, log: KafkaLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_kafka_window, "AHEAD_MAX", 50)
    monkeypatch.setattr(log_kafka_window, "BEHIND_MAX", 20)
    monkeypatch.setattr(log_kafka_window, "TAKEN_MAX", 10)
    entries = history(1_000)
    await published(log, entries, step=20)
    following = follower(log, COORDINATOR)
    got: list[Entry] = []
    while len(got) < 1_000:
        covered = await following.next(limit=20)
        if covered is None:
            assert await following.wait(20)
            continue
        got.extend(covered.entries)
        assert log._connection is not None
        (window,) = log._connection._windows[COPY]
        assert len(window._items) < 200
        await asyncio.sleep(0.002)
    assert got == [one.entry for one in entries]


async def test_readers_at_different_places_do_not_disturb_each_other(log: KafkaLog) -> None:
    entries = history(100)
    await published(log, entries)
    first, later = follower(log, COORDINATOR), follower(log, COORDINATOR)
    for _ in range(5):
        await first.next(limit=10)
    for _ in range(5):
        await asyncio.gather(first.next(limit=10), later.next(limit=10))
    assert (first.frontier.size, later.frontier.size) == (100, 50)


async def test_a_heartbeat_needs_its_topic(fresh_topics: Cluster) -> None:
    provide(fresh_topics, *READERS, leave_out=frozenset({beat_topic(ORIGIN)}))
    log = opened(fresh_topics)
    with pytest.raises(TopicsMissing):
        await log.beat(ORIGIN, "alive")
    await log.close()


def foreign_record(cluster: Cluster, topic: str, value: bytes, position: int | None = None) -> None:
    """Somebody else writes to the topic."""
    headers = [] if position is None else [("nrm-record", b"entry"), (POSITION, b"%d" % position)]
    producer = KafkaProducer(**cluster.options())
    try:
        producer.send(topic, value, headers=headers).get(timeout=120)
    finally:
        producer.close()


def leaves_of(record: Record) -> list[bytes]:
    """The leaf hashes of the entries that a record stands for."""
    match record:
        case Body(position=position, body=body):
            return [Entry.of(ORIGIN, position, body).leaf]
        case Run(leaves=leaves):
            return list(leaves)
    return []


async def read_for_ever(log: KafkaLog) -> None:
    """Read the end of the log again and again."""
    for _ in range(100):
        await log.read(ORIGIN, COORDINATOR, 5, 100)
        await asyncio.sleep(0.1)
