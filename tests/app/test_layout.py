"""How answers are laid out: at any width nothing that somebody needs is cut, and what is no terminal breaks no line."""

from collections import Counter
from collections.abc import Sequence
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from nrm.layout import Head, Paper

REF = "0123456789abcdef" * 2
HEADS = (Head("criminal case"), Head("how much", right=True), Head("detail", folds=True), Head("", spare=True))
CELLS = st.text("abcdefgh 0123456789\n", min_size=1, max_size=60)
ROWS = st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=4)


def written(width: int, rows: Sequence[Sequence[str]], heads: Sequence[Head] = HEADS) -> str:
    file = StringIO()
    paper = Paper(Console(file=file, width=width, highlight=False))
    paper.table("", heads, rows)
    return file.getvalue()


def characters(text: str) -> Counter[str]:
    return Counter("".join(text.split()))


@settings(deadline=None)
@given(ROWS, st.integers(24, 200))
def test_at_any_width_every_character_of_every_cell_is_there(rows: list[tuple[str, str, str]], width: int) -> None:
    told = written(width, [(*row, "") for row in rows])
    assert characters("".join(cell for row in rows for cell in row)) <= characters(told)
    assert max(map(len, told.splitlines())) <= width


def test_a_reference_is_never_broken_where_it_fits_in_a_line() -> None:
    rows = [("enforcement", "1,340.00", REF, "")]
    heads = (Head("stands at"), Head("claimed", right=True), Head("criminal case"), Head(""))
    for width in (50, 60, 80):
        assert REF in written(width, rows, heads)


def test_what_only_repeats_is_left_out_before_rows_are_written_line_by_line() -> None:
    rows = [(REF, "12", "word " * 8, "█" * 24)]
    assert "█" in written(120, rows)
    narrow = written(80, rows)
    assert "█" not in narrow
    assert narrow.splitlines()[2].startswith("criminal case")


def test_what_is_no_terminal_breaks_no_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    paper = Paper()
    paper.line("word " * 60)
    paper.table("title", HEADS, [(REF, "1", "word " * 60, "█")])
    paper.end("2026-11-22T10:00:00Z", (), f"nrm pathway --dir {'folder/' * 30} {REF}")
    told = capsys.readouterr().out.splitlines()
    assert told[0].split() == ["word"] * 60
    assert told[4].rstrip().endswith("█")
    assert told[-1].endswith(REF)


def test_a_width_that_was_asked_for_counts_where_there_is_no_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    Paper().line("word " * 60)
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 40
