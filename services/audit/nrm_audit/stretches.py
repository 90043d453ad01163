"""A stretch of entries that is whole: what the next stretch needs to know of it, and nothing said about anything else.

Nearly every stretch is whole. One that is not is gone through entry by entry, by :mod:`nrm_audit.history`, which names
what is wrong; so this may give up at the first doubt. It runs in another process too: it starts at once and keeps
nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from nrm_audit.form import ERASED, Filing, NotCanonical, read_envelope, sizes_seen

if TYPE_CHECKING:
    from nrm_kernel.entry import Json

Place = tuple[int, "str | None"]
"""Where a stream goes on: the number of its next entry, and the leaf hash of the one before."""


class Stretch(NamedTuple):
    """Rows of a copy (see :data:`nrm_audit.copies.Row`) that should begin at position ``first``."""

    origin: str
    first: int
    rows: Sequence[Sequence[object]]
    filed_under: "Callable[[Mapping[str, Json]], Filing]"


class Whole(NamedTuple):
    """Each entry is in its form and place, and continues its stream within the stretch."""

    leaves: list[bytes]
    begins: dict[str, Place]  # stream -> where it must have come to before
    ends: dict[str, Place]  # stream -> where it has come to
    addressed: dict[int, bytes]  # position of each notice -> its addressee
    seen: dict[str, tuple[int, int]]  # other origin -> the largest size that was seen, and who says so
    seals: list[int]  # positions of entries that seal something
    erases: list[int]  # and of those by which something was erased


def whole(stretch: Stretch) -> Whole | None:
    """What the stretch comes to, if nothing is wrong with it by itself."""
    origin, first, rows, filed_under = stretch
    found = Whole([], {}, {}, {}, {}, [], [])
    for due, (position, body, leaf, *filing) in enumerate(rows, start=first):
        if position != due or type(position) is not int or type(body) is not bytes:
            return None
        if leaf != sha256(b"\x00" + body).digest():
            return None
        try:
            envelope = read_envelope(body)
        except NotCanonical:
            return None
        if (envelope.get("position"), envelope.get("origin")) != (due, origin):
            return None
        if tuple(filing) != filed_under(envelope) or not _continues(found, due, envelope, leaf):
            return None
    return found


def _continues(found: Whole, position: int, envelope: "dict[str, Json]", leaf: bytes) -> bool:
    """Take the entry in; False when it does not continue its stream."""
    stream, seq, prev = envelope.get("stream"), envelope.get("seq"), envelope.get("prev")
    if type(stream) is not str or type(seq) is not int or not (prev is None or type(prev) is str):
        return False
    place = found.ends.get(stream)
    if place is None:
        found.begins[stream] = seq, prev
    elif place != (seq, prev):
        return False
    found.ends[stream] = seq + 1, leaf.hex()
    found.leaves.append(leaf)
    if "to" in envelope:
        found.addressed[position] = str(envelope["to"]).encode()
    if "deps" in envelope:
        for other, size in sizes_seen(envelope):
            if size > found.seen.get(other, (0, 0))[0]:
                found.seen[other] = size, position
    if "sealed" in envelope:
        found.seals.append(position)
    if envelope.get("type") == ERASED:
        found.erases.append(position)
    return True
