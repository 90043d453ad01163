"""The demo's folder: keys, trust file, configuration and stores of the invented country, and what was put into it."""

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter

import nrm
from nrm.demo.agencies import ORIGINS
from nrm.demo.ports import FIRST_PORT
from nrm.founding import CONFIG, found
from nrm_kernel.errors import NrmError

STATE = "demo.json"
POLICY = Path(nrm.__file__).parent / "policies" / "gb.toml"


class FolderTaken(NrmError):
    """The folder holds something else; it was left alone."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            "FOLDER_TAKEN",
            f"{folder} holds files that are no demo's. Nothing was touched. Name another folder with --dir.",
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


def prepared(folder: Path, wanted: Kept) -> Kept:
    """What the folder holds; a new deployment where there was none or an unfinished one. Raises FolderTaken."""
    state = folder / STATE
    if state.exists():
        kept = _KEPT.validate_json(state.read_bytes())
        if kept.finished:
            return kept
        shutil.rmtree(folder)
    elif folder.exists() and any(folder.iterdir()):
        raise FolderTaken(folder)
    found(folder, ORIGINS, POLICY, FIRST_PORT)
    keep(folder, wanted)
    return wanted


def keep(folder: Path, kept: Kept) -> None:
    """Note what the folder holds."""
    (folder / STATE).write_bytes(_KEPT.dump_json(kept, indent=2))


def config_of(folder: Path) -> Path:
    """The folder's configuration."""
    return folder / CONFIG
