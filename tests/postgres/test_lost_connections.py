"""Connections that are lost: what was saved is found out, what was not is told, and the next caller finds another."""

import asyncio
import uuid
from collections.abc import AsyncIterator

import asyncpg
import pytest
from asyncpg import exceptions
from sqlalchemy import text
from tests.postgres.wire import Wire, wire

from nrm.servers.postgres import Place
from nrm_kernel.adapters import store_postgres
from nrm_kernel.adapters.postgres_access import Patience
from nrm_kernel.adapters.store_postgres import PostgresStore
from nrm_kernel.adapters.views_postgres import PostgresViews
from nrm_kernel.entry import Entry
from nrm_kernel.errors import Unavailable
from nrm_kernel.ledger.merkle import Frontier
from nrm_kernel.store import Batch, Cursor, NewEntry, Reply, Wanted
from nrm_kernel.testing import toy
from nrm_kernel.testing.store_contract import appending, at_once
from nrm_kernel.testing.toy import ORIGIN, VIEW, Raise
from nrm_kernel.testing.views_contract import fact, stretch


@pytest.fixture
async def line(database: Place) -> AsyncIterator[Wire]:
    async with wire(database.url) as line:
        yield line


@pytest.fixture
async def store(line: Wire) -> AsyncIterator[PostgresStore]:
    store = await PostgresStore.open(line.url, ORIGIN)
    yield store
    await store.close()


async def test_a_commit_whose_answer_was_lost_is_found_in_the_store(store: PostgresStore, line: Wire) -> None:
    async with appending(store) as appender:
        await appender.submit(toy.order(Raise(1)))
        line.cut = "answer"
        answer = await appender.submit(toy.order(Raise(1)))
        assert (answer.reply, answer.replayed) == (b"1 2", False)
        assert (await appender.submit(toy.order(Raise(1)))).reply == b"2 3"
    assert [entry.seq for entry in await store.stream("counter-one")] == [0, 1, 2]


async def test_a_commit_that_never_came_is_told_and_can_be_given_again(store: PostgresStore, line: Wire) -> None:
    order = toy.order(Raise(1))
    async with appending(store) as appender:
        line.cut = "question"
        with pytest.raises(Unavailable, match="Nothing was saved") as refusal:
            await appender.submit(order)
        assert refusal.value.reason == "STORE_UNAVAILABLE"
        assert await store.size() == 0
        assert not (await appender.submit(order)).replayed
    assert await store.size() == 1


async def test_while_it_cannot_be_found_out_the_caller_hears_so_and_the_same_request_has_one_effect(
    store: PostgresStore, line: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_postgres, "FOUND_OUT_WITHIN_S", 0.1)
    order = toy.order(Raise(1))
    async with appending(store) as appender:
        line.cut, line.stays_down = "answer", True
        with pytest.raises(Unavailable, match="is not known") as refusal:
            await appender.submit(order)
        assert refusal.value.reason == "COMMIT_UNKNOWN"
        line.is_down = False
        again = await appender.submit(order)
        assert (again.reply, again.replayed) == (b"0 1", True)
    assert await store.size() == 1


async def test_a_reply_without_entries_is_found_too(store: PostgresStore, line: Wire) -> None:
    reply = Reply(str(uuid.uuid4()), b"hash", b"answer", "2026-01-01T00:00:00Z")
    line.cut = "answer"
    async with store.writing(Wanted()) as writing:
        await writing.commit(Batch(replies=[reply]))
    async with store.writing(Wanted(request_ids=[reply.request_id])) as writing:
        assert writing.replies == {reply.request_id: reply}


async def test_what_another_process_recorded_under_the_same_request_is_not_taken_for_ours(
    store: PostgresStore, line: Wire, database: Place
) -> None:
    request_id = str(uuid.uuid4())

    async def elsewhere() -> None:
        other = await PostgresStore.open(database.url, ORIGIN)
        async with appending(other) as appender:
            await appender.submit(toy.order(Raise(1), request_id=request_id))
        await other.close()

    line.cut = "question"
    entry = Entry.of(ORIGIN, 0, b"{}")
    reply = Reply(request_id, b"hash", b"0 1", "2026-01-01T00:00:00Z")
    async with store.writing(Wanted()) as writing:
        recording = asyncio.create_task(elsewhere())
        with pytest.raises(Unavailable):
            await writing.commit(Batch(entries=[NewEntry("s", 0, entry)], replies=[reply]))
    await recording
    assert await store.size() == 1
    assert (await store.read(0, 1))[0].leaf != entry.leaf


