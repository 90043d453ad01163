"""Opens the demo: the folder, the agencies in one process, and the history if it is not there yet."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from nrm.demo import history
from nrm.demo.folder import Handle, Kept, held, keep, prepared
from nrm.demo.grounds import FILES, Grounds
from nrm.demo.history import Told
from nrm.demo.looking import EarlyLook, bring_up
from nrm.demo.ports import Ports
from nrm.demo.screen import Screen
from nrm.demo.stopping import Stopped, unless
from nrm.demo.times import HistoryClock
from nrm.demo.world import DAYS, World, world
from nrm.house import House
from nrm.up import AddressTaken

GRACE_S = 2.0
"""How long calls under way may take at the end."""


@dataclass(frozen=True)
class Demo:
    """The open demo. ``told`` is what came of writing the history; None where it was there before."""

    folder: Path
    house: House
    ports: Ports
    clock: HistoryClock
    kept: Kept
    told: Told | None = None

    async def serve(self) -> None:
        """Let every agency run and answer calls, once the coordinator knows all that there is. Raises AddressTaken."""
        await bring_up(self.house)
        self.house.start()
        self.ports.let_go()
        try:
            await self.house.serve()
        except RuntimeError as fault:
            raise AddressTaken(str(fault)) from fault


@asynccontextmanager
async def opened(
    folder: Path, seed: int, persons: int, screen: Screen, stop: asyncio.Event, grounds: Grounds = FILES
) -> AsyncIterator[Demo]:
    """The demo with its whole history, in a folder that is held for it; closed at the end.

    Raises FolderTaken, FolderInUse, NoteUnreadable, DataLoss for an altered folder, and Stopped when ``stop`` is set.
    """
    clock = HistoryClock()
    with held(folder), Ports() as ports:
        kept = prepared(folder, Kept(seed, persons, clock.now().date() - timedelta(days=1)), grounds.found)
        if (kept.seed, kept.persons) != (seed, persons):
            screen.another(folder, kept.seed, kept.persons)
        house = await grounds.open(folder, clock, ports)
        try:
            demo = Demo(folder, house, ports, clock, kept)
            yield demo if kept.finished else await _with_history(demo, screen, stop)
        finally:
            await house.close(GRACE_S)


async def _with_history(demo: Demo, screen: Screen, stop: asyncio.Event) -> Demo:
    kept, early = demo.kept, EarlyLook(demo.house, screen)
    with screen.progress(kept.end - timedelta(days=DAYS), kept.end) as progress:
        invented = world(kept.seed, kept.persons, kept.end)

        async def reached(day: date, entries: int) -> None:
            progress(day, entries)
            await early.reached(day, entries)

        try:
            told = await unless(stop, history.write(demo.house, demo.clock, invented, kept.seed, reached))
        except Stopped:
            raise Stopped(await entries_of(demo.house)) from None
    finished = replace(kept, finished=True, stories=_handles(told, invented))
    keep(demo.folder, finished)
    return replace(demo, kept=finished, told=told)


async def entries_of(house: House) -> int:
    """How many entries there are in all stores."""
    return sum([await agency.store.size() for agency in house.agencies])


def _handles(told: Told, of: World) -> tuple[Handle, ...]:
    found = ((story, told.known.find(story.agency, story.label)) for story in of.stories)
    return tuple(Handle(story.name, story.title, story.agency, ref) for story, ref in found if ref)
