"""Views follow from the log: nothing skipped, nothing twice, and made again at any time they are the same."""

import asyncio
import json
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random

import pytest
from tests.kernel.pair import ELSEWHERE, HERE, Side, opened

from nrm_kernel import projecting as projecting_module
from nrm_kernel.adapters.store_sql import SqlStore
from nrm_kernel.adapters.views_sql import SqlViews
from nrm_kernel.entry import Entry, canonical
from nrm_kernel.errors import DataLoss, Unavailable
from nrm_kernel.follow import Alarm
from nrm_kernel.ledger.merkle import Frontier
from nrm_kernel.projecting import LogSource, OwnSource, Projecting, Source, rebuild
from nrm_kernel.store import Batch, NewEntry, Wanted
from nrm_kernel.testing import fresh as fresh_module
from nrm_kernel.testing import toy
from nrm_kernel.testing.fresh import dump
from nrm_kernel.testing.memory import MemoryLog
from nrm_kernel.testing.toy import VIEW, Announce, Raise
from nrm_kernel.views import Change, View


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Side]:
    store = await SqlStore.open_sqlite(tmp_path / "store.sqlite", HERE)
    async with opened(store, MemoryLog(), tmp_path) as side:
        yield side
    await store.close()


@pytest.fixture
async def views(tmp_path: Path) -> AsyncIterator[SqlViews]:
    views = await SqlViews.open(tmp_path / "views", [VIEW])
    yield views
    await views.close()


async def happened(side: Side, count: int, seed: int = 1) -> None:
    """A random history."""
    chance = Random(seed)
    for _ in range(count):
        key = chance.choice("abcde")
        told = (ELSEWHERE, key.encode().hex().zfill(32)) if chance.random() < 0.3 else ("", "")
        command = Announce() if chance.random() < 0.2 else Raise(chance.randint(1, 5), *told)
        await side.give(command, key)


def own(side: Side) -> OwnSource:
    """The agency's own entries."""
    return OwnSource(side.store, Frontier())


async def applied(source: Source, views: SqlViews, view: View = VIEW) -> Projecting:
    """Everything that there is."""
    projecting = Projecting(source, [view], views)
    while await projecting.step():
        pass
    return projecting


@pytest.mark.parametrize("limit", [1, 3, 1_000])
async def test_rows_do_not_depend_on_how_the_log_was_cut(
    here: Side, views: SqlViews, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projecting_module, "OWN_LIMIT", limit)
    await happened(here, 40)
    await applied(own(here), views)
    expected = await fresh_rows(here)
    assert await dump(views, VIEW) == expected
    assert len(expected["raised"]) > 20
    assert expected["unannounced"]


async def fresh_rows(side: Side) -> fresh_module.Dump:
    """The rows that a fresh place gets."""
    assert isinstance(side.store, SqlStore)
    return await fresh_module.rebuilt(side.store, VIEW)


async def test_an_agencys_log_and_its_store_give_the_same_rows(here: Side, views: SqlViews) -> None:
    await happened(here, 30)
    await here.publish()
    await applied(LogSource(here.follower(HERE)), views)
    assert await dump(views, VIEW) == await fresh_rows(here)


async def test_a_stretch_that_could_not_be_applied_is_not_skipped(
    here: Side, views: SqlViews, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projecting_module, "RETRY_S", 0.01)
    monkeypatch.setattr(projecting_module, "OWN_LIMIT", 3)
    await happened(here, 20)
    apply, calls = views.apply, iter(range(1_000))

    async def flaky(changes: Sequence[Change], stretch: projecting_module.Stretch) -> None:
        if next(calls) % 2 == 0:
            raise Unavailable("STORE_UNAVAILABLE", "The disk is full.")
        await apply(changes, stretch)

    monkeypatch.setattr(views, "apply", flaky)
    running = asyncio.create_task(Projecting(own(here), [VIEW], views).run())
    await until(views, await here.store.size())
    running.cancel()
    assert await dump(views, VIEW) == await fresh_rows(here)


