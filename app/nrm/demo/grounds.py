"""What the demo stands on: files of one folder, or real servers. Everything else of it is the same on both."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from nrm.config import Config
from nrm.demo.folder import config_of, in_files
from nrm.demo.ports import Ports
from nrm.demo.times import HistoryClock
from nrm.embedded import open_house
from nrm.house import House
from nrm.lasting import keep_what_is_open
from nrm.services import view_files
from nrm_audit.shown import ViewFile
from nrm_kernel.telemetry import silent


@dataclass(frozen=True)
class Holders:
    """Whose copies of the logs and which shown rows are held against each other in the end."""

    logs: list[Path]
    views: list[ViewFile]


@dataclass(frozen=True)
class Grounds:
    """How the deployment is founded in a folder, its agencies are opened, and what is left when they are closed."""

    found: Callable[[Path], object]
    open: Callable[[Path, HistoryClock, Ports], Awaitable[House]]
    holders: Callable[[Path, House], Awaitable[Holders]]


async def _opened(folder: Path, clock: HistoryClock, ports: Ports) -> House:
    house = await open_house(ports.held(Config.load(config_of(folder))), silent(), clock)
    keep_what_is_open()
    return house


async def _holders(folder: Path, house: House) -> Holders:
    return Holders([folder], list(view_files(house.config)))


FILES = Grounds(in_files, _opened, _holders)
"""The embedded mode."""
