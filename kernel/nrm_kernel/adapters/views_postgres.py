"""Views on PostgreSQL: each generation of them in a schema of its own, and a table that says which one is shown.

Several processes may keep and read the same views, and any of them may make them again; the others go on with the new
rows. They are of one release: what other versions of the views made is thrown away when they are opened.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, TypeVar
from urllib.parse import urlsplit

import asyncpg
from asyncpg import exceptions
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Integer,
    MetaData,
    Row,
    Select,
    String,
    Table,
    Update,
    delete,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import ProgrammingError

from nrm_kernel.adapters import postgres_rows
from nrm_kernel.adapters.migrating import RoleUnfit, require
from nrm_kernel.adapters.postgres_access import PostgresAccess, Transaction, connected
from nrm_kernel.adapters.postgres_faults import told
from nrm_kernel.adapters.views_tables import (
    all_tables,
    completeness_of,
    cursor_row,
    frontier_of,
    made_by,
    not_shown,
)
from nrm_kernel.errors import Unavailable
from nrm_kernel.ledger.merkle import Frontier
from nrm_kernel.projecting import Moved, Stretch
from nrm_kernel.views import Change, Completeness, View

T = TypeVar("T")
metadata = MetaData(info={"kind": "views"})
view_generation = Table(
    "view_generation",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("views", String, nullable=False),
    Column("shown", Boolean, nullable=False),
    info={"role": "SELECT, INSERT, UPDATE, DELETE"},
)
"""The sets of rows that there are. One is shown; another is there while it is filled to take its place."""
_FILLING = 0x4E524D56  # the lock that all share who fill a generation
_ROOM = """
    SELECT quote_ident(current_user), quote_ident(current_database()),
        has_database_privilege(current_database(), 'CREATE')
"""
_ONE_AT_A_TIME = "LOCK TABLE view_generation IN SHARE ROW EXCLUSIVE MODE"
_STANDS = """
    SELECT (SELECT size FROM view_cursor WHERE origin = $1) AS size,
        EXISTS (SELECT FROM public.view_generation WHERE number = $2 AND shown = $3) AS ours
"""
_MOVE = """
    INSERT INTO view_cursor (origin, size, frontier, recorded_at) VALUES ($1, $2, $3, $4) ON CONFLICT (origin)
    DO UPDATE SET size = excluded.size, frontier = excluded.frontier,
        recorded_at = greatest(view_cursor.recorded_at, excluded.recorded_at)
"""
_IN_TURN = "SELECT 1 FROM public.view_generation WHERE number = $5 AND shown = $6 FOR UPDATE"
_MOVE_FROM = """
    INSERT INTO view_cursor (origin, size, frontier, recorded_at) SELECT $1::text, $2::bigint, $3::bytea, $4::text
    WHERE $7::bigint = 0 OR EXISTS (SELECT FROM view_cursor WHERE origin = $1) ON CONFLICT (origin)
    DO UPDATE SET size = excluded.size, frontier = excluded.frontier,
        recorded_at = greatest(view_cursor.recorded_at, excluded.recorded_at)
    WHERE view_cursor.size = $7 RETURNING 1
"""
_OR_NOTHING = "SELECT 1 / (SELECT count(*) FROM s0) / (SELECT count(*) FROM s1)"
"""Fails, and everything with it, unless these are the views that are shown and they stand where the stretch begins.

