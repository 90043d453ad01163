"""What is shown: the rows of views where they are kept, read as they are, and how far they follow each log."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlalchemy import Table

from nrm_audit.copies import Damaged
from nrm_audit.tables import SQLITE_FAULTS, connect
from nrm_kernel.views import View


class NothingShown(Exception):
    """There are no views at the place named, or nobody who looks from here may see them."""


Key = tuple[object, ...]
Rows = dict[Key, dict[str, object]]
"""A table's rows by their primary key."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The rows of one moment, by table name, and the sizes up to which each log had been applied then."""

    sizes: Mapping[str, int]
    rows: Mapping[str, Rows]


class Shows(Protocol):
    """Views kept together in one place, wherever that is. ``name`` is whose they are."""

    @property
    def name(self) -> str: ...

    @property
    def views(self) -> Sequence[View]: ...

    @property
    def tables(self) -> Sequence[Table]:
        """All tables of all its views."""
        ...

    def read(self) -> Shown:
        """Everything that is shown. Raises NothingShown, and Damaged when it cannot be read or lacks a table."""
        ...


def tables_of(views: Sequence[View]) -> Sequence[Table]:
    """All tables of all these views."""
    return [table for view in views for table in view.metadata.sorted_tables]


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
        """See :class:`Shows`."""
        return tables_of(self.views)

    def read(self) -> Shown:
        """See :class:`Shows`."""
        return _read(self)


def _read(file: ViewFile) -> Shown:
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
