"""What entries seal, and whether a store has it beside them: there, erased on record, or gone.

Only an agency's own store has a vault: exported copies and shared logs never held what was sealed, and lack nothing.
The bytes stay closed. An entry commits to their hash, so that they can be told to be right without any key.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NamedTuple, Protocol

import orjson

from nrm_audit.copies import Copy, Damaged
from nrm_audit.findings import Finding, Findings, Kind

ERASED = "record.PersonalDataErased"
_MARK = b"nrm-sealed/v1"
"""Stands before the bytes when they are hashed. Written again here: whoever verifies takes no word of who sealed."""


class VaultRows(Protocol):
    """The vault in a store's file. Both may raise Damaged."""

    def entries(self) -> Iterator[bytes]:
        """The bytes of the entries that seal or erase something, in order."""
        ...

    def blobs(self) -> Iterator[tuple[str, bytes]]:
        """Sealed bytes of which the key is there too, and under which hash they are filed."""
        ...


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


class _Erasure(NamedTuple):
    position: int
    person_ref: str
    data_classes: Sequence[object]

    def takes(self, piece: _Piece) -> bool:
        """Whether this is what made that piece unreadable."""
        is_later = self.position > piece.position
        return is_later and self.person_ref in piece.texts and piece.data_class in self.data_classes


@dataclass(slots=True)
class _Said:
    """What the entries say: pieces, and erasures by stream."""

    pieces: list[_Piece] = field(default_factory=list)
    erasures: dict[str, list[_Erasure]] = field(default_factory=lambda: defaultdict(list))

    def erased_at(self, piece: _Piece) -> int | None:
        """The position of the erasure that took the piece."""
        return next((one.position for one in self.erasures.get(piece.stream, ()) if one.takes(piece)), None)


def check_sealed(copy: Copy, vault: VaultRows, findings: Findings) -> Sealed:
    """Hold the store's vault against its entries. What these say themselves is checked elsewhere."""
    found = Sealed()
    try:
        said = _said(vault.entries())
        is_right = {name: sha256(_MARK + blob).hexdigest() == name for name, blob in vault.blobs()}
    except Damaged as fault:
        findings.add(Finding(Kind.UNREADABLE, copy.origin, copy.holder, f"its vault cannot be read: {fault}"))
        return found
    for piece in said.pieces:
        text = _counted(piece, is_right.get(piece.blob), said.erased_at(piece), found)
        if text:
            findings.add(Finding(Kind.SEALED, copy.origin, copy.holder, f"{piece} {text}", piece.position))
    return found


def _counted(piece: _Piece, is_right: bool | None, erased_at: int | None, found: Sealed) -> str:
    """Count one piece; says what is wrong with it. ``is_right`` is None where it is not there."""
    found.present += is_right is not None
    found.erased += is_right is None and erased_at is not None
    found.missing += is_right is None and erased_at is None
    if is_right is None:
        return "" if erased_at is not None else "are gone, and no erasure on record took them"
    if erased_at is not None:
        return f"are there, though position {erased_at} says that they were erased"
    return "" if is_right else "are not what the entry commits to"


def _said(bodies: Iterator[bytes]) -> _Said:
    said = _Said()
    for body in bodies:
        envelope = _read(body)
        position, stream = envelope.get("position"), str(envelope.get("stream"))
        data, sealed = envelope.get("data"), envelope.get("sealed", [])
        if not isinstance(position, int) or not isinstance(data, dict) or not isinstance(sealed, list):
            continue  # no entry: that is found where entries are checked
        texts = frozenset(value for value in data.values() if isinstance(value, str))
        match data:
            case {"person_ref": str(person_ref), "data_classes": [*classes]} if envelope.get("type") == ERASED:
                said.erasures[stream].append(_Erasure(position, person_ref, classes))
        for one in sealed:
            match one:
                case {"class": str(data_class), "h": str(blob)}:
                    said.pieces.append(_Piece(position, stream, texts, data_class, blob))
    return said


def _read(body: bytes) -> Mapping[str, Any]:
    try:
        envelope = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return envelope if isinstance(envelope, dict) else {}
