"""Views made again in an empty place, from entries alone.

How rows follow from an entry is the view's; how a change is applied to rows is written here a second time, apart from
the store that is checked with it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Table

from nrm_audit.shown import Rows, key_of
from nrm_kernel.entry import Entry
from nrm_kernel.views import Add, Cells, Change, Put, Remove, View


class Contradiction(Exception):
    """An entry gives a row that another entry gave already."""


@dataclass(slots=True)
class Rebuilt:
    """Rows by table name, how many entries of each log they follow from, and which tables only ever gained rows."""

    rows: dict[str, Rows] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    changing: set[str] = field(default_factory=set)

    def apply(self, views: Iterable[View], origin: str, entries: Iterable[Entry]) -> None:
        """Apply one log's entries in their order. Raises UnknownEvent for an event of a newer release."""
        every = list(views)
        for entry in entries:
            for view in every:
                for change in view.apply(entry):
                    self._change(change)
            self.sizes[origin] = entry.position + 1

    def _change(self, change: Change) -> None:
        rows = self.rows.setdefault(change.table.name, {})
        match change:
            case Add(table=table, row=cells):
                row = _whole(table, cells)
                if rows.setdefault(key_of(table, row), row) is not row:
                    raise Contradiction(f"{table.name}: two entries give the row {key_of(table, row)}")
            case Put(table=table, row=cells):
                self.changing.add(table.name)
                key = key_of(table, cells)
                rows[key] = (rows[key] | dict(cells)) if key in rows else _whole(table, cells)
            case Remove(table=table, key=cells):
                self.changing.add(table.name)
                rows.pop(key_of(table, cells), None)


def _whole(table: Table, cells: Cells) -> dict[str, object]:
    """A new row with every column; those not given are empty, as in the database."""
    return {column.name: None for column in table.columns} | dict(cells)
