"""How answers are laid out in a terminal: nothing that somebody needs is cut, whatever the width."""

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

Cells = Sequence[str]


@dataclass(frozen=True)
class Head:
    """A column's title. One that folds goes on in the next line when the terminal is narrow; the others never do."""

    title: str
    folds: bool = False
    right: bool = False

    @property
    def justify(self) -> Literal["left", "right"]:
        """Figures stand at the right."""
        return "right" if self.right else "left"


@dataclass
class Paper:
    """What is written on: a terminal, or a file when there is none."""

    console: Console = field(default_factory=lambda: Console(highlight=False))

    @property
    def is_wide(self) -> bool:
        """Whether there is room for everything in one line."""
        return self.console.width >= WIDE

    def line(self, text: str = "", style: str = "") -> None:
        """A line, or more of them when it is long: broken between words."""
        self.console.print(Text(text, style))

    def table(self, title: str, heads: Sequence[Head], rows: Iterable[Cells]) -> None:
        """A title and its table, after an empty line; nothing at all when there are no rows."""
        rows = list(rows)
        if not rows:
            return
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=any(head.title for head in heads))
        for head, cells in zip(heads, zip(*rows, strict=True), strict=True):
            folds = head.folds and max(map(len, cells)) > SHORT
            table.add_column(head.title, justify=head.justify, no_wrap=not folds, overflow="fold")
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        self.line()
        self.line(title, "bold")
        self.console.print(table)

    def end(self, as_of: str, complete_to: Iterable[Completeness], *following: str) -> None:
        """As of when and up to where the answer is complete, and what to ask next."""
        complete = ", ".join(f"{agency(one.origin)} {one.size:,}" for one in complete_to)
        self.line()
        self.line(f"As of {as_of[:19].replace('T', ' ')} UTC. Complete up to: {complete or 'nothing'}.", "dim")
        for nth, command in enumerate(following):  # a command is never broken: it is there to be copied
            self.console.print(f"{'      ' if nth else 'Next: '}{command}", soft_wrap=True, markup=False)


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
