"""Stories that run side by side and stop until their day has come, and what they wait for is there."""

import asyncio
import heapq
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(order=True, slots=True)
class _Parked:
    day: date
    nth: int
    what: str = field(compare=False)
    ready: Callable[[], Any] = field(compare=False)
    go: asyncio.Future[Any] = field(compare=False)


class Pace:
    """Lets stories go on, day by day. A story that fails is remembered and stops nobody else."""

    def __init__(self) -> None:
        self.today = date.min
        self.faults: list[BaseException] = []
        self._numbers = count()
        self._later: list[_Parked] = []
        self._waiting: list[_Parked] = []
        self._stories: set[asyncio.Task[None]] = set()
        self._busy = 0
        self._idle = asyncio.Event()

    def begin(self, story: Coroutine[None, None, None]) -> None:
        """Let a story run from now on, until it parks."""
        self._enter()
        task = asyncio.create_task(story)
        self._stories.add(task)
        task.add_done_callback(self._ended)

    async def until(self, day: date, ready: Callable[[], T | None], what: str = "") -> T:
        """Wait for the day, and for what ``ready`` gives; for ever if it never comes. ``what`` tells who waits."""
        if day <= self.today and (value := ready()) is not None:
            return value
        parked = _Parked(day, next(self._numbers), what, ready, asyncio.get_running_loop().create_future())
        if day <= self.today:
            self._waiting.append(parked)
        else:
            heapq.heappush(self._later, parked)
        self._leave()
        found: T = await parked.go
        return found

    async def advance(self, day: date) -> None:
        """It is this day: every story whose time has come goes on, as far as it can, the earliest first."""
        await self._rest()
        self.today = day
        while self._later and self._later[0].day <= day:
            self._waiting.append(heapq.heappop(self._later))
        still = []
        for parked in self._waiting:
            value = parked.ready()
            if value is None:
                still.append(parked)
            else:
                self._enter()
                parked.go.set_result(value)
        self._waiting = still
        await self._rest()

    def waiting_since(self, day: date) -> list[str]:
        """Who waits for something that was due by that day."""
        return [parked.what for parked in self._waiting if parked.day <= day]

    async def stop(self) -> None:
        """End every story."""
        for story in self._stories:
            story.cancel()
        await asyncio.gather(*self._stories, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._stories.discard(task)
        if task.cancelled():
            return
        fault = task.exception()
        if fault is not None:
            self.faults.append(fault)
        self._leave()

    async def _rest(self) -> None:
        """Until nobody can go on."""
        if self._busy:
            await self._idle.wait()

    def _enter(self) -> None:
        self._busy += 1
        self._idle.clear()

    def _leave(self) -> None:
        self._busy -= 1
        if not self._busy:
            self._idle.set()
