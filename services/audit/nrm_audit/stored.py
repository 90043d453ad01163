"""Entries of one log as they are stored: for reading, for exporting, for replaying."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from itertools import islice
from pathlib import Path

from nrm_audit.copies import Copy, Damaged
from nrm_audit.holders import Holders, opened
from nrm_kernel.errors import NrmError


class NoSuchLog(NrmError):
    """No holder given has a log of that name."""


def stored_entries(paths: Sequence[Path], origin: str, first: int = 0, limit: int | None = None) -> Iterator[bytes]:
    """The bytes of a log's entries from position `first` on, verbatim, from the fullest copy there is.

    Nothing is verified. Raises NoHolder, NoSuchLog naming the nearest log, Damaged where the file cannot be read on.
    """
    with opened(paths) as holders:
        yield from islice(bodies(fullest(holders, origin), first), limit)


def fullest(holders: Holders, origin: str) -> Copy:
    """The copy of a log with the largest checkpoint; of equal ones the agency's own store. Raises NoSuchLog."""
    copies = [copy for holder in holders.found for copy in holder.copies if not copy.signs_only]
    mine = [copy for copy in copies if copy.origin == origin]
    if not mine:
        known = sorted({copy.origin for copy in copies})
        near = get_close_matches(origin, known, n=1, cutoff=0.3)
        hint = f'Did you mean "{near[0]}"?' if near else f"There are: {', '.join(known)}."
        raise NoSuchLog("LOG_UNKNOWN", f'No copy given here is of the log "{origin}". {hint}', origin=origin)
    return max(mine, key=lambda copy: (largest_checkpoint(copy), copy.of_record))


def largest_checkpoint(copy: Copy) -> int:
    """The size of the largest checkpoint kept beside a copy, signed or not; 0 when it keeps none."""
    try:
        return max((size for size, _ in copy.source.checkpoints()), default=0)
    except Damaged:
        return 0


def bodies(copy: Copy, first: int = 0) -> Iterator[bytes]:
    """The bytes of a copy's entries. Raises Damaged."""
    return (body for _, body, _ in entries(copy, first))


def entries(copy: Copy, first: int = 0) -> Iterator[tuple[int, bytes, bytes]]:
    """Position, bytes and stored leaf hash of a copy's entries. Raises Damaged for a row that is no entry at all."""
    rows: Iterable[Sequence[object]] = (row for batch in copy.source.batches(first) for row in batch)
    for row in rows:
        match row[:3]:
            case [int(position), bytes(body), bytes(leaf)]:
                yield position, body, leaf
            case _:
                raise Damaged(f"{copy.holder}: after {copy.origin} {first}: a row is not position, bytes and hash")
