"""The form of the file with an agency's newest checkpoint: two places, of which the older is written over in turn.

A write that a power cut tears spoils one place; the checkpoint before it stands in the other. So one wait for the disk
is enough, where a new file for each checkpoint takes several. A plain note is a file with one place.
"""

from typing import NamedTuple

from nrm_kernel.ledger.note import NoteInvalid, stated

PLACE_BYTES = 1024
"""A note is far smaller than a sector of 512 bytes, which a disk writes whole or not at all: no half note stands."""
PLACES = 2


class Kept(NamedTuple):
    """A checkpoint's note, its size and the place where it stands."""

    size: int
    note: str
    place: int


def place_of(note: str) -> bytes:
    """The bytes of a place that holds this note."""
    return note.encode().ljust(PLACE_BYTES, b"\n")


def newest_kept(content: bytes) -> Kept | None:
    """The newest checkpoint in such a file, its signature not looked at; None when it holds none."""
    places = (content[at * PLACE_BYTES : (at + 1) * PLACE_BYTES] for at in range(PLACES))
    return max((kept for at, place in enumerate(places) if (kept := _kept(place, at))), default=None)


def _kept(content: bytes, place: int) -> Kept | None:
    note = content.decode("utf-8", "replace").rstrip("\n") + "\n"
    try:
        return Kept(stated(note).size, note, place)
    except NoteInvalid:
        return None
