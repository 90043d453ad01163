"""What others may leave on a topic, or take from it: no reader stands still and nobody is kept from publishing."""

import asyncio
from collections.abc import Callable
from typing import cast

import pytest
from aiokafka import ConsumerRecord
from kafka import KafkaAdminClient, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType
from tests.kafka.logs import Lines, history, opened, published, read_to, records_of

from nrm_kernel.adapters import log_kafka_probe, log_kafka_window
from nrm_kernel.adapters.log_kafka import KafkaLog
from nrm_kernel.adapters.log_kafka_window import Window
from nrm_kernel.log import Behind
from nrm_kernel.log_headers import POSITION, TRACE
from nrm_kernel.log_topics import Cluster, LogTopic
from nrm_kernel.testing.log_contract import COORDINATOR, ORIGIN

COPY = LogTopic(ORIGIN, COORDINATOR)
HEADERS = [("nrm-record", b"entry"), (POSITION, b"3")]


class NoText(str):
    """A header's name whose bytes are no UTF-8."""

    __slots__ = ()

    def encode(self, *_: object, **__: object) -> bytes:
        return b"\xff"


def headers_name_is_no_text(cluster: Cluster) -> None:
    producer = KafkaProducer(**cluster.options())
    producer.send(COPY.name, b"x", headers=[*HEADERS, (NoText("x"), b"1")]).get(timeout=120)
    producer.close()


def packed_as_readers_cannot(cluster: Cluster) -> None:
    """A batch that they have no program for, on a topic that is not set as it should be."""
    admin = KafkaAdminClient(**cluster.options())
    admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, COPY.name, {"compression.type": "producer"})])
    admin.close()
    producer = KafkaProducer(**cluster.options(), compression_type="zstd")
    producer.send(COPY.name, b"x" * 5_000, headers=HEADERS).get(timeout=120)
    producer.close()


def said_twice(cluster: Cluster) -> None:
    """Headers that contradict each other."""
    producer = KafkaProducer(**cluster.options())
    twice = [("nrm-record", b"run"), (POSITION, b"9"), *HEADERS]
    producer.send(COPY.name, b"x" * 32, headers=twice).get(timeout=120)
    producer.close()


def in_a_transaction(cluster: Cluster) -> None:
    """What marks its end takes the topic's last offset, and is given to no reader."""
    producer = KafkaProducer(**cluster.options(), transactional_id="restored")
    producer.init_transactions()
    producer.begin_transaction()
    producer.send(COPY.name, b"x", headers=HEADERS)
    producer.commit_transaction()
    producer.close()


@pytest.mark.parametrize("put", [headers_name_is_no_text, packed_as_readers_cannot, said_twice, in_a_transaction])
async def test_it_is_parked_once_and_everything_else_is_read_and_published(
    cluster: Cluster, put: Callable[[Cluster], None]
) -> None:
    lines, entries = Lines(), history(20)
    first = opened(cluster, lines=lines)
    await published(first, entries[:10])
    await read_to(first, COORDINATOR, 10)
    await asyncio.to_thread(put, cluster)
    second = opened(cluster, lines=lines)
    assert await second.size(ORIGIN) == 10
    await published(second, entries, first=10)
    for log in (first, second):
        assert await read_to(log, COORDINATOR, 20) == [one.entry for one in entries]
        await log.close()
    assert "record_parked" in lines.events()


async def test_what_nobody_signed_keeps_no_entry_from_a_reader(cluster: Cluster) -> None:
    """The last record says that the topic reaches far; it is one that anybody makes who can write there."""
    first, entries = opened(cluster), history(20)
    await published(first, entries[:10])
    await first.close()
    await asyncio.to_thread(far_ahead, cluster)
    log = opened(cluster)
    await published(log, entries, first=10)
    assert await read_to(log, COORDINATOR, 20) == [one.entry for one in entries]
    await log.close()


def far_ahead(cluster: Cluster) -> None:
    producer = KafkaProducer(**cluster.options())
    producer.send(COPY.name, b"x" * 32, headers=[("nrm-record", b"run"), (POSITION, b"9" * 12)]).get(timeout=120)
    producer.close()


async def test_a_record_whose_headers_have_no_value_comes_to_whoever_says_what_it_is() -> None:
    """The library would drop it: neither taken nor parked."""
    nothing = cast(bytes, None)
    raw = ConsumerRecord[bytes, bytes](COPY.name, 0, 3, -1, -1, None, b"x", None, -1, 1, ((TRACE, nothing),))
    message = await log_kafka_window._unread(raw)
    assert message.raw_message is raw


async def test_a_topic_with_more_partitions_has_everything_in_the_first(cluster: Cluster) -> None:
    """The library would give each batch to a partition that it draws."""
    admin = KafkaAdminClient(**cluster.options())
    admin.create_partitions({COPY.name: 3})
    admin.close()
    log, entries = opened(cluster), history(20)
    await published(log, entries, step=2)
    assert await read_to(log, COORDINATOR, 20) == [one.entry for one in entries]
    assert len(await asyncio.to_thread(records_of, cluster, COPY.name)) == 20 + 10
    await log.close()


async def test_what_could_not_be_taken_is_taken_again_and_nothing_behind_it_comes_first(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library would go on behind it, or come back at once and for ever."""
    monkeypatch.setattr(log_kafka_window, "RETRY_S", 0.01)
    take, faults = Window._take, iter([RuntimeError(), RuntimeError()])

    async def faulty(window: Window, raw: "ConsumerRecord[bytes, bytes]") -> bool:
        if raw.offset == 7 and (fault := next(faults, None)):
            raise fault
        return await take(window, raw)

    monkeypatch.setattr(Window, "_take", faulty)
    log, entries = opened(cluster), history(20)
    await published(log, entries, step=5)
    assert await read_to(log, COORDINATOR, 20) == [one.entry for one in entries]
    assert next(faults, None) is None
    await log.close()


async def test_a_topic_that_lost_its_beginning_is_filled_again_and_only_once(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when somebody set it to keep for a while what it is to keep for ever."""
    monkeypatch.setattr(log_kafka_probe, "AT_ONCE", 4)
    log, entries = opened(cluster), history(30)
    await published(log, entries)
    await log.beat(ORIGIN, "alive")
    await asyncio.to_thread(cut_off, cluster, 12)
    with pytest.raises(Behind) as behind:
        await log.beat(ORIGIN, "alive")
    assert behind.value.facts["held"] == "0"
    await published(log, entries)
    held = len(await asyncio.to_thread(records_of, cluster, COPY.name))
    for again in (log, opened(cluster)):
        await nothing_lacks(again)
        assert await read_to(again, COORDINATOR, 30) == [one.entry for one in entries]
        await again.close()
    assert len(await asyncio.to_thread(records_of, cluster, COPY.name)) == held


async def nothing_lacks(log: KafkaLog) -> None:
    """Whoever comes to publish finds everything there."""
    await log.beat(ORIGIN, "alive")
    assert await log.size(ORIGIN) == 30


def cut_off(cluster: Cluster, offset: int) -> None:
    """Delete what stands before that offset, as retention does."""
    admin = KafkaAdminClient(**cluster.options())
    admin.delete_records({TopicPartition(COPY.name, 0): offset})
    admin.close()
