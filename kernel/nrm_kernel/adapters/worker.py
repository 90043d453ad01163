"""A thread that does one thing after another for an event loop.

A hop to it and back costs half of what an executor's does, and once begun a piece of work is always waited for.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


class Worker:
    """One thread. It ends with the process at the latest."""

    def __init__(self, name: str) -> None:
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread = Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    async def do(self, work: Callable[[], T]) -> T:
        """What the work returns or raises. It is finished when this ends, even if the caller is cancelled meanwhile."""
        done = self._given(work)
        try:
            return await asyncio.shield(done)
        except asyncio.CancelledError:
            await _waited_for(done)
            raise

    async def end(self) -> None:
        """Do what was given, then end the thread."""
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    def _given(self, work: Callable[[], T]) -> asyncio.Future[T]:
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()

        def job() -> None:
            try:
                result = work()
            except BaseException as fault:  # noqa: BLE001 - whatever it is, it belongs to the one who waits
                loop.call_soon_threadsafe(_fail, done, fault)
            else:
                loop.call_soon_threadsafe(_answer, done, result)

        self._jobs.put(job)
        return done

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            with suppress(RuntimeError):  # the loop that asked has ended and wants no answer
                job()


def _answer(done: asyncio.Future[T], result: T) -> None:
    if not done.done():
        done.set_result(result)


def _fail(done: asyncio.Future[T], fault: BaseException) -> None:
    if not done.done():
        done.set_exception(fault)


async def _waited_for(done: asyncio.Future[T]) -> None:
    """Not to be cancelled."""
    while not done.done():
        with suppress(asyncio.CancelledError):
            await asyncio.wait([done])
