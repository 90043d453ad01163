"""What many changes of rows come to, in few statements: a row that changes often is written once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from sqlalchemy import Connection, Insert, Table, bindparam, delete, insert
from sqlalchemy.dialects import sqlite

from nrm_kernel.adapters.sql_access import Prepared
from nrm_kernel.views import Add, Cells, Change, Put

Cell = str | int | bool | bytes | None
Key = tuple[Cell, ...]
Columns = tuple[str, ...]


@dataclass(slots=True)
class _Folded:
    """The changes of one table: rows that are new, rows to take away first, and cells to set then."""

    key: Columns
    new: list[Cells] = field(default_factory=list)
    gone: set[Key] = field(default_factory=set)
    cells: dict[Key, dict[str, Cell]] = field(default_factory=dict)

    def take(self, change: Change) -> None:
        """One change more, after those before."""
        if isinstance(change, Add):
            self.new.append(change.row)
        elif isinstance(change, Put):
            self.cells.setdefault(self._key(change.row), {}).update(change.row)
        else:
            key = self._key(change.key)
            self.gone.add(key)
            self.cells.pop(key, None)

    def _key(self, cells: Cells) -> Key:
        return tuple([cells[name] for name in self.key])


@dataclass(frozen=True, slots=True)
class Step:
    """The same statement for several rows of a table: values in the order of these columns, which are the table's."""

    verb: Literal["add", "put", "remove"]
    table: Table
    columns: Columns
    rows: Sequence[Sequence[Cell]]


def steps(changes: Iterable[Change]) -> Iterator[Step]:
    """What leaves the rows as if the changes were made one after another. Tables do not depend on each other."""
    folded: dict[Table, _Folded] = {}
    for change in changes:
        of_table = folded.get(change.table)
        if of_table is None:
            of_table = folded[change.table] = _Folded(tuple(change.table.primary_key.columns.keys()))
        of_table.take(change)
    for table, of_table in folded.items():
        yield from _by_form("add", table, of_table.new)
        if of_table.gone:
            yield Step("remove", table, of_table.key, list(of_table.gone))
        yield from _by_form("put", table, of_table.cells.values())


def _by_form(verb: Literal["add", "put"], table: Table, rows: Iterable[Cells]) -> Iterator[Step]:
    """Rows that name the same columns by one statement."""
    alike: dict[Columns, list[Cells]] = {}
    for row in rows:
        alike.setdefault(tuple(row), []).append(row)
    for named, of_form in alike.items():
        columns = tuple([column.name for column in table.columns if column.name in named])
        yield Step(verb, table, columns, [[row[name] for name in columns] for row in of_form])


def apply(connection: Connection, changes: Iterable[Change]) -> None:
    """Make the changes on SQLite."""
    for step in steps(changes):
        _statement(step.verb, step.table, step.columns).run(connection, step.rows)


def upsert(table: Table, columns: Iterable[str]) -> Insert:
    """Insert, or set all of these columns but the key."""
    key = [column.name for column in table.primary_key]
    statement = sqlite.insert(table)
    changed = {name: statement.excluded[name] for name in columns if name not in key}
    if not changed:
        return statement.on_conflict_do_nothing(index_elements=key)
    return statement.on_conflict_do_update(index_elements=key, set_=changed)


@cache
def _statement(verb: str, table: Table, columns: Columns) -> Prepared:
    match verb:
        case "add":
            return Prepared(insert(table), columns)
        case "put":
            return Prepared(upsert(table, columns), columns)
    return Prepared(delete(table).where(*(column == bindparam(None) for column in table.primary_key)))
