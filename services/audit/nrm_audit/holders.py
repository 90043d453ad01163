"""Finds whoever holds copies of logs: agency stores, shared logs, exported copies, checkpoints kept alone."""

import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Protocol

from nrm_audit.copies import Closed, Copy, Damaged, Holder, Nothing
from nrm_audit.folders import MANIFEST, FileHolder, open_folder, open_note
from nrm_audit.tables import open_tables
from nrm_kernel.errors import NrmError

TABLE_SUFFIXES = (".db", ".sqlite", ".sqlite3")
KEPT_CHECKPOINT = "checkpoint.txt"  # where an agency keeps its last one, outside its database


class NoHolder(NrmError):
    """A path with neither a store, a shared log nor an exported copy."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A file in which a deployment keeps a log: an agency's store, its checkpoint, or without an ``origin`` the shared
    log."""

    path: Path
    origin: str = ""

    def lacking(self) -> Holder:
        """What is left of it when the file is gone or emptied: a holder of nothing, which the others contradict."""
        name, signs_only = str(self.path), self.path.name == KEPT_CHECKPOINT
        copy = Copy(name, self.origin, Nothing(), of_record=not signs_only, signs_only=signs_only)
        return FileHolder(name, [copy] if self.origin else [], of_all=not self.origin)


class Database(Protocol):
    """An agency's store that is no file; see :class:`nrm_audit.stores_postgres.StoreDatabase`."""

    @property
    def name(self) -> str: ...

    @property
    def origin(self) -> str: ...

    def opened(self) -> AbstractContextManager[Holder]:
        """The store, as long as the block. Raises Closed and Damaged."""
        ...


class Unread(NamedTuple):
    """A place that should hold a log, what stands against reading it, and whose log if that is known."""

    name: str
    text: str
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Holders:
    """The holders found; places that should be holders but are not, for certain; and closed ones.

    Those may be as they should: whoever asks has no right to read them, or cannot reach them.
    """

    found: list[Holder] = field(default_factory=list)
    damaged: list[Unread] = field(default_factory=list)
    closed: list[Unread] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.found) + len(self.damaged) + len(self.closed)

    def named(self) -> set[Path]:
        """Every file that was looked at and is a holder, should be one, or may be one."""
        names = [holder.name for holder in self.found] + [one.name for one in (*self.damaged, *self.closed)]
        return {Path(name).resolve() for name in names}

    def renew(self) -> None:
        """Look again, at logs first: none is behind what a store says, and no store behind a log."""
        for holder in sorted(self.found, key=lambda holder: not holder.of_all):
            holder.renew()


@contextmanager
def opened(
    paths: Sequence[Path], expected: Sequence[Expected] = (), databases: Sequence[Database] = ()
) -> Iterator[Holders]:
    """The holders at these paths, each as of one moment; closed when the block ends.

    A path is one file, one exported folder, or a folder with any of them anywhere below. Of files that are expected
    beside them, one that is not there is a holder of nothing. With databases, call it from a thread without a running
    loop. Raises NoHolder for a path with none.
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
            _expect(one, holders, stack)
        for database in databases:
            _add_database(database, holders, stack)
        holders.renew()
        yield holders


def _expect(one: Expected, holders: Holders, stack: ExitStack) -> None:
    """Whatever stands where a log should be: another log in its place is none."""
    path = one.path.resolve()
    if path not in holders.named():
        _add(one.path, holders, stack)
    here = [copy.origin for holder in holders.found if Path(holder.name).resolve() == path for copy in holder.copies]
    if one.origin and here and one.origin not in here:
        text = f"it should hold the log of {one.origin}, and holds that of {here[0]}"
        holders.damaged.append(Unread(str(one.path), text, one.origin))
    elif path not in holders.named():
        holders.found.append(one.lacking())


def _add_database(database: Database, holders: Holders, stack: ExitStack) -> None:
    try:
        holders.found.append(stack.enter_context(database.opened()))
    except Closed as lack:
        holders.closed.append(Unread(database.name, str(lack), database.origin))
    except Damaged as fault:
        holders.damaged.append(Unread(database.name, str(fault), database.origin))


def _add(file: Path, holders: Holders, stack: ExitStack) -> None:
    if file.exists() and not os.access(file, os.R_OK):
        holders.closed.append(Unread(str(file), "whoever asks may not read it"))
        return
    try:
        if holder := _open(file):
            holders.found.append(holder)
            stack.callback(holder.close)
    except Damaged as fault:
        holders.damaged.append(Unread(str(file), str(fault)))


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
