"""What many changes of rows come to, in few statements: a row that changes often is written once."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter
from typing import Literal

import orjson
from sqlalchemy import (
    Connection,
    Insert,
    LargeBinary,
    Select,
    Table,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects import sqlite

from nrm_kernel.adapters.sql_access import Prepared
from nrm_kernel.views import Add, Cells, Change, Put

Cell = str | int | bool | bytes | None
Key = tuple[Cell, ...]
Columns = tuple[str, ...]
MANY = 16
"""From so many rows on they are one parameter, and one call of SQLite's writes them all.

For each row that it writes by itself the driver lets go of the interpreter and then waits to have it again: behind a
thread that computes, for as long as that is let. It takes SQLite longer to read rows from a text, but nobody waits."""
_NUL = b"\\u0000"


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
            of_table = folded[change.table] = _Folded(_key_of(change.table))
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
        columns, cells = _form(table, named)
        yield Step(verb, table, columns, list(map(cells, of_form)))


@cache
def _key_of(table: Table) -> Columns:
    return tuple(table.primary_key.columns.keys())


@cache
def _form(table: Table, named: Columns) -> tuple[Columns, Callable[[Cells], Sequence[Cell]]]:
    """Those columns in the table's order, and what takes their cells of a row."""
    columns = tuple([column.name for column in table.columns if column.name in named])
    return columns, _cells(columns)


def _cells(columns: Columns) -> Callable[[Cells], Sequence[Cell]]:
    """What takes these cells of a row."""
    if len(columns) == 1:
        return lambda row: (row[columns[0]],)
    return itemgetter(*columns)


def apply(connection: Connection, changes: Iterable[Change]) -> None:
    """Make the changes on SQLite."""
    for step in steps(changes):
        text = _text(step)
        if text is None:
            _statement(step.verb, step.table, step.columns).run(connection, step.rows)
        else:
            _statement_of_many(step.verb, step.table, step.columns).rows(connection, text)


def _text(step: Step) -> str | None:
    """The rows as a JSON array of arrays; None where they are few, or hold what JSON cannot or SQLite does not read."""
    if len(step.rows) < MANY or step.verb == "remove":
        return None
    if any(isinstance(step.table.columns[name].type, LargeBinary) for name in step.columns):
        return None
    text = orjson.dumps(step.rows)
    return None if _NUL in text else text.decode()


def upsert(table: Table, columns: Iterable[str], rows: Select[tuple[object, ...]] | None = None) -> Insert:
    """Insert one row, or these rows, or set all of these columns but the key."""
    named = list(columns)
    key = [column.name for column in table.primary_key]
    statement = sqlite.insert(table)
    if rows is not None:
        statement = statement.from_select(named, rows)
    changed = {name: statement.excluded[name] for name in named if name not in key}
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


@cache
def _statement_of_many(verb: str, table: Table, columns: Columns) -> Prepared:
    rows = _rows_of_text(table, columns)
    return Prepared(insert(table).from_select(columns, rows) if verb == "add" else upsert(table, columns, rows))


def _rows_of_text(table: Table, columns: Columns) -> Select[tuple[object, ...]]:
    """The rows of the one parameter, in the order of their key: those that lie together are written together."""
    given = func.json_each(bindparam("rows")).table_valued("value")
    cells = {name: func.json_extract(given.c.value, literal_column(f"'$[{at}]'")) for at, name in enumerate(columns)}
    key = [cells[column.name] for column in table.primary_key]
    return select(*cells.values()).where(true()).order_by(*key)  # SQLite asks for the WHERE before ON CONFLICT
