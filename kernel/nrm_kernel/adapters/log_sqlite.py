"""The shared log in one SQLite file, for all services of one host.

It is a second copy: after a power cut it may lack what the stores still hold; each relay fills that in at its start.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    LargeBinary,
    MetaData,
    String,
    Table,
    delete,
    func,
    insert,
    select,
)

from nrm_kernel.adapters.sql_access import SqliteAccess
from nrm_kernel.entry import Entry
from nrm_kernel.ledger.note import stated
from nrm_kernel.log import Behind, Body, Fork, Published, Record, Run, Signed, may_read

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
        self._looked_at = -POLL_S

    async def publish(self, origin: str, entries: Sequence[Published], note: str) -> None:
        """See :meth:`nrm_kernel.log.SharedLog.publish`."""
        async with self._access.session() as session:
            await session.commit(lambda connection: _publish(connection, origin, entries, note))
        self._sizes[origin] = max(self._sizes.get(origin, 0), stated(note).size)
        self._wake()

    async def size(self, origin: str) -> int:
        """See :meth:`nrm_kernel.log.SharedLog.size`."""
        return await self._access.read(lambda connection: _size(connection, origin))

    async def read(self, origin: str, reader: str, after: int, limit: int) -> Sequence[Record]:
        """See :meth:`nrm_kernel.log.SharedLog.read`."""
        return await self._access.read(lambda connection: _read(connection, origin, reader, after, limit))

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
        while await self._covered(origin) <= size:
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

    async def _covered(self, origin: str) -> int:
        """Up to which size the log is covered; what other processes wrote is looked up once for all who wait."""
        now = asyncio.get_running_loop().time()
        if now - self._looked_at >= POLL_S:
            self._looked_at = now
            self._sizes |= await self._access.read(_covered_sizes)
        return self._sizes.get(origin, 0)

    def _wake(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()


def _publish(connection: Connection, origin: str, entries: Sequence[Published], note: str) -> None:
    size = _size(connection, origin)
    new = [one for one in entries if one.entry.position >= size]
    _compare(connection, origin, [one.entry for one in entries if one.entry.position < size])
    if new and new[0].entry.position > size:
        raise Behind(origin, size)
    if new:
        connection.execute(insert(log_entry), [_row(origin, one) for one in new])
    checkpoint = stated(note)
    held = select(log_checkpoint.c.size).where(
        log_checkpoint.c.origin == origin, log_checkpoint.c.size == checkpoint.size
    )
    if connection.scalar(held) is None:
        connection.execute(insert(log_checkpoint).values(origin=origin, size=checkpoint.size, note=note))


def _row(origin: str, one: Published) -> dict[str, Any]:
    return {
        "origin": origin,
        "position": one.entry.position,
        "audience": one.audience,
        "addressee": one.to or None,
        "body": one.entry.body,
        "leaf": one.entry.leaf,
    }


def _compare(connection: Connection, origin: str, entries: Sequence[Entry]) -> None:
    """What is published again must be what stands there."""
    if not entries:
        return
    first, last = entries[0].position, entries[-1].position
    held = dict(
        connection.execute(
            select(log_entry.c.position, log_entry.c.leaf).where(
                log_entry.c.origin == origin, log_entry.c.position.between(first, last)
            )
        ).all()
    )
    for entry in entries:
        if held.get(entry.position) != entry.leaf:
            raise Fork(origin, entry.position)


def _covered_sizes(connection: Connection) -> dict[str, int]:
    query = select(log_checkpoint.c.origin, func.max(log_checkpoint.c.size)).group_by(log_checkpoint.c.origin)
    return dict(connection.execute(query).all())


def _size(connection: Connection, origin: str) -> int:
    last = connection.scalar(select(func.max(log_entry.c.position)).where(log_entry.c.origin == origin))
    return 0 if last is None else last + 1


def _read(connection: Connection, origin: str, reader: str, after: int, limit: int) -> list[Record]:
    covering = _covering(connection, origin, after, limit)
    if covering is None:
        return []
    query = (
        select(log_entry.c.position, log_entry.c.audience, log_entry.c.addressee, log_entry.c.body, log_entry.c.leaf)
        .where(log_entry.c.origin == origin, log_entry.c.position >= after, log_entry.c.position < covering.size)
        .order_by(log_entry.c.position)
    )
    records: list[Record] = []
    hidden: list[bytes] = []
    for position, audience, addressee, body, leaf in connection.execute(query):
        published = Published(Entry(origin, position, body, leaf), audience, addressee or "")
        if not may_read(published, origin, reader):
            hidden.append(leaf)
            continue
        if hidden:
            records.append(Run(position - len(hidden), tuple(hidden)))
            hidden = []
        records.append(Body(position, body))
    if hidden:
        records.append(Run(covering.size - len(hidden), tuple(hidden)))
    return [*records, Signed(covering.note)]


def _covering(connection: Connection, origin: str, after: int, limit: int) -> Any:  # noqa: ANN401 - a row of two columns, or none
    """The largest checkpoint within the limit, or the first one beyond it."""
    ahead = select(log_checkpoint.c.size, log_checkpoint.c.note).where(
        log_checkpoint.c.origin == origin, log_checkpoint.c.size > after
    )
    size = log_checkpoint.c.size
    within = connection.execute(ahead.where(size <= after + limit).order_by(size.desc()).limit(1)).first()
    return within or connection.execute(ahead.order_by(size).limit(1)).first()


def _beat(connection: Connection, origin: str, note: str) -> None:
    connection.execute(delete(log_heartbeat).where(log_heartbeat.c.origin == origin))
    connection.execute(insert(log_heartbeat).values(origin=origin, note=note))
