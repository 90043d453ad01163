"""A thread that does one thing after another for an event loop.

A hop to it and back costs half of what an executor's does, and once begun a piece of work is always waited for.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import Generic, TypeVar

T = TypeVar("T")


class Worker:
    """One thread. It ends with the process at the latest."""

    def __init__(self, name: str) -> None:
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread = Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    async def do(self, work: Callable[[], T]) -> T:
        """What the work returns or raises. It is finished when this ends, even if the caller is cancelled meanwhile."""
        job = _Job(work, asyncio.get_running_loop())
        self._jobs.put(job.run)
        try:
            return await job.outcome
        except asyncio.CancelledError:
            await job.ended()
            raise

    async def end(self) -> None:
        """Do what was given, then end the thread."""
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    def _work(self) -> None:
        while (run := self._jobs.get()) is not None:
            with suppress(RuntimeError):  # the loop that asked has ended and wants no answer
                run()


class _Job(Generic[T]):
    """A piece of work: begun by a loop, done in the thread, its outcome told in the loop again.

    Who waits for the outcome and is cancelled takes the future with it; for the end there is another one then. To
    shield the first would cost every hop another turn of the loop.
    """

    def __init__(self, work: Callable[[], T], loop: asyncio.AbstractEventLoop) -> None:
        self._work = work
        self._loop = loop
        self._over = False
        self._end: asyncio.Future[None] | None = None
        self.outcome: asyncio.Future[T] = loop.create_future()

    def run(self) -> None:
        """In the thread."""
        try:
            result = self._work()
        except BaseException as fault:  # noqa: BLE001 - whatever it is, it belongs to the one who waits
            self._loop.call_soon_threadsafe(self._tell, self.outcome.set_exception, fault)
        else:
            self._loop.call_soon_threadsafe(self._tell, self.outcome.set_result, result)

    async def ended(self) -> None:
        """Not to be cancelled."""
        while not self._over:
            self._end = self._loop.create_future()
            with suppress(asyncio.CancelledError):
                await self._end

    def _tell(self, tell: Callable[..., None], what: object) -> None:
        self._over = True
        if not self.outcome.done():
            tell(what)
        if self._end is not None and not self._end.done():
            self._end.set_result(None)
