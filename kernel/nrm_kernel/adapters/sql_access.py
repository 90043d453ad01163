"""How a database is reached: one writer at a time with the head locked first, and readers that never wait for it.

SQLite is driven from threads of its own by the synchronous driver, so a whole step of a transaction costs one hop
instead of one per statement. Anything that runs takes a connection and returns plain values.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy import Connection, Engine, MetaData, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from nrm_kernel.errors import Unavailable

T = TypeVar("T")
BUSY_TIMEOUT_MS = 10_000
READERS = 2


class Session(Protocol):
    """An open transaction. It ends with its block: committed if :meth:`commit` ran, else rolled back."""

    async def run(self, step: Callable[[Connection], T]) -> T: ...

    async def commit(self, step: Callable[[Connection], T]) -> T:
        """The last step and the commit after it; the connection goes back in the same hop."""
        ...


class SqliteAccess:
    """One SQLite file in WAL mode. ``durable`` waits for the disk at each commit (synchronous=FULL)."""

    def __init__(self, path: Path, metadata: MetaData, *, durable: bool) -> None:
        self._path = path
        self._writer = _engine(path, "BEGIN IMMEDIATE", durable=durable, query_only=False, pool_size=1)
        self._reader = _engine(path, "BEGIN", durable=durable, query_only=True, pool_size=READERS)
        self._writing = ThreadPoolExecutor(1, thread_name_prefix=f"write-{path.stem}")
        self._reading = ThreadPoolExecutor(READERS, thread_name_prefix=f"read-{path.stem}")
        self._turn = asyncio.Lock()
        with self._writer.begin() as connection:
            metadata.create_all(connection)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Session]:
        """A write transaction, after all others of this process; other processes are waited for by the file's lock."""
        async with self._turn:
            session = _SqliteSession(self._writer, self._writing)
            try:
                yield session
            finally:
                await session.close()

    async def read(self, step: Callable[[Connection], T]) -> T:
        """Run one step on a snapshot."""
        return await asyncio.get_running_loop().run_in_executor(self._reading, self._on_snapshot, step)

    def _on_snapshot(self, step: Callable[[Connection], T]) -> T:
        try:
            with self._reader.begin() as connection:
                return step(connection)
        except DBAPIError as error:
            raise _unavailable(error) from error

    async def close(self) -> None:
        """Wait for what runs, then let go of the file."""
        for threads in (self._writing, self._reading):
            await asyncio.to_thread(threads.shutdown)
        self._reader.dispose()
        self._writer.dispose()


class _SqliteSession:
    def __init__(self, engine: Engine, thread: ThreadPoolExecutor) -> None:
        self._engine = engine
        self._thread = thread
        self._connection: Connection | None = None

    async def run(self, step: Callable[[Connection], T]) -> T:
        return await self._hop(lambda: step(self._opened()))

    async def commit(self, step: Callable[[Connection], T]) -> T:
        def last() -> T:
            connection = self._opened()
            result = step(connection)
            connection.commit()
            connection.close()
            self._connection = None
            return result

        return await self._hop(last)

    async def close(self) -> None:
        """Give the connection back; whatever was not committed is rolled back."""
        if self._connection is not None:
            await asyncio.shield(self._hop(self._connection.close))

    async def _hop(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except DBAPIError as error:
            raise _unavailable(error) from error

    def _opened(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
            self._connection.begin()
        return self._connection


def _unavailable(error: DBAPIError) -> Unavailable:
    """What the driver says goes to the log; the caller learns that nothing was recorded."""
    return Unavailable(
        "STORE_UNAVAILABLE",
        "The store cannot be used now. Nothing was saved. Send the same request again after a while; if it stays so, "
        "check the disk and the store's process.",
        cause=type(error.orig).__name__,
    )


def _engine(path: Path, begin: str, *, durable: bool, query_only: bool, pool_size: int) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=0,
        connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000},
    )

    @event.listens_for(engine, "connect")
    def settle(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        # The driver's own transaction handling begins deferred and too late; ours begins as written below.
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
        connection.execute("PRAGMA foreign_keys=ON")
        if query_only:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
