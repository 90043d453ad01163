"""What the demo says fits its terminal; in a pipe each thing is one line."""

from pathlib import Path

import pytest

from nrm.demo.folder import Handle
from nrm.demo.screen import Screen
from nrm_contracts.coordinator.v1 import coordinator_pb2 as pb

STEPS = [pb.Count(step=f"step_number_{nth}", count=1_000 + nth) for nth in range(8)]
TITLE = "one person in two records until some day, after the quarter was closed: compare --as-of"
PORTS = {"demo/identification/police": 7443, "demo/audit/office": 7444}


def said(screen: Screen) -> None:
    """Something of everything."""
    screen.funnels(pb.GetFunnelsResponse(persons=STEPS))
    screen.look_at([Handle("merged", TITLE, "demo/identification/police", "0f" * 16)], Path("nrm-demo"))


@pytest.mark.parametrize("width", [80, 120])
def test_on_a_terminal_no_line_is_longer_and_no_count_is_taken_from_its_step(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", str(width))
    said(Screen())
    lines = capsys.readouterr().out.splitlines()
    stories = [line for line in lines if "nrm audit" not in line and "nrm funnel" not in line]
    assert max(map(len, stories)) <= width
    assert all(any(f"{one.step} {one.count:,}" in line for line in lines) for one in STEPS)
    assert any(f"nrm pathway {'0f' * 16}" in line for line in lines), "what is typed again stays on one line"


def test_in_a_pipe_each_thing_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    said(Screen())
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith(" Persons") and line.endswith("step_number_7 1,007") for line in lines)
    assert any(line.endswith(f"   {TITLE}") for line in lines)


@pytest.mark.parametrize(("first", "told"), [(7443, False), (7000, True)])
def test_ports_that_others_have_are_told(first: int, told: bool, capsys: pytest.CaptureFixture[str]) -> None:
    Screen().ports(PORTS, first)
    assert ("Another program has ports" in capsys.readouterr().out) is told


def test_a_folder_with_a_space_in_its_name_is_one_word_of_each_command(capsys: pytest.CaptureFixture[str]) -> None:
    folder = Path("my demo")
    Screen().look_at([Handle("merged", TITLE, "demo/identification/police", "0f" * 16)], folder)
    Screen().stopped(folder, 1, finished=True)
    told = capsys.readouterr().out
    for command in ("nrm pathway " + "0f" * 16 + " --dir", "nrm funnel --dir", "nrm audit verify", "nrm demo --dir"):
        assert f"{command} 'my demo'" in told


@pytest.mark.parametrize(("found", "told"), [("/usr/bin/nrm", False), (None, True)])
def test_who_cannot_type_the_commands_yet_is_told_what_comes_first(
    found: str | None, told: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "activate").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.executable", str(tmp_path / "bin" / "python"))
    monkeypatch.setattr("nrm.demo.screen.which", lambda _: found)
    Screen().look_at([], Path("nrm-demo"))
    assert ("In another terminal, first: source bin/activate" in capsys.readouterr().out) is told
