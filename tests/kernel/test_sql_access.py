"""A database file under one writer: whatever is cancelled, full or locked, the next writer finds it in order."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection
from tests.kernel.numbers import METADATA, add, count

from nrm_kernel.adapters import sql_access
from nrm_kernel.adapters.sql_access import SqliteAccess
from nrm_kernel.adapters.store_sql import SqlStore
from nrm_kernel.adapters.worker import Worker
from nrm_kernel.appender import Answer
from nrm_kernel.errors import DataLoss, Unavailable
from nrm_kernel.ledger.merkle import Frontier
from nrm_kernel.store import Cursor, Wanted
from nrm_kernel.testing import toy
from nrm_kernel.testing.store_contract import appending, at_once
from nrm_kernel.testing.toy import Raise


@pytest.fixture
async def access(tmp_path: Path) -> AsyncIterator[SqliteAccess]:
    access = SqliteAccess(tmp_path / "numbers.sqlite", METADATA, durable=True)
    yield access
    await access.close()


async def test_who_open_a_new_file_at_once_all_get_in(tmp_path: Path) -> None:
    """SQLite refuses at once whoever is there while another brings the file to WAL mode."""
    together = threading.Barrier(4)

    def opened(number: int) -> SqliteAccess:
        together.wait()
        return SqliteAccess(tmp_path / f"{number}.sqlite", METADATA, durable=False)

    for number in range(30):
        for access in await asyncio.gather(*(asyncio.to_thread(opened, number) for _ in range(together.parties))):
            await access.close()


async def added(access: SqliteAccess) -> None:
    """A transaction of its own for one row more."""
    async with access.session() as session:
        await session.run(count)
        await session.commit(add)


class Gate:
    """A step that stays in the thread until it is let go."""

    def __init__(self) -> None:
        self.entered, self.open = threading.Event(), threading.Event()

    def step(self, _connection: Connection) -> bool:
        self.entered.set()
        return self.open.wait(60)

    async def is_entered(self) -> None:
        assert await asyncio.to_thread(self.entered.wait, 60)


async def adding(access: SqliteAccess, gate: Gate) -> "asyncio.Task[None]":
    """Somebody whose commit is under way, and not finished before the gate is open."""

    def step(connection: Connection) -> None:
        assert gate.step(connection)
        add(connection)

    async def slow() -> None:
        async with access.session() as session:
            await session.commit(step)

    going = asyncio.create_task(slow())
    await gate.is_entered()
    return going


async def test_a_commit_whose_caller_goes_away_is_finished_before_the_next_begins(access: SqliteAccess) -> None:
    gate = Gate()
    going = await adding(access, gate)
    going.cancel()
    following = asyncio.create_task(added(access))
    await asyncio.sleep(0.02)
    going.cancel()
    await asyncio.sleep(0.02)
    assert not following.done()
    gate.open.set()
    await following
    assert going.cancelled()
    assert await access.read(count) == 2


async def test_a_caller_who_goes_away_before_the_commit_leaves_nothing_and_no_lock(access: SqliteAccess) -> None:
    begun = asyncio.Event()

    async def unfinished() -> None:
        async with access.session() as session:
            await session.run(count)
            begun.set()
            await asyncio.sleep(5)

    going = asyncio.create_task(unfinished())
    await begun.wait()
    going.cancel()
    await added(access)
    assert await access.read(count) == 1


async def test_a_step_that_fails_is_undone(access: SqliteAccess) -> None:
    def fails(connection: Connection) -> None:
        add(connection)
        raise KeyError("a mistake")

    with pytest.raises(KeyError):
        async with access.session() as session:
            await session.commit(fails)
    await added(access)
    assert await access.read(count) == 1


async def test_another_processs_transaction_is_waited_for(access: SqliteAccess, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "numbers.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("INSERT INTO number VALUES (0)")
        waiting = asyncio.create_task(added(access))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        assert await access.read(count) == 0
        other.execute("COMMIT")
        await waiting
    assert await access.read(count) == 2


async def test_a_transaction_that_never_ends_is_not_waited_for_for_ever(
    access: SqliteAccess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql_access, "BUSY_TIMEOUT_MS", 50)
    with closing(sqlite3.connect(tmp_path / "numbers.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable) as refusal:
            await added(access)
    assert refusal.value.facts["cause"] == "OperationalError"
    await added(access)


async def test_readers_see_what_is_committed_and_nothing_else(access: SqliteAccess) -> None:
    gate = Gate()
    going = await adding(access, gate)
    assert await access.read(count) == 0
    gate.open.set()
    await going
    assert await access.read(count) == 1


async def test_readers_cannot_write(access: SqliteAccess) -> None:
    with pytest.raises(Unavailable):
        await access.read(add)


async def test_a_closed_file_is_closed_for_those_who_waited_too(tmp_path: Path) -> None:
    access = SqliteAccess(tmp_path / "closed.sqlite", METADATA, durable=True)
    gate = Gate()
    going = await adding(access, gate)
    closing_down = asyncio.create_task(access.close())
    await asyncio.sleep(0)
    late = asyncio.create_task(added(access))
    gate.open.set()
    await asyncio.gather(going, closing_down)
    with pytest.raises(Unavailable) as refusal:
        await late
    assert refusal.value.reason == "STORE_CLOSED"


async def test_those_who_wait_for_a_reader_are_told_when_the_file_is_closed(tmp_path: Path) -> None:
    access = SqliteAccess(tmp_path / "closed.sqlite", METADATA, durable=True)
    gate = Gate()
    reading = [asyncio.create_task(access.read(gate.step)) for _ in range(sql_access.READERS)]
    await gate.is_entered()
    closing_down = asyncio.create_task(access.close())
    await asyncio.sleep(0.02)
    late = [asyncio.create_task(access.read(count)) for _ in range(3)]
    await asyncio.sleep(0.02)
    gate.open.set()
    assert await asyncio.gather(*reading) == [True] * sql_access.READERS
    await closing_down
    outcomes = await asyncio.gather(*late, return_exceptions=True)
    assert {one.reason for one in outcomes if isinstance(one, Unavailable)} == {"STORE_CLOSED"}


async def test_who_goes_away_while_the_file_is_closed_does_not_wait_for_ever(access: SqliteAccess) -> None:
    gate = Gate()
    reading = asyncio.create_task(access.read(gate.step))
    await gate.is_entered()
    closing_down = asyncio.create_task(access.close())
    await asyncio.sleep(0.02)
    reading.cancel()
    await asyncio.sleep(0.02)
    gate.open.set()
    async with asyncio.timeout(60):
        await closing_down
        await asyncio.wait([reading])
    assert reading.cancelled()


async def test_a_full_disk_records_nothing_and_is_used_again_when_there_is_room(tmp_path: Path) -> None:
    store = await SqlStore.open_sqlite(tmp_path / "store.sqlite", toy.ORIGIN)
    writer = store._access._connection.connection
    async with appending(store) as appender:
        await appender.submit(toy.order(Raise(1)))
        ((pages,),) = writer.cursor().execute("PRAGMA page_count").fetchall()
        writer.cursor().execute(f"PRAGMA max_page_count={pages}")
        outcomes = [await at_once(appender, [toy.order(Raise(1))]) for _ in range(40)]
        size = 1 + sum(isinstance(one, Answer) for (one,) in outcomes)
        assert {one.reason for (one,) in outcomes if isinstance(one, Unavailable)} == {"STORE_UNAVAILABLE"}
        assert await store.size() == size
        writer.cursor().execute("PRAGMA max_page_count=1000000")
        await appender.submit(toy.order(Raise(1)))
    entries = await store.stream("counter-one")
    assert [entry.seq for entry in entries] == list(range(size + 1))
    await store.close()


@pytest.mark.parametrize(
    ("name", "why"), [("gone/x.sqlite", "unable to open"), (".", "unable to open"), ("junk.sqlite", "not a database")]
)
async def test_a_file_that_cannot_be_opened_is_named_with_the_reason(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "junk.sqlite").write_text("no database" * 100)
    with pytest.raises(Unavailable, match=why) as refused:
        SqliteAccess(tmp_path / name, METADATA, durable=True)
    assert refused.value.text.startswith(f"{tmp_path / name} cannot be opened: ")


async def test_a_store_of_another_origin_is_not_opened(tmp_path: Path) -> None:
    store = await SqlStore.open_sqlite(tmp_path / "store.sqlite", toy.ORIGIN)
    await store.close()
    with pytest.raises(DataLoss) as refusal:
        await SqlStore.open_sqlite(tmp_path / "store.sqlite", toy.ELSEWHERE)
    assert refusal.value.reason == "STORE_OF_ANOTHER_ORIGIN"


@pytest.mark.parametrize("statement", ["UPDATE entry SET body = x'7b7d'", "DELETE FROM entry"])
async def test_entries_are_never_changed_by_whoever_has_the_file(tmp_path: Path, statement: str) -> None:
    store = await SqlStore.open_sqlite(tmp_path / "store.sqlite", toy.ORIGIN)
    async with appending(store) as appender:
        await appender.submit(toy.order(Raise(1)))
    with (
        closing(sqlite3.connect(tmp_path / "store.sqlite")) as connection,
        pytest.raises(sqlite3.IntegrityError, match="never changed"),
    ):
        connection.execute(statement)
    await store.close()


def settings(connection: Connection) -> list[object]:
    return [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")]


async def test_a_store_waits_for_the_disk_with_every_entry_also_after_what_may_wait(tmp_path: Path) -> None:
    store = await SqlStore.open_sqlite(tmp_path / "store.sqlite", toy.ORIGIN)
    assert await store.change(settings) == ["wal", 2]
    await store.move(Cursor("reader", Frontier()))
    assert await store.change(settings) == ["wal", 2]
    await store.close()


async def test_a_store_has_the_files_lock_before_it_reads_what_it_will_write_on(tmp_path: Path) -> None:
    store = await SqlStore.open_sqlite(tmp_path / "store.sqlite", toy.ORIGIN)
    with closing(sqlite3.connect(tmp_path / "store.sqlite", timeout=0, isolation_level=None)) as other:
        async with store.writing(Wanted()):  # nothing is written yet: a transaction that began deferred would not bar
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
        other.execute("BEGIN IMMEDIATE")
    await store.close()


async def test_every_commit_waits_for_the_disk(access: SqliteAccess, tmp_path: Path) -> None:
    async with access.session() as session:
        assert await session.run(settings) == ["wal", 2]
    loose = SqliteAccess(tmp_path / "loose.sqlite", METADATA, durable=False)
    async with loose.session() as session:
        assert await session.run(settings) == ["wal", 1]
    await loose.close()


async def test_a_worker_does_one_thing_after_another_and_gives_back_what_each_raises() -> None:
    worker, order = Worker("test"), list[int]()

    def work(number: int) -> int:
        order.append(number)
        if number == 3:
            raise KeyError(number)
        return number

    results = await asyncio.gather(*(worker.do(partial(work, number)) for number in range(6)), return_exceptions=True)
    assert order == list(range(6))
    assert [type(one).__name__ for one in results] == ["int"] * 3 + ["KeyError"] + ["int"] * 2
    await worker.end()
