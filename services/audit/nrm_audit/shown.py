"""What is shown: the rows of views in a SQLite file, read as they are, and how far they follow each log."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Table

from nrm_audit.copies import Damaged
from nrm_audit.tables import SQLITE_FAULTS, connect
from nrm_kernel.views import View


class NothingShown(Exception):
    """There is no view file at the place named."""


Key = tuple[object, ...]
Rows = dict[Key, dict[str, object]]
"""A table's rows by their primary key."""


@dataclass(frozen=True, slots=True)
class ViewFile:
    """Views kept together in one place: a file, or the folder in which the first `*.sqlite` file is theirs.

    Those after it are being made. `origins` are the logs whose entries they follow from.
    """

    name: str
    path: Path
    views: Sequence[View]
    origins: Sequence[str]

    @property
    def tables(self) -> Sequence[Table]:
        """All tables of all its views."""
        return [table for view in self.views for table in view.metadata.sorted_tables]


@dataclass(frozen=True, slots=True)
class Shown:
    """The rows of one moment, by table name, and the sizes up to which each log had been applied then."""

    sizes: Mapping[str, int]
    rows: Mapping[str, Rows]


def read_shown(file: ViewFile) -> Shown:
    """Everything that a view file shows. Raises NothingShown, and Damaged when it cannot be read or lacks a table."""
    path = min(file.path.glob("*.sqlite"), default=file.path) if file.path.is_dir() else file.path
    if not path.is_file():
        raise NothingShown(f"{path}: there are no views here")
    try:
        with closing(connect(path)) as reader:
            reader.execute("BEGIN")
            applied = reader.execute("SELECT origin, size FROM view_cursor").fetchall()
            sizes = {origin: size for origin, size in applied if origin in file.origins}
            return Shown(sizes, {table.name: dict(_rows(reader, table)) for table in file.tables})
    except SQLITE_FAULTS as fault:
        raise Damaged(f"{path}: {fault}") from None


def key_of(table: Table, row: Mapping[str, object]) -> Key:
    """The row's primary key."""
    return tuple(row[column.name] for column in table.primary_key)


def _rows(reader: sqlite3.Connection, table: Table) -> Iterator[tuple[Key, dict[str, object]]]:
    names = [column.name for column in table.columns]
    columns = ", ".join(f'"{name}"' for name in names)
    for values in reader.execute(f'SELECT {columns} FROM "{table.name}"'):
        row = dict(zip(names, values, strict=True))
        yield key_of(table, row), row
