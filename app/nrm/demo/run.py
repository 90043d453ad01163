"""`nrm demo`: the history, the first screen, then new events until somebody stops it."""

import asyncio
from pathlib import Path
from random import Random

from nrm.demo.desk import Desks
from nrm.demo.following import Following
from nrm.demo.known import Known
from nrm.demo.live import EVERY_S, LiveFeed
from nrm.demo.looking import funnels
from nrm.demo.opening import Demo, entries_of, opened
from nrm.demo.ports import FIRST_PORT
from nrm.demo.screen import Screen
from nrm.demo.stopping import Stopped, stop_asked
from nrm.demo.wire import Wire


def run(folder: Path, screen: Screen, *, seed: int, persons: int, still: bool) -> int:
    """Run the demo until Ctrl-C; gives the exit code. Raises what :func:`opened` raises, and AddressTaken."""
    return asyncio.run(_run(folder, seed, persons, screen, still=still))


async def _run(folder: Path, seed: int, persons: int, screen: Screen, *, still: bool) -> int:
    stop = stop_asked()
    try:
        async with opened(folder, seed, persons, screen, stop) as demo:
            for fault in demo.told.unplanned if demo.told else ():
                screen.line(f" XX  {fault}")
            code = await _served(demo, screen, stop, still=still)
            entries = await entries_of(demo.house)
    except Stopped as stopped:
        screen.stopped(folder, stopped.entries, finished=False)
        return 0
    screen.stopped(folder, entries, finished=True)
    return code


async def _served(demo: Demo, screen: Screen, stop: asyncio.Event, *, still: bool) -> int:
    await demo.serve()
    wire = Wire(demo.house.ports)
    try:
        await first_screen(demo, wire, screen)
        return await _until(stop, demo, wire, screen, still=still)
    finally:
        await wire.close()


async def first_screen(demo: Demo, wire: Wire, screen: Screen) -> None:
    """What there is, as the coordinator sees it, and what to try."""
    counted = await funnels(wire.call)
    screen.line(f" the world of seed {demo.kept.seed}: {demo.kept.persons:,} persons, until {demo.kept.end}")
    screen.funnels(counted)
    screen.ports(demo.house.ports, FIRST_PORT)
    screen.look_at(demo.kept.stories, demo.folder)


async def _until(stop: asyncio.Event, demo: Demo, wire: Wire, screen: Screen, *, still: bool) -> int:
    """New events until the stop. A loop that fails ends the demo: better than to go on half."""
    feeding = [] if still else [asyncio.create_task(_fed(demo, wire, screen))]
    if still:
        screen.line("Nothing new arrives (--still). Ctrl-C ends.")
    else:
        screen.line(f"A new event arrives every {EVERY_S:g} s (--still stops that). Ctrl-C ends.")
    stopping = asyncio.create_task(stop.wait())
    failing = [asyncio.create_task(agency.loops.wait()) for agency in demo.house.agencies]
    tasks = [stopping, *feeding, *failing]
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    for fault in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(fault, Exception):
            screen.line(f"The demo ends: {fault}")
    return 0 if stopping in done else 1


async def _fed(demo: Demo, wire: Wire, screen: Screen) -> None:
    known = Known()
    following = Following(demo.house.agencies, known)
    await following.skip()
    seed = f"live-{demo.kept.seed}-{known.entries}"
    feed = LiveFeed(Desks(wire.call, known, seed), following, demo.clock, Random(seed), screen.line)
    await feed.run()
