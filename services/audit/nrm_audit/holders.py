"""Finds whoever holds copies of logs: agency stores, shared logs, exported copies, checkpoints kept alone."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from nrm_audit.copies import Damaged, Holder
from nrm_audit.folders import MANIFEST, open_folder, open_note
from nrm_audit.tables import open_tables
from nrm_kernel.errors import NrmError

TABLE_SUFFIXES = (".db", ".sqlite", ".sqlite3")
NOTE_SUFFIXES = (".checkpoint", ".note")


class NoHolder(NrmError):
    """A path with neither a store, a shared log nor an exported copy."""


@contextmanager
def opened(paths: Sequence[Path]) -> Iterator[tuple[list[Holder], list[tuple[Path, str]]]]:
    """The holders at these paths, and the files that should be holders but cannot be read; closed when the block ends.

    A path is one file, one exported folder, or a folder with any of them anywhere below. Raises NoHolder for a path
    with none.
    """
    holders: list[Holder] = []
    damaged: list[tuple[Path, str]] = []
    with ExitStack() as stack:
        for path in paths:
            before = len(holders) + len(damaged)
            for file in _candidates(path):
                try:
                    if holder := _open(file):
                        holders.append(holder)
                        stack.callback(holder.close)
                except Damaged as fault:
                    damaged.append((file, str(fault)))
            if len(holders) + len(damaged) == before:
                text = f"{path} is no agency store, shared log or exported copy, and no folder with one. Name one."
                raise NoHolder("NO_HOLDER", text)
        for holder in holders:
            holder.renew()
        yield holders, damaged


def _candidates(path: Path) -> list[Path]:
    """Checkpoints kept alone come first: by the time a store is read it must hold what they cover."""
    if not path.is_dir() or (path / MANIFEST).is_file():
        return [path]
    suffixes = (*NOTE_SUFFIXES, *TABLE_SUFFIXES)
    exports = [file.parent for file in sorted(path.rglob(MANIFEST))]
    files = [file for file in sorted(path.rglob("*")) if file.suffix in suffixes]
    return [*sorted(files, key=lambda file: suffixes.index(file.suffix)), *exports]


def _open(path: Path) -> Holder | None:
    if path.is_dir():
        return open_folder(path)
    if not path.is_file():
        return None
    return open_note(path) if path.suffix in NOTE_SUFFIXES else open_tables(path)
