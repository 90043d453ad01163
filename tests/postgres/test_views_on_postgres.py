"""The contract of views on a real PostgreSQL, and what several processes that share them may rely on."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import asyncpg
import pytest
from tests.kernel.older_tables import OLDER, SAME

from nrm.servers.postgres import Place
from nrm_kernel.adapters.views_postgres import PostgresViews
from nrm_kernel.errors import Unavailable
from nrm_kernel.projecting import Moved, RebuiltStore
from nrm_kernel.testing.fresh import dump
from nrm_kernel.testing.toy import ORIGIN, VIEW
from nrm_kernel.testing.views_contract import ViewsContract, fact, put, stretch


class TestPostgresViews(ViewsContract):
    """In a database of its own."""

    @pytest.fixture
    async def views(self, database: Place) -> AsyncIterator[RebuiltStore]:
        views = await PostgresViews.open(database.url, [VIEW])
        yield views
        await views.close()


@pytest.fixture
async def pair(database: Place) -> AsyncIterator[tuple[PostgresViews, PostgresViews]]:
    """The same views as two processes open them."""
    one, two = [await PostgresViews.open(database.url, [VIEW]) for _ in range(2)]
    yield one, two
    await one.close()
    await two.close()


async def generations(database: Place) -> list[tuple[int, bool]]:
    """What is listed; each has its schema and there is no other."""
    connection = await asyncpg.connect(database.owner_url)
    listed = await connection.fetch("SELECT number, shown FROM view_generation ORDER BY number")
    schemas = await connection.fetch("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'views%' ORDER BY 1")
    await connection.close()
    assert [name for (name,) in schemas] == [f"views_{number:04}" for number, _ in listed]
    return [(number, shown) for number, shown in listed]


async def test_what_one_process_applies_the_other_sees_and_does_not_apply_again(
    pair: tuple[PostgresViews, PostgresViews],
) -> None:
    one, two = pair
    await one.apply([fact(0)], stretch(0, 1))
    assert (await two.frontier(ORIGIN)).size == 1
    with pytest.raises(Moved):
        await two.apply([fact(0)], stretch(0, 1))
    outcomes = await asyncio.gather(
        *(views.apply([fact(1)], stretch(1, 1)) for views in pair for _ in range(4)), return_exceptions=True
    )
    assert sum(outcome is None for outcome in outcomes) == 1
    assert sum(isinstance(outcome, Moved) for outcome in outcomes) == 7
    assert len((await dump(two, VIEW))["raised"]) == 2


async def test_when_one_process_made_the_views_again_the_other_goes_on_with_the_new_rows(
    pair: tuple[PostgresViews, PostgresViews], database: Place
) -> None:
    one, two = pair
    await one.apply([fact(0)], stretch(0, 1))
    for by in (2, 3):
        fresh = await one.beside()
        await fresh.apply([fact(0, by=by), fact(1)], stretch(0, 2))
        await one.replace_by(fresh)
        if by == 2:
            assert (await dump(two, VIEW))["raised"][0][-1] == 2
        with pytest.raises(Moved) as refusal:
            await two.apply([fact(1)], stretch(1, 1))
        assert refusal.value.facts["position"] == "2"
        await two.apply([fact(2)], stretch(2, 1))
        assert [row[-1] for row in (await dump(one, VIEW))["raised"]] == [by, 1, 1]
    assert await generations(database) == [(3, True)]


async def test_what_a_dead_rebuild_left_is_thrown_away_but_not_one_under_way(database: Place) -> None:
    views = await PostgresViews.open(database.url, [VIEW])
    fresh = await views.beside()
    await (await PostgresViews.open(database.url, [VIEW])).close()
    assert await generations(database) == [(1, True), (2, False)]
    await fresh.close()  # as the end of its process would
    await (await PostgresViews.open(database.url, [VIEW])).close()
    assert await generations(database) == [(1, True)]
    await views.close()


async def test_rows_that_another_version_of_the_views_made_are_thrown_away(database: Place) -> None:
    old = await PostgresViews.open(database.url, [VIEW])
    await old.apply([fact(0)], stretch(0, 1))
    new = await PostgresViews.open(database.url, [replace(VIEW, version=2)])
    assert (await new.frontier(ORIGIN)).size == 0
    assert await generations(database) == [(2, True)]
    await old.close()
    await new.close()


@pytest.mark.parametrize(
    ("older", "stamp"),
    [("a column fewer", ""), ("an index more", ""), ("a column of another type", "counting.1")],
    ids=["a column", "an index", "from before tables had a digest"],
)
async def test_other_tables_of_the_same_version_are_made_again_and_once_is_enough(
    database: Place, older: str, stamp: str
) -> None:
    old = await PostgresViews.open(database.url, [OLDER[older]])
    await old.apply([], stretch(0, 3))
    await old.close()
    if stamp:
        await stamped(database, stamp)
    with pytest.raises(Unavailable, match="shows none that this release reads"):
        await PostgresViews.shown(database.url, [VIEW])
    for size in (0, 1):
        new = await PostgresViews.open(database.url, [VIEW])
        assert (await new.frontier(ORIGIN)).size == size
        await new.apply([put("a", size, told_to="x")], stretch(size, 1))
        assert (await dump(new, VIEW))["unannounced"] == [["a", size, "x"]]
        await new.close()
    assert await generations(database) == [(2, True)]


async def test_the_same_tables_defined_anew_go_on_where_they_stood(database: Place) -> None:
    old = await PostgresViews.open(database.url, [SAME])
    await old.apply([], stretch(0, 3))
    await old.close()
    new = await PostgresViews.open(database.url, [VIEW])
    assert (await new.frontier(ORIGIN)).size == 3
    await new.close()


async def stamped(database: Place, stamp: str) -> None:
    """As a release wrote that knew the names and versions alone."""
    connection = await asyncpg.connect(database.owner_url)
    await connection.execute("UPDATE view_generation SET views = $1", stamp)
    await connection.close()


async def test_views_can_be_thrown_away_while_they_are_read(pair: tuple[PostgresViews, PostgresViews]) -> None:
    one, two = pair
    await one.apply([fact(at) for at in range(50)], stretch(0, 50))
    seen: set[int] = set()
    done = asyncio.Event()

    async def reading() -> None:
        while not done.is_set():
            seen.add(len((await dump(two, VIEW))["raised"]))

    readers = [asyncio.create_task(reading()) for _ in range(2)]
    for _ in range(4):
        fresh = await one.beside()
        await fresh.apply([fact(at) for at in range(50)], stretch(0, 50))
        await one.replace_by(fresh)
    done.set()
    await asyncio.gather(*readers)
    assert seen == {50}
