"""The agency store on PostgreSQL: the tables of ``store_tables.py``, written by as many processes as run a service.

A write takes four trips to the server, however many commands it gathers: lock the head, see what is there, insert
everything, commit. What a reader of its own snapshot sees after the lock is everything that came before.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from operator import attrgetter
from typing import Any, TypeVar

from sqlalchemy import Connection, MetaData, insert, select, text

from nrm_kernel.adapters import postgres_rows
from nrm_kernel.adapters import store_tables as t
from nrm_kernel.adapters.migrating import require, require_no_more
from nrm_kernel.adapters.postgres_access import Patience, PostgresAccess, Transaction
from nrm_kernel.adapters.postgres_faults import CommitUnknown, unavailable
from nrm_kernel.adapters.postgres_rows import added, at_once, columns_of, put
from nrm_kernel.entry import Entry
from nrm_kernel.errors import DataLoss, Unavailable
from nrm_kernel.failpoints import failpoint
from nrm_kernel.ledger.merkle import Frontier
from nrm_kernel.store import Batch, Cursor, Reply, Wanted, Writing

T = TypeVar("T")
FOUND_OUT_WITHIN_S = 15.0
"""How long it is tried to find out what became of a commit without an answer: as long as a database restarts."""
ASKED_AGAIN_S = 0.2
LOOKS_S = 0.2
"""How soon a process that relays learns of what another one recorded."""
_LOCK_HEAD = "SELECT 1 FROM head FOR UPDATE"
_TRY_HEAD = f"{_LOCK_HEAD} SKIP LOCKED"
_SEEN = """
    SELECT 'head' AS form, NULL::bigint AS position, NULL::text AS name, frontier AS one, NULL::bytea AS two,
        NULL::text AS recorded_at FROM head
    UNION ALL SELECT 'reply', NULL, request_id, request_hash, answer, recorded_at FROM request
        WHERE request_id = ANY($1::text[])
    UNION ALL SELECT 'entry', position, stream, body, leaf, NULL FROM entry WHERE stream = ANY($2::text[])
