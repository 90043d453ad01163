"""Files that are lost, torn or put back: what can be made again is made again, what cannot is noticed at the start."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tests.faults import checks
from tests.faults.conftest import Zygote
from tests.faults.driver import HERE, PAIR, Job, short

pytestmark = pytest.mark.slow


def lose(place: Path, name: str) -> None:
    """The database of that name, with what belongs to it."""
    for path in place.glob(f"{name}.sqlite*"):
        path.unlink()


def published(place: Path) -> list[tuple[object, ...]]:
    """Every entry in the shared log."""
    with closing(sqlite3.connect(place / "log.sqlite")) as connection:
        return connection.execute("SELECT * FROM log_entry ORDER BY origin, position").fetchall()


def ran(zygote: Zygote, place: Path, count: int, failpoint: str = "") -> int:
    """How a run of both agencies ends."""
    return zygote.done(Job("agencies", str(place), count, failpoint=failpoint))


async def test_a_shared_log_that_is_lost_is_filled_again_from_the_stores(zygote: Zygote, tmp_path: Path) -> None:
    assert ran(zygote, tmp_path, 10) == 0
    before = published(tmp_path)
    lose(tmp_path, "log")
    assert ran(zygote, tmp_path, 10) == 0
    after = published(tmp_path)
    assert set(before) <= set(after)
    assert ran(zygote, tmp_path, 15) == 0
    await checks.at_rest(tmp_path, 15)


async def test_a_shared_log_that_is_lost_while_it_is_filled_again_is_filled_at_last(
    zygote: Zygote, tmp_path: Path
) -> None:
    assert ran(zygote, tmp_path, 10) == 0
    lose(tmp_path, "log")
    assert ran(zygote, tmp_path, 15, "relay.after_publish:1") != 0
    lose(tmp_path, "log")
    assert ran(zygote, tmp_path, 20) == 0
    await checks.at_rest(tmp_path, 20)


async def test_a_shared_log_that_lost_its_last_writes_is_filled_up(zygote: Zygote, tmp_path: Path) -> None:
    assert ran(zygote, tmp_path, 10) == 0
    with closing(sqlite3.connect(tmp_path / "log.sqlite")) as connection, connection:
        for table, column in (("log_entry", "position"), ("log_checkpoint", "size")):
            connection.execute(f"DELETE FROM {table} WHERE {column} > 5")
    assert ran(zygote, tmp_path, 15) == 0
    await checks.at_rest(tmp_path, 15)


async def test_views_that_are_lost_or_damaged_are_made_again(zygote: Zygote, tmp_path: Path) -> None:
    assert ran(zygote, tmp_path, 10) == 0
    first, second = (tmp_path / f"{short(origin)}-views" for origin in PAIR)
    shutil.rmtree(first)
    (shown,) = second.glob("*.sqlite")
    shown.write_bytes(b"no database at all " * 300)
    assert ran(zygote, tmp_path, 10) == 0
    await checks.at_rest(tmp_path, 10)


async def test_yesterdays_copy_of_a_store_is_refused_at_the_start(zygote: Zygote, tmp_path: Path) -> None:
    assert ran(zygote, tmp_path, 10) == 0
    store = tmp_path / f"{short(HERE)}.sqlite"
    copy = store.read_bytes()
    assert ran(zygote, tmp_path, 15) == 0
    newest = store.read_bytes()
    store.write_bytes(copy)
    assert ran(zygote, tmp_path, 20) == 1
    assert checks.lines(tmp_path, "failed") == [["STORE_ROLLED_BACK"]]
    assert store.read_bytes() == copy
    store.write_bytes(newest)
    assert ran(zygote, tmp_path, 20) == 0
    await checks.at_rest(tmp_path, 20)


async def test_a_store_that_lost_its_file_is_refused_at_the_start(zygote: Zygote, tmp_path: Path) -> None:
    assert ran(zygote, tmp_path, 10) == 0
    lose(tmp_path, short(HERE))
    assert ran(zygote, tmp_path, 10) == 1
    assert checks.lines(tmp_path, "failed") == [["STORE_ROLLED_BACK"]]
