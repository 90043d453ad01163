"""The agency store on SQLite: tables in ``store_tables.py``, how it is reached in ``sql_access.py``."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeVar

import orjson
from sqlalchemy import (
    Connection,
    LargeBinary,
    MetaData,
    ScalarSelect,
    bindparam,
    cast,
    func,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects import sqlite

from nrm_kernel.adapters import row_changes
from nrm_kernel.adapters import store_tables as t
from nrm_kernel.adapters.migrating import migrate
from nrm_kernel.adapters.sql_access import LITTLE, Prepared, Session, SqliteAccess
from nrm_kernel.entry import Entry
from nrm_kernel.errors import DataLoss, Unavailable
from nrm_kernel.ledger.merkle import Frontier
from nrm_kernel.store import Batch, Cursor, Reply, Wanted, Writing
from nrm_kernel.views import Remove

T = TypeVar("T")


def _given() -> ScalarSelect[Any]:
    """The values of one parameter, a JSON array: however many there are, the statement is the same."""
    return select(func.json_each(bindparam("given")).table_valued("value").c.value).scalar_subquery()


_FROM = (
    # Whatever a tampering hand put there is read as bytes, so that it is hashed and found out.
    select(t.entry.c.position, cast(t.entry.c.body, LargeBinary), cast(t.entry.c.leaf, LargeBinary))
    .where(t.entry.c.position >= bindparam("after"), t.entry.c.position < bindparam("end"))
    .order_by(t.entry.c.position)
)
_ENTRIES = Prepared(_FROM)
_FIRST = Prepared(_FROM.limit(bindparam("most")).offset(literal_column("0")))
_LOCK_HEAD = Prepared(select(t.head.c.frontier).with_for_update())
_MOVE_HEAD = Prepared(update(t.head).values(frontier=bindparam("frontier")))
_CHANGED = Prepared(select(t.entry.c.stream).where(t.entry.c.position >= bindparam("since")).distinct())
_REPLIES = Prepared(select(t.request).where(t.request.c.request_id.in_(_given())))
_STREAMS = Prepared(
    select(t.entry.c.position, t.entry.c.body, t.entry.c.leaf, t.entry.c.stream)
    .where(t.entry.c.stream.in_(_given()))
    .order_by(t.entry.c.position)
)
_STREAM = Prepared(
    select(t.entry.c.position, t.entry.c.body, t.entry.c.leaf)
    .where(t.entry.c.stream == bindparam("name"), t.entry.c.seq >= bindparam("after"))
    .order_by(t.entry.c.seq)
)
_PEOPLE = Prepared(
    select(t.handover.c.handover_id, t.handover.c.person_ref).where(
        t.handover.c.other == bindparam("other"), t.handover.c.handover_id.in_(_given())
    )
)
_ADD_ENTRIES = Prepared(insert(t.entry))
_ADD_REPLIES = Prepared(insert(t.request))
_ADD_HANDOVERS = Prepared(
    sqlite.insert(t.handover).on_conflict_do_update(set_={"person_ref": sqlite.insert(t.handover).excluded.person_ref})
)
_CURSOR = sqlite.insert(t.cursor)
_MOVE_CURSOR = Prepared(
    _CURSOR.on_conflict_do_update(
        index_elements=[t.cursor.c.name],
        set_={"size": _CURSOR.excluded.size, "frontier": _CURSOR.excluded.frontier},
        where=t.cursor.c.size < _CURSOR.excluded.size,
    )
)
_ADD_CHECKPOINT = Prepared(sqlite.insert(t.checkpoint).on_conflict_do_nothing())


class SqlStore:
    """One agency's store. Make it with :meth:`open_sqlite`; a store of another origin is refused."""

    def __init__(self, origin: str, access: SqliteAccess) -> None:
        self.origin = origin
        self._access = access

    @classmethod
    async def open_sqlite(cls, path: Path, origin: str, *side_tables: MetaData) -> "SqlStore":
        """Open the store in this file, made or migrated if need be; ``side_tables`` are recorded with entries.

        Raises NewerRelease and Unavailable, and DataLoss when it is another origin's.
        """
        access = SqliteAccess(path, MetaData(), durable=True)
        try:
            async with access.session() as session:
                await session.commit(lambda connection: _claim(connection, origin, side_tables))
        except BaseException:
            await access.close()
            raise
        return cls(origin, access)

    @asynccontextmanager
    async def writing(self, wanted: Wanted) -> AsyncIterator[Writing]:
        """See :meth:`nrm_kernel.store.Store.writing`."""
        async with self._access.session() as session:
            yield await session.run(lambda connection: _begin(connection, session, self.origin, wanted))

    async def read(self, after: int, limit: int) -> Sequence[Entry]:
        """See :meth:`nrm_kernel.store.Store.read`."""
        rows = self._few(after, limit)
        if rows is None:
            rows = await self._access.read(lambda connection: _ENTRIES.rows(connection, after, after + limit))
        return [Entry(self.origin, position, body, leaf) for position, body, leaf in rows]

    def _few(self, after: int, limit: int) -> Sequence[Any] | None:
        """The same rows when there are few of them; None where there may be more, or they have to be waited for."""
        try:
            rows = self._access.glance(lambda connection: _FIRST.rows(connection, after, after + limit, LITTLE))
        except Unavailable:
            return None
        return rows if len(rows) < LITTLE else None

    async def size(self) -> int:
        """See :meth:`nrm_kernel.store.Store.size`."""
        return (await self._access.read(_frontier)).size

    async def stream(self, name: str, after: int = 0) -> Sequence[Entry]:
        """See :meth:`nrm_kernel.store.Store.stream`."""
        rows = await self._access.read(lambda connection: _STREAM.rows(connection, name, after))
        return [Entry(self.origin, position, body, leaf) for position, body, leaf in rows]

    async def people_behind(self, handover_ids: Collection[str], other: str) -> Mapping[str, str]:
        """See :meth:`nrm_kernel.store.Store.people_behind`."""
        return dict(await self._access.read(lambda connection: _PEOPLE.rows(connection, other, _json(handover_ids))))

    async def cursor(self, name: str) -> Cursor | None:
        """See :meth:`nrm_kernel.store.Store.cursor`."""
        query = select(t.cursor.c.frontier).where(t.cursor.c.name == name)
        stored = await self._access.read(lambda connection: connection.scalar(query))
        return None if stored is None else Cursor(name, Frontier.from_bytes(stored))

    async def move(self, cursor: Cursor) -> bool:
        """See :meth:`nrm_kernel.store.Store.move`."""
        async with self._access.session(lasting=False) as session:
            return await session.commit(lambda connection: _move(connection, cursor), entries=0)

    async def checkpoint(self) -> str | None:
        """See :meth:`nrm_kernel.store.Store.checkpoint`."""
        query = select(t.checkpoint.c.note).order_by(t.checkpoint.c.size.desc()).limit(1)
        return await self._access.read(lambda connection: connection.scalar(query))

    async def save_checkpoint(self, size: int, note: str, cursor: Cursor) -> None:
        """See :meth:`nrm_kernel.store.Store.save_checkpoint`."""
        async with self._access.session(lasting=False) as session:
            await session.commit(lambda connection: _save_checkpoint(connection, size, note, cursor), entries=0)

    async def run(self, step: Callable[[Connection], T]) -> T:
        """Run a reading step on a snapshot: for what is kept beside the log in the same database (the vault)."""
        return await self._access.read(step)

    async def change(self, step: Callable[[Connection], T]) -> T:
        """Run a changing step in a transaction of its own, for what is kept beside the log (erasure in the vault)."""
        async with self._access.session() as session:
            return await session.commit(step, wipes=True)

    async def close(self) -> None:
        """Let go of the database."""
        await self._access.close()