"""
_STREAMS = "SELECT position, stream AS name, body AS one, leaf AS two FROM entry WHERE stream = ANY($1::text[])"
_CHANGED = "SELECT DISTINCT stream FROM entry WHERE position >= $1 AND position < $2"
_ENTRIES = "SELECT position, body, leaf FROM entry WHERE position >= $1 AND position < $2 ORDER BY position"
_STREAM = "SELECT position, body, leaf FROM entry WHERE stream = $1 AND seq >= $2 ORDER BY seq"
_PEOPLE = "SELECT handover_id, person_ref FROM handover WHERE other = $1 AND handover_id = ANY($2::text[])"
_RECORD = ("UPDATE head SET frontier = $1", added(t.request, first=2), added(t.entry, first=6))
_ADD_HANDOVERS = put(t.handover)
_FURTHER = f"{put(t.cursor)} WHERE cursor.size < excluded.size"
_MOVE = f"{_FURTHER} RETURNING 1"
_SAVE_CHECKPOINT = at_once(_FURTHER, f"{added(t.checkpoint, first=4)} ON CONFLICT DO NOTHING")
_ENTRY_WIDTH, _REPLY_WIDTH = len(t.entry.columns), len(t.request.columns)
_reply_row = attrgetter("request_id", "request_hash", "answer", "recorded_at")


class PostgresStore:
    """One agency's store. Make it with :meth:`open`; a store of another origin is refused."""

    def __init__(self, origin: str, access: PostgresAccess) -> None:
        self.origin = origin
        self._access = access
        self._known = 0

    @classmethod
    async def open(
        cls, url: str, origin: str, *side_tables: MetaData, patience: Patience | None = None
    ) -> "PostgresStore":
        """Open the store in this database, which its owner has migrated; ``side_tables`` are recorded with entries.

        Raises NotMigrated, NewerRelease, RoleUnfit and Unavailable, and DataLoss when it is another origin's.
        """
        access = PostgresAccess(url, patience=patience)
        try:
            await access.change(lambda connection: _claim(connection, origin, side_tables))
        except BaseException:
            await access.close()
            raise
        return cls(origin, access)

    @asynccontextmanager
    async def writing(self, wanted: Wanted) -> AsyncIterator[Writing]:
        """See :meth:`nrm_kernel.store.Store.writing`."""
        async with self._access.writing(_LOCK_HEAD) as transaction:
            yield await self._begun(transaction, wanted)

    async def read(self, after: int, limit: int) -> Sequence[Entry]:
        """See :meth:`nrm_kernel.store.Store.read`."""
        return self._entries(await self._access.rows(_ENTRIES, after, after + limit))

    async def size(self) -> int:
        """See :meth:`nrm_kernel.store.Store.size`."""
        ((frontier,),) = await self._access.rows("SELECT frontier FROM head")
        return Frontier.from_bytes(frontier).size

    async def try_writing(self) -> None:
        """Raises Unavailable when nothing can be recorded now, as in a standby. Waits for nobody who writes."""
        await self._access.try_writing(_TRY_HEAD)

    async def stream(self, name: str, after: int = 0) -> Sequence[Entry]:
        """See :meth:`nrm_kernel.store.Store.stream`."""
        return self._entries(await self._access.rows(_STREAM, name, after))

    async def people_behind(self, handover_ids: Collection[str], other: str) -> Mapping[str, str]:
        """See :meth:`nrm_kernel.store.Store.people_behind`."""
        return dict(await self._access.rows(_PEOPLE, other, list(handover_ids)))

    async def cursor(self, name: str) -> Cursor | None:
        """See :meth:`nrm_kernel.store.Store.cursor`."""
        rows = await self._access.rows("SELECT frontier FROM cursor WHERE name = $1", name)
        return Cursor(name, Frontier.from_bytes(rows[0]["frontier"])) if rows else None

    async def move(self, cursor: Cursor) -> bool:
        """See :meth:`nrm_kernel.store.Store.move`."""
        return bool(await self._access.rows(_MOVE, *_cursor_columns([cursor])))

    async def checkpoint(self) -> str | None:
        """See :meth:`nrm_kernel.store.Store.checkpoint`."""
        rows = await self._access.rows("SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1")
        return rows[0]["note"] if rows else None

    async def save_checkpoint(self, size: int, note: str, cursor: Cursor) -> None:
        """See :meth:`nrm_kernel.store.Store.save_checkpoint`."""
        await self._access.rows(_SAVE_CHECKPOINT, *_cursor_columns([cursor]), [size], [note])

    async def watch(self, grown: Callable[[], None]) -> None:
        """Call ``grown`` whenever there are more entries than this process wrote, for ever.

        It looks: other processes tell this one nothing, and to be told by NOTIFY would make all commits of a server
        wait for each other.
        """
        while True:
            with suppress(Unavailable):
                size = await self.size()
                if size > self._known:
                    self._known = size
                    grown()
            await asyncio.sleep(LOOKS_S)

    def wrote(self, size: int) -> None:
        """So many entries were there after a commit of this process, whose writer tells everybody itself."""
        self._known = max(self._known, size)

    async def run(self, step: Callable[[Connection], T]) -> T:
        """Run a reading step on a snapshot: for what is kept beside the log in the same database (the vault)."""
        return await self._access.run(step)

    async def change(self, step: Callable[[Connection], T]) -> T:
        """Run a changing step in a transaction of its own, for what is kept beside the log (keys of the vault).

        The head is locked first, as every recording does: an erasure that waited for a row of an older key would find
        it gone, not see the one added in its place, and leave that.
        """

        def in_turn(connection: Connection) -> T:
            connection.execute(text(_LOCK_HEAD))
            return step(connection)

        return await self._access.change(in_turn)

    async def close(self) -> None:
        """Let go of the database."""
        await self._access.close()

    def _entries(self, rows: Sequence[Any]) -> list[Entry]:
        return [Entry(self.origin, position, body, leaf) for position, body, leaf in rows]

    async def _begun(self, transaction: Transaction, wanted: Wanted) -> "_PostgresWriting":
        rows = await transaction.rows(_SEEN, list(wanted.request_ids), list(wanted.streams))
        frontier = Frontier.from_bytes(next(row["one"] for row in rows if row["form"] == "head"))
        writing = _PostgresWriting(self, transaction, frontier)
        writing.replies = {
            row["name"]: Reply(row["name"], row["one"], row["two"], row["recorded_at"])
            for row in rows
            if row["form"] == "reply"
        }
        writing.streams = self.streams_of([row for row in rows if row["form"] == "entry"])
        if wanted.changed_since is not None and wanted.changed_since < frontier.size:
            changed = await transaction.rows(_CHANGED, wanted.changed_since, frontier.size)
            writing.changed = {stream for (stream,) in changed}
        return writing

    def streams_of(self, rows: Sequence[Any]) -> dict[str, list[Entry]]:
        """Rows of entries as the streams that they make up."""
        found: dict[str, list[Entry]] = {}
        for row in sorted(rows, key=lambda row: row["position"]):
            entry = Entry(self.origin, row["position"], row["one"], row["two"])
            found.setdefault(row["name"], []).append(entry)
        return found

    async def saved(self, batch: Batch) -> bool:
        """Whether a batch was recorded whose commit got no answer. Raises Unavailable when that cannot be told now."""
        until = asyncio.get_running_loop().time() + FOUND_OUT_WITHIN_S
        while True:
            try:
                async with self._access.aside(_LOCK_HEAD) as transaction:  # which waits for that transaction's end
                    return await _holds(transaction, batch)
            except Unavailable:
                if asyncio.get_running_loop().time() > until:
                    raise
                await asyncio.sleep(ASKED_AGAIN_S)


