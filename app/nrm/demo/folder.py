"""The demo's folder: keys, trust file, configuration and stores of the invented country, and what was put into it."""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

import nrm
from nrm.demo.agencies import ORIGINS
from nrm.demo.ports import FIRST_PORT
from nrm.founding import CONFIG, found
from nrm_kernel.errors import Invalid, Unavailable

STATE = "demo.json"
LOCK = "demo.lock"
"""There while a demo runs, and afterwards the sign that a folder is a demo's."""

POLICY = Path(nrm.__file__).parent / "policies" / "gb.toml"


class FolderTaken(Invalid):
    """The folder holds something else; it was left alone."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            "FOLDER_TAKEN",
            f"{folder} holds files that are no demo's. Nothing was touched. Name another folder with --dir.",
        )


class FolderInUse(Unavailable):
    """Another demo runs on the folder; two would write over each other."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            "FOLDER_IN_USE",
            f"Another demo runs on {folder}. Nothing was touched. End it with Ctrl-C where it runs, or name another "
            "folder with --dir.",
        )


class NoteUnreadable(Invalid):
    """What the folder says of itself was altered or cut off; what it holds was left alone."""

    def __init__(self, state: Path) -> None:
        super().__init__(
            "DEMO_NOTE_UNREADABLE",
            f"{state} is not as the demo wrote it, so what the folder holds is not known. Nothing was touched. Delete "
            f"{state.parent} to begin anew, or name another folder with --dir.",
        )


@dataclass(frozen=True, slots=True)
class Handle:
    """A planted story and the reference by which it is looked at."""

    name: str
    title: str
    agency: str
    ref: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What a folder holds: which world, until which day, and its stories. Not ``finished``: writing it was stopped."""

    seed: int
    persons: int
    end: date
    finished: bool = False
    stories: tuple[Handle, ...] = ()


_KEPT = TypeAdapter(Kept)


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """The folder for this process alone, whatever kills it. Raises FolderTaken and FolderInUse."""
    if folder.exists() and not _is_ours(folder):
        raise FolderTaken(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as taken:
            raise FolderInUse(folder) from taken
        yield


def _is_ours(folder: Path) -> bool:
    """Whether it is a demo's, or empty."""
    return folder.is_dir() and (any((folder / name).exists() for name in (LOCK, STATE)) or not any(folder.iterdir()))


def in_files(folder: Path) -> None:
    """The deployment of the embedded mode."""
    found(folder, ORIGINS, POLICY, FIRST_PORT)


def prepared(folder: Path, wanted: Kept, founded: Callable[[Path], object] = in_files) -> Kept:
    """What the folder, which is held, has; a new deployment where there was none or an unfinished one.

    Raises NoteUnreadable.
    """
    state = folder / STATE
    if state.exists():
        try:
            kept = _KEPT.validate_json(state.read_bytes())
        except ValidationError:
            raise NoteUnreadable(state) from None
        if kept.finished:
            return kept
    for left in folder.iterdir():
        if left.is_dir():
            shutil.rmtree(left)
        elif left.name != LOCK:
            left.unlink()
    founded(folder)
    keep(folder, wanted)
    return wanted


def keep(folder: Path, kept: Kept) -> None:
    """Note what the folder holds: the old note stays until the new one is whole."""
    fresh = folder / f"{STATE}.new"
    fresh.write_bytes(_KEPT.dump_json(kept, indent=2))
    fresh.replace(folder / STATE)


def config_of(folder: Path) -> Path:
    """The folder's configuration."""
    return folder / CONFIG
