"""Several processes on one store: whoever is killed, or stopped for a while, the log has one order and no gap."""

import asyncio
import os
import signal
from pathlib import Path

import pytest
from tests.faults import checks
from tests.faults.conftest import Zygote
from tests.faults.driver import CALLERS, HERE, Job, short

from nrm.servers.postgres import Place, PostgresServer
from nrm_kernel.adapters.store_postgres import PostgresStore

pytestmark = pytest.mark.slow
COUNT = 60
MANY = 300
OWN = 2 * CALLERS
"""Commands that one writer alone gives: they take it two commits at least, however fast the other is."""


def job(folder: Path, database: Place, name: str, failpoint: str = "", count: int = COUNT) -> Job:
    """A writer that gives the same commands as every other."""
    (folder / f"{short(HERE)}.url").write_text(database.url)
    return Job("writer", str(folder), count, name, failpoint)


async def written(folder: Path, database: Place, count: int = COUNT) -> None:
    """What must hold of the store that they leave behind."""
    store = await PostgresStore.open(database.url, HERE)
    entries = await checks.unbroken(store)
    await store.close()
    checks.nothing_acknowledged_is_lost(folder, {HERE: entries})
    checks.nothing_is_doubled({HERE: entries})
    checks.written_once(entries, count)


def both_began(folder: Path) -> bool:
    """Whether each writer got an answer."""
    return len(list(folder.glob("acknowledged-*"))) == 2


async def acknowledged(folder: Path, count: int) -> None:
    """Until so many commands were, by both writers."""
    for _ in range(12_000):
        if both_began(folder) and len(checks.lines(folder, "acknowledged")) >= count:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"not even {count} commands of both writers were acknowledged")


async def positions(database: Place) -> list[int]:
    """What any reader can see of the store now."""
    store = await PostgresStore.open(database.url, HERE)
    entries = await store.read(0, 10 * COUNT)
    await store.close()
    return [entry.position for entry in entries]


async def test_two_processes_write_to_one_store_at_once(zygote: Zygote, tmp_path: Path, database: Place) -> None:
    writers = [zygote.start(job(tmp_path, database, name)) for name in ("one", "two")]
    assert [zygote.end(pid) for pid in writers] == [0, 0]
    await written(tmp_path, database)
    assert len(checks.lines(tmp_path, "acknowledged")) == 2 * COUNT


@pytest.mark.parametrize("failpoint", ["append.before_commit:2", "store.in_commit:2", "append.after_commit:2"])
async def test_the_death_of_one_writer_does_not_hold_up_the_other(
    zygote: Zygote, tmp_path: Path, database: Place, failpoint: str
) -> None:
    one = zygote.start(job(tmp_path, database, "one", failpoint, COUNT + OWN))
    two = zygote.start(job(tmp_path, database, "two"))
    assert zygote.end(one) == -signal.SIGKILL
    assert zygote.end(two) == 0
    assert zygote.done(job(tmp_path, database, "one", count=COUNT + OWN)) == 0
    await written(tmp_path, database, COUNT + OWN)


@pytest.mark.parametrize("failpoint", ["append.before_commit:2:STOP", "store.in_commit:2:STOP"])
async def test_a_writer_that_stops_while_it_holds_the_head_cannot_commit_when_it_goes_on(
    zygote: Zygote, tmp_path: Path, database: Place, failpoint: str
) -> None:
    one = zygote.start(job(tmp_path, database, "one", failpoint))
    assert zygote.stopped(one) == signal.SIGSTOP
    before = await positions(database)
    assert zygote.done(job(tmp_path, database, "two")) == 0, "the head was given free after PATIENCE.idle_s"
    meanwhile = await positions(database)
    os.kill(one, signal.SIGCONT)
    assert zygote.end(one) == 0
    assert before == list(range(len(before)))
    assert await positions(database) == meanwhile, "it got the answers of what the other recorded"
    await written(tmp_path, database)


async def test_a_writer_that_stops_without_the_head_holds_up_nobody(
    zygote: Zygote, tmp_path: Path, database: Place
) -> None:
    one = zygote.start(job(tmp_path, database, "one", "append.after_commit:3:STOP"))
    assert zygote.stopped(one) == signal.SIGSTOP
    assert zygote.done(job(tmp_path, database, "two")) == 0
    os.kill(one, signal.SIGCONT)
    assert zygote.end(one) == 0
    await written(tmp_path, database)


@pytest.mark.parametrize("mode", ["fast", "immediate"])
async def test_a_database_that_is_restarted_under_load_loses_and_doubles_nothing(
    zygote: Zygote, tmp_path: Path, database: Place, postgres_server: PostgresServer, mode: str
) -> None:
    if postgres_server.folder is None:
        pytest.skip("the server is not ours to restart")
    writers = [zygote.start(job(tmp_path, database, name, count=MANY)) for name in ("one", "two")]
    for _ in range(3):
        await acknowledged(tmp_path, len(checks.lines(tmp_path, "acknowledged")) + 10)
        await asyncio.to_thread(postgres_server.restart, mode)
    assert len(checks.lines(tmp_path, "acknowledged")) < 2 * MANY
    assert [zygote.end(pid) for pid in writers] == [0, 0]
    await written(tmp_path, database, MANY)