class _SqlWriting:
    """An open write transaction, with what it wanted to see first."""

    def __init__(self, session: Session, origin: str, frontier: Frontier) -> None:
        self._session = session
        self._origin = origin
        self.frontier = frontier
        self.replies: Mapping[str, Reply] = {}
        self.streams: Mapping[str, Sequence[Entry]] = {}
        self.changed: Collection[str] = ()

    async def more_streams(self, names: Collection[str]) -> Mapping[str, Sequence[Entry]]:
        return await self._session.run(lambda connection: _streams(connection, self._origin, names))

    async def commit(self, batch: Batch) -> None:
        frontier = self.frontier.extend([new.entry.leaf for new in batch.entries])
        wipes = any(isinstance(change, Remove) and "wiped" in change.table.info for change in batch.rows)
        await self._session.commit(lambda connection: _record(connection, batch, frontier), wipes=wipes)


def _claim(connection: Connection, origin: str, side_tables: Sequence[MetaData]) -> None:
    for metadata in (t.metadata, *side_tables):
        migrate(connection, metadata)
    owner = connection.scalar(select(t.origin_id.c.origin))
    if owner is None:
        connection.execute(insert(t.origin_id).values(origin=origin))
        connection.execute(insert(t.head).values(one=1, frontier=Frontier().to_bytes()))
    elif owner != origin:
        raise DataLoss("STORE_OF_ANOTHER_ORIGIN", f"This store holds the log of {owner}, not of {origin}.", owner=owner)


