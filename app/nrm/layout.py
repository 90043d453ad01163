"""How answers are laid out in a terminal: nothing that somebody needs is cut, whatever the width."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from nrm_contracts.codes import code_list
from nrm_contracts.record.v1.receipt_pb2 import Completeness

WIDE = 120
"""From so many columns on, what belongs together stands in one line."""

SHORT = 20
"""A column whose longest cell has no more characters never folds."""

GAP = 2
"""Columns between two cells."""

UNBROKEN = 1_000
"""So many columns has what is no terminal: whoever reads there cuts lines as they like."""

Cells = Sequence[str]


@dataclass(frozen=True)
class Head:
    """A column's title. One that folds goes on in the next line when the terminal is narrow; the others never do.

    One that is ``spare`` says again what others say, and is left out where there is no room for it.
    """

    title: str
    folds: bool = False
    right: bool = False
    spare: bool = False

    @property
    def justify(self) -> Literal["left", "right"]:
        """Figures stand at the right."""
        return "right" if self.right else "left"


@dataclass(frozen=True)
class _Column:
    """A column with its cells."""

    head: Head
    cells: Cells

    @property
    def least(self) -> int:
        """How much room it needs."""
        lines = [line for text in (self.head.title, *self.cells) for line in text.split("\n")]
        longest = max(map(len, lines))
        return min(longest, SHORT) if self.head.folds else longest


def _console() -> Console:
    console = Console(highlight=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = UNBROKEN
    return console


@dataclass
class Paper:
    """What is written on: a terminal, or a file when there is none."""

    console: Console = field(default_factory=_console)

    @property
    def is_wide(self) -> bool:
        """Whether there is room for everything in one line."""
        return self.console.width >= WIDE

    @property
    def block(self) -> str:
        """What bars are made of."""
        return "█" if self.console.encoding.startswith("utf") else "#"

    def line(self, text: str = "", style: str = "") -> None:
        """A line, or more of them when it is long: broken between words."""
        self.console.print(Text(text, style))

    def table(self, title: str, heads: Sequence[Head], rows: Iterable[Cells]) -> None:
        """A title and its table, after an empty line; nothing at all when there are no rows.

        Where there is no room for the columns, each row is written line by line instead.
        """
        rows = list(rows)
        if not rows:
            return
        columns = _columns(heads, rows)
        if not self._hold(columns):
            columns = [column for column in columns if not column.head.spare]
        self.line()
        self.line(title, "bold")
        if self._hold(columns):
            self.console.print(_table(columns))
        else:
            self._line_by_line(columns)

    def holds(self, heads: Sequence[Head], rows: Sequence[Cells]) -> bool:
        """Whether there is room for such a table."""
        return self._hold(_columns(heads, rows))

    def _hold(self, columns: Sequence[_Column]) -> bool:
        return sum(column.least + GAP for column in columns) - GAP <= self.console.width

    def _line_by_line(self, columns: Sequence[_Column]) -> None:
        for nth, cells in enumerate(zip(*(column.cells for column in columns), strict=True)):
            if nth:
                self.line()
            names = (Head(""), Head("", folds=True))
            told = [(column.head.title, cell) for column, cell in zip(columns, cells, strict=True) if cell.strip()]
            self.console.print(_table(_columns(names, told), unfolded=0))

    def end(self, as_of: str, complete_to: Sequence[Completeness], *following: str) -> None:
        """As of when and up to where the answer is complete, and what to ask next."""
        complete = ", ".join(f"{agency(one.origin)} {one.size:,}" for one in complete_to)
        self.line()
        self.line(f"As of {_minute(as_of)} UTC. Complete up to: {complete or 'nothing'}.", "dim")
        if lost := [
            f"{agency(one.origin)} since {_minute(one.silent_since)}" for one in complete_to if one.silent_since
        ]:
            self.line(f"Not heard, so what they recorded later is not known here: {', '.join(lost)}.", "yellow")
        for nth, command in enumerate(following):  # a command is never broken: it is there to be copied
            self.console.print(f"{'      ' if nth else 'Next: '}{command}", soft_wrap=True, markup=False)


def _columns(heads: Sequence[Head], rows: Sequence[Cells]) -> list[_Column]:
    return [_Column(head, cells) for head, cells in zip(heads, zip(*rows, strict=True), strict=False)]


def _table(columns: Sequence[_Column], unfolded: int = SHORT) -> Table:
    shown = any(column.head.title for column in columns)
    table = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), show_header=shown)
    for column in columns:
        folds = column.head.folds and max(map(len, column.cells)) > unfolded
        table.add_column(column.head.title, justify=column.head.justify, no_wrap=not folds, overflow="fold")
    for cells in zip(*(column.cells for column in columns), strict=True):
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _minute(moment: str) -> str:
    return moment[:19].replace("T", " ")


def agency(origin: str) -> str:
    """An agency's own part of its name; a kind of agency as it is."""
    return origin.rpartition("/")[2]


def words(code: str) -> str:
    """A code as words."""
    return code.replace("_", " ")


def counted(number: int, unit: str) -> str:
    """A number and its unit."""
    return f"{number:,} {unit}{'' if number == 1 else 's'}"


def amount(minor: int, ccy: str) -> str:
    """Minor units of a currency as people write them."""
    digits = int(code_list("iso_4217").attribute(ccy, "minor_digits") or 0)
    whole, part = divmod(minor, 10**digits)
    return f"{whole:,}.{part:0{digits}}" if digits else f"{whole:,}"


def quantity(milli: int) -> str:
    """Thousandths of a unit as people write them."""
    whole, part = divmod(milli, 1_000)
    return f"{whole:,}.{part:03}".rstrip("0").rstrip(".")


def days_between(first: str, last: str) -> int:
    """Days from the one to the other."""
    return (date.fromisoformat(last[:10]) - date.fromisoformat(first[:10])).days
