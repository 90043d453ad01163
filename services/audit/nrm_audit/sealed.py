"""What entries seal, and whether a store has it beside them: there, erased on record, or gone.

Only an agency's own store has a vault: exported copies and shared logs never held what was sealed, and lack nothing.
The bytes stay closed. An entry commits to their hash, so that they can be told to be right without any key.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson

from nrm_audit.copies import Blob, Copy, Damaged, VaultRows
from nrm_audit.findings import Finding, Findings, Kind

BATCH = 500
"""So many entries, and what they seal, are in memory at a time, however much a store has sealed."""


@dataclass(slots=True)
class Sealed:
    """How many sealed pieces a store's entries name: those that are there, were erased, are gone without an erasure."""

    present: int = 0
    erased: int = 0
    missing: int = 0


class _Piece(NamedTuple):
    position: int
    stream: str
    texts: frozenset[str]  # what its entry says, the person's or defendant's reference among it
    data_class: str
    blob: str

    def __str__(self) -> str:
        return f"{self.data_class} data sealed in {self.stream}"


@dataclass(slots=True)
class VaultCheck:
    """Holds a store's vault against its entries. What these say themselves is checked elsewhere."""

    copy: Copy
    vault: VaultRows
    findings: Findings
    counted: Sealed = field(default_factory=Sealed)
    named: int = 0  # pieces in the vault that entries name
    erasures: dict[str, dict[tuple[str, str], int]] = field(default_factory=lambda: defaultdict(dict))
    """By stream: of whom and of which class, and the position of the last erasure of it."""

    def run(self, seals: Sequence[int], erases: Sequence[int]) -> Sealed:
        """Given the positions of the entries that seal something, and of those by which something was erased."""
        try:
            for positions in _portions(erases):
                self._note_erasures(positions)
            for positions in _portions(seals):
                self._check(positions)
            self._check_unnamed()
        except Damaged as fault:
            self._found(Kind.UNREADABLE, f"its vault cannot be read: {fault}")
        return self.counted

    def _note_erasures(self, positions: Sequence[int]) -> None:
        for envelope in self._entries(positions):
            match envelope:
                case {
                    "position": int(position),
                    "stream": str(stream),
                    "data": {"person_ref": str(person_ref), "data_classes": [*classes]},
                }:
                    self.erasures[stream] |= {(person_ref, str(data_class)): position for data_class in classes}

    def _check(self, positions: Sequence[int]) -> None:
        pieces = [piece for envelope in self._entries(positions) for piece in _pieces(envelope)]
        blobs = {blob.name: blob for blob in self.vault.blobs([piece.blob for piece in pieces])}
        self.named += len(blobs)
        for piece in pieces:
            text = self._judged(piece, blobs.get(piece.blob))
            if text:
                self._found(Kind.SEALED, f"{piece} {text}", piece.position)

    def _judged(self, piece: _Piece, blob: Blob | None) -> str:
        """Count one piece; says what is wrong with it."""
        erased_at = self._erased_at(piece)
        self._count(is_present=blob is not None and blob.has_key, is_erased=erased_at is not None)
        if erased_at is not None:
            if blob is None:
                return ""
            keyless = "" if blob.has_key else " still, without their key"
            return f"are there{keyless}, though position {erased_at} says that they were erased"
        if blob is None or not blob.has_key:
            return f"are gone{'' if blob is None else ', for their key is'}, and no erasure on record took them"
        return "" if blob.is_right() else "are not what the entry commits to"

    def _count(self, *, is_present: bool, is_erased: bool) -> None:
        self.counted.present += is_present
        self.counted.erased += is_erased and not is_present
        self.counted.missing += not is_present and not is_erased

    def _erased_at(self, piece: _Piece) -> int | None:
        """The position of the last erasure that took the piece: of its class and person, in its stream, after it."""
        of_stream = self.erasures.get(piece.stream)
        if of_stream is None:
            return None
        last = max((of_stream.get((text, piece.data_class), -1) for text in piece.texts), default=-1)
        return last if last > piece.position else None

    def _check_unnamed(self) -> None:
        """Nothing is sealed off the record."""
        unnamed = self.vault.size() - self.named
        if unnamed > 0:
            self._found(Kind.SEALED, f"sealed pieces in its vault that no entry here commits to: {unnamed:,}")

    def _entries(self, positions: Sequence[int]) -> Iterator[Mapping[str, Any]]:
        """These were entries when they were read first; a file that changes under a reader is none to rely on."""
        for body in self.vault.bodies(positions):
            try:
                yield orjson.loads(body)
            except orjson.JSONDecodeError as fault:
                raise Damaged(f"an entry changed while it was read: {fault}") from None

    def _found(self, kind: Kind, text: str, position: int | None = None) -> None:
        self.findings.add(Finding(kind, self.copy.origin, self.copy.holder, text, position))


def _portions(positions: Sequence[int]) -> Iterator[Sequence[int]]:
    return (positions[at : at + BATCH] for at in range(0, len(positions), BATCH))


def _pieces(envelope: Mapping[str, Any]) -> Iterator[_Piece]:
    match envelope:
        case {"position": int(position), "stream": str(stream), "data": dict(data), "sealed": [*sealed]}:
            texts = frozenset(value for value in data.values() if isinstance(value, str))
            for one in sealed:
                match one:
                    case {"class": str(data_class), "h": str(blob)}:
                        yield _Piece(position, stream, texts, data_class, blob)
