"""Replicas of a service on one store: each takes commands, one at a time relays and reacts, and none does it twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import pytest
from tests.kernel.pair import ELSEWHERE, HERE, Side, handover, opened

from nrm.servers.postgres import Place
from nrm_kernel.adapters.lease_postgres import PostgresLeases
from nrm_kernel.adapters.store_postgres import PostgresStore
from nrm_kernel.appender import Answer
from nrm_kernel.entry import Entry
from nrm_kernel.lease import alone
from nrm_kernel.ledger.merkle import Frontier
from nrm_kernel.log import SharedLog
from nrm_kernel.store import Store, Wanted
from nrm_kernel.testing import toy
from nrm_kernel.testing.memory import MemoryLog, MemoryStore
from nrm_kernel.testing.store_contract import CALLERS, appending
from nrm_kernel.testing.toy import Announce, Raise, Raised

REPLICAS = 4


@pytest.fixture
async def replicas(database: Place) -> AsyncIterator[list[PostgresStore]]:
    """The same store as several processes open it."""
    stores = [await PostgresStore.open(database.url, ELSEWHERE) for _ in range(REPLICAS)]
    yield stores
    for store in stores:
        await store.close()


async def test_64_writers_on_several_replicas_leave_one_log_without_a_gap(replicas: list[PostgresStore]) -> None:
    async with AsyncExitStack() as stack:
        appenders = [await stack.enter_async_context(appending(store)) for store in replicas]

        async def caller(number: int) -> list[Answer]:
            appender = appenders[number % REPLICAS]
            return [await appender.submit(toy.order(Raise(1), f"k{number % 5}")) for _ in range(10)]

        answers = await asyncio.gather(*map(caller, range(CALLERS)))
    entries = await replicas[0].read(0, 10_000)
    assert [entry.position for entry in entries] == list(range(10 * CALLERS))
    positions = [int(answer.reply.split()[0]) for each in answers for answer in each]
    assert sorted(positions) == list(range(10 * CALLERS))
    assert all(Entry.of(ELSEWHERE, entry.position, entry.body).leaf == entry.leaf for entry in entries)
    for stream in {entry.stream for entry in entries}:
        chain = await replicas[1].stream(stream)
        assert [entry.seq for entry in chain] == list(range(len(chain)))
        assert [entry.text("prev") for entry in chain[1:]] == [entry.leaf.hex() for entry in chain[:-1]]
    async with replicas[2].writing(Wanted()) as writing:
        assert writing.frontier == Frontier().extend([entry.leaf for entry in entries])


async def test_stores_that_are_opened_at_the_same_moment_are_one(database: Place) -> None:
    stores = await asyncio.gather(*(PostgresStore.open(database.url, HERE) for _ in range(REPLICAS)))
    assert [await store.size() for store in stores] == [0] * REPLICAS
    for store in stores:
        await store.close()


async def effects(store: Store, log: SharedLog, count: int) -> list[int]:
    """What notices raised, once that many had their effect and everything is published."""
    raised: list[int] = []
    for _ in range(6_000):
        entries = await store.read(0, 1_000)
        raised = [entry.event.by for entry in entries if isinstance(entry.event, Raised)]
        if len(raised) >= count and await log.size(ELSEWHERE) == len(entries):
            return sorted(raised)
        await asyncio.sleep(0.02)
    raise AssertionError(f"{len(raised)} of {count} notices had an effect")


def at_work(side: Side, store: PostgresStore, leases: PostgresLeases) -> list[asyncio.Task[None]]:
    """A replica's relay and reactions, when it has their leases."""

    async def relaying() -> None:
        await side.relay.start()
        await side.relay.run()

    async def reacting() -> None:
        await (await side.reacting(HERE)).run()

    works = {"relay": relaying, "reactions": reacting}
    loops = [store.watch(side.relay.wake), *(alone(leases, name, work) for name, work in works.items())]
    return [asyncio.create_task(loop) for loop in loops]


async def ended(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_a_replica_goes_on_where_the_other_left_off(
    database: Place, replicas: list[PostgresStore], tmp_path: Path
) -> None:
    log = MemoryLog()
    async with AsyncExitStack() as stack:
        sender = await stack.enter_async_context(opened(MemoryStore(HERE), log, tmp_path))
        pair = [await stack.enter_async_context(opened(store, log, tmp_path)) for store in replicas[:2]]
        leases = PostgresLeases(database.url)
        works = [at_work(side, store, leases) for side, store in zip(pair, replicas, strict=False)]
        for turn, other in enumerate(pair[::-1]):
            for number in range(5):
                await sender.give(Raise(1 + 5 * turn + number, ELSEWHERE, handover(number)), f"k{number}")
            await sender.publish()
            done = 5 * (turn + 1)
            assert await effects(replicas[0], log, done) == list(range(1, done + 1))
            await other.give(Announce())  # published by the one that has the lease, taken by the one that has not
            await effects(replicas[0], log, done)
            await ended(works[turn])
        assert pair[0].relay.size < pair[1].relay.size
