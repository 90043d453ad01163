"""How a database is reached: one writer at a time with the head locked first, and readers that never wait for it.

SQLite is driven by its synchronous driver. What waits for the disk or for another process runs in a thread of its own,
a whole step in one hop. What a write reads first needs neither when the file's lock is free at once, and what reads or
writes few rows takes less time than the hop: they run where they stand. Anything that runs takes a connection and
returns plain values.
"""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from operator import attrgetter
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine, MetaData, create_engine, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool
from sqlalchemy.sql import ClauseElement

from nrm_kernel.adapters.worker import Worker
from nrm_kernel.errors import Unavailable
from nrm_kernel.failpoints import failpoint

T = TypeVar("T")
BUSY_TIMEOUT_MS = 10_000
RETRY_S = 0.01
_PRIMARY = 0xFF  # of an extended error code
READERS = 2
LITTLE = 8
"""The rows of so few entries are read and written where it stands, unless that waits for the disk."""
IN_A_ROW = 64
"""So many commits at most follow one another where they stand. The next one goes by the thread, and has SQLite bring
its log into the file where that is due, which waits for the disk."""
BRING_IN_PAGES = 1_000
OURS = (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError, sqlite3.NotSupportedError)
"""Faults that are no passing ones: a row that breaks a rule of its table, a wrong use of the driver. A statement that
cannot be understood has the class of a full disk, and an error code of its own: SQLITE_ERROR."""
_DIALECT = sqlite.dialect(paramstyle="qmark")


class Session(Protocol):
    """An open transaction. It ends with its block: committed if :meth:`commit` ran, else rolled back."""

    async def run(self, step: Callable[[Connection], T]) -> T:
        """A step that only reads, and little."""
        ...

    async def commit(self, step: Callable[[Connection], T], *, wipes: bool = False, entries: int | None = None) -> T:
        """The last step and the commit after it; ``wipes`` says that what it deletes must leave the files too.

        ``entries`` says of how many entries it writes the rows, where that is known.
        """
        ...


class Prepared:
    """A statement written out once and handed to the driver as it is: for what every write runs.

    Values go by the order in which the statement names its parameters; for an insert, its table's columns, or those
    that are named.
    """

    def __init__(self, statement: ClauseElement, columns: Sequence[str] | None = None) -> None:
        self._sql = str(statement.compile(dialect=_DIALECT, column_keys=columns))

    def rows(self, connection: Connection, *values: object) -> Sequence[Any]:
        """The rows of a query."""
        cursor = connection.connection.cursor()
        cursor.execute(self._sql, values)
        return cursor.fetchall()

    def run(self, connection: Connection, rows: Sequence[Sequence[object]]) -> int:
        """A change, once for each of these rows of values; how many rows of the table it changed."""
        cursor = connection.connection.cursor()
        cursor.executemany(self._sql, rows)
        return cursor.rowcount


