"""Several processes on one store: whoever is killed, or stopped for a while, the log has one order and no gap."""

import asyncio
import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tests.faults import checks
from tests.faults.conftest import Zygote
from tests.faults.driver import CALLERS, HERE, Job, short

pytestmark = pytest.mark.slow
COUNT = 60
OWN = 2 * CALLERS
"""Commands that one writer alone gives: they take it two commits at least, however fast the others are."""
STOPPED_S = 1.0


def job(place: Path, name: str, failpoint: str = "", own: int = 0) -> Job:
    """A writer that gives the same commands as every other, then some of its own."""
    return Job("writer", str(place), COUNT + own, name, failpoint)


async def test_two_processes_write_to_one_store_at_once(zygote: Zygote, tmp_path: Path) -> None:
    writers = [zygote.start(job(tmp_path, name)) for name in ("one", "two")]
    assert [zygote.end(pid) for pid in writers] == [0, 0]
    await checks.one_store_written_by(tmp_path, COUNT)
    assert len(checks.lines(tmp_path, "acknowledged")) == 2 * COUNT


@pytest.mark.parametrize("failpoint", ["append.before_commit:2", "store.in_commit:2", "append.after_commit:2"])
async def test_the_death_of_one_writer_does_not_hold_up_the_other(
    zygote: Zygote, tmp_path: Path, failpoint: str
) -> None:
    one, two = zygote.start(job(tmp_path, "one", failpoint, OWN)), zygote.start(job(tmp_path, "two"))
    assert zygote.end(one) == -signal.SIGKILL
    assert zygote.end(two) == 0
    await checks.whole(tmp_path, HERE)
    assert zygote.done(job(tmp_path, "one", own=OWN)) == 0
    await checks.one_store_written_by(tmp_path, COUNT + OWN)


def positions(place: Path) -> list[int]:
    """What any reader can see of the store now."""
    with closing(sqlite3.connect(place / f"{short(HERE)}.sqlite")) as connection:
        return [at for (at,) in connection.execute("SELECT position FROM entry ORDER BY position")]


@pytest.mark.parametrize("failpoint", ["append.before_commit:2:STOP", "store.in_commit:2:STOP"])
async def test_a_writer_that_stops_while_it_holds_the_head_makes_no_reader_skip(
    zygote: Zygote, tmp_path: Path, failpoint: str
) -> None:
    one = zygote.start(job(tmp_path, "one", failpoint))
    assert zygote.stopped(one) == signal.SIGSTOP
    two = zygote.start(job(tmp_path, "two"))
    await asyncio.sleep(STOPPED_S)
    seen = positions(tmp_path)
    os.kill(one, signal.SIGCONT)
    assert [zygote.end(one), zygote.end(two)] == [0, 0]
    await checks.one_store_written_by(tmp_path, COUNT)
    assert seen == list(range(len(seen)))


async def test_a_writer_that_stops_without_the_head_holds_up_nobody(zygote: Zygote, tmp_path: Path) -> None:
    one = zygote.start(job(tmp_path, "one", "append.after_commit:3:STOP"))
    assert zygote.stopped(one) == signal.SIGSTOP
    assert zygote.done(job(tmp_path, "two")) == 0
    os.kill(one, signal.SIGCONT)
    assert zygote.end(one) == 0
    await checks.one_store_written_by(tmp_path, COUNT)


async def test_writers_that_make_the_store_at_the_same_moment_make_one(zygote: Zygote, tmp_path: Path) -> None:
    names = ["one", "two", "three", "four"]
    writers = [zygote.start(Job("writer", str(tmp_path), 3, name)) for name in names]
    assert [zygote.end(pid) for pid in writers] == [0] * 4
    await checks.one_store_written_by(tmp_path, 3)
    assert (tmp_path / f"{short(HERE)}.sqlite").exists()
