"""Exported copies: a folder of text files that can be read in twenty years, and checkpoints kept alone in a file.

manifest.json                           what is inside: origin, folder and number of entries of each log
trust.toml                              the keys as the exporter knew them; a verifier brings its own
<service>.<agency>/entries.jsonl        one entry a line, its bytes verbatim after `"entry":`
<service>.<agency>/checkpoints.jsonl    one signed checkpoint a line
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from nrm_audit.copies import Copy, Damaged, Nothing, Row
from nrm_kernel.ledger.kept import newest_kept
from nrm_kernel.ledger.note import MAX_NOTE_CHARACTERS, stated

BATCH = 1000
MANIFEST = "manifest.json"
ENTRIES = "entries.jsonl"
CHECKPOINTS = "checkpoints.jsonl"
TRUST = "trust.toml"
FORMAT = "nrm-export/1"
_LINE_START = b'{"position":'
_LEAF_START = b',"leaf":"'
_ENTRY_START = b'","entry":'
_LINE_END = b"}\n"


def line_of_entry(position: int, body: bytes, leaf: bytes) -> bytes:
    """An entry's line in an exported copy: JSON, with the entry's bytes verbatim in it."""
    start = b"%b%d%b%b%b" % (_LINE_START, position, _LEAF_START, leaf.hex().encode(), _ENTRY_START)
    return start + body + _LINE_END


def entry_of_line(line: bytes) -> tuple[int, bytes, bytes]:
    """Position, bytes and leaf hash from a line. Raises ValueError for a line of another form."""
    start, _, rest = line.partition(_LEAF_START)
    leaf, _, entry = rest.partition(_ENTRY_START)
    position = int(start.removeprefix(_LINE_START))
    body, digest = entry.removesuffix(_LINE_END), bytes.fromhex(leaf.decode("ascii"))
    if line_of_entry(position, body, digest) != line:
        raise ValueError(f"the line of position {position} is not an exported entry")
    return position, body, digest


@dataclass(frozen=True, slots=True)
class FolderSource:
    """One origin's log in an exported copy."""

    folder: Path

    def batches(self, first: int) -> Iterator[Sequence[Row]]:
        """Entries in the order of the lines, from position `first` on."""
        try:
            with (self.folder / ENTRIES).open("rb") as lines:
                rows = (row for row in map(entry_of_line, lines) if row[0] >= first)
                while batch := list(islice(rows, BATCH)):
                    yield batch
        except (OSError, ValueError) as fault:
            raise Damaged(str(fault)) from None

    def checkpoints(self) -> Sequence[tuple[int, str]]:
        """All checkpoints, in the order of the lines."""
        try:
            with (self.folder / CHECKPOINTS).open("rb") as lines:
                kept = [json.loads(line) for line in lines]
            return [(int(one["size"]), str(one["note"])) for one in kept]
        except (OSError, ValueError, KeyError, TypeError) as fault:
            raise Damaged(str(fault)) from None

    def head(self) -> bytes | None:
        """An exported copy has none."""
        return None


@dataclass(frozen=True, slots=True)
class NoteSource(Nothing):
    """One signed checkpoint and nothing else, as an agency keeps it outside its database."""

    size: int
    note: str

    def checkpoints(self) -> Sequence[tuple[int, str]]:
        """The one checkpoint."""
        return [(self.size, self.note)]


@dataclass(frozen=True, slots=True)
class FileHolder:
    """An exported copy, or a checkpoint kept alone."""

    name: str
    copies: Sequence[Copy]
    of_all: bool

    def faults(self) -> Sequence[str]:
        """A text file is as good as its lines."""
        return ()

    def renew(self) -> None:
        """These files do not change."""

    def close(self) -> None:
        """Nothing is kept open."""


def open_folder(path: Path) -> FileHolder:
    """The exported copy in this folder. Raises Damaged."""
    try:
        manifest = json.loads((path / MANIFEST).read_bytes())
        if manifest["format"] != FORMAT:
            raise Damaged(f"it is an export of form {manifest['format']}, and this release reads {FORMAT}")
        copies = [
            Copy(
                str(path), str(one["origin"]), FolderSource(path / str(one["folder"])), stated_size=int(one["entries"])
            )
            for one in manifest["origins"]
        ]
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise Damaged(f"{MANIFEST}: {fault!r}") from None
    return FileHolder(str(path), copies, of_all=True)


def open_note(path: Path) -> FileHolder:
    """The newest signed checkpoint kept alone in this file. Raises Damaged when there is none in it."""
    try:
        kept = newest_kept(path.read_bytes()) if path.stat().st_size <= MAX_NOTE_CHARACTERS else None
    except OSError as fault:
        raise Damaged(str(fault)) from None
    if kept is None:
        raise Damaged("there is no checkpoint in it")
    copy = Copy(str(path), stated(kept.note).origin, NoteSource(kept.size, kept.note), signs_only=True)
    return FileHolder(str(path), [copy], of_all=False)