The turn is waited for first. What came meanwhile is not seen by the rest of the statement, whose rows are of another
origin then; a cursor that was moved is: that is looked at as it is when it is changed.
"""


class PostgresViews:
    """Views kept in one database. Make them with :meth:`open`."""

    def __init__(self, url: str, views: Sequence[View], number: int) -> None:
        self._url = url
        self._views = views
        self._number = number
        self._access = _access(url, number)
        self._filling: asyncpg.Connection | None = None

    @classmethod
    async def open(cls, url: str, views: Sequence[View]) -> "PostgresViews":
        """Open the database's views, in tables that its owner has migrated.

        What other versions of the views made, or a broken-off rebuild, is thrown away. Raises NotMigrated,
        NewerRelease, RoleUnfit and Unavailable.
        """
        number = await _once(url, lambda connection: _opened(connection, views))
        await _once(url, _sweep)
        return cls(url, views, number)

    @classmethod
    async def shown(cls, url: str, views: Sequence[View]) -> "PostgresViews":
        """The views as their service shows them, for who only reads: nothing is made, and nothing thrown away.

        Raises NotMigrated, NewerRelease, and Unavailable where there are none that this release reads.
        """
        number = await _once(url, lambda connection: _number_of(connection, views))
        if number is None:
            raise not_shown(f"the database {urlsplit(url).path.strip('/')}")
        return cls(url, views, number)

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
        """See :meth:`nrm_kernel.projecting.ViewStore.apply`. Other processes' changes are waited for."""
        changes = list(changes)
        place = *cursor_row(stretch), self._number, self._filling is None, stretch.after
        first, *more = postgres_rows.trips(changes, [_IN_TURN, _MOVE_FROM], *place, last=[_OR_NOTHING])
        try:
            if more:
                await self._apply_in_steps(changes, stretch)
            else:
                await self._access.rows(first.statement, *first.values)
        except exceptions.DivisionByZeroError:
            await self._apply_in_steps(changes, stretch)  # and be told what is in the way
        except exceptions.UndefinedTableError:
            await self._replaced(stretch)

    async def beside(self) -> "PostgresViews":
        """Empty views in a schema of their own, to rebuild into while these are read."""
        with told():
            filling = await connected(self._url, {"application_name": "nrm"})
            await filling.execute(f"SELECT pg_advisory_lock_shared({_FILLING})")
        number = await _once(self._url, lambda connection: _made(connection, self._views, shown=False))
        fresh = PostgresViews(self._url, self._views, number)
        fresh._filling = filling
        return fresh

    async def replace_by(self, fresh: "PostgresViews") -> None:
        """Go on with what was rebuilt; a read under way ends on the old rows, the next one sees the new."""
        await _once(self._url, lambda connection: connection.execute(_shown(fresh._number)))
        old = self._access
        self._number, self._access = fresh._number, fresh._access
        await fresh._filled()
        await old.close()
        with suppress(Unavailable):  # somebody reads the old rows for long: the next one to open throws them away
            await _once(self._url, _sweep)

    async def discard(self) -> None:
        """Throw these rows away, with their schema."""
        await self.close()
        await _once(self._url, lambda connection: _drop(connection, self._number))

    async def close(self) -> None:
        """Let go of the database."""
        await self._filled()
        await self._access.close()

    async def _filled(self) -> None:
        if self._filling is not None:
            await self._filling.close()
            self._filling = None

    async def _apply_in_steps(self, changes: Iterable[Change], stretch: Stretch) -> None:
        in_turn = f"SELECT 1 FROM public.view_generation WHERE number = {self._number} FOR UPDATE"
        async with self._access.writing(in_turn) as transaction:
            await self._apply(transaction, changes, stretch)

    async def _apply(self, transaction: Transaction, changes: Iterable[Change], stretch: Stretch) -> None:
        shown = self._filling is None
        ((size, ours),) = await transaction.rows(_STANDS, stretch.origin, self._number, shown)
        if not ours:
            await self._replaced(stretch)
        if (size or 0) != stretch.after:
            raise Moved(stretch.origin, stretch.after, size or 0)
        await postgres_rows.apply(transaction, changes, [_MOVE], *cursor_row(stretch))
        await transaction.commit()

    async def _replaced(self, stretch: Stretch) -> None:
        """Another process made the views again. Raises Moved: it is to be seen anew where they stand."""
        await self._follow()
        raise Moved(stretch.origin, stretch.after, (await self.frontier(stretch.origin)).size)

    async def _read(self, step: Callable[[Connection], T]) -> T:
        """Run a step on a snapshot, of the new rows when the old ones were replaced before its turn came."""
        while True:
            access = self._access
            try:
                return await access.run(step)
            except Unavailable:
                if access is self._access:
                    raise
            except ProgrammingError:
                await self._follow()
                if access is self._access:
                    raise

    async def _follow(self) -> None:
        """Go on with the rows that another process made, if it made any."""
        query = select(view_generation.c.number).where(view_generation.c.shown)
        number = await _once(self._url, lambda connection: connection.scalar(query))
        if number is not None and number != self._number:
            old = self._access
            self._number, self._access = number, _access(self._url, number)
            await old.close()


def _access(url: str, number: int) -> PostgresAccess:
    return PostgresAccess(url, schema=_schema(number), durable=False)


async def _once(url: str, step: Callable[[Connection], T]) -> T:
    """A step on the list of generations, in a transaction and on a connection of its own."""
    access = PostgresAccess(url)
    try:
        return await access.change(step)
    finally:
        await access.close()


def _schema(number: int) -> str:
    return f"views_{number:04}"


def _opened(connection: Connection, views: Sequence[View]) -> int:
    """The generation that is shown, if these views made it, else a new one."""
    connection.execute(text(_ONE_AT_A_TIME))
    number = _number_of(connection, views)
    require_room(connection)
    return _made(connection, views, shown=True) if number is None else number


def require_room(connection: Connection) -> None:
    """That this role may make schemas, for views that are made anew. Raises RoleUnfit."""
    role, database, may = connection.execute(text(_ROOM)).one()
    if not may:
        said = f"The role {role} lacks CREATE on the database {database}. Nothing was started. As the server's owner: "
        raise RoleUnfit("DATABASE_RIGHTS_LACKING", f"{said}GRANT CREATE ON DATABASE {database} TO {role};")


def _number_of(connection: Connection, views: Sequence[View]) -> int | None:
    """The generation that is shown, if these views made it."""
    require(connection, metadata)
    columns, ours = view_generation.c, made_by(views, connection.dialect)
    return connection.scalar(select(columns.number).where(columns.shown, columns.views == ours))


def _made(connection: Connection, views: Sequence[View], *, shown: bool) -> int:
    """An empty generation."""
    connection.execute(text(_ONE_AT_A_TIME))
    number = (connection.scalar(select(func.max(view_generation.c.number))) or 0) + 1
    ours = made_by(views, connection.dialect)
    connection.execute(insert(view_generation).values(number=number, views=ours, shown=False))
    if shown:
        connection.execute(_shown(number))
    connection.execute(text(f"CREATE SCHEMA {_schema(number)}"))
    connection.execute(text(f"SET LOCAL search_path TO {_schema(number)}"))
    all_tables(views).create_all(connection, checkfirst=False)
    return number


def _shown(number: int) -> Update:
    return update(view_generation).values(shown=view_generation.c.number == number)


def _sweep(connection: Connection) -> None:
    """Throw away what is not shown, unless somebody fills a generation now."""
    if connection.scalar(text(f"SELECT pg_try_advisory_xact_lock({_FILLING})")):
        for number in connection.scalars(select(view_generation.c.number).where(~view_generation.c.shown)).all():
            _drop(connection, number)


def _drop(connection: Connection, number: int) -> None:
    connection.execute(text(f"DROP SCHEMA IF EXISTS {_schema(number)} CASCADE"))
    connection.execute(delete(view_generation).where(view_generation.c.number == number))