class _PostgresWriting:
    """An open write transaction, with what it wanted to see first."""

    def __init__(self, store: PostgresStore, transaction: Transaction, frontier: Frontier) -> None:
        self._store = store
        self._transaction = transaction
        self.frontier = frontier
        self.replies: Mapping[str, Reply] = {}
        self.streams: Mapping[str, Sequence[Entry]] = {}
        self.changed: Collection[str] = ()

    async def more_streams(self, names: Collection[str]) -> Mapping[str, Sequence[Entry]]:
        return self._store.streams_of(await self._transaction.rows(_STREAMS, list(names)))

    async def commit(self, batch: Batch) -> None:
        frontier = self.frontier.extend([new.entry.leaf for new in batch.entries])
        await _record(self._transaction, batch, frontier)
        failpoint("store.in_commit")
        try:
            await self._transaction.commit()
        except CommitUnknown as unknown:
            if not await self._found_out(batch, unknown):
                raise unavailable(unknown) from unknown
        self._store.wrote(frontier.size)

    async def _found_out(self, batch: Batch, unknown: CommitUnknown) -> bool:
        try:
            return await self._store.saved(batch)
        except Unavailable as fault:
            raise unknown from fault


async def _holds(transaction: Transaction, batch: Batch) -> bool:
    """Entries are told from others by their salts, replies by what they answer. Cursors may be moved again."""
    if batch.entries:
        last = batch.entries[-1].entry
        rows = await transaction.rows(_ENTRIES, last.position, last.position + 1)
        return [row["leaf"] for row in rows] == [last.leaf]
    asked = {reply.request_id: reply.answer for reply in batch.replies}
    rows = await transaction.rows(_SEEN, list(asked), [])
    return bool(asked) and {row["name"]: row["two"] for row in rows if row["form"] == "reply"} == asked


def _claim(connection: Connection, origin: str, side_tables: Sequence[MetaData]) -> None:
    for metadata in (t.metadata, *side_tables):
        require(connection, metadata)
    require_no_more(connection, t.metadata)
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('origin_id'))"))
    owner = connection.scalar(select(t.origin_id.c.origin))
    if owner is None:
        connection.execute(insert(t.origin_id).values(origin=origin))
        connection.execute(insert(t.head).values(one=1, frontier=Frontier().to_bytes()))
    elif owner != origin:
        raise DataLoss("STORE_OF_ANOTHER_ORIGIN", f"This store holds the log of {owner}, not of {origin}.", owner=owner)
    _require_head(connection, origin)


def _require_head(connection: Connection, origin: str) -> None:
    heads = connection.scalars(select(t.head.c.frontier)).all()
    try:
        [head] = heads
        Frontier.from_bytes(head)
    except ValueError as fault:
        said = "which says how long its log is, was altered or taken away. Nothing was started. Run `nrm audit verify`"
        raise DataLoss(
            "STORE_HEAD_ALTERED", f"In the store of {origin} the row of the table head, {said} and call the auditor."
        ) from fault


async def _record(transaction: Transaction, batch: Batch, frontier: Frontier) -> None:
    """Rows in the order of their tables' columns, in which the records name their fields too."""
    if batch.entries or batch.replies:
        replies = [_reply_row(reply) for reply in batch.replies]
        entries = [(new.entry.position, new.stream, new.seq, new.entry.body, new.entry.leaf) for new in batch.entries]
        recorded = frontier.to_bytes(), *columns_of(replies, _REPLY_WIDTH), *columns_of(entries, _ENTRY_WIDTH)
        await postgres_rows.apply(transaction, batch.rows, _RECORD, *recorded)
    else:
        await postgres_rows.apply(transaction, batch.rows)
    if batch.handovers:
        last = {(handover.handover_id, handover.other): handover for handover in batch.handovers}
        handovers = [(handover.handover_id, handover.person_ref, handover.other) for handover in last.values()]
        await transaction.rows(_ADD_HANDOVERS, *columns_of(handovers, 3))
    if batch.cursors:
        newest = {cursor.name: cursor for cursor in batch.cursors}
        await transaction.rows(_MOVE, *_cursor_columns(list(newest.values())))


def _cursor_columns(cursors: Sequence[Cursor]) -> Sequence[Sequence[object]]:
    rows = [(cursor.name, cursor.frontier.size, cursor.frontier.to_bytes()) for cursor in cursors]
    return columns_of(rows, len(t.cursor.columns))
