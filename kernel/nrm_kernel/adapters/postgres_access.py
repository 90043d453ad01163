"""How a PostgreSQL database is reached: one connection that writes, some that read, and SQLAlchemy's for the rest.

What every write and every reader runs goes to the driver as it is; SQLAlchemy's connections are for queries that are
put together elsewhere (views, vault, migrations). A connection that was lost is made again by whoever needs one next.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import asyncpg
from asyncpg import exceptions
from sqlalchemy import Connection, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from nrm_kernel.adapters.postgres_faults import LOST, CommitUnknown, gone, let_in, told

logging.getLogger("asyncpg.pool").setLevel(logging.ERROR)  # else a traceback each time that it finds no server

T = TypeVar("T")
READERS = 3
QUERIES = 3
CONNECT_TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class Patience:
    """How long things may take on a connection before PostgreSQL ends them, in seconds.

    ``idle_s``: a transaction in which nothing happens. A process that was stopped while it held the head finds its
    transaction ended when it goes on, and cannot commit. ``lock_s``: waiting for the head. It is longer, so that
    another's ``idle_s`` ends first. ``statement_s``: one statement.
    """

    idle_s: float = 10.0
    lock_s: float = 20.0
    statement_s: float = 60.0

    def settings(self) -> dict[str, str]:
        """As PostgreSQL's settings, in milliseconds."""
        return {
            "idle_in_transaction_session_timeout": str(int(self.idle_s * 1000)),
            "lock_timeout": str(int(self.lock_s * 1000)),
            "statement_timeout": str(int(self.statement_s * 1000)),
        }


class PostgresAccess:
    """One database, or with ``schema`` the tables of one of its schemas. ``durable`` commits wait for the disk."""

    def __init__(self, url: str, *, schema: str = "", durable: bool = True, patience: Patience | None = None) -> None:
        self._url = url
        settings = (patience or Patience()).settings() | {"application_name": "nrm"}
        if schema:
            settings["search_path"] = schema
        # Each of these statements has an index that it must use, also while a table is new and looks small. So one plan
        # does for all values: else those of many tables are planned again and again.
        self._own = settings | {"enable_seqscan": "off", "jit": "off", "plan_cache_mode": "force_generic_plan"}
        self._durable = {"synchronous_commit": "on" if durable else "off"}
        self._reading = _engine(url, settings | {"default_transaction_read_only": "on"})
        self._changing = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=lambda: connected(url, settings | self._durable),
            poolclass=NullPool,
            hide_parameters=True,
        )
        self._pool: asyncpg.Pool | None = None
        self._pooling = asyncio.Lock()
        self._turn = asyncio.Lock()
        self._writer: asyncpg.Connection | None = None
        self._closed = False
        self._users = 0
        self._unused = asyncio.Event()
        self._unused.set()

    @asynccontextmanager
    async def writing(self, first: str) -> AsyncIterator["Transaction"]:
        """A transaction that begins with these statements, after all others of this process.

        It is rolled back unless :meth:`Transaction.commit` ran.
        """
        async with self._turn:
            if self._closed:
                raise gone()
            transaction = Transaction(await self._connected())
            try:
                with told():
                    await transaction.connection.execute(f"BEGIN;{first}")
                yield transaction
            except BaseException as fault:
                await self._given_up(transaction, fault)
                raise
            if not transaction.ended:
                await self._rolled_back(transaction.connection)

    @asynccontextmanager
    async def aside(self, first: str) -> AsyncIterator["Transaction"]:
        """A transaction that only reads, on a connection of its own, while the writer's is still held."""
        with told():
            connection = await connected(self._url, self._own)
        try:
            with told():
                await connection.execute(f"BEGIN;{first}")
            yield Transaction(connection)
        finally:
            await closed(connection)

    async def rows(self, query: str, *values: object) -> Sequence[Any]:
        """The rows of one statement. What it changes does not wait for the disk."""
        with told():
            pool = await self._readers()
            found: Sequence[Any] = await pool.fetch(query, *values)
            return found

    async def try_writing(self, lock: str) -> None:
        """Take and leave this lock, and see that the writer has a connection. Waits for nobody who writes."""
        await self.rows(lock)
        if self._writer is None or self._writer.is_closed():
            async with self._turn:
                if self._closed:
                    raise gone()
                await self._connected()

    async def run(self, step: Callable[[Connection], T]) -> T:
        """Run a step that only reads; each of its statements sees a snapshot."""
        async with self._used(), self._reading.connect() as connection:
            return await connection.run_sync(step)

    async def change(self, step: Callable[[Connection], T]) -> T:
        """Run a changing step in a transaction of its own. It is rare: the connection is made for it."""
        async with self._used(), self._changing.begin() as connection:
            return await connection.run_sync(step)

    async def close(self) -> None:
        """Let go of the database, after what is under way."""
        self._closed = True
        async with self._turn:
            if self._writer is not None:
                await closed(self._writer)
        if self._pool is not None:
            await self._pool.close()
        await self._unused.wait()
        await self._reading.dispose()
        await self._changing.dispose()

    @asynccontextmanager
    async def _used(self) -> AsyncIterator[None]:
        """One more step on SQLAlchemy's connections, which are closed after the last of them."""
        if self._closed:
            raise gone()
        self._users += 1
        self._unused.clear()
        try:
            with told():
                yield
        finally:
            self._users -= 1
            if not self._users:
                self._unused.set()

    async def _connected(self) -> asyncpg.Connection:
        if self._writer is None or self._writer.is_closed():
            with told():
                self._writer = await connected(self._url, self._own | self._durable)
        return self._writer

    async def _readers(self) -> asyncpg.Pool:
        if self._closed:
            raise gone()
        async with self._pooling:
            if self._pool is None:
                with let_in():
                    self._pool = await asyncpg.create_pool(
                        self._url,
                        min_size=1,
                        max_size=READERS,
                        reset=_left_as_it_is,
                        timeout=CONNECT_TIMEOUT_S,
                        server_settings=self._own | {"synchronous_commit": "off"},
                    )
        return self._pool

    async def _given_up(self, transaction: "Transaction", fault: BaseException) -> None:
        """Whatever was begun is undone: by the server, when the connection is lost or in the middle of something."""
        if transaction.ended:
            return
        if isinstance(fault, Exception) and not transaction.connection.is_closed():
            await self._rolled_back(transaction.connection)
        else:
            transaction.connection.terminate()

    async def _rolled_back(self, connection: asyncpg.Connection) -> None:
        try:
            await connection.execute("ROLLBACK")
        except Exception:  # noqa: BLE001 - whatever it is, without a connection the server rolls back
            connection.terminate()
        except BaseException:
            connection.terminate()
            raise


