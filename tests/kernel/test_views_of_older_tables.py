"""Views whose tables are others than the release's own are made again, whether or not somebody raised the version."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from sqlalchemy import Dialect, select
from sqlalchemy.dialects import postgresql, sqlite
from tests.kernel.older_tables import OLDER, SAME
from tests.kernel.pair import HERE
from tests.kernel.pair import opened as opened_side

from nrm_kernel.adapters.views_shown import ShownViews
from nrm_kernel.adapters.views_sql import SqlViews
from nrm_kernel.adapters.views_tables import made_by
from nrm_kernel.errors import Unavailable
from nrm_kernel.ledger.merkle import Frontier
from nrm_kernel.projecting import OwnSource, Projecting
from nrm_kernel.testing.fresh import dump
from nrm_kernel.testing.memory import MemoryLog, MemoryStore
from nrm_kernel.testing.toy import ORIGIN, VIEW, Raise, raised
from nrm_kernel.testing.views_contract import put, stretch
from nrm_kernel.views import View

each_older = pytest.mark.parametrize("older", OLDER.values(), ids=OLDER)


@asynccontextmanager
async def opened(folder: Path, view: View) -> AsyncIterator[SqlViews]:
    views = await SqlViews.open(folder, [view])
    yield views
    await views.close()


async def left_by(view: View, folder: Path) -> None:
    """What a release with this view leaves, three entries on."""
    async with opened(folder, view) as views:
        await views.apply([], stretch(0, 3))


@each_older
async def test_given_other_tables_of_the_same_version_when_opened_then_they_are_made_again(
    older: View, tmp_path: Path
) -> None:
    await left_by(older, tmp_path)
    for size in (0, 1):  # and once is enough
        async with opened(tmp_path, VIEW) as views:
            assert (await views.frontier(ORIGIN)).size == size
            await views.apply([put("a", size, told_to="x")], stretch(size, 1))
            assert (await dump(views, VIEW))["unannounced"] == [["a", size, "x"]]


@each_older
async def test_given_other_tables_of_the_same_version_when_only_read_then_they_are_not_shown(
    older: View, tmp_path: Path
) -> None:
    await left_by(older, tmp_path)
    with pytest.raises(Unavailable) as told:
        await ShownViews.open(tmp_path, [VIEW])
    assert told.value.reason == "VIEWS_NOT_SHOWN"


async def test_given_the_same_tables_when_opened_then_they_go_on_where_they_stood(tmp_path: Path) -> None:
    await left_by(SAME, tmp_path)
    async with opened(tmp_path, VIEW) as views:
        assert (await views.frontier(ORIGIN)).size == 3


@each_older
async def test_given_a_store_from_before_tables_had_a_digest_when_opened_then_its_entries_give_the_rows(
    older: View, tmp_path: Path
) -> None:
    folder = tmp_path / "views"
    await left_by(older, folder)
    with closing(sqlite3.connect(folder / "0001.sqlite")) as file, file:
        file.execute("UPDATE view_version SET views = 'counting.1'")
    store = MemoryStore(HERE)
    async with opened_side(store, MemoryLog(), tmp_path) as side, opened(folder, VIEW) as views:
        for by in (1, 2, 3):
            await side.give(Raise(by), "a")
        projecting = Projecting(OwnSource(store, Frontier()), [VIEW], views)
        while await projecting.step():
            pass
        assert [row.by for row in await views.rows(select(raised.c.by).order_by(raised.c.position))] == [1, 2, 3]


@pytest.mark.parametrize(
    ("dialect", "digest"),
    [
        (sqlite.dialect(), "ba666d5a8e367c36ab33b661584c6a7b47ee8ea848334da5829f8d3176a843a3"),
        (postgresql.dialect(), "e305f91c872ab90f30c18317d5349db725ba79101087de057f3a80b31abe80c6"),
    ],
    ids=["sqlite", "postgresql"],
)
def test_the_same_tables_have_the_same_digest_in_every_process(dialect: Dialect, digest: str) -> None:
    """A new SQLAlchemy may write a statement otherwise: this fails then, and every view is made again once."""
    assert made_by([VIEW], dialect) == f"counting.1 {digest}"
