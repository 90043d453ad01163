"""What many changes of rows come to, in few statements: a row that changes often is written once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache

from sqlalchemy import Connection, Insert, Table, bindparam, delete, insert
from sqlalchemy.dialects import sqlite

from nrm_kernel.adapters.sql_access import Prepared
from nrm_kernel.views import Add, Cells, Change, Put

Key = tuple[object, ...]
Columns = tuple[str, ...]


@dataclass(slots=True)
class _Folded:
    """The changes of one table: rows that are new, rows to take away first, and cells to set then."""

    key: Columns
    new: list[Cells] = field(default_factory=list)
    gone: set[Key] = field(default_factory=set)
    cells: dict[Key, dict[str, str | int | bool | bytes | None]] = field(default_factory=dict)

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


def apply(connection: Connection, changes: Iterable[Change]) -> None:
    """Make the changes, as if one after another. Tables do not depend on each other."""
    folded: dict[Table, _Folded] = {}
    for change in changes:
        of_table = folded.get(change.table)
        if of_table is None:
            of_table = folded[change.table] = _Folded(tuple(change.table.primary_key.columns.keys()))
        of_table.take(change)
    for table, of_table in folded.items():
        _write(connection, table, _adding, of_table.new)
        if of_table.gone:
            _removing(table).run(connection, list(of_table.gone))
        _write(connection, table, _setting, of_table.cells.values())


def _write(
    connection: Connection, table: Table, statement: Callable[[Table, Columns], Prepared], rows: Iterable[Cells]
) -> None:
    """Rows that name the same columns by one statement, their values in the order of the table's columns."""
    alike: dict[Columns, list[Cells]] = {}
    for row in rows:
        alike.setdefault(tuple(row), []).append(row)
    for named, of_form in alike.items():
        columns = tuple([column.name for column in table.columns if column.name in named])
        statement(table, columns).run(connection, [[row[name] for name in columns] for row in of_form])


def upsert(table: Table, columns: Iterable[str]) -> Insert:
    """Insert, or set all of these columns but the key."""
    key = [column.name for column in table.primary_key]
    statement = sqlite.insert(table)
    changed = {name: statement.excluded[name] for name in columns if name not in key}
    if not changed:
        return statement.on_conflict_do_nothing(index_elements=key)
    return statement.on_conflict_do_update(index_elements=key, set_=changed)


@cache
def _adding(table: Table, columns: Columns) -> Prepared:
    return Prepared(insert(table), columns)


@cache
def _setting(table: Table, columns: Columns) -> Prepared:
    return Prepared(upsert(table, columns), columns)


@cache
def _removing(table: Table) -> Prepared:
    return Prepared(delete(table).where(*(column == bindparam(None) for column in table.primary_key)))
