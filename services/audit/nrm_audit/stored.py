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


class BeyondEnd(NrmError):
    """The log has not come to that position."""

    def __init__(self, which: str, size: int, position: int) -> None:
        stands = f"{size:,} entries, at positions 0 to {size - 1}" if size else "no entries"
        text = f"There is nothing at position {position}: {which} has {stands} here."
        super().__init__("POSITION_BEYOND_END", text)


def stored_entries(paths: Sequence[Path], origin: str, first: int = 0, limit: int | None = None) -> Iterator[bytes]:
    """The bytes of a log's entries from position `first` on, verbatim, from the fullest copy there is.

    Nothing is verified. Raises NoHolder, NoSuchLog naming the nearest log, Damaged where the file cannot be read on.
    """
    with opened(paths) as holders:
        yield from islice(bodies(fullest(holders, origin), first), limit)


def size_of(paths: Sequence[Path], origin: str) -> int:
    """How many entries the fullest copy of a log has. Raises NoHolder, NoSuchLog and Damaged."""
    with opened(paths) as holders:
        return sum(1 for _ in entries(fullest(holders, origin)))


def fullest(holders: Holders, origin: str) -> Copy:
    """The copy of a log with the largest checkpoint; of equal ones the agency's own store. Raises NoSuchLog.

    One that hides entries from its reader is none to read from.
    """
    whole = (copy for holder in holders.found for copy in holder.copies if not copy.hides)
    copies = [copy for copy in whole if not copy.signs_only]
    mine = [copy for copy in copies if copy.origin == origin]
    if not mine:
        raise no_such_log(origin, {copy.origin for copy in copies})
    return max(mine, key=lambda copy: (largest_checkpoint(copy), copy.of_record))


def no_such_log(origin: str, there_are: Iterable[str]) -> NoSuchLog:
    """Names the nearest log that is here, or all of them."""
    known = sorted(there_are)
    near = get_close_matches(origin, known, n=1, cutoff=0.3)
    hint = f'Did you mean "{near[0]}"?' if near else f"There are: {', '.join(known)}."
    return NoSuchLog("LOG_UNKNOWN", f'No copy given here is of the log "{origin}". {hint}', origin=origin)


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