async def until(views: SqlViews, size: int) -> None:
    """Until the views have come that far."""
    async with asyncio.timeout(60):
        while (await views.frontier(HERE)).size < size:  # noqa: ASYNC110 - views tell nobody when they have changed
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("cut", ["by the store's limit", "by checkpoints"])
async def test_views_that_are_behind_do_not_rest_between_stretches(
    here: Side, views: SqlViews, monkeypatch: pytest.MonkeyPatch, cut: str
) -> None:
    for name, value in (("rest_s", lambda _round_s: 3_600), ("OWN_LIMIT", 4), ("REST_BELOW", 2)):
        monkeypatch.setattr(projecting_module, name, value)
    for _ in range(5):
        await happened(here, 3)
        await here.publish()
    follower = here.follower(HERE)
    monkeypatch.setattr(follower, "next", partial(follower.next, 4))
    source = own(here) if cut == "by the store's limit" else LogSource(follower)
    running = asyncio.create_task(Projecting(source, [VIEW], views).run())
    await until(views, await here.store.size())
    running.cancel()
    assert await dump(views, VIEW) == await fresh_rows(here)


async def test_a_log_that_cannot_be_applied_is_read_again_too(
    here: Side, views: SqlViews, monkeypatch: pytest.MonkeyPatch
) -> None:
    await happened(here, 5)
    await here.publish()
    projecting = Projecting(LogSource(here.follower(HERE)), [VIEW], views)
    with monkeypatch.context() as patch:

        async def full(*_arguments: object) -> None:
            raise Unavailable("STORE_UNAVAILABLE", "The disk is full.")

        patch.setattr(views, "apply", full)
        with pytest.raises(Unavailable):
            await projecting.step()
    assert await projecting.step()
    assert await dump(views, VIEW) == await fresh_rows(here)


async def test_two_loops_on_one_view_do_not_apply_anything_twice(here: Side, views: SqlViews) -> None:
    await happened(here, 10)
    one, other = (Projecting(own(here), [VIEW], views) for _ in range(2))
    await one.step()
    await happened(here, 10, seed=2)
    await asyncio.gather(one.step(), other.step(), return_exceptions=True)
    await applied(own(here), views)
    assert await dump(views, VIEW) == await fresh_rows(here)


async def test_views_wake_when_something_was_recorded(here: Side, views: SqlViews) -> None:
    source = own(here)
    here.appender.on_commit(source.wake)
    running = asyncio.create_task(Projecting(source, [VIEW], views).run())
    for count in range(1, 6):
        await here.give(Raise(1))
        await until(views, count)
    running.cancel()


@pytest.mark.slow
async def test_a_rebuild_gives_the_same_rows_while_writes_and_reads_go_on(here: Side, views: SqlViews) -> None:
    await happened(here, 60)
    source = own(here)
    here.appender.on_commit(source.wake)
    running = asyncio.create_task(Projecting(source, [VIEW], views).run())
    await until(views, await here.store.size())
    at_least = len((await dump(views, VIEW))["raised"])
    writing = asyncio.create_task(happened(here, 60, seed=2))
    for _ in range(3):
        await rebuild(views, [(own(here), [VIEW])])
        assert len((await dump(views, VIEW))["raised"]) >= at_least
    await writing
    await until(views, await here.store.size())
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert await dump(views, VIEW) == await fresh_rows(here)


async def test_a_loop_goes_on_where_the_rebuilt_views_stand_even_when_nothing_new_comes(
    here: Side, views: SqlViews
) -> None:
    await happened(here, 10)
    projecting = await applied(own(here), views)
    fresh = await views.beside()
    await views.replace_by(fresh)
    assert (await views.frontier(HERE)).size == 0
    while await projecting.step():
        pass
    assert await dump(views, VIEW) == await fresh_rows(here)


async def test_a_rebuild_that_is_broken_off_leaves_everything_as_it_was(
    here: Side, views: SqlViews, tmp_path: Path
) -> None:
    await happened(here, 10)
    await applied(own(here), views)
    before = await dump(views, VIEW)

    def faulty(entry: Entry) -> Iterator[Change]:
        if entry.position == 7:
            raise KeyError("a mistake in the view")
        yield from toy.rows(entry)

    with pytest.raises(DataLoss) as alarm:
        await rebuild(views, [(own(here), [replace(VIEW, apply=faulty)])])
    assert alarm.value.facts == {"origin": here.store.origin, "position": "7"}
    assert await dump(views, VIEW) == before
    assert [path.name for path in (tmp_path / "views").glob("*.sqlite")] == ["0001.sqlite"]
    await rebuild(views, [(own(here), [VIEW])])
    assert await dump(views, VIEW) == before


