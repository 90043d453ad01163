"""The shared log in one SQLite file, for all services of one host.

It is a second copy: after a power cut it may lack what the stores still hold; each relay fills that in at its start.
"""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    LargeBinary,
    MetaData,
    String,
    Table,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects import sqlite

from nrm_kernel.adapters.sql_access import Prepared, SqliteAccess
from nrm_kernel.entry import Entry
from nrm_kernel.ledger.note import stated
from nrm_kernel.log import Behind, Body, Fork, Published, Record, Run, Signed, may_read, reads_everything

HANDED_ON = 64
"""What was just published here, and is no more than this, is handed on as it is to readers who have come up to it."""
POLL_S = 0.2
"""How often a waiting reader looks for what another process wrote; writers of this process wake it at once."""

metadata = MetaData()
log_entry = Table(
    "log_entry",
    metadata,
    Column("origin", String, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("audience", String, nullable=False),
    Column("addressee", String),
    Column("body", LargeBinary, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
)
log_checkpoint = Table(
    "log_checkpoint",
    metadata,
    Column("origin", String, primary_key=True),
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("note", String, nullable=False),
)
log_heartbeat = Table(
    "log_heartbeat",
    metadata,
    Column("origin", String, primary_key=True),
    Column("note", String, nullable=False),
)


class SqliteLog:
    """The shared log of one host."""

    def __init__(self, path: Path) -> None:
        self._access = SqliteAccess(path, metadata, durable=False)
        self._changed = asyncio.Event()
        self._sizes: dict[str, int] = {}
        self._newest: dict[str, tuple[Sequence[Published], str]] = {}
        self._looked_at = -POLL_S

    async def publish(self, origin: str, entries: Sequence[Published], note: str) -> None:
        """See :meth:`nrm_kernel.log.SharedLog.publish`."""
        async with self._access.session() as session:
            await session.commit(lambda connection: _publish(connection, origin, entries, note), entries=len(entries))
        size = stated(note).size
        self._sizes[origin] = max(self._sizes.get(origin, 0), size)
        self._newest.pop(origin, None)
        if 0 < len(entries) <= HANDED_ON and entries[-1].entry.position + 1 == size:
            self._newest[origin] = entries, note
        self._wake()

    async def size(self, origin: str) -> int:
        """See :meth:`nrm_kernel.log.SharedLog.size`."""
        return await self._access.read(lambda connection: _size(connection, origin))

    async def read(self, origin: str, reader: str, after: int, limit: int) -> Sequence[Record]:
        """See :meth:`nrm_kernel.log.SharedLog.read`."""
        if not await self._covers(origin, after):
            return []
        entries, note = self._newest.get(origin, ((), ""))
        if entries and entries[0].entry.position == after and len(entries) <= limit:
            return _handed_on(entries, note, origin, reader)
        return await self._access.read(lambda connection: _read(connection, origin, reader, after, limit))

    async def checkpoint(self, origin: str) -> str | None:
        """See :meth:`nrm_kernel.log.SharedLog.checkpoint`."""
        newest = log_checkpoint.c.size.desc()
        query = select(log_checkpoint.c.note).where(log_checkpoint.c.origin == origin).order_by(newest).limit(1)
        return await self._access.read(lambda connection: connection.scalar(query))

    async def beat(self, origin: str, note: str) -> None:
        """See :meth:`nrm_kernel.log.SharedLog.beat`."""
        async with self._access.session() as session:
            await session.commit(lambda connection: _beat(connection, origin, note))

    async def last_beat(self, origin: str) -> str | None:
        """See :meth:`nrm_kernel.log.SharedLog.last_beat`."""
        query = select(log_heartbeat.c.note).where(log_heartbeat.c.origin == origin)
        return await self._access.read(lambda connection: connection.scalar(query))

    async def wait(self, origin: str, size: int, timeout_s: float) -> bool:
        """See :meth:`nrm_kernel.log.SharedLog.wait`."""
        deadline = asyncio.get_running_loop().time() + timeout_s
        changed = self._changed
        while not await self._covers(origin, size):
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                return False
            try:
                async with asyncio.timeout(min(left, POLL_S)):
                    await changed.wait()
            except TimeoutError:
                pass
            changed = self._changed
        return True

    async def close(self) -> None:
        """Let go of the file."""
        await self._access.close()

    async def _covers(self, origin: str, size: int) -> bool:
        """Whether more than that is covered; the file is not asked for what is known."""
        return self._sizes.get(origin, 0) > size or await self._covered(origin) > size

    async def _covered(self, origin: str) -> int:
        """Up to which size the log is covered; what other processes wrote is looked up once for all who wait."""
        now = asyncio.get_running_loop().time()
        if now - self._looked_at >= POLL_S:
            self._looked_at = now
            asked = {origin, *self._sizes}
            for known, size in (await self._access.read(lambda connection: _covered_sizes(connection, asked))).items():
                self._sizes[known] = max(size, self._sizes.get(known, 0))
        elif origin not in self._sizes:
            self._sizes |= await self._access.read(lambda connection: _covered_sizes(connection, {origin}))
        return self._sizes.get(origin, 0)

    def _wake(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()


_IN_ORIGIN = log_entry.c.origin == bindparam("origin")
_AHEAD = select(log_checkpoint.c.size, log_checkpoint.c.note).where(
    log_checkpoint.c.origin == bindparam("origin"), log_checkpoint.c.size > bindparam("after")
)
_ONE: ColumnElement[int] = literal_column("1")
_FIRST: ColumnElement[int] = literal_column("0")
_WITHIN = Prepared(
    _AHEAD.where(log_checkpoint.c.size <= bindparam("end"))
    .order_by(log_checkpoint.c.size.desc())
    .limit(_ONE)
    .offset(_FIRST)
)
_BEYOND = Prepared(_AHEAD.order_by(log_checkpoint.c.size).limit(_ONE).offset(_FIRST))
_FOR_READER = or_(
    bindparam("everything") == _ONE,
    log_entry.c.audience == literal_column("'all'"),
    log_entry.c.addressee == bindparam("reader"),
)
_STRETCH = Prepared(
    select(case((_FOR_READER, log_entry.c.body)), log_entry.c.leaf)
    .where(_IN_ORIGIN, log_entry.c.position >= bindparam("after"), log_entry.c.position < bindparam("end"))
    .order_by(log_entry.c.position)
)
_COVERED = Prepared(select(func.max(log_checkpoint.c.size)).where(log_checkpoint.c.origin == bindparam("origin")))
_LAST = Prepared(select(func.max(log_entry.c.position)).where(_IN_ORIGIN))
_HELD = Prepared(
    select(log_entry.c.position, log_entry.c.leaf).where(
        _IN_ORIGIN, log_entry.c.position.between(bindparam("first"), bindparam("last"))
    )
)
_ADD_ENTRIES = Prepared(insert(log_entry))
_ADD_CHECKPOINT = Prepared(sqlite.insert(log_checkpoint).on_conflict_do_nothing())


def _publish(connection: Connection, origin: str, entries: Sequence[Published], note: str) -> None:
    size = _size(connection, origin)
    new = [one for one in entries if one.entry.position >= size]
    _compare(connection, origin, [one.entry for one in entries if one.entry.position < size])
    if new and new[0].entry.position > size:
        raise Behind(origin, size)
    if new:
        _ADD_ENTRIES.run(connection, [_row(origin, one) for one in new])
    _ADD_CHECKPOINT.run(connection, [(origin, stated(note).size, note)])


def _row(origin: str, one: Published) -> tuple[object, ...]:
    return origin, one.entry.position, one.audience, one.to or None, one.entry.body, one.entry.leaf


def _compare(connection: Connection, origin: str, entries: Sequence[Entry]) -> None:
    """What is published again must be what stands there."""
    if not entries:
        return
    held = dict(_HELD.rows(connection, origin, entries[0].position, entries[-1].position))
    for entry in entries:
        if held.get(entry.position) != entry.leaf:
            raise Fork(origin, entry.position)


def _covered_sizes(connection: Connection, origins: Collection[str]) -> dict[str, int]:
    """One seek in the index for each origin, however long the logs are."""
    return {origin: _COVERED.rows(connection, origin)[0][0] or 0 for origin in origins}


def _size(connection: Connection, origin: str) -> int:
    ((last,),) = _LAST.rows(connection, origin)
    return 0 if last is None else last + 1


def _read(connection: Connection, origin: str, reader: str, after: int, limit: int) -> list[Record]:
    # The largest checkpoint within the limit, or else the first one beyond it.
    covering = _WITHIN.rows(connection, origin, after, after + limit) or _BEYOND.rows(connection, origin, after)
    if not covering:
        return []
    ((size, note),) = covering
    rows = _STRETCH.rows(connection, reads_everything(origin, reader), reader, origin, after, size)
    return [*_records(after, rows), Signed(note)]


def _handed_on(entries: Sequence[Published], note: str, origin: str, reader: str) -> list[Record]:
    """The same without the file. Whoever reads recomputes the tree and checks the signature here as there."""
    rows = [(one.entry.body if may_read(one, origin, reader) else None, one.entry.leaf) for one in entries]
    return [*_records(entries[0].entry.position, rows), Signed(note)]


def _records(first: int, rows: Iterable[tuple[bytes | None, bytes]]) -> list[Record]:
    """Bodies, and runs of the hashes where there is none."""
    records: list[Record] = []
    hidden: list[bytes] = []
    position = first
    for position, (body, leaf) in enumerate(rows, start=first):
        if body is None:
            hidden.append(leaf)
            continue
        if hidden:
            records.append(Run(position - len(hidden), tuple(hidden)))
            hidden = []
        records.append(Body(position, body))
    if hidden:
        records.append(Run(position + 1 - len(hidden), tuple(hidden)))
    return records


def _beat(connection: Connection, origin: str, note: str) -> None:
    connection.execute(delete(log_heartbeat).where(log_heartbeat.c.origin == origin))
    connection.execute(insert(log_heartbeat).values(origin=origin, note=note))