def _begin(connection: Connection, session: Session, origin: str, wanted: Wanted) -> _SqlWriting:
    writing = _SqlWriting(session, origin, _locked_frontier(connection))
    if wanted.request_ids:
        writing.replies = _replies(connection, wanted.request_ids)
    if wanted.streams:
        writing.streams = _streams(connection, origin, wanted.streams)
    if wanted.changed_since is not None and wanted.changed_since < writing.frontier.size:
        writing.changed = {stream for (stream,) in _CHANGED.rows(connection, wanted.changed_since)}
    return writing


def _locked_frontier(connection: Connection) -> Frontier:
    """The head row, locked before anything else is read: positions are handed out in the order of this lock."""
    ((frontier,),) = _LOCK_HEAD.rows(connection)
    return Frontier.from_bytes(frontier)


def _frontier(connection: Connection) -> Frontier:
    return Frontier.from_bytes(connection.execute(select(t.head.c.frontier)).scalar_one())


def _replies(connection: Connection, request_ids: Collection[str]) -> dict[str, Reply]:
    return {row[0]: Reply(*row) for row in _REPLIES.rows(connection, _json(request_ids))}


def _streams(connection: Connection, origin: str, names: Collection[str]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for position, body, leaf, stream in _STREAMS.rows(connection, _json(names)):
        found.setdefault(stream, []).append(Entry(origin, position, body, leaf))
    return found


def _json(values: Collection[str]) -> str:
    return orjson.dumps(list(values)).decode()


def _record(connection: Connection, batch: Batch, frontier: Frontier) -> None:
    """Rows in the order of their tables' columns, in which the records name their fields too."""
    if batch.entries:
        entries = [(new.entry.position, new.stream, new.seq, new.entry.body, new.entry.leaf) for new in batch.entries]
        _ADD_ENTRIES.run(connection, entries)
        _MOVE_HEAD.run(connection, [(frontier.to_bytes(),)])
    if batch.replies:
        _ADD_REPLIES.run(connection, [_reply_row(reply) for reply in batch.replies])
    if batch.handovers:
        _ADD_HANDOVERS.run(connection, [_handover_row(handover) for handover in batch.handovers])
    row_changes.apply(connection, batch.rows)
    for cursor in {cursor.name: cursor for cursor in batch.cursors}.values():
        _move(connection, cursor)


_reply_row = attrgetter("request_id", "request_hash", "answer", "recorded_at")
_handover_row = attrgetter("handover_id", "person_ref", "other")


def _move(connection: Connection, cursor: Cursor) -> bool:
    row = (cursor.name, cursor.frontier.size, cursor.frontier.to_bytes())
    return _MOVE_CURSOR.run(connection, [row]) == 1


def _save_checkpoint(connection: Connection, size: int, note: str, cursor: Cursor) -> None:
    _move(connection, cursor)
    _ADD_CHECKPOINT.run(connection, [(size, note)])