class SqliteAccess:
    """One SQLite file in WAL mode. ``durable`` waits for the disk at each commit (synchronous=FULL).

    What a commit deletes stands in the file, and in the log beside it, until a checkpoint: one that wipes is followed
    by it, and where a reader of an older snapshot is in the way, the next commit makes up for that.
    """

    def __init__(self, path: Path, metadata: MetaData, *, durable: bool) -> None:
        self._durable = durable
        self._writer = _engine(path, durable=durable, readers=0)
        self._reader = _engine(path, durable=durable, readers=READERS)
        with _told(path):
            self._connection = self._writer.connect()
            _begin(self._connection, BUSY_TIMEOUT_MS)
            metadata.create_all(self._connection)
            _commit(self._connection)
            readers = [self._reader.connect() for _ in range(READERS)]
            self._glancing = self._reader.connect()
            self._glancing.connection.cursor().execute("PRAGMA busy_timeout=0")
        self._writing = Worker(f"write-{path.stem}")
        self._turn = asyncio.Lock()
        self._readers = [_Reader(each, Worker(f"read-{path.stem}-{number}")) for number, each in enumerate(readers)]
        self._bringing_in = _BringingIn(owed=durable)  # a process that was killed may have left something
        self._closed = False

    @asynccontextmanager
    async def session(self, *, lasting: bool = True) -> AsyncIterator[Session]:
        """A write transaction, after all others of this process; other processes are waited for by the file's lock.

        One that is not ``lasting`` does not wait for the disk: a power cut may take it back, but no lasting one before.
        """
        async with self._turn:
            if self._closed:
                raise _gone()
            if self._durable:  # said each time, so that a session that was broken off leaves nothing behind
                _wait_for_disk(self._connection, "FULL" if lasting else "NORMAL")
            waits = self._durable and lasting
            session = _SqliteSession(self._connection, self._writing, self._bringing_in, waits=waits)
            try:
                yield session
            finally:
                await session.close()

    async def read(self, step: Callable[[Connection], T]) -> T:
        """Run one step on a snapshot."""
        if self._closed:
            raise _gone()
        return await min(self._readers, key=attrgetter("asked")).read(step)

    def glance(self, step: Callable[[Connection], T]) -> T:
        """Run one statement, prepared, that reads a few rows. Raises Unavailable where it would have to wait, too."""
        if self._closed:
            raise _gone()
        with _told():
            return step(self._glancing)

    async def close(self) -> None:
        """Wait for what runs, then let go of the file."""
        async with self._turn:
            if self._closed:
                return
            self._closed = True
            await self._writing.end()
            for reader in self._readers:
                await reader.end()
            self._glancing.close()
            self._connection.close()
            self._reader.dispose()
            self._writer.dispose()


class _Reader:
    """A connection that reads, and the thread that it is used in; ``asked`` is how much waits for it."""

    def __init__(self, connection: Connection, worker: Worker) -> None:
        self._connection = connection
        self._worker = worker
        self.asked = 0

    async def read(self, step: Callable[[Connection], T]) -> T:
        self.asked += 1
        try:
            return await self._worker.do(lambda: self._on_snapshot(step))
        finally:
            self.asked -= 1

    async def end(self) -> None:
        """After everything that was asked before."""
        await self._worker.end()
        self._connection.close()

    def _on_snapshot(self, step: Callable[[Connection], T]) -> T:
        with _told():
            self._connection.connection.cursor().execute("BEGIN")
            try:
                return step(self._connection)
            finally:
                _roll_back(self._connection)


def _wait_for_disk(connection: Connection, synchronous: str) -> None:
    """FULL has each commit wait; NORMAL lets a later one, or a checkpoint of SQLite's, take it to the disk."""
    connection.connection.cursor().execute(f"PRAGMA synchronous={synchronous}")


class _BringingIn:
    """When the log beside the file is brought into it: by SQLite, after a commit that may wait for the disk, and
    emptied too where something must leave the files."""

    def __init__(self, *, owed: bool) -> None:
        self._owed = owed
        self._in_a_row = 0

    def is_left(self, connection: Connection, entries: int | None) -> bool:
        """Whether the commit that comes now is of so few entries, and can do without."""
        left = entries is not None and entries <= LITTLE and not self._owed and self._in_a_row < IN_A_ROW
        if left == (self._in_a_row == 0):
            pages = 0 if left else BRING_IN_PAGES
            connection.connection.cursor().execute(f"PRAGMA wal_autocheckpoint={pages}")
        self._in_a_row = self._in_a_row + 1 if left else 0
        return left

    def after_commit(self, connection: Connection, *, wipes: bool) -> None:
        """Where it cannot be emptied now, that stays owed: what was committed is committed."""
        self._owed = self._owed or wipes
        if self._owed:
            with suppress(sqlite3.Error):
                cursor = connection.connection.cursor()
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                ((busy, _, _),) = cursor.fetchall()
                self._owed = bool(busy)


