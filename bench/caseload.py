"""What is rebuilt and verified: the demo's invented caseload, recorded by every agency's own commands."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench.office import POLICY
from nrm.config import Config
from nrm.demo import agencies, history
from nrm.demo.times import HistoryClock
from nrm.demo.world import world
from nrm.embedded import House, open_house
from nrm.founding import found
from nrm.lasting import keep_what_is_open
from nrm_kernel.telemetry import silent

SEED = 1
END = date(2026, 6, 30)


@dataclass(frozen=True)
class Caseload:
    """The house of all agencies after the history was written, their loops at rest."""

    house: House
    folder: Path
    events: int


@asynccontextmanager
async def caseload(folder: Path, persons: int) -> AsyncIterator[Caseload]:
    """The history of so many persons over three years."""
    config = Config.load(found(folder, agencies.ORIGINS, POLICY))
    clock = HistoryClock()
    house = await open_house(config, silent(), clock)
    try:
        told = await history.write(house, clock, world(SEED, persons, END), SEED, _untold)
        for fault in told.faults:
            raise fault
        keep_what_is_open()  # who rebuilds or verifies opened the files; what wrote them is not in its memory
        yield Caseload(house, folder, told.known.entries)
    finally:
        await house.close()


async def _untold(_day: date, _entries: int) -> None:
    """Nobody watches the progress."""
