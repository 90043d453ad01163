"""Loops that run side by side: one that meets a contradiction stops alone and is remembered as an alarm."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine
from contextlib import suppress

from structlog.typing import FilteringBoundLogger

from nrm_kernel.errors import DataLoss, Halted, NrmError

OnAlarm = Callable[[DataLoss], Awaitable[None]]


class LoopLost(RuntimeError):
    """A loop was cancelled that nobody stopped: the agency would go on half."""


class Loops:
    """The loops of one agency. A fault that is no known contradiction ends them all and is raised by :meth:`wait`."""

    def __init__(self, log: FilteringBoundLogger) -> None:
        self._log = log
        self._tasks: list[asyncio.Task[None]] = []
        self._fault: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._stopping = False
        self.alarms: list[DataLoss] = []

    def start(self, name: str, loop: Coroutine[None, None, None], on_alarm: OnAlarm | None = None) -> None:
        """Run a loop beside the others; ``on_alarm`` hears of the contradiction that ends it."""
        task = asyncio.create_task(self._watched(name, loop, on_alarm), name=name)
        task.add_done_callback(self._ended)
        self._tasks.append(task)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if self._stopping:
            return
        fault = LoopLost(task.get_name()) if task.cancelled() else task.exception()
        if fault is not None and not self._fault.done():
            self._fault.set_exception(fault)
            self._fault.exception()  # seen: nobody need wait for it

    async def wait(self) -> None:
        """Until the first unexpected fault, also of a loop that is started later; it is raised."""
        await asyncio.shield(self._fault)

    async def ended(self, name: str, timeout_s: float) -> None:
        """Until that loop has ended by itself, or so long."""
        self._stopping = True
        if ending := [task for task in self._tasks if task.get_name() == name]:
            await asyncio.wait(ending, timeout=timeout_s)

    async def stop(self, but: Collection[str] = ()) -> None:
        """End them all, but those."""
        self._stopping = True
        ending = [task for task in self._tasks if task.get_name() not in but]
        for task in ending:
            task.cancel()
        for task in ending:
            with suppress(asyncio.CancelledError, Exception):
                await task
            self._tasks.remove(task)

    async def _watched(self, name: str, loop: Coroutine[None, None, None], on_alarm: OnAlarm | None) -> None:
        try:
            await loop
        except Halted:
            return  # the loop that found out why has told it
        except DataLoss as alarm:
            self.alarms.append(alarm)
            at = alarm.facts.get("position", "")
            self._log.error(
                "loop_stopped", name=name, reason=alarm.reason, origin=alarm.facts.get("origin", ""), position=at
            )
            if on_alarm:
                await on_alarm(alarm)
        except NrmError as fault:
            self._log.error("loop_failed", name=name, reason=fault.reason)
            raise
