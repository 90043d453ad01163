"""Few rows are written and read where it stands, unless that would wait: for the disk, or for another process."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert
from tests.kernel.numbers import METADATA, NUMBER, add, count

from nrm_kernel.adapters import sql_access
from nrm_kernel.adapters.sql_access import LITTLE, SqliteAccess
from nrm_kernel.adapters.store_sql import SqlStore
from nrm_kernel.errors import Unavailable
from nrm_kernel.testing import toy
from nrm_kernel.testing.store_contract import appending, at_once
from nrm_kernel.testing.toy import Raise


@pytest.fixture
async def loose(tmp_path: Path) -> AsyncIterator[SqliteAccess]:
    access = SqliteAccess(tmp_path / "loose.sqlite", METADATA, durable=False)
    yield access
    await access.close()


@pytest.fixture
async def durable(tmp_path: Path) -> AsyncIterator[SqliteAccess]:
    access = SqliteAccess(tmp_path / "durable.sqlite", METADATA, durable=True)
    async with access.session() as session:
        await session.commit(add)  # which empties what an earlier process may have left
    yield access
    await access.close()


async def is_here(access: SqliteAccess, entries: int | None = 1, *, lasting: bool = True, wipes: bool = False) -> bool:
    """Whether the rows of so many entries were written where it stands."""
    async with access.session(lasting=lasting) as session:
        return await session.commit(add, entries=entries, wipes=wipes) == threading.get_ident()


async def test_the_rows_of_few_entries_are_written_where_it_stands(loose: SqliteAccess) -> None:
    assert [await is_here(loose, entries) for entries in (0, 1, LITTLE, LITTLE + 1, None)] == [True] * 3 + [False] * 2
    assert await loose.read(count) == 5


async def test_what_waits_for_the_disk_goes_by_the_thread(durable: SqliteAccess) -> None:
    assert not await is_here(durable)
    assert await is_here(durable, lasting=False)
    assert not await is_here(durable, lasting=False, wipes=True)


async def test_after_some_in_a_row_sqlite_brings_its_log_in_by_the_thread(
    loose: SqliteAccess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql_access, "IN_A_ROW", 3)
    monkeypatch.setattr(sql_access, "BRING_IN_PAGES", 1)
    file = tmp_path / "loose.sqlite"
    before = file.read_bytes()
    assert [await is_here(loose) for _ in range(3)] == [True] * 3
    assert file.read_bytes() == before
    assert not await is_here(loose)
    assert file.read_bytes() != before
    assert await is_here(loose)


async def test_another_processs_transaction_is_waited_for_in_the_thread(loose: SqliteAccess, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "loose.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(is_here(loose))
        await asyncio.sleep(0.02)
        assert not waiting.done()
        other.execute("COMMIT")
        assert not await waiting


async def test_few_rows_that_break_a_rule_are_undone(loose: SqliteAccess) -> None:
    def twice(connection: Connection) -> int:
        add(connection)
        connection.execute(insert(NUMBER).values(value=0))
        return add(connection)

    with pytest.raises(Exception, match="UNIQUE"):
        async with loose.session() as session:
            await session.commit(twice, entries=1)
    assert await loose.read(count) == 0
    assert await is_here(loose)


async def test_a_store_gives_the_same_entries_however_few_or_many_are_asked_for(tmp_path: Path) -> None:
    store = await SqlStore.open_sqlite(tmp_path / "store.sqlite", toy.ORIGIN)
    size = 2 * LITTLE + 1
    async with appending(store) as appender:
        await at_once(appender, [toy.order(Raise(1)) for _ in range(size)])
    for after in range(size + 1):
        for limit in (1, LITTLE - 1, LITTLE, LITTLE + 1, size, 1_000):
            due = list(range(after, min(size, after + limit)))
            assert [entry.position for entry in await store.read(after, limit)] == due
    await store.close()
    with pytest.raises(Unavailable):
        await store.read(0, 1)


async def test_an_entry_that_is_gone_hides_none_behind_it(tmp_path: Path) -> None:
    store = await SqlStore.open_sqlite(tmp_path / "store.sqlite", toy.ORIGIN)
    async with appending(store) as appender:
        await at_once(appender, [toy.order(Raise(1)) for _ in range(2 * LITTLE)])
    with closing(sqlite3.connect(tmp_path / "store.sqlite", isolation_level=None)) as other:
        for (trigger,) in other.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            other.execute(f"DROP TRIGGER {trigger}")
        other.execute(f"DELETE FROM entry WHERE position < {LITTLE + 2}")
    assert [entry.position for entry in await store.read(0, 1_000)] == list(range(LITTLE + 2, 2 * LITTLE))
    await store.close()


async def test_a_store_is_read_in_the_thread_while_it_cannot_be_read_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await SqlStore.open_sqlite(tmp_path / "store.sqlite", toy.ORIGIN)
    async with appending(store) as appender:
        await appender.submit(toy.order(Raise(1)))

    def locked(_access: SqliteAccess, _step: object) -> None:
        raise Unavailable("STORE_UNAVAILABLE", "locked")

    monkeypatch.setattr(SqliteAccess, "glance", locked)
    assert [entry.position for entry in await store.read(0, 1_000)] == [0]
    await store.close()
