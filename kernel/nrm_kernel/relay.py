"""The relay: reads an agency's own store by position, signs what it reads, and publishes it to the shared log.

The entry table is the outbox; nothing is ever published that is not durable. Before a checkpoint is signed the bytes
are read back and hashed again, and the last checkpoint, kept outside the database too, is proven a prefix: a store
that was rolled back to an older copy is found out before it takes a command.
"""

import asyncio
import os
from pathlib import Path
from typing import cast

from nrm_contracts import catalogue
from nrm_kernel.clock import Clock
from nrm_kernel.entry import Entry
from nrm_kernel.errors import DataLoss, Unavailable
from nrm_kernel.ledger.merkle import Frontier, leaf_hash
from nrm_kernel.ledger.note import Checkpoint, Heartbeat, SigningKey, sign, stated
from nrm_kernel.log import Published, SharedLog
from nrm_kernel.store import Cursor, Store
from nrm_kernel.testing.failpoints import failpoint

BATCH_MAX = 1_000
HEARTBEAT_S = 10.0
RETRY_S = 1.0
CURSOR = "relay"


class Relay:
    """One agency's relay. Call :meth:`start` before the agency takes commands, then :meth:`run` in a task."""

    def __init__(self, store: Store, log: SharedLog, key: SigningKey, witness_file: Path, clock: Clock) -> None:
        self._store = store
        self._log = log
        self._key = key
        self._file = witness_file
        self._clock = clock
        self._frontier = Frontier()
        self._wake = asyncio.Event()

    @property
    def size(self) -> int:
        """How many entries have been signed and published."""
        return self._frontier.size

    def wake(self) -> None:
        """There may be something new in the store."""
        self._wake.set()

    async def start(self) -> None:
        """Check that the store still holds everything that was ever signed. Raises DataLoss when it does not."""
        note = self._file.read_text() if self._file.exists() else await self._store.checkpoint()
        if note is not None:
            signed = stated(note)
            held = await self._frontier_at(signed.size)
            if held.size < signed.size or held.root() != signed.root:
                raise _rolled_back(self._store.origin, held.size, signed.size)
        cursor = await self._store.cursor(CURSOR)
        published = await self._log.size(self._store.origin)
        if published > await self._store.size():
            raise _rolled_back(self._store.origin, await self._store.size(), published)
        if cursor is not None and published >= cursor.frontier.size:
            self._frontier = cursor.frontier
        else:  # the shared log lost something, or is new: publish again from what it still holds
            self._frontier = await self._frontier_at(published)

    async def run(self) -> None:
        """Relay for ever; while the shared log is away, wait and go on where it stopped."""
        beaten_at = 0.0
        while True:
            self._wake.clear()
            try:
                while await self.relay():
                    pass
                if asyncio.get_running_loop().time() - beaten_at >= HEARTBEAT_S:
                    await self._beat()
                    beaten_at = asyncio.get_running_loop().time()
            except Unavailable:
                await self._clock.sleep(RETRY_S)
                continue
            try:
                await asyncio.wait_for(self._wake.wait(), HEARTBEAT_S)
            except TimeoutError:
                continue

    async def relay(self) -> int:
        """Sign and publish what is new, at most a batch. Returns how many entries."""
        entries = await self._store.read(self._frontier.size, BATCH_MAX)
        if not entries:
            return 0
        failpoint("relay.after_read")
        for entry in entries:
            if leaf_hash(entry.body) != entry.leaf:
                raise _altered(entry)
        frontier = self._frontier.extend([entry.leaf for entry in entries])
        note = sign(Checkpoint(self._store.origin, frontier.size, frontier.root()), self._key)
        await asyncio.to_thread(_keep, self._file, note)
        await self._store.save_checkpoint(frontier.size, note)
        failpoint("relay.after_sign")
        await self._log.publish(self._store.origin, [_published(entry) for entry in entries], note)
        failpoint("relay.after_publish")
        await self._store.move(Cursor(CURSOR, frontier))
        self._frontier = frontier
        return len(entries)

    async def _beat(self) -> None:
        beat = Heartbeat(self._store.origin, self._frontier.size, self._clock.now())
        await self._log.beat(self._store.origin, sign(beat, self._key))

    async def _frontier_at(self, size: int) -> Frontier:
        """The frontier over the store's first entries, hashed again; shorter when the store holds fewer."""
        frontier = Frontier()
        while frontier.size < size:
            entries = await self._store.read(frontier.size, min(BATCH_MAX, size - frontier.size))
            if not entries:
                break
            frontier = frontier.extend([leaf_hash(entry.body) for entry in entries])
        return frontier


def _published(entry: Entry) -> Published:
    kind = catalogue.find(entry.type, cast(int, entry.envelope["schema"]))
    return Published(entry, kind.audience.value, entry.to)


def _keep(path: Path, note: str) -> None:
    """Replace the file by one that is on disk before it has the name."""
    fresh = path.with_suffix(".new")
    with fresh.open("w") as file:
        file.write(note)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _rolled_back(origin: str, held: int, signed: int) -> DataLoss:
    return DataLoss(
        "STORE_ROLLED_BACK",
        f"{origin}: {signed} entries were signed, but the store holds {held} of them unaltered: it is an older "
        "copy or was changed. Nothing is written. Restore the newest copy, or run `nrm audit verify` and call the "
        "auditor.",
        origin=origin,
        held=held,
        signed=signed,
    )


def _altered(entry: Entry) -> DataLoss:
    return DataLoss(
        "ENTRY_ALTERED",
        f"{entry.origin} at {entry.position}: the stored bytes do not match their hash. Nothing further is signed. "
        "Run `nrm audit verify` and call the auditor.",
        origin=entry.origin,
        position=entry.position,
    )
