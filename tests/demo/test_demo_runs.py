"""The whole demo on a small world: the history goes through authorise and decide, and everything about it holds."""

import asyncio
import json
import sqlite3
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select
from tests.demo.running import PERSONS, SEED, reopened

from nrm.demo import looking
from nrm.demo.agencies import NATIONAL, ORIGINS
from nrm.demo.check import check
from nrm.demo.desk import Desks
from nrm.demo.following import Following
from nrm.demo.inside import Inside
from nrm.demo.known import Known
from nrm.demo.live import LiveFeed
from nrm.demo.looking import funnels
from nrm.demo.opening import Demo, opened
from nrm.demo.screen import Screen
from nrm.demo.wire import Wire

pytestmark = pytest.mark.slow


def test_the_check_finds_everything_in_order(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(folder, Screen(to_stderr=True), seed=SEED, persons=PERSONS, as_json=True) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is True
    assert told["persons"] == PERSONS
    assert {one["origin"] for one in told["origins"]} == set(ORIGINS)
    assert all(one["verified"] for one in told["origins"])
    assert told["events"] == sum(one["size"] for one in told["origins"])
    assert told["rpcs"]["called"] == told["rpcs"]["declared"]
    assert told["rpcs"]["refused_as_expected"] >= 1
    assert set(told) == {"ok", "persons", "events", "origins", "rpcs", "views", "seconds"}
    assert told["views"]["equal"] is True
    assert set(told["seconds"]) == {"first_screen", "total"}


def test_a_planted_wrong_row_fails_the_check(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    [shown] = (folder / NATIONAL.split("/", 1)[1].replace("/", "-") / "views").glob("*.sqlite")
    one_row = "(origin, position) in (select origin, position from step limit 1)"
    with sqlite3.connect(shown) as database:
        database.execute(f"update step set detail = 'planted' where {one_row}")
    assert check(folder, Screen(to_stderr=True), seed=SEED, persons=PERSONS, as_json=True) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is False
    assert told["views"]["equal"] is False
    assert all(one["verified"] for one in told["origins"])


async def test_new_events_arrive_over_the_wire(folder: Path) -> None:
    known, lines = Known(), list[str]()
    async with reopened(folder) as demo:
        await demo.serve()
        wire, following = Wire(demo.house.ports), Following(demo.house.agencies, known)
        await following.skip()
        before = known.entries
        feed = LiveFeed(Desks(wire.call, known, "live"), following, demo.clock, Random(1), lines.append)
        try:
            for _ in range(12):
                await feed.step()
                await asyncio.sleep(0.1)
            await following.rest()
        finally:
            await wire.close()
    assert len(lines) >= 10
    assert known.entries > before + 10
    assert known.notices_refused == 0


async def test_a_finished_history_is_not_written_again(folder: Path) -> None:
    async with reopened(folder) as demo:
        assert demo.told is None
        assert len(demo.kept.stories) == 9


async def test_while_the_history_is_written_the_coordinator_looks_once_and_the_ports_stay_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(looking, "EARLY_ENTRIES", 100)
    screen = Screen()
    async with opened(tmp_path / "demo", 5, 50, screen, asyncio.Event()) as demo:
        told = capsys.readouterr().out
        assert told.count("The coordinator on 2") == 1
        before, _, after = told.partition("The coordinator on ")
        assert "Persons        detected" in after
        assert before.count(" history ") < told.count(" history ")
        assert demo.house.ports == {}
        assert screen.first_s is not None


async def test_the_same_seed_gives_the_same_figures_again(written: Path, tmp_path: Path) -> None:
    async with reopened(written) as first, reopened(tmp_path / "again") as second:
        assert await figures(second) == await figures(first)


async def figures(demo: Demo) -> object:
    """How much each agency recorded, what the coordinator counts, and how many rows each of its views has."""
    await demo.serve()
    counted = await funnels(Inside(demo.house).call)
    sizes = {agency.origin: await agency.store.size() for agency in demo.house.agencies if agency.origin != NATIONAL}
    tables = [
        table for view in demo.house.at(NATIONAL).agency.service.national for table in view.metadata.sorted_tables
    ]
    views = demo.house.at(NATIONAL).views
    rows = {table.name: len(await views.rows(select(table))) for table in tables}
    steps = [(one.step, one.count) for one in (*counted.persons, *counted.cases, *counted.defendants)]
    return sizes, steps, rows
