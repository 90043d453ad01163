"""The shared log while brokers die: what was acknowledged is there, nothing is doubled, and the state is told once."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress

import pytest
from tests.kafka.logs import READERS, WAIT_S, Lines, history, opened, outbox_of, published, read_to, until
from tests.servers.kafka import own_names, provide, required

from nrm.servers.kafka import KafkaCluster, new_cluster
from nrm_kernel.adapters import log_kafka, log_kafka_outbox
from nrm_kernel.adapters.log_kafka import KafkaLog
from nrm_kernel.errors import Unavailable
from nrm_kernel.log import Published
from nrm_kernel.log_topics import LogTopic
from nrm_kernel.testing.log_contract import ORIGIN, OTHER, signed

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaCluster]:
    """One broker for tests that kill it."""
    with required():
        cluster = new_cluster(tmp_path_factory.mktemp("one"))
        cluster.start()
    try:
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture
def one(mortal: KafkaCluster, monkeypatch: pytest.MonkeyPatch) -> KafkaCluster:
    """The broker, running, with topics of the test's own."""
    own_names(monkeypatch)
    mortal.start()
    provide(mortal.cluster, *READERS)
    return mortal


async def relayed(log: KafkaLog, entries: list[Published], acknowledged: list[int]) -> None:
    """Publish as a relay does: what failed is tried again."""
    while (at := acknowledged[0]) < len(entries):
        with suppress(Unavailable):
            await published(log, entries[: at + 10], first=at)
            acknowledged[0] = min(at + 10, len(entries))
        await asyncio.sleep(0.02)


async def test_a_broker_killed_and_started_again_under_load_loses_and_doubles_nothing(
    one: KafkaCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_kafka_outbox, "PUBLISH_TIMEOUT_S", 2.0)
    entries, acknowledged, lines = history(600), [0], Lines()
    writer, reader = opened(one.cluster, ORIGIN, lines), opened(one.cluster, OTHER)
    relaying = asyncio.create_task(relayed(writer, entries, acknowledged))
    reading = asyncio.create_task(read_to(reader, OTHER, 600))
    await until(lambda: acknowledged[0] >= 200)
    await asyncio.to_thread(one.kill)
    held = acknowledged[0]
    await until(lambda: writer.is_away)
    await asyncio.to_thread(one.start)
    async with asyncio.timeout(WAIT_S):
        await relaying
        found = await reading
    assert held < 600
    assert found == [each.entry for each in entries if each.to == OTHER]
    assert await read_to(writer, ORIGIN, 600) == [each.entry for each in entries]
    told = [event for event in lines.events() if event.startswith("kafka")]
    assert told == ["kafka_away", "kafka_back"] * max(1, len(told) // 2)  # a busy broker may be away more than once
    assert {line["agency"] for line in lines.whole()} == {ORIGIN}, "agencies may share a process, and its lines"
    await writer.close()
    await reader.close()


async def test_a_log_that_is_away_is_told_at_once_and_let_go_of_in_time(
    one: KafkaCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_kafka_outbox, "PUBLISH_TIMEOUT_S", 1.0)
    log, entries = opened(one.cluster), history(20)
    await published(log, entries[:10])
    await asyncio.to_thread(one.kill)
    fresh = opened(one.cluster)
    with pytest.raises(Unavailable):
        await fresh.size(ORIGIN)
    await fresh.close()
    with pytest.raises(Unavailable):
        await log.publish(ORIGIN, entries[10:], signed(entries))
    async with asyncio.timeout(WAIT_S):
        await log.close()


async def test_who_publishes_hears_that_another_let_go_of_the_connection_and_goes_on(one: KafkaCluster) -> None:
    log, entries = opened(one.cluster), history(20)
    await published(log, entries[:10])
    await asyncio.to_thread(one.kill)
    publishing = asyncio.create_task(log.publish(ORIGIN, entries[10:], signed(entries)))
    outbox = outbox_of(log)
    await until(lambda: outbox._sending is not None or publishing.done())
    impatient = asyncio.create_task(log._let_go_of(log._connection))
    await asyncio.sleep(0)
    impatient.cancel()
    with pytest.raises(Unavailable):
        await publishing
    await asyncio.to_thread(one.start)
    await relayed(log, entries, [10])
    assert await read_to(log, ORIGIN, 20) == [each.entry for each in entries]
    await log.close()


async def test_a_consumer_that_cannot_be_closed_keeps_nobody_waiting(
    one: KafkaCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = opened(one.cluster, OTHER)
    await log.read(ORIGIN, OTHER, 0, 1)
    assert log._connection is not None
    probe, (window,) = log._connection.probe, log._connection._windows[LogTopic(ORIGIN, OTHER)]
    still_open = probe.stop, window.close
    monkeypatch.setattr(log_kafka, "CLOSE_TIMEOUT_S", 0.05)
    monkeypatch.setattr(probe, "stop", asyncio.Event().wait)
    monkeypatch.setattr(window, "close", asyncio.Event().wait)
    async with asyncio.timeout(WAIT_S / 10):
        await log.close()
    for stop in still_open:
        await stop()
