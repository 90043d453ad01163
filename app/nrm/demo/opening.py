"""Opens the demo: the folder, the agencies in one process, and the history if it is not there yet."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from nrm.config import Config
from nrm.demo import history
from nrm.demo.folder import Handle, Kept, config_of, keep, prepared
from nrm.demo.history import Told
from nrm.demo.ports import on_free_ports
from nrm.demo.screen import Screen
from nrm.demo.times import HistoryClock
from nrm.demo.world import DAYS, World, world
from nrm.embedded import House, open_house
from nrm_kernel.telemetry import silent


class Stopped(Exception):
    """Somebody stopped the demo before it was open."""

    def __init__(self, entries: int) -> None:
        super().__init__()
        self.entries = entries


@dataclass(frozen=True)
class Demo:
    """The open demo. ``told`` is what came of writing the history; None where it was there before."""

    folder: Path
    house: House
    clock: HistoryClock
    kept: Kept
    told: Told | None


async def opened(folder: Path, seed: int, persons: int, screen: Screen, stop: asyncio.Event) -> Demo:
    """The demo with its whole history. Raises FolderTaken, and Stopped as soon as ``stop`` is set."""
    clock = HistoryClock()
    end = clock.now().date() - timedelta(days=1)
    kept = prepared(folder, Kept(seed, persons, end))
    house = await open_house(on_free_ports(Config.load(config_of(folder))), silent(), clock)
    if kept.finished:
        return Demo(folder, house, clock, kept, None)
    told = await _written(house, clock, kept, screen, stop)
    kept = replace(kept, finished=True, stories=_handles(told, world_of(kept)))
    keep(folder, kept)
    return Demo(folder, house, clock, kept, told)


def world_of(kept: Kept) -> World:
    """The world that a folder holds."""
    return world(kept.seed, kept.persons, kept.end)


async def _written(house: House, clock: HistoryClock, kept: Kept, screen: Screen, stop: asyncio.Event) -> Told:
    """The history written, or the house closed again."""
    with screen.progress(kept.end - timedelta(days=DAYS), kept.end) as progress:
        writing = asyncio.create_task(history.write(house, clock, world_of(kept), kept.seed, progress))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait((writing, stopping), return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if writing.done():
            return writing.result()
        writing.cancel()
        with suppress(asyncio.CancelledError):
            await writing
    entries = sum([await agency.store.size() for agency in house.agencies])
    await house.close()
    raise Stopped(entries)


def _handles(told: Told, of: World) -> tuple[Handle, ...]:
    found = ((story, told.known.find(story.agency, story.label)) for story in of.stories)
    return tuple(Handle(story.name, story.title, story.agency, ref) for story, ref in found if ref)
