"""Views on a SQL database: rows, and one cursor per origin, changed together. Everything here can be made again."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import (
    Connection,
    Row,
    Select,
    bindparam,
    func,
    insert,
    select,
)
from sqlalchemy.dialects import sqlite

from nrm_kernel.adapters import row_changes
from nrm_kernel.adapters.sql_access import Prepared, SqliteAccess
from nrm_kernel.adapters.views_owner import PATIENCE_S, Ownership, generations
from nrm_kernel.adapters.views_tables import (
    all_tables,
    completeness_of,
    cursor_row,
    frontier_of,
    made_by,
    view_cursor,
    view_version,
)
from nrm_kernel.errors import Unavailable
from nrm_kernel.ledger.merkle import Frontier
from nrm_kernel.projecting import Moved, Stretch
from nrm_kernel.views import Change, Completeness, View

T = TypeVar("T")
DAMAGED = sqlite3.DatabaseError.__name__
"""What the driver raises for a file that is no database; whatever only cannot be used now has a class of its own."""
_STANDS = Prepared(select(view_cursor.c.size).where(view_cursor.c.origin == bindparam("origin")))
_CURSOR = sqlite.insert(view_cursor)
_MOVE = Prepared(
    _CURSOR.on_conflict_do_update(
        index_elements=[view_cursor.c.origin],
        set_={
            "size": _CURSOR.excluded.size,
            "frontier": _CURSOR.excluded.frontier,
            "recorded_at": func.max(view_cursor.c.recorded_at, _CURSOR.excluded.recorded_at),
        },
    )
)


class SqlViews:
    """Views kept in one SQLite file of a folder; a rebuild fills a file with the next number and takes its place."""

    def __init__(self, path: Path, views: Sequence[View], access: SqliteAccess) -> None:
        self._path = path
        self._views = views
        self._access = access
        self._owned: Ownership | None = None

    @classmethod
    async def open(cls, folder: Path, views: Sequence[View], patience_s: float = PATIENCE_S) -> "SqlViews":
        """Keep the folder's views. What other versions of the views made, or a broken-off rebuild, is thrown away.

        Raises ViewsKept, and changes nothing, when another process keeps them and goes on doing so.
        """
        owned = await Ownership.of(folder, patience_s)
        try:
            opened = await cls._opened(folder, views)
        except BaseException:
            owned.end()
            raise
        opened._owned = owned
        return opened

    @classmethod
    async def _opened(cls, folder: Path, views: Sequence[View]) -> "SqlViews":
        kept: SqlViews | None = None
        for path in generations(folder):
            found = await cls._found(path, views)
            if kept is None and found is not None:
                kept = found
            elif found is not None:
                await found.discard()
            else:
                _unlink(path)
        return kept or await cls._made(folder / "0001.sqlite", views)

    @classmethod
    async def _found(cls, path: Path, views: Sequence[View]) -> "SqlViews | None":
        """What is in this file, unless other versions made it or it is damaged."""
        try:
            found = cls(path, views, _opened(path, views))
        except Unavailable as fault:
            if fault.facts["cause"] == DAMAGED:
                return None
            raise
        if await found._access.read(lambda connection: _are(connection, views)):
            return found
        await found.close()
        return None

    @classmethod
    async def _made(cls, path: Path, views: Sequence[View]) -> "SqlViews":
        access = _opened(path, views)
        async with access.session() as session:
            await session.commit(lambda connection: _stamp(connection, views))
        return cls(path, views, access)

    async def rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        """See :meth:`nrm_kernel.views.ViewReader.rows`."""
        return await self._read(lambda connection: connection.execute(query).all())

    async def completeness(self) -> Completeness:
        """See :meth:`nrm_kernel.views.ViewReader.completeness`."""
        return await completeness_of(self)

    async def frontier(self, origin: str) -> Frontier:
        """See :meth:`nrm_kernel.projecting.ViewStore.frontier`."""
        return await frontier_of(self, origin)

    async def apply(self, changes: Iterable[Change], stretch: Stretch) -> None:
        """See :meth:`nrm_kernel.projecting.ViewStore.apply`."""
        async with self._access.session() as session:
            few = len(stretch.entries)
            await session.commit(lambda connection: _apply(connection, changes, stretch), entries=few)

    async def beside(self) -> "SqlViews":
        """Empty views in a file of their own, to rebuild into while these are read."""
        return await SqlViews._made(self._path.with_stem(f"{int(self._path.stem) + 1:04}"), self._views)

    async def replace_by(self, fresh: "SqlViews") -> None:
        """Go on with what was rebuilt; a read under way ends on the old rows, the next one sees the new."""
        old = SqlViews(self._path, self._views, self._access)
        self._path, self._access = fresh._path, fresh._access
        await old.discard()

    async def _read(self, step: Callable[[Connection], T]) -> T:
        """Run a step on a snapshot, of the new rows when the old ones were replaced before its turn came."""
        access = self._access
        try:
            return await access.read(step)
        except Unavailable:
            if access is self._access:
                raise
            return await self._access.read(step)

    async def discard(self) -> None:
        """Throw these rows away, with their file."""
        await self.close()
        _unlink(self._path)

    async def close(self) -> None:
        """Let go of the file, and of the folder."""
        await self._access.close()
        if self._owned:
            self._owned.end()


def _opened(path: Path, views: Sequence[View]) -> SqliteAccess:
    return SqliteAccess(path, all_tables(views, view_version), durable=False)


def _stamp(connection: Connection, views: Sequence[View]) -> None:
    connection.execute(insert(view_version).values(views=made_by(views, connection.dialect)))


def _are(connection: Connection, views: Sequence[View]) -> bool:
    return connection.scalar(select(view_version.c.views)) == made_by(views, connection.dialect)


def _unlink(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def _apply(connection: Connection, changes: Iterable[Change], stretch: Stretch) -> None:
    stands = next((size for (size,) in _STANDS.rows(connection, stretch.origin)), 0)
    if stands != stretch.after:
        raise Moved(stretch.origin, stretch.after, stands)
    row_changes.apply(connection, changes)
    _move(connection, stretch)


def _move(connection: Connection, stretch: Stretch) -> None:
    _MOVE.run(connection, [cursor_row(stretch)])
