"""Finds whoever holds copies of logs: agency stores, shared logs, exported copies, checkpoints kept alone."""

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from nrm_audit.copies import Copy, Damaged, Holder, Nothing
from nrm_audit.folders import MANIFEST, FileHolder, open_folder, open_note
from nrm_audit.tables import open_tables
from nrm_kernel.errors import NrmError

TABLE_SUFFIXES = (".db", ".sqlite", ".sqlite3")
KEPT_CHECKPOINT = "checkpoint.txt"  # where an agency keeps its last one, outside its database


class NoHolder(NrmError):
    """A path with neither a store, a shared log nor an exported copy."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A file in which a deployment keeps a log: an agency's store, or without an ``origin`` the shared log."""

    path: Path
    origin: str = ""

    def lacking(self) -> Holder:
        """What is left of it when the file is gone or emptied: a holder of nothing, which the others contradict."""
        name = str(self.path)
        copies = [Copy(name, self.origin, Nothing(), of_record=True)] if self.origin else []
        return FileHolder(name, copies, of_all=not self.origin)


@dataclass(frozen=True, slots=True)
class Holders:
    """The holders found; files that should be holders but cannot be read, each with what is wrong; and closed files.

    Those may be as they should: whoever asks has no right to read them.
    """

    found: list[Holder] = field(default_factory=list)
    damaged: list[tuple[Path, str]] = field(default_factory=list)
    closed: list[Path] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.found) + len(self.damaged) + len(self.closed)

    def named(self) -> set[Path]:
        """Every file that was looked at and is a holder, should be one, or may be one."""
        paths = (*(Path(holder.name) for holder in self.found), *(path for path, _ in self.damaged), *self.closed)
        return {path.resolve() for path in paths}

    def renew(self) -> None:
        """Look again, at logs first: none is behind what a store says, and no store behind a log."""
        for holder in sorted(self.found, key=lambda holder: not holder.of_all):
            holder.renew()


@contextmanager
def opened(paths: Sequence[Path], expected: Sequence[Expected] = ()) -> Iterator[Holders]:
    """The holders at these paths, each as of one moment; closed when the block ends.

    A path is one file, one exported folder, or a folder with any of them anywhere below. Of files that are expected
    beside them, one that is not there is a holder of nothing. Raises NoHolder for a path with none.
    """
    holders = Holders()
    with ExitStack() as stack:
        for path in paths:
            before = len(holders)
            for file in _candidates(path):
                _add(file, holders, stack)
            if len(holders) == before:
                text = f"{path} is no agency store, shared log or exported copy, and no folder with one. Name one."
                raise NoHolder("NO_HOLDER", text)
        for one in expected:
            if one.path.resolve() not in holders.named():
                before = len(holders)
                _add(one.path, holders, stack)
                if len(holders) == before:
                    holders.found.append(one.lacking())
        holders.renew()
        yield holders


def _add(file: Path, holders: Holders, stack: ExitStack) -> None:
    if file.exists() and not os.access(file, os.R_OK):
        holders.closed.append(file)
        return
    try:
        if holder := _open(file):
            holders.found.append(holder)
            stack.callback(holder.close)
    except Damaged as fault:
        holders.damaged.append((file, str(fault)))


def _candidates(path: Path) -> list[Path]:
    """Checkpoints kept alone come first: by the time a store is read it must hold what they cover."""
    if not path.is_dir() or (path / MANIFEST).is_file():
        return [path]
    files = sorted(path.rglob("*"))
    checkpoints = [file for file in files if file.name == KEPT_CHECKPOINT]
    tables = [file for file in files if file.suffix in TABLE_SUFFIXES]
    exports = [file.parent for file in files if file.name == MANIFEST]
    return [*checkpoints, *tables, *exports]


def _open(path: Path) -> Holder | None:
    if path.is_dir():
        return open_folder(path)
    if not path.is_file():
        return None
    return open_note(path) if path.name == KEPT_CHECKPOINT else open_tables(path)
