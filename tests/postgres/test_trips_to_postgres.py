"""How often the server is asked: what goes to different tables goes together, and nobody is told what it wrote."""

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table

from nrm.servers.postgres import Place
from nrm_kernel.adapters import postgres_rows
from nrm_kernel.adapters.postgres_access import PostgresAccess, Transaction
from nrm_kernel.adapters.store_postgres import PostgresStore
from nrm_kernel.adapters.views_postgres import PostgresViews
from nrm_kernel.projecting import Moved
from nrm_kernel.testing import toy
from nrm_kernel.testing.store_contract import appending
from nrm_kernel.testing.toy import VIEW, Raise
from nrm_kernel.testing.views_contract import fact, stretch
from nrm_kernel.views import Add, Change, Put, Remove

ORIGIN = toy.ORIGIN
metadata = MetaData()
one, other = (
    Table(name, metadata, Column("key", String, primary_key=True), Column("number", Integer))
    for name in ("one", "other")
)


class Trips(Transaction):
    """Keeps what it was asked instead of asking."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Sequence[object]]] = []

    async def rows(self, query: str, *values: object) -> Sequence[object]:
        self.asked.append((query, values))
        return []


async def asked(changes: Sequence[Change], *beside: str) -> list[tuple[str, Sequence[object]]]:
    trips = Trips()
    await postgres_rows.apply(trips, changes, beside, *(["beside"] if beside else []))
    return trips.asked


async def test_what_goes_to_different_tables_is_one_statement_with_its_parameters_in_order() -> None:
    changes: list[Change] = [Add(one, {"key": "a", "number": 1}), Put(other, {"key": "b", "number": 2})]
    ((query, values),) = await asked(changes, "UPDATE head SET at = $1")
    assert query == (
        "WITH s0 AS (UPDATE head SET at = $1), "
        's1 AS (INSERT INTO one ("key", "number") SELECT * FROM unnest($2::TEXT[], $3::INTEGER[])) '
        'INSERT INTO other ("key", "number") SELECT * FROM unnest($4::TEXT[], $5::INTEGER[]) '
        'ON CONFLICT ("key") DO UPDATE SET "number" = excluded."number"'
    )
    assert values == ("beside", ("a",), (1,), ("b",), (2,))


async def test_the_steps_of_one_table_follow_each_other() -> None:
    changes: list[Change] = [
        Remove(one, {"key": "a"}),
        Put(one, {"key": "a", "number": 1}),
        Add(other, {"key": "b", "number": 2}),
    ]
    first, second = await asked(changes)
    assert first[0].startswith("WITH s0 AS (DELETE FROM one")
    assert "INSERT INTO other" in first[0]
    assert second[0].startswith("INSERT INTO one")
    assert second[1] == (("a",), (1,))


async def test_without_changes_only_what_stands_beside_is_asked() -> None:
    assert await asked([], "SELECT $1") == [("SELECT $1", ("beside",))]
    assert await asked([]) == []


def test_what_comes_last_sees_what_stood_beside_in_the_first_trip_alone() -> None:
    changes: list[Change] = [Remove(one, {"key": "a"}), Put(one, {"key": "a", "number": 1})]
    first, second = postgres_rows.trips(changes, ["SELECT $1"], "beside", last=["SELECT count(*) FROM s0"])
    assert first.statement == (
        'WITH s0 AS (SELECT $1), s1 AS (DELETE FROM one WHERE ("key") IN (SELECT * FROM unnest($2::TEXT[]))) '
        "SELECT count(*) FROM s0"
    )
    assert second.statement.startswith("INSERT INTO one")


async def test_a_view_takes_a_stretch_in_one_trip_and_asks_more_only_when_it_does_not_fit(
    database: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def rows(access: PostgresAccess, query: str, *values: object) -> Sequence[object]:
        asked.append(query)
        return await ask(access, query, *values)

    ask = PostgresAccess.rows
    views = await PostgresViews.open(database.url, [VIEW])
    monkeypatch.setattr(PostgresAccess, "rows", rows)
    monkeypatch.delattr(PostgresAccess, "writing")
    await views.apply([fact(0)], stretch(0, 1))
    await views.apply([fact(1)], stretch(1, 1))
    assert len(asked) == 2
    monkeypatch.undo()
    with pytest.raises(Moved):
        await views.apply([fact(1)], stretch(1, 1))
    with pytest.raises(Moved):
        await views.apply([fact(3)], stretch(3, 1))
    await views.close()


async def test_a_process_is_told_of_what_others_write_and_not_of_what_it_wrote(
    database: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, others = [await PostgresStore.open(database.url, ORIGIN) for _ in range(2)]
    looked, told, told_at = asyncio.Semaphore(0), asyncio.Event(), []

    async def size() -> int:
        looked.release()
        return await PostgresStore.size(own)

    async with appending(own) as appender, appending(others) as appender_of_others:
        await appender.submit(toy.order(Raise(1), "k1"))
        monkeypatch.setattr(own, "size", size)
        watching = asyncio.create_task(own.watch(told.set))
        for _ in range(2):  # when it looks again, it has told what it saw before
            await looked.acquire()
        told_at.append(told.is_set())
        await appender_of_others.submit(toy.order(Raise(1), "k2"))
        await told.wait()
        watching.cancel()
    assert told_at == [False]
    for store in (own, others):
        await store.close()