async def test_what_a_dead_rebuild_left_is_thrown_away(here: Side, views: SqlViews, tmp_path: Path) -> None:
    await happened(here, 10)
    await applied(own(here), views)
    before = await dump(views, VIEW)
    left = await views.beside()
    await left.close()
    await views.close()
    again = await SqlViews.open(tmp_path / "views", [VIEW])
    assert await dump(again, VIEW) == before
    assert [path.name for path in (tmp_path / "views").glob("*.sqlite")] == ["0001.sqlite"]
    await again.close()


async def test_rows_that_another_version_of_the_view_made_are_thrown_away(
    here: Side, views: SqlViews, tmp_path: Path
) -> None:
    await happened(here, 10)
    await applied(own(here), views)
    await views.close()
    newer = await SqlViews.open(tmp_path / "views", [replace(VIEW, version=2)])
    assert await newer.frontier(HERE) == Frontier()
    assert (await dump(newer, VIEW))["raised"] == []
    await newer.close()


async def test_a_damaged_file_is_thrown_away_and_made_again(here: Side, views: SqlViews, tmp_path: Path) -> None:
    await happened(here, 10)
    await applied(own(here), views)
    await views.close()
    (tmp_path / "views" / "0001.sqlite").write_bytes(b"no database at all" * 100)
    again = await SqlViews.open(tmp_path / "views", [VIEW])
    await applied(own(here), again)
    assert await dump(again, VIEW) == await fresh_rows(here)
    await again.close()


async def test_an_event_of_a_newer_release_stops_the_view_with_an_alarm(here: Side, views: SqlViews) -> None:
    await here.give(Raise(1))
    body = canonical({"type": "testing.OfANewerRelease", "schema": 1, "data": {}, "stream": "x", "seq": 0})
    async with here.store.writing(Wanted()) as writing:
        await writing.commit(Batch(entries=[NewEntry("x", 0, Entry.of(HERE, 1, body))]))
    with pytest.raises(DataLoss) as alarm:
        await Projecting(own(here), [VIEW], views).run()
    assert (alarm.value.reason, alarm.value.facts["position"]) == ("EVENT_UNKNOWN", "1")
    assert await views.frontier(HERE) == Frontier()


async def test_a_contradiction_in_the_log_stops_the_view_and_leaves_its_rows(here: Side, views: SqlViews) -> None:
    await here.give(Raise(1))
    await here.publish()
    wrong = LogSource(here.follower(HERE))
    await views.apply([], projecting_module.Stretch(HERE, 0, (), Frontier().extend([b"x" * 32])))
    await here.give(Raise(1))
    await here.publish()
    with pytest.raises(Alarm):
        await Projecting(wrong, [VIEW], views).run()
    assert (await dump(views, VIEW))["raised"] == []


async def in_a_fresh_process(tmp_path: Path) -> fresh_module.Dump:
    """The rows that a process gets which knows the store alone."""
    arguments = [str(tmp_path / "store.sqlite"), HERE, f"{toy.__name__}:VIEW"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", fresh_module.__name__, *arguments, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    assert process.returncode == 0
    rows: fresh_module.Dump = json.loads(output)
    return rows


@pytest.mark.slow
async def test_a_fresh_process_makes_the_same_rows_and_a_planted_one_is_seen(
    here: Side, views: SqlViews, tmp_path: Path
) -> None:
    await happened(here, 40)
    await applied(own(here), views)
    assert await dump(views, VIEW) == await in_a_fresh_process(tmp_path)
    with closing(sqlite3.connect(tmp_path / "views" / "0001.sqlite")) as connection, connection:
        connection.execute('UPDATE raised SET "by" = "by" + 1 WHERE position = (SELECT max(position) FROM raised)')
    assert await dump(views, VIEW) != await in_a_fresh_process(tmp_path)