class Transaction:
    """An open transaction on the writer's connection."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection = connection
        self.ended = False

    async def rows(self, query: str, *values: object) -> Sequence[Any]:
        """The rows of one statement."""
        with told():
            found: Sequence[Any] = await self.connection.fetch(query, *values)
            return found

    async def commit(self) -> None:
        """Commit. Raises CommitUnknown when the connection was lost before an answer came."""
        self.ended = True
        try:
            with told():
                await self._committed()
        except BaseException:
            self.connection.terminate()
            raise

    async def _committed(self) -> None:
        try:
            await self.connection.execute("COMMIT")
        except LOST as fault:
            raise CommitUnknown(type(fault).__name__) from fault


async def connected(url: str, settings: Mapping[str, str]) -> asyncpg.Connection:
    """A connection with these settings. Raises StoreRefused, and what the driver raises."""
    with let_in():
        connection: asyncpg.Connection = await asyncpg.connect(
            url, timeout=CONNECT_TIMEOUT_S, server_settings=dict(settings)
        )
    return connection


async def _counting_in_integers(url: str, settings: Mapping[str, str]) -> asyncpg.Connection:
    """A connection on which sums are integers, as they are on SQLite: PostgreSQL gives those of bigint as numeric."""
    connection = await connected(url, settings)
    await connection.set_type_codec("numeric", schema="pg_catalog", encoder=str, decoder=int, format="text")
    return connection


async def closed(connection: asyncpg.Connection) -> None:
    try:
        await connection.close(timeout=1)
    except (OSError, TimeoutError, exceptions.PostgresError, exceptions.InterfaceError):
        connection.terminate()


async def _left_as_it_is(_connection: asyncpg.Connection) -> None:
    """Between two readers of a pool there is nothing to put right: each runs one statement of ours."""


def _engine(url: str, settings: Mapping[str, str]) -> AsyncEngine:
    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=lambda: _counting_in_integers(url, settings),
        isolation_level="AUTOCOMMIT",  # one trip for a query instead of three
        pool_size=QUERIES,
        max_overflow=0,
        hide_parameters=True,
    )

    @event.listens_for(engine.sync_engine, "checkout")
    def look(_adapted: object, entry: ConnectionPoolEntry, _proxy: object) -> None:
        """One that the server closed meanwhile is replaced before it is used."""
        if entry.driver_connection is not None and entry.driver_connection.is_closed():
            raise DisconnectionError

    return engine
