"""The demo's folder: made once, gone on with, made anew when it was not finished, and nobody else's is touched."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from nrm.demo.folder import (
    LOCK,
    STATE,
    FolderInUse,
    FolderTaken,
    Handle,
    Kept,
    NoteUnreadable,
    config_of,
    held,
    keep,
    prepared,
)

WANTED = Kept(seed=1, persons=50, end=date(2026, 11, 20))


def new(tmp_path: Path) -> Path:
    folder = tmp_path / "demo"
    folder.mkdir()
    return folder


def test_a_new_folder_gets_a_deployment(tmp_path: Path) -> None:
    folder = new(tmp_path)
    assert prepared(folder, WANTED) == WANTED
    assert config_of(folder).exists()


def test_what_is_finished_is_gone_on_with_whatever_is_asked_for(tmp_path: Path) -> None:
    folder = new(tmp_path)
    prepared(folder, WANTED)
    story = Handle("boat", "a fishing boat", "demo/identification/border-guard", "a" * 32)
    finished = replace(WANTED, finished=True, stories=(story,))
    keep(folder, finished)
    before = config_of(folder).read_bytes()
    assert prepared(folder, replace(WANTED, seed=2)) == finished
    assert config_of(folder).read_bytes() == before


def test_what_was_never_finished_is_made_anew(tmp_path: Path) -> None:
    folder = new(tmp_path)
    prepared(folder, WANTED)
    left_over = folder / "log.sqlite"
    left_over.write_text("half of a history")
    assert prepared(folder, WANTED) == WANTED
    assert not left_over.exists()


@pytest.mark.parametrize("note", [b"", b"{", b"\xff", b'{"seed": 1}'])
def test_a_folder_whose_note_was_altered_is_left_alone(tmp_path: Path, note: bytes) -> None:
    folder = new(tmp_path)
    prepared(folder, WANTED)
    (folder / STATE).write_bytes(note)
    before = sorted(folder.rglob("*"))
    with pytest.raises(NoteUnreadable, match="Delete"):
        prepared(folder, WANTED)
    assert sorted(folder.rglob("*")) == before


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("mine")
    with pytest.raises(FolderTaken, match="Nothing was touched"), held(tmp_path):
        pytest.fail("it is not ours")
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("mine")
    with pytest.raises(FolderTaken), held(letter):
        pytest.fail("it is not ours")
    assert letter.read_text() == "mine"


def test_a_second_demo_on_a_folder_touches_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    with held(folder):
        prepared(folder, WANTED)
        half = folder / "log.sqlite"
        half.write_text("half of a history")
        with pytest.raises(FolderInUse, match="Another demo runs on"), held(folder):
            pytest.fail("it is held")
        assert half.exists()
    with held(folder):
        prepared(folder, WANTED)
    assert not half.exists()


def test_what_was_killed_before_anything_was_noted_is_made_anew(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    with held(folder):
        (folder / "trust.toml").write_text("half")
    assert not (folder / STATE).exists()
    with held(folder):
        assert prepared(folder, WANTED) == WANTED
    assert (folder / LOCK).exists()
    assert (folder / "trust.toml").read_text() != "half"
