"""The relay: reads an agency's own store by position, signs what it reads, and publishes it to the shared log.

The entry table is the outbox; nothing is ever published that is not durable. Before a checkpoint is signed the bytes
are read back and hashed again, and the last checkpoint, kept outside the database too, is proven a prefix: a store
that was rolled back to an older copy is found out before it takes a command. What the shared log lost it gets again.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import cast

from nrm_contracts import catalogue
from nrm_kernel.clock import Clock
from nrm_kernel.company import rest_s
from nrm_kernel.entry import Entry
from nrm_kernel.errors import DataLoss, EventUnknown, Unavailable
from nrm_kernel.failpoints import failpoint
from nrm_kernel.ledger.merkle import Frontier, leaf_hash
from nrm_kernel.ledger.note import Checkpoint, Heartbeat, NoteInvalid, SigningKey, sign, stated, verify
from nrm_kernel.log import Behind, Published, SharedLog
from nrm_kernel.store import Cursor, Store
from nrm_kernel.telemetry import Telemetry, joining, silent
from nrm_kernel.witness import Witness

BATCH_MAX = 1_000
HEARTBEAT_S = 10.0
RETRY_S = 1.0
CURSOR = "relay"


class Relay:
    """One agency's relay. Call :meth:`start` before the agency takes commands, then :meth:`run` in a task."""

    def __init__(
        self,
        store: Store,
        log: SharedLog,
        key: SigningKey,
        witness_file: Path,
        clock: Clock,
        telemetry: Telemetry | None = None,
    ) -> None:
        self._store = store
        self._log = log
        self._key = key
        self._witness = Witness(witness_file)
        self._clock = clock
        self._telemetry = telemetry or silent()
        self._frontier = Frontier()
        self._wake = asyncio.Event()
        self._waits_for = ""
        self._compared = False
        self._lacked_from: str | None = None
        self._ends = False

    @property
    def size(self) -> int:
        """How many entries have been signed and published."""
        return self._frontier.size

    def wake(self) -> None:
        """There may be something new in the store."""
        self._wake.set()

    def end(self) -> None:
        """Make :meth:`run` return when it has published what is in the store by now, or cannot reach the shared log."""
        self._ends = True
        self._wake.set()

    async def start(self) -> None:
        """Check that the store still holds everything that was ever signed, and find where to go on.

        While the shared log is away the agency can record commands; the store is compared with it before anything is
        published. Raises DataLoss when the store lacks something, Unavailable when it cannot be reached.
        """
        await self._check(await self._kept(), ())
        try:
            await self._compare()
        except Unavailable as away:
            self._tell(away)

    async def _compare(self) -> None:
        """Hold the store against the shared log too. What the log lacks, being new or lost, is published again."""
        published = await self._log.size(self._store.origin)
        cursor = await self._store.cursor(CURSOR)
        goes_on_at = min(published, cursor.frontier.size) if cursor else published
        signed = [*await self._kept(), *await self._signed_in_log()]
        frontiers = await self._check(signed, (goes_on_at, published))
        if frontiers[published].size < published:
            raise _rolled_back(self._store.origin, frontiers[published].size, published)
        self._frontier = frontiers[goes_on_at]
        self._compared = True

    async def _check(self, signed: Sequence[Checkpoint], sizes: Sequence[int]) -> dict[int, Frontier]:
        """The frontiers at these sizes, once the store was found to hold all that was signed."""
        frontiers = await self._frontiers(sorted({*sizes, *(checkpoint.size for checkpoint in signed)}))
        for checkpoint in signed:
            held = frontiers[checkpoint.size]
            if held.size < checkpoint.size or held.root() != checkpoint.root:
                raise _rolled_back(self._store.origin, held.size, checkpoint.size)
        return frontiers

    async def run(self) -> None:
        """Relay until :meth:`end`; while the shared log is away, wait and go on where it stopped."""
        loop = asyncio.get_running_loop()
        beat_due = loop.time()
        while True:
            last = self._ends
            self._wake.clear()
            began = loop.time()
            reached = await self._round(beats=began >= beat_due)
            if last:
                return
            if not reached:
                await self._clock.sleep(RETRY_S)
                continue
            if began >= beat_due:
                beat_due = loop.time() + HEARTBEAT_S
            if self._wake.is_set():
                await self._clock.sleep(rest_s(loop.time() - began))  # it is signed together with what comes then
            with suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, beat_due - loop.time())):
                    await self._wake.wait()

    async def _round(self, *, beats: bool) -> bool:
        """Whether the shared log was reached."""
        try:
            await self._everything(beats=beats)
        except Unavailable as fault:
            self._tell(fault)
            return False
        self._tell(None)
        return True

    async def _everything(self, *, beats: bool) -> None:
        """Relay what there is, and a sign of life. What the log lost meanwhile, as either may find out, it gets again,
        from where it still holds everything."""
        try:
            await self._whatever_is_new(beats=beats)
        except Behind as behind:
            self._compared, self._lacked_from = False, behind.facts["held"]
            await self._whatever_is_new(beats=beats)
        if self._lacked_from is not None:
            lacked_from, self._lacked_from = self._lacked_from, None
            self._telemetry.log.warning(
                "log_filled_again", origin=self._store.origin, position=lacked_from, size=self.size
            )

    async def _whatever_is_new(self, *, beats: bool) -> None:
        while await self.relay() == BATCH_MAX:
            pass
        if beats:
            await self._beat()

    def _tell(self, fault: Unavailable | None) -> None:
        """A line in the log when the relay begins to wait, for something else than before, or goes on."""
        reason = fault.reason if fault else ""
        if reason == self._waits_for:
            return
        self._waits_for = reason
        if fault:
            cause = fault.facts.get("cause", "")
            self._telemetry.log.warning("relay_waits", origin=self._store.origin, reason=reason, cause=cause)
        else:
            self._telemetry.log.info("relay_goes_on", origin=self._store.origin, size=self.size)

    async def relay(self) -> int:
        """Sign and publish what is new, at most a batch. Returns how many entries."""
        if not self._compared:
            await self._compare()
        entries = await self._store.read(self._frontier.size, BATCH_MAX)
        if not entries:
            return 0
        failpoint("relay.after_read")
        with joining(self._telemetry.tracer, "relay", entries):
            await self._publish(entries)
        return len(entries)

    async def _publish(self, entries: Sequence[Entry]) -> None:
        for position, entry in enumerate(entries, start=self._frontier.size):
            if entry.position != position or leaf_hash(entry.body) != entry.leaf:
                raise _altered(self._store.origin, position)
        frontier = self._frontier.extend([entry.leaf for entry in entries])
        note = sign(Checkpoint(self._store.origin, frontier.size, frontier.root()), self._key)
        await self._witness.keep(note)
        failpoint("relay.after_sign")
        await self._log.publish(self._store.origin, [published(entry) for entry in entries], note)
        failpoint("relay.after_publish")
        await asyncio.sleep(0)  # those who read what was published go first
        await self._store.save_checkpoint(frontier.size, note, Cursor(CURSOR, frontier))
        self._frontier = frontier

    async def _beat(self) -> None:
        beat = Heartbeat(self._store.origin, self._frontier.size, self._clock.now())
        await self._log.beat(self._store.origin, sign(beat, self._key))

    async def _kept(self) -> list[Checkpoint]:
        """The newest checkpoints that this agency kept: in the file and in the store."""
        kept = (await self._witness.note(), await self._store.checkpoint())
        return [stated(note) for note in kept if note is not None]

    async def _signed_in_log(self) -> list[Checkpoint]:
        """The newest checkpoint in the log, where it has our signature."""
        note = await self._log.checkpoint(self._store.origin)
        if note is not None:
            with suppress(NoteInvalid):  # what others wrote there does not keep us from starting
                return [verify(note, self._key.verifier())]
        return []

    async def _frontiers(self, sizes: Sequence[int]) -> dict[int, Frontier]:
        """The frontiers over the store's first entries, hashed again; shorter where the store holds fewer."""
        frontier = Frontier()
        found: dict[int, Frontier] = {}
        for size in sizes:
            while frontier.size < size:
                entries = await self._store.read(frontier.size, min(BATCH_MAX, size - frontier.size))
                if not entries:
                    break
                frontier = frontier.extend([leaf_hash(entry.body) for entry in entries])
            found[size] = frontier
        return found


def published(entry: Entry) -> Published:
    """The entry with whom it is for, as the catalogue has it. Raises EventUnknown for one of a newer release."""
    try:
        kind = catalogue.find(entry.type, cast(int, entry.envelope["schema"]))
    except catalogue.UnknownEvent as unknown:
        raise EventUnknown(entry.origin, entry.position, str(unknown)) from unknown
    return Published(entry, kind.audience.value, entry.to)


def _rolled_back(origin: str, held: int, signed: int) -> DataLoss:
    return DataLoss(
        "STORE_ROLLED_BACK",
        f"{origin}: {signed} entries were signed, but they are not in the store, which holds {held}, as they were: "
        "it is an older copy or was changed. Nothing is written. Restore the newest copy, or run `nrm audit verify` "
        "and call the auditor.",
        origin=origin,
        held=held,
        signed=signed,
    )


def _altered(origin: str, position: int) -> DataLoss:
    return DataLoss(
        "ENTRY_ALTERED",
        f"{origin} at {position}: the entry is gone, or its bytes do not match their hash. Nothing further is signed. "
        "Run `nrm audit verify` and call the auditor.",
        origin=origin,
        position=position,
    )
