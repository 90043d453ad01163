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
from nrm_kernel.telemetry import silent


@dataclass(frozen=True)
class Grounds:
    """How the deployment is founded in a folder, and its agencies are opened.

    After ``left`` the folder holds the logs' copies and what is shown, which are held against each other in the end.
    """

    found: Callable[[Path], object]
    open: Callable[[Path, HistoryClock, Ports], Awaitable[House]]
    left: Callable[[Path, House], Awaitable[None]]


async def _opened(folder: Path, clock: HistoryClock, ports: Ports) -> House:
    house = await open_house(ports.held(Config.load(config_of(folder))), silent(), clock)
    keep_what_is_open()
    return house


async def _left(_folder: Path, _house: House) -> None:
    """Everything is there already."""


FILES = Grounds(in_files, _opened, _left)
"""The embedded mode."""