async def test_whoever_reads_next_finds_another_connection(store: PostgresStore, line: Wire) -> None:
    await store.move(Cursor("c", Frontier().extend([b"x" * 32])))
    line.break_off()
    await asyncio.sleep(0.05)
    assert await store.cursor("c") is not None
    assert await store.run(lambda connection: connection.scalar(text("SELECT 1"))) == 1
    line.break_off()
    await asyncio.sleep(0.05)
    assert await store.change(lambda connection: connection.scalar(text("SELECT 1"))) == 1
    async with appending(store) as appender:
        await appender.submit(toy.order(Raise(1)))
        line.break_off()
        await asyncio.sleep(0.05)
        await appender.submit(toy.order(Raise(1)))


async def test_a_database_that_is_away_is_told_and_found_again(store: PostgresStore, line: Wire) -> None:
    line.is_down = True
    line.break_off()
    async with appending(store) as appender:
        outcomes = await at_once(appender, [toy.order(Raise(1))])
        assert [one.reason for one in outcomes if isinstance(one, Unavailable)] == ["STORE_UNAVAILABLE"]
        for reading in (store.size(), store.run(lambda connection: connection.scalar(text("SELECT 1")))):
            with pytest.raises(Unavailable):
                await reading
        with pytest.raises(Unavailable):
            await PostgresStore.open(line.url, ORIGIN)
        line.is_down = False
        await appender.submit(toy.order(Raise(1)))
    assert await store.size() == 1


async def test_the_driver_says_nothing_of_its_own_while_it_looks_for_its_server(
    store: PostgresStore, line: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    """It would, with a traceback, each time. Who needs the database tells once that it is away."""
    await store.size()
    line.is_down = True
    line.break_off()
    async with asyncio.timeout(60):
        while not line.refused:  # noqa: ASYNC110 - the driver brings it about
            await asyncio.sleep(0.01)
    with pytest.raises(Unavailable):
        await store.size()
    assert [one.getMessage() for one in caplog.records if one.name.startswith("asyncpg")] == []


async def test_views_go_on_after_their_connections_were_lost(database: Place, line: Wire) -> None:
    views = await PostgresViews.open(line.url, [VIEW])
    await views.apply([fact(0)], stretch(0, 1))
    line.break_off()
    await asyncio.sleep(0.05)
    assert (await views.frontier(ORIGIN)).size == 1
    await views.apply([fact(1)], stretch(1, 1))
    assert (await views.completeness()).sizes == {ORIGIN: 2}
    await views.close()


async def test_a_fault_of_ours_is_no_lost_connection(store: PostgresStore) -> None:
    entry = Entry.of(ORIGIN, 0, b"{}")
    with pytest.raises(exceptions.UniqueViolationError):
        async with store.writing(Wanted()) as writing:
            await writing.commit(Batch(entries=[NewEntry("s", 0, entry), NewEntry("s", 0, entry)]))
    with pytest.raises(Exception, match="nowhere") as fault:
        await store.run(lambda connection: connection.execute(text("SELECT * FROM nowhere")))
    assert not isinstance(fault.value, Unavailable)
    with pytest.raises(Unavailable, match="Nothing was saved"):
        await store.run(lambda connection: connection.execute(text("UPDATE head SET one = 1")))
    async with appending(store) as appender:
        await appender.submit(toy.order(Raise(1)))


async def test_who_goes_away_while_it_writes_leaves_nothing_and_no_lock(store: PostgresStore) -> None:
    begun = asyncio.Event()

    async def unfinished() -> None:
        async with store.writing(Wanted()):
            begun.set()
            await asyncio.sleep(5)

    going = asyncio.create_task(unfinished())
    await begun.wait()
    going.cancel()
    async with asyncio.timeout(60), appending(store) as appender:
        await appender.submit(toy.order(Raise(1)))
    assert await store.size() == 1


async def test_a_head_that_is_held_for_too_long_is_waited_for_only_so_long(database: Place) -> None:
    store = await PostgresStore.open(database.url, ORIGIN, patience=Patience(lock_s=0.1))
    other = await asyncpg.connect(database.url)
    await other.execute("BEGIN; SELECT 1 FROM head FOR UPDATE")
    async with appending(store) as appender:
        with pytest.raises(Unavailable) as refusal:
            await appender.submit(toy.order(Raise(1)))
        assert refusal.value.facts["cause"] == "LockNotAvailableError"
        await other.close()
        await appender.submit(toy.order(Raise(1)))
    await store.close()


async def test_a_closed_store_says_so(database: Place) -> None:
    store = await PostgresStore.open(database.url, ORIGIN)
    await store.close()
    for call in (store.size(), store.change(lambda connection: connection.scalar(text("SELECT 1")))):
        with pytest.raises(Unavailable) as refusal:
            await call
        assert refusal.value.reason == "STORE_CLOSED"
    with pytest.raises(Unavailable):
        async with store.writing(Wanted()):
            pass
