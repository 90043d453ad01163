"""Opens the demo: the folder, the agencies in one process, and the history if it is not there yet."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from nrm.config import Config
from nrm.demo import history
from nrm.demo.folder import Handle, Kept, config_of, keep, prepared
from nrm.demo.history import Told
from nrm.demo.looking import EarlyLook
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
    if kept.finished:
        return Demo(folder, await _house(folder, clock), clock, kept, None)
    with screen.progress(kept.end - timedelta(days=DAYS), kept.end) as progress:
        house = await _house(folder, clock)
        invented = world(kept.seed, kept.persons, kept.end)
        early = EarlyLook(house, screen)

        async def reached(day: date, entries: int) -> None:
            progress(day, entries)
            await early.reached(day, entries)

        told = await _unless(stop, house, history.write(house, clock, invented, kept.seed, reached))
    kept = replace(kept, finished=True, stories=_handles(told, invented))
    keep(folder, kept)
    return Demo(folder, house, clock, kept, told)


async def _house(folder: Path, clock: HistoryClock) -> House:
    return await open_house(on_free_ports(Config.load(config_of(folder))), silent(), clock)


async def _unless(stop: asyncio.Event, house: House, writing: Coroutine[None, None, Told]) -> Told:
    """The history written, or the house closed again. Raises Stopped."""
    written, stopping = asyncio.create_task(writing), asyncio.create_task(stop.wait())
    await asyncio.wait((written, stopping), return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if written.done():
        return written.result()
    written.cancel()
    with suppress(asyncio.CancelledError):
        await written
    entries = sum([await agency.store.size() for agency in house.agencies])
    await house.close()
    raise Stopped(entries)


def _handles(told: Told, of: World) -> tuple[Handle, ...]:
    found = ((story, told.known.find(story.agency, story.label)) for story in of.stories)
    return tuple(Handle(story.name, story.title, story.agency, ref) for story, ref in found if ref)
