"""One pass over one copy of a log: every entry hashed again from its bytes and checked in its place."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from nrm_audit.copies import Copy, Damaged, Row
from nrm_audit.findings import Finding, Findings, Kind
from nrm_audit.form import ERASED, NotCanonical, read_envelope, sizes_seen
from nrm_audit.stretches import Place, Stretch, Whole, whole
from nrm_audit.workers import Workers
from nrm_kernel.entry import Json
from nrm_kernel.ledger.merkle import HASH_BYTES

STRETCH = 100
_NOTHING_BEFORE: Place = (0, None)


def _positions() -> "array[int]":
    return array("q")


@dataclass(slots=True)
class Known:
    """What the copies examined so far agree on, so that a further copy needs only its hashes compared."""

    leaves: list[bytes] = field(default_factory=list)
    streams: dict[str, Place] = field(default_factory=dict)  # next seq, and the leaf hash before it
    addressed: dict[int, bytes] = field(default_factory=dict)  # position of each notice -> its addressee
    seen: dict[str, tuple[int, int]] = field(default_factory=dict)  # other origin -> size it had, and who says so


@dataclass(slots=True)
class History:
    """The leaf hashes of one copy, from position 0 to its first gap, and what was found on the way."""

    copy: Copy
    known: Known
    findings: Findings
    leaves: list[bytes] = field(default_factory=list)
    size: int = 0  # one more than the largest position held
    entries: int = 0
    in_step: bool = True  # equal so far to what the copies before it say
    unbroken: bool = True
    seals: "array[int]" = field(default_factory=_positions)  # positions of entries that seal something
    erases: "array[int]" = field(default_factory=_positions)  # and of those by which something was erased

    def read(self, workers: Workers) -> "History":
        """Go through the whole copy."""
        try:
            if self.known.leaves:
                for rows in self.copy.source.batches(0):
                    self._read_batch(rows)
            else:
                self._read_first(workers)
        except Damaged as fault:
            self.unbroken = self.in_step = False
            self.found(Kind.UNREADABLE, f"it cannot be read on from here: {fault}", self.size)
        return self

    def found(self, kind: Kind, text: str, position: int | None, contradicted_by: str = "") -> None:
        """Note that something is wrong for certain."""
        self.findings.add(Finding(kind, self.copy.origin, self.copy.holder, text, position, contradicted_by))

    def _read_first(self, workers: Workers) -> None:
        """No copy was read before. Whole stretches are taken as they are. Raises Damaged, after what could be read."""
        damage: list[Damaged] = []
        for stretch, found in workers.in_order(whole, self._stretches(damage)):
            if found is None or not self._take(found):
                self._read_batch(stretch.rows)
        if damage:
            raise damage[0]

    def _stretches(self, damage: list[Damaged]) -> Iterator[Stretch]:
        first = 0
        try:
            for rows in self.copy.source.batches(0):
                for at in range(0, len(rows), STRETCH):
                    yield Stretch(self.copy.origin, first + at, rows[at : at + STRETCH], self.copy.filed_under)
                first += len(rows)
        except Damaged as fault:
            damage.append(fault)

    def _take(self, found: Whole) -> bool:
        """A whole stretch, unless its streams do not go on from where they are or something was wrong before it."""
        known = self.known
        if not self.in_step or any(known.streams.get(name, _NOTHING_BEFORE) != at for name, at in found.begins.items()):
            return False
        self.leaves += found.leaves
        known.leaves += found.leaves
        known.streams |= found.ends
        known.addressed |= found.addressed
        for origin, (size, position) in found.seen.items():
            self._note_seen(origin, size, position)
        self.seals.extend(found.seals)
        self.erases.extend(found.erases)
        self.size += len(found.leaves)
        self.entries += len(found.leaves)
        return True

    def _read_batch(self, rows: Sequence[Row]) -> None:
        """Most copies are untouched: rows that are what another copy has, or follow on plainly, take the short way."""
        agreed, addressed, of_record, leaves = self.known.leaves, self.known.addressed, self.copy.of_record, self.leaves
        for row in rows:
            position, leaf = row[0], row[2]
            body = row[1] if type(row[1]) is bytes else b""
            if position != self.size or type(position) is not int:
                position = self._jump(position)
            else:
                self.size += 1
            digest = sha256(b"\x00" + body).digest()
            if digest != leaf:
                hidden = row[1] is None and self.copy.hides
                digest = self._hidden_leaf(position, leaf) if hidden else self._wrong_leaf(position, digest, leaf)
            elif not of_record and position < len(agreed) and agreed[position] == digest:
                if row[3:] and row[3] != addressed.get(position):
                    self._misfiled(position)
            else:
                self._examine(position, body, digest, row[3:])
            if self.unbroken:
                leaves.append(digest)
        self.entries += len(rows)

    def _jump(self, position: object) -> int:
        """The next row does not stand at the next position."""
        self.unbroken = self.in_step = False
        due = self.size
        if not isinstance(position, int) or position < due:
            self.found(Kind.POSITION, f"position {position!r} stands after {due - 1}", due)
            return position if isinstance(position, int) else due
        self.found(Kind.GAP, f"{position - due} missing before position {position}", due)
        self.size = position + 1
        return position

    def _hidden_leaf(self, position: int, leaf: object) -> bytes:
        """Of an entry that this copy hides, the hash is all there is; the roots show whether it is the right one."""
        if not isinstance(leaf, bytes) or self.known.leaves[position : position + 1] != [leaf]:
            self.in_step = False
        return leaf if isinstance(leaf, bytes) else b""

    def _wrong_leaf(self, position: int, digest: bytes, leaf: object) -> bytes:
        """The stored hash stands in for the bytes from here on: if it is right, only the bytes were altered."""
        self.in_step = False
        text = f"content hash {_short(digest)}, stored hash {_short(leaf)}: this content is not what was recorded"
        self.found(Kind.LEAF, text, position)
        return leaf if isinstance(leaf, bytes) and len(leaf) == HASH_BYTES else digest

    def _misfiled(self, position: int) -> None:
        self.found(Kind.POSITION, "it is not filed under the stream or addressee that it names", position)

    def _examine(self, position: int, body: bytes, leaf: bytes, filing: Sequence[object]) -> None:
        """Form and place of one entry, and its chain where no other copy has shown that yet."""
        agreed = self.known.leaves
        if position < len(agreed) and agreed[position] != leaf:
            self.in_step = False
        try:
            envelope = read_envelope(body)
        except NotCanonical as fault:
            self.in_step = False
            self.found(Kind.CANON, f"the bytes are not an entry: {fault}", position)
            return
        origin, place = envelope.get("origin"), envelope.get("position")
        if place != position or origin != self.copy.origin:
            self.found(Kind.POSITION, f"it says that it is {origin} {place}", position)
        elif filing != self.copy.filed_under(envelope):
            self._misfiled(position)
        if "sealed" in envelope:
            self.seals.append(position)
        if envelope.get("type") == ERASED:
            self.erases.append(position)
        if self.in_step and position == len(agreed):
            self._continue(position, envelope, leaf)

    def _continue(self, position: int, envelope: dict[str, Json], leaf: bytes) -> None:
        """The entry must follow the last one of its stream."""
        known = self.known
        stream, seq = str(envelope.get("stream")), envelope.get("seq")
        expected = known.streams.get(stream, _NOTHING_BEFORE)
        if (seq, envelope.get("prev")) != expected:
            self.found(Kind.CHAIN, f"number {seq} of its stream does not follow number {expected[0] - 1}", position)
        known.streams[stream] = (seq + 1 if type(seq) is int else expected[0] + 1, leaf.hex())
        known.leaves.append(leaf)
        if "to" in envelope:
            known.addressed[position] = str(envelope["to"]).encode()
        for origin, size in sizes_seen(envelope):
            self._note_seen(origin, size, position)

    def _note_seen(self, origin: str, size: int, position: int) -> None:
        """Another log had that size when the entry at this position was decided."""
        if size > self.known.seen.get(origin, (0, 0))[0]:
            self.known.seen[origin] = (size, position)


def _short(stored: object) -> str:
    return f"{stored[:4].hex()}..{stored[-1:].hex()}" if isinstance(stored, bytes) and stored else "none"
