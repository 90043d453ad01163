"""The agency store's port: one append-only log of entries, and what belongs in the same transaction with them.

A write locks the head row first, so positions are gapless and come into sight in order: no reader can pass a position
whose transaction is still open.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol

from nrm_kernel.entry import Entry
from nrm_kernel.ledger.merkle import Frontier
from nrm_kernel.views import Change


@dataclass(frozen=True, slots=True)
class Reply:
    """The first answer to a request, kept with the store so that every retry gets it again."""

    request_id: str
    request_hash: bytes
    answer: bytes
    recorded_at: str


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a reader has come in one origin's log, and the Merkle frontier there."""

    name: str
    frontier: Frontier


@dataclass(frozen=True, slots=True)
class Handover:
    """The name under which this agency and one other speak of a person."""

    handover_id: str
    person_ref: str
    other: str


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry about to be stored; ``stream`` and ``seq`` stand in its bytes too."""

    stream: str
    seq: int
    entry: Entry


@dataclass(slots=True)
class Batch:
    """Everything that one transaction records."""

    entries: list[NewEntry] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    cursors: list[Cursor] = field(default_factory=list)
    handovers: list[Handover] = field(default_factory=list)
    rows: list[Change] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a write needs to see first: earlier replies, whole streams, and which streams changed since a size."""

    request_ids: Collection[str] = ()
    streams: Collection[str] = ()
    changed_since: int | None = None


class Writing(Protocol):
    """An open write: the head row is locked until the block ends. Leaving it without :meth:`commit` records nothing."""

    @property
    def frontier(self) -> Frontier:
        """The Merkle frontier of everything recorded so far; its size is the next position."""
        ...

    @property
    def replies(self) -> Mapping[str, Reply]: ...

    @property
    def streams(self) -> Mapping[str, Sequence[Entry]]: ...

    @property
    def changed(self) -> Collection[str]:
        """Streams that got entries at or after :attr:`Wanted.changed_since`, by this process or another."""
        ...

    async def more_streams(self, names: Collection[str]) -> Mapping[str, Sequence[Entry]]:
        """Further whole streams, under the same lock."""
        ...

    async def commit(self, batch: Batch) -> None:
        """Record the batch, whole or not at all. Raises Unavailable when the store cannot take it."""
        ...


class Store(Protocol):
    """One agency's store."""

    @property
    def origin(self) -> str: ...

    def writing(self, wanted: Wanted) -> AbstractAsyncContextManager[Writing]:
        """Open a write. Waits for other writers, of this process or another."""
        ...

    async def read(self, after: int, limit: int) -> Sequence[Entry]:
        """Entries from position ``after`` on, as stored, at most ``limit``; their leaf hashes as stored too."""
        ...

    async def size(self) -> int:
        """How many entries there are."""
        ...

    async def stream(self, name: str, after: int = 0) -> Sequence[Entry]:
        """The entries of one stream from its ``after``th on, in order."""
        ...

    async def people_behind(self, handover_ids: Collection[str], other: str) -> Mapping[str, str]:
        """The persons of handovers with that other agency, by id; without those that are not known.

        An id that a third agency got hold of names nobody to it.
        """
        ...

    async def cursor(self, name: str) -> Cursor | None:
        """A reader's cursor, if it has one."""
        ...

    async def move(self, cursor: Cursor) -> bool:
        """Move a cursor forward by compare-and-set; False, and no effect, when it already stands at or beyond it.

        Does not wait for the disk: after a power cut the cursor may stand where it stood before.
        """
        ...

    async def checkpoint(self) -> str | None:
        """The signed note of the largest checkpoint."""
        ...

    async def save_checkpoint(self, size: int, note: str, cursor: Cursor) -> None:
        """Keep a signed checkpoint, and move the cursor of who published what it covers.

        Does not wait for the disk: what a power cut takes back is signed and published anew.
        """
        ...

    async def close(self) -> None: ...
