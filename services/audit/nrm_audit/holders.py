"""Finds whoever holds copies of logs: agency stores, shared logs, exported copies, checkpoints kept alone."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from nrm_audit.copies import Damaged, Holder
from nrm_audit.folders import MANIFEST, open_folder, open_note
from nrm_audit.tables import open_tables
from nrm_kernel.errors import NrmError

TABLE_SUFFIXES = (".db", ".sqlite", ".sqlite3")
KEPT_CHECKPOINT = "checkpoint.txt"  # where an agency keeps its last one, outside its database


class NoHolder(NrmError):
    """A path with neither a store, a shared log nor an exported copy."""


@dataclass(frozen=True, slots=True)
class Holders:
    """The holders found, and files that should be holders but cannot be read, each with what is wrong."""

    found: list[Holder] = field(default_factory=list)
    damaged: list[tuple[Path, str]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.found) + len(self.damaged)

    def renew(self) -> None:
        """Look again, at logs first: none is behind what a store says, and no store behind a log."""
        for holder in sorted(self.found, key=lambda holder: not holder.of_all):
            holder.renew()


@contextmanager
def opened(paths: Sequence[Path]) -> Iterator[Holders]:
    """The holders at these paths, each as of one moment; closed when the block ends.

    A path is one file, one exported folder, or a folder with any of them anywhere below. Raises NoHolder for a path
    with none.
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
        holders.renew()
        yield holders


def _add(file: Path, holders: Holders, stack: ExitStack) -> None:
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
