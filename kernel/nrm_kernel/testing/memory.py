"""The store and the shared log in memory: the same contracts without a disk, for tests of what stands above them."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager

from nrm_kernel.entry import Entry
from nrm_kernel.ledger.merkle import Frontier
from nrm_kernel.ledger.note import stated
from nrm_kernel.log import Behind, Body, Fork, Published, Record, Run, Signed, may_read
from nrm_kernel.store import Batch, Cursor, Reply, Wanted, Writing


class MemoryStore:
    """One agency's store in memory."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self._entries: list[Entry] = []
        self._streams: dict[str, list[Entry]] = {}
        self._frontier = Frontier()
        self._replies: dict[str, Reply] = {}
        self._cursors: dict[str, Cursor] = {}
        self._handovers: dict[tuple[str, str], str] = {}
        self._checkpoints: dict[int, str] = {}
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def writing(self, wanted: Wanted) -> AsyncIterator[Writing]:
        """See :meth:`nrm_kernel.store.Store.writing`."""
        async with self._turn:
            yield _MemoryWriting(self, wanted)

    async def read(self, after: int, limit: int) -> Sequence[Entry]:
        """See :meth:`nrm_kernel.store.Store.read`."""
        return self._entries[after : after + limit]

    async def size(self) -> int:
        """See :meth:`nrm_kernel.store.Store.size`."""
        return len(self._entries)

    async def stream(self, name: str, after: int = 0) -> Sequence[Entry]:
        """See :meth:`nrm_kernel.store.Store.stream`."""
        return tuple(self._streams.get(name, ())[after:])

    async def people_behind(self, handover_ids: Collection[str], other: str) -> Mapping[str, str]:
        """See :meth:`nrm_kernel.store.Store.people_behind`."""
        return {one: self._handovers[one, other] for one in handover_ids if (one, other) in self._handovers}

    async def cursor(self, name: str) -> Cursor | None:
        """See :meth:`nrm_kernel.store.Store.cursor`."""
        return self._cursors.get(name)

    async def move(self, cursor: Cursor) -> bool:
        """See :meth:`nrm_kernel.store.Store.move`."""
        held = self._cursors.get(cursor.name)
        if held is not None and held.frontier.size >= cursor.frontier.size:
            return False
        self._cursors[cursor.name] = cursor
        return True

    async def checkpoint(self) -> str | None:
        """See :meth:`nrm_kernel.store.Store.checkpoint`."""
        return self._checkpoints[max(self._checkpoints)] if self._checkpoints else None

    async def save_checkpoint(self, size: int, note: str, cursor: Cursor) -> None:
        """See :meth:`nrm_kernel.store.Store.save_checkpoint`."""
        self._checkpoints.setdefault(size, note)
        await self.move(cursor)

    async def close(self) -> None:
        """Nothing to let go of."""


class _MemoryWriting:
    def __init__(self, store: MemoryStore, wanted: Wanted) -> None:
        self._store = store
        self.frontier = store._frontier
        self.replies: Mapping[str, Reply] = {
            name: store._replies[name] for name in wanted.request_ids if name in store._replies
        }
        self.streams: Mapping[str, Sequence[Entry]] = self._held(wanted.streams)
        since = len(store._entries) if wanted.changed_since is None else wanted.changed_since
        self.changed: Collection[str] = {entry.stream for entry in store._entries[since:]}

    async def more_streams(self, names: Collection[str]) -> Mapping[str, Sequence[Entry]]:
        return self._held(names)

    async def commit(self, batch: Batch) -> None:
        store = self._store
        for new in batch.entries:
            store._entries.append(new.entry)
            store._streams.setdefault(new.stream, []).append(new.entry)
        store._frontier = store._frontier.extend([new.entry.leaf for new in batch.entries])
        store._replies |= {reply.request_id: reply for reply in batch.replies}
        store._handovers |= {(one.handover_id, one.other): one.person_ref for one in batch.handovers}
        for cursor in batch.cursors:
            await store.move(cursor)

    def _held(self, names: Collection[str]) -> dict[str, Sequence[Entry]]:
        return {name: tuple(self._store._streams[name]) for name in names if name in self._store._streams}


class MemoryLog:
    """The shared log in memory."""

    def __init__(self) -> None:
        self._entries: dict[str, list[Published]] = {}
        self._notes: dict[str, dict[int, str]] = {}
        self._beats: dict[str, str] = {}
        self._changed = asyncio.Event()

    async def publish(self, origin: str, entries: Sequence[Published], note: str) -> None:
        """See :meth:`nrm_kernel.log.SharedLog.publish`."""
        held = self._entries.setdefault(origin, [])
        if entries and entries[0].entry.position > len(held):
            raise Behind(origin, len(held))
        for one in entries:
            if one.entry.position < len(held):
                if held[one.entry.position].entry.leaf != one.entry.leaf:
                    raise Fork(origin, one.entry.position)
            else:
                held.append(one)
        self._notes.setdefault(origin, {}).setdefault(stated(note).size, note)
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def size(self, origin: str) -> int:
        """See :meth:`nrm_kernel.log.SharedLog.size`."""
        return len(self._entries.get(origin, ()))

    async def read(self, origin: str, reader: str, after: int, limit: int) -> Sequence[Record]:
        """See :meth:`nrm_kernel.log.SharedLog.read`."""
        ahead = sorted(size for size in self._notes.get(origin, {}) if size > after)
        if not ahead:
            return []
        size = max((size for size in ahead if size <= after + limit), default=ahead[0])
        records: list[Record] = []
        for one in self._entries[origin][after:size]:
            if may_read(one, origin, reader):
                records.append(Body(one.entry.position, one.entry.body))
            elif records and isinstance(records[-1], Run):
                records[-1] = Run(records[-1].first, (*records[-1].leaves, one.entry.leaf))
            else:
                records.append(Run(one.entry.position, (one.entry.leaf,)))
        return [*records, Signed(self._notes[origin][size])]

    async def checkpoint(self, origin: str) -> str | None:
        """See :meth:`nrm_kernel.log.SharedLog.checkpoint`."""
        notes = self._notes.get(origin)
        return notes[max(notes)] if notes else None

    async def beat(self, origin: str, note: str) -> None:
        """See :meth:`nrm_kernel.log.SharedLog.beat`."""
        self._beats[origin] = note

    async def last_beat(self, origin: str) -> str | None:
        """See :meth:`nrm_kernel.log.SharedLog.last_beat`."""
        return self._beats.get(origin)

    async def wait(self, origin: str, size: int, timeout_s: float) -> bool:
        """See :meth:`nrm_kernel.log.SharedLog.wait`."""
        try:
            async with asyncio.timeout(timeout_s):
                while max(self._notes.get(origin, {0: ""})) <= size:
                    await self._changed.wait()
        except TimeoutError:
            return False
        return True

    async def close(self) -> None:
        """Nothing to let go of."""