class _SqliteSession:
    def __init__(self, connection: Connection, worker: Worker, bringing_in: _BringingIn, *, waits: bool) -> None:
        self._connection = connection
        self._worker = worker
        self._bringing_in = bringing_in
        self._waits = waits
        self._begun = False

    async def run(self, step: Callable[[Connection], T]) -> T:
        if self._begun or self._begun_at_once():
            with _told():
                return step(self._connection)
        return await self._worker.do(lambda: self._step(step))

    async def commit(self, step: Callable[[Connection], T], *, wipes: bool = False, entries: int | None = None) -> T:
        few = None if self._waits or wipes else entries
        with _told():
            is_quick = self._bringing_in.is_left(self._connection, few)
        if is_quick and (self._begun or self._begun_at_once()):
            return self._last_step(step, wipes=wipes)
        return await self._worker.do(lambda: self._last_step(step, wipes=wipes))

    async def close(self) -> None:
        """Whatever was not committed is rolled back."""
        if self._begun:
            await self._worker.do(self._roll_back)

    def _begun_at_once(self) -> bool:
        try:
            _begin(self._connection, 0)
        except sqlite3.OperationalError:
            return False  # another process writes: it is waited for in the thread
        self._begun = True
        return True

    def _step(self, step: Callable[[Connection], T]) -> T:
        with _told():
            if not self._begun:
                _begin(self._connection, BUSY_TIMEOUT_MS)
                self._begun = True
            return step(self._connection)

    def _last_step(self, step: Callable[[Connection], T], *, wipes: bool) -> T:
        result = self._step(step)
        failpoint("store.in_commit")
        with _told():
            _commit(self._connection)
        self._begun = False
        self._bringing_in.after_commit(self._connection, wipes=wipes)
        return result

    def _roll_back(self) -> None:
        self._begun = False
        with _told():
            _roll_back(self._connection)


def _begin(connection: Connection, wait_ms: int) -> None:
    """Take the file's lock, which is what locks the head row first."""
    cursor = connection.connection.cursor()
    if wait_ms:
        cursor.execute(f"PRAGMA busy_timeout={wait_ms}")
    try:
        cursor.execute("BEGIN IMMEDIATE")
    finally:
        if wait_ms:
            cursor.execute("PRAGMA busy_timeout=0")


def _commit(connection: Connection) -> None:
    connection.connection.commit()
    _forget(connection)


def _roll_back(connection: Connection) -> None:
    connection.connection.rollback()
    _forget(connection)


def _forget(connection: Connection) -> None:
    """End SQLAlchemy's own idea of a transaction, if a statement of its went by."""
    if connection.in_transaction():
        connection.rollback()


def _gone() -> Unavailable:
    return Unavailable("STORE_CLOSED", "The store is closed: the service is stopping. Nothing was saved.")


@contextmanager
def _told(opening: Path | None = None) -> Iterator[None]:
    """What keeps the file from being used now is told as Unavailable; a fault of ours is raised as it is.

    Whoever opens it is told which file it is, and what SQLite says; callers of a service, who come later, are not.
    """
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(cause, OURS) or getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:
            raise
        text = (
            "The store cannot be used now. Nothing was saved. Send the same request again after a while; if it stays "
            "so, check the disk and the store's process."
        )
        if opening:
            text = (
                f"{opening} cannot be opened: {cause}. Nothing was changed. See whether its folder is there, whether "
                "this user may write in it, whether another process holds it, and whether the disk is full."
            )
        raise Unavailable("STORE_UNAVAILABLE", text, cause=type(cause).__name__) from error


def _engine(path: Path, *, durable: bool, readers: int) -> Engine:
    """The engine of the readers, or without any the one writer's; transactions are begun and ended in this module."""
    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=QueuePool,
        pool_size=readers + 1,
        max_overflow=0,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000},
    )

    @event.listens_for(engine, "connect")
    def settle(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        # The driver's own transaction handling begins deferred and too late; ours begins as written here.
        connection.isolation_level = None
        _write_ahead(connection)
        connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA secure_delete=ON")  # else what was erased stays in the file's free pages
        connection.execute("PRAGMA query_only=ON" if readers else "PRAGMA busy_timeout=0")

    return engine


def _write_ahead(connection: sqlite3.Connection) -> None:
    """WAL mode. A new file is brought there once, and for whoever is at it just then SQLite itself would not wait."""
    deadline = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as fault:
            if fault.sqlite_errorcode & _PRIMARY != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(RETRY_S)
        else:
            return
