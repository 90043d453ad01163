"""Ctrl-C and SIGTERM: what is under way is ended, and what was kept is told."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import TypeVar

T = TypeVar("T")


class Stopped(Exception):
    """Somebody stopped what was under way; so many entries were in the stores then."""

    def __init__(self, entries: int = 0) -> None:
        super().__init__()
        self.entries = entries


def stop_asked() -> asyncio.Event:
    """Set by Ctrl-C and by SIGTERM from now on."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


async def unless(stop: asyncio.Event, work: Coroutine[None, None, T]) -> T:
    """What the work comes to. Raises Stopped when the stop comes first; the work has ended by then."""
    working, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((working, stopping), return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise Stopped
    finally:
        for task in (working, stopping):
            task.cancel()
        await asyncio.gather(working, stopping, return_exceptions=True)
