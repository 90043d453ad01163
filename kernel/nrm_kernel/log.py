"""The shared log's port: what agencies publish, and what each reader gets of it.

A reader outside an entry's audience gets its leaf hash instead of its bytes, so that everybody can recompute the tree
and check every checkpoint, while bodies reach only those who may read them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from nrm_kernel.entry import Entry
from nrm_kernel.errors import DataLoss, Unavailable
from nrm_kernel.ledger.note import stated

READS_EVERYTHING = frozenset({"coordinator", "audit"})
"""Kinds of service that may read every body: the national coordinator and the auditors."""


@dataclass(frozen=True, slots=True)
class Published:
    """An entry on its way out: ``audience`` is own, notice or all; ``to`` is the addressee of a notice."""

    entry: Entry
    audience: str
    to: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """An entry that the reader may read."""

    position: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Run:
    """Leaf hashes of entries that the reader may not read, from position ``first`` on."""

    first: int
    leaves: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed checkpoint covering the records before it."""

    note: str


Record = Body | Run | Signed


def end_of(record: Record) -> int:
    """The size of the log up to the end of the record; for a checkpoint, the size that it covers."""
    match record:
        case Body(position=position):
            return position + 1
        case Run(first=first, leaves=leaves):
            return first + len(leaves)
        case Signed(note=note):
            return stated(note).size


class Fork(DataLoss):
    """Two different entries at one position of one origin: somebody shows two histories."""

    def __init__(self, origin: str, position: int) -> None:
        super().__init__(
            "LOG_FORKED",
            f"{origin} at {position}: the entry differs from the one that stands there. Nothing further is read or "
            "written for this origin. Run `nrm audit verify` and call the auditor.",
            origin=origin,
            position=position,
        )


class Behind(Unavailable):
    """The log lacks entries before those that it was given: it lost something, or is new."""

    def __init__(self, origin: str, held: int) -> None:
        super().__init__(
            "LOG_BEHIND",
            f"{origin}: the shared log holds {held} entries and lacks those before the ones given. It is filled up "
            "from the agency's store.",
            origin=origin,
            held=held,
        )


class SharedLog(Protocol):
    """Transport and second copy of every agency's log."""

    async def publish(self, origin: str, entries: Sequence[Published], note: str) -> None:
        """Append entries and the checkpoint that covers them.

        Entries that stand there already are passed over. Raises :class:`Fork` for another entry at a taken position,
        :class:`Behind` when entries before these are missing, and Unavailable when the log cannot be reached.
        """
        ...

    async def size(self, origin: str) -> int:
        """How many of this origin's entries the log holds."""
        ...

    async def read(self, origin: str, reader: str, after: int, limit: int) -> Sequence[Record]:
        """Records from position ``after`` on, about ``limit`` entries, ending with the checkpoint that covers them.

        Empty when no checkpoint covers anything from there on.
        """
        ...

    async def checkpoint(self, origin: str) -> str | None:
        """The newest checkpoint of an origin, in its own copy. Whoever wrote it: its signature says."""
        ...

    async def beat(self, origin: str, note: str) -> None:
        """Leave a signed heartbeat, replacing the one before."""
        ...

    async def last_beat(self, origin: str) -> str | None:
        """The newest heartbeat of an origin."""
        ...

    async def wait(self, origin: str, size: int, timeout_s: float) -> bool:
        """Wait until the log covers more than ``size`` entries of the origin; False when the time ran out."""
        ...

    async def close(self) -> None: ...


def reads_everything(origin: str, reader: str) -> bool:
    """Whether the reader may read every body of that log: its own agency, the coordinator, the auditors."""
    return reader == origin or reader.split("/")[1] in READS_EVERYTHING


def may_read(published: Published, origin: str, reader: str) -> bool:
    """Whether the reader is in the entry's audience."""
    return (
        reads_everything(origin, reader)
        or published.audience == "all"
        or (published.audience == "notice" and published.to == reader)
    )
