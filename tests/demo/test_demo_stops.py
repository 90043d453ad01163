"""The demo is stopped, killed, started twice, and runs out of room: nothing is lost, and each end says what is kept."""

import json
import os
import signal
import socket
import subprocess
from pathlib import Path

import pytest
from tests.demo.running import NO_LARGE_FILES, NRM, nrm, read_until, started

from nrm.config import Config
from nrm.demo.folder import STATE, config_of
from nrm.demo.ports import Ports

pytestmark = pytest.mark.slow
CANNOT_TELL = 2


def ended(demo: subprocess.Popen[str], number: signal.Signals) -> str:
    demo.send_signal(number)
    rest, _ = demo.communicate(timeout=600)
    assert "Traceback" not in rest
    return rest


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_ends_cleanly_and_says_what_was_kept(folder: Path, number: signal.Signals) -> None:
    demo = started(folder)
    told = read_until(demo, "Ctrl-C ends.")
    rest = ended(demo, number)
    assert demo.returncode == 0
    assert "Look at" in told
    assert "Stopped." in rest
    assert f"events kept in {folder}" in rest


def test_a_stop_while_the_history_is_written_says_that_it_begins_anew(tmp_path: Path) -> None:
    folder = tmp_path / "nrm-demo"
    demo = started(folder)
    read_until(demo, "history 2")
    rest = ended(demo, signal.SIGINT)
    assert demo.returncode == 0
    assert "Begin anew" in rest
    assert json.loads((folder / STATE).read_bytes())["finished"] is False


def test_a_check_that_is_stopped_cannot_tell_and_gives_no_object(folder: Path) -> None:
    demo = started(folder, "--check")
    read_until(demo, "calling: identification")
    rest = ended(demo, signal.SIGINT)
    assert demo.returncode == CANNOT_TELL
    assert rest.splitlines()[-1] == "Stopped before everything was checked. The files are kept."


def test_killed_while_the_history_is_written_it_begins_anew(tmp_path: Path) -> None:
    folder = tmp_path / "nrm-demo"
    for _ in range(2):
        demo = started(folder)
        told = read_until(demo, "history 2024")
        ended(demo, signal.SIGKILL)
        assert "goes on with it" not in told


def test_killed_while_it_runs_it_goes_on_with_everything(folder: Path) -> None:
    demo = started(folder)
    read_until(demo, "DetectPerson")
    ended(demo, signal.SIGKILL)
    demo = started(folder, "--still")
    assert "history 2" not in read_until(demo, "Ctrl-C ends.")
    ended(demo, signal.SIGTERM)
    verified = nrm("audit", "verify", str(folder))
    assert verified.returncode == 0, verified.stdout


def test_a_second_demo_on_the_folder_is_refused_while_questions_are_answered(folder: Path) -> None:
    demo = started(folder, "--still")
    read_until(demo, "Ctrl-C ends.")
    second = nrm("demo", "--dir", str(folder), "--check", "--json")
    assert second.returncode == CANNOT_TELL
    assert second.stdout == ""
    assert f"Another demo runs on {folder}. Nothing was touched." in second.stderr
    assert "(FOLDER_IN_USE)" in second.stderr
    assert nrm("funnel", "--dir", str(folder)).returncode == 0
    ended(demo, signal.SIGTERM)
    assert demo.returncode == 0


def test_without_room_the_history_stops_and_is_not_taken_for_finished(tmp_path: Path) -> None:
    folder = tmp_path / "nrm-demo"
    demo = started(folder, within=NO_LARGE_FILES)
    told, _ = demo.communicate(timeout=600)
    assert demo.returncode == CANNOT_TELL
    assert "Traceback" not in told
    assert "Nothing was saved." in told
    assert "check the disk" in told
    assert json.loads((folder / STATE).read_bytes())["finished"] is False


def test_two_demos_at_once_hold_different_ports(folder: Path) -> None:
    config = Config.load(config_of(folder))
    with Ports() as ours, Ports() as theirs:
        first, second = ours.held(config), theirs.held(config)
        assert not {one.listen for one in first.agency} & {one.listen for one in second.agency}
        ours.let_go()
        host, _, port = first.agency[0].listen.rpartition(":")
        with socket.create_server((host, int(port))):
            pass


def test_a_reader_who_wants_no_more_gets_no_fault(folder: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    log = subprocess.Popen(
        [*NRM, "audit", "log", "demo/identification/police", "--in", str(folder)],
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(write)
    _, told = log.communicate(timeout=600)
    assert log.returncode == CANNOT_TELL
    assert told == ""
