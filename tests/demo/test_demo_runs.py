"""The whole demo on a small world: the history goes through authorise and decide, and everything about it holds."""

import asyncio
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from random import Random

import pytest

from nrm.demo.agencies import NATIONAL, ORIGINS
from nrm.demo.check import check
from nrm.demo.desk import Desks
from nrm.demo.folder import STATE
from nrm.demo.following import Following
from nrm.demo.known import Known
from nrm.demo.live import LiveFeed
from nrm.demo.opening import Demo, opened
from nrm.demo.screen import Screen
from nrm.demo.wire import Wire

PERSONS = 60
SEED = 3
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a finished history."""
    folder = tmp_path_factory.mktemp("demo") / "nrm-demo"

    async def write() -> None:
        async with reopened(folder) as demo:
            assert demo.told is not None
            assert not demo.told.faults
            assert not demo.told.stuck
            assert demo.told.known.notices_refused == 0

    asyncio.run(write())
    return folder


@pytest.fixture
def folder(written: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(written, tmp_path / "nrm-demo"))


def reopened(folder: Path) -> AbstractAsyncContextManager[Demo]:
    return opened(folder, SEED, PERSONS, Screen(quiet=True), asyncio.Event())


def test_the_check_finds_everything_in_order(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(folder, Screen(to_stderr=True), seed=SEED, persons=PERSONS, as_json=True) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is True
    assert told["persons"] == PERSONS
    assert {one["origin"] for one in told["origins"]} == set(ORIGINS)
    assert all(one["verified"] for one in told["origins"])
    assert told["events"] == sum(one["size"] for one in told["origins"])
    assert told["rpcs"]["called"] == told["rpcs"]["declared"]
    assert told["rpcs"]["refused_as_expected"] == 1
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


def test_ctrl_c_ends_cleanly_and_says_what_was_kept(folder: Path) -> None:
    demo = started(folder)
    told = read_until(demo, "Ctrl-C ends.")
    demo.send_signal(signal.SIGINT)
    rest, fault = demo.communicate(timeout=60)
    assert demo.returncode == 0
    assert not fault
    assert "Look at" in told
    assert "Stopped." in rest
    assert f"events kept in {folder}" in rest
    assert "Traceback" not in told + rest


def test_ctrl_c_while_the_history_is_written_says_that_it_begins_anew(tmp_path: Path) -> None:
    folder = tmp_path / "nrm-demo"
    demo = started(folder)
    read_until(demo, "history 2")
    demo.send_signal(signal.SIGINT)
    rest, fault = demo.communicate(timeout=60)
    assert demo.returncode == 0
    assert not fault
    assert "Begin anew" in rest
    assert json.loads((folder / STATE).read_bytes())["finished"] is False


def started(folder: Path) -> subprocess.Popen[str]:
    arguments = ["demo", "--dir", str(folder), "--seed", str(SEED), "--persons", str(PERSONS)]
    command = "import sys; from nrm.cli import main; main(sys.argv[1:])"
    return subprocess.Popen(
        [sys.executable, "-c", command, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )


def read_until(demo: subprocess.Popen[str], words: str) -> str:
    told = ""
    assert demo.stdout is not None
    while words not in told:
        line = demo.stdout.readline()
        assert line, told
        told += line
    return told
