"""Reading another agency's log without believing it: every tree is recomputed, every checkpoint checked, then applied.

What a reader may do something with is :class:`Covered`: entries that lie under a checkpoint signed by a key of the
trust file. A gap, a mismatch or a fork raises and nothing further of that origin is read.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from nrm_kernel.entry import Entry
from nrm_kernel.errors import DataLoss
from nrm_kernel.ledger.merkle import Frontier
from nrm_kernel.ledger.note import NoteInvalid, verify
from nrm_kernel.ledger.trust import NotTrusted, Trusted
from nrm_kernel.log import Body, Record, Run, SharedLog, Signed

READ_LIMIT = 2_000


@dataclass(frozen=True, slots=True)
class Covered:
    """A verified stretch of one origin's log: its readable entries, every leaf hash, and the frontier behind it.

    ``note`` is the signed checkpoint that covers it.
    """

    origin: str
    before: Frontier
    entries: Sequence[Entry]
    leaves: Sequence[bytes]
    frontier: Frontier
    note: str = ""

    def until(self, size: int) -> "Covered":
        """The part of this stretch before the entry at ``size``."""
        entries = [entry for entry in self.entries if entry.position < size]
        leaves = self.leaves[: size - self.before.size]
        return Covered(self.origin, self.before, entries, leaves, self.before.extend(leaves))


class Alarm(DataLoss):
    """What was read contradicts what was signed or read before."""

    def __init__(self, origin: str, position: int, what: str) -> None:
        super().__init__(
            "LOG_CONTRADICTS",
            f"{origin} at {position}: {what}. Nothing from there on is applied. Run `nrm audit verify` and call the "
            "auditor.",
            origin=origin,
            position=position,
        )


class Follower:
    """Follows one origin for one reader, from a frontier on."""

    def __init__(self, log: SharedLog, trust: Trusted, origin: str, reader: str, frontier: Frontier) -> None:
        self._log = log
        self._trust = trust
        self.origin = origin
        self._reader = reader
        self.frontier = frontier

    async def next(self, limit: int = READ_LIMIT) -> Covered | None:
        """The next verified stretch, or nothing while no checkpoint covers more. Raises :class:`Alarm`."""
        records = await self._log.read(self.origin, self._reader, self.frontier.size, limit)
        if not records:
            return None
        covered = self._verified(records)
        self.frontier = covered.frontier
        return covered

    async def wait(self, timeout_s: float) -> bool:
        """Wait until there is more to read; False when the time ran out."""
        return await self._log.wait(self.origin, self.frontier.size, timeout_s)

    def _verified(self, records: Sequence[Record]) -> Covered:
        entries: list[Entry] = []
        leaves: list[bytes] = []
        note, position = "", self.frontier.size
        for record in records:
            match record:
                case Body(position=at, body=body) if at == position:
                    entry = _read(self.origin, at, body)
                    entries.append(entry)
                    leaves.append(entry.leaf)
                    position += 1
                case Run(first=at, leaves=hidden) if at == position:
                    leaves.extend(hidden)
                    position += len(hidden)
                case Signed(note=note):
                    pass
                case Body(position=at) | Run(first=at):
                    raise Alarm(self.origin, position, f"position {at} comes where {position} is due")
        frontier = self.frontier.extend(leaves)
        self._check(note, frontier)
        return Covered(self.origin, self.frontier, entries, leaves, frontier, note)

    def _check(self, note: str, frontier: Frontier) -> None:
        try:
            checkpoint = verify(note, self._trust.verifier(self.origin, frontier.size))
        except (NoteInvalid, NotTrusted) as fault:
            raise Alarm(self.origin, frontier.size, f"its checkpoint cannot be relied on: {fault.text}") from fault
        if checkpoint.size != frontier.size:
            raise Alarm(self.origin, frontier.size, f"the checkpoint is for {checkpoint.size} entries")
        if checkpoint.root != frontier.root():
            raise Alarm(self.origin, frontier.size, "the tree over what was read is not the one that was signed")


def _read(origin: str, position: int, body: bytes) -> Entry:
    """The entry of these bytes, which must say of themselves that they belong there."""
    entry = Entry.of(origin, position, body)
    try:
        envelope = entry.envelope
        said = envelope["origin"], envelope["position"]
    except (LookupError, TypeError, ValueError) as fault:
        raise Alarm(origin, position, "what stands there is no entry") from fault
    if said != (origin, position):
        raise Alarm(origin, position, f"the entry says that it is {said[0]} at {said[1]}")
    return entry
