"""Commands recorded in a second, within the process: from the request's bytes to the durable reply.

Ours passes all that a call passes but the wire: access table, form, policy, vault, tracing, request ledger, rules,
hashing, one durable commit for all who wait.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from bench import detection, library
from bench.measure import Row, Title, in_turns
from bench.office import OFFICER, POLICE, Office

MOST = 64
GOALS = {1: ">= 1", 16: ">= 2", MOST: ">= 5"}


async def rows(office: Office, folder: Path, rounds: int, seconds: float, numbers: Iterable[int] = GOALS) -> list[Row]:
    """One row for each of these numbers of writers."""
    peer = library.Library(folder / "library.sqlite")
    try:
        return [await _row(office, peer, writers, rounds, seconds) for writers in numbers]
    finally:
        peer.close()


async def _row(office: Office, peer: library.Library, writers: int, rounds: int, seconds: float) -> Row:
    title = Title(
        f"commands in process, {writers} writer{'s' * (writers > 1)}{office.manner}",
        "commands/s",
        library.NAME,
        GOALS[writers],
    )

    async def ours() -> float:
        return await recorded_per_second(office, writers, seconds)

    async def theirs() -> float:
        return await asyncio.to_thread(threads_per_second, peer.find, writers, seconds)

    return await in_turns(title, rounds, ours, theirs)


async def recorded_per_second(office: Office, writers: int, seconds: float) -> float:
    """Ours: so many tasks, each sending its next command when the last one is durable."""
    until, done = time.perf_counter() + seconds, 0

    async def write() -> None:
        nonlocal done
        while time.perf_counter() < until:
            await _one(office)
            done += 1

    began = time.perf_counter()
    await asyncio.gather(*(write() for _ in range(writers)))
    return done / (time.perf_counter() - began)


async def recorded(office: Office, commands: int) -> None:
    """Record so many, as fast as many writers can."""
    numbers = iter(range(commands))

    async def write() -> None:
        for _ in numbers:
            await _one(office)

    await asyncio.gather(*(write() for _ in range(MOST)))


async def _one(office: Office) -> None:
    request = detection.with_fresh_id(detection.body(named=True))
    await office.house.at(POLICE).server.call(detection.PATH, request, OFFICER)


def threads_per_second(record: Callable[[], None], writers: int, seconds: float) -> float:
    """The peer's: so many threads, because its calls wait for the disk."""
    until = time.perf_counter() + seconds
    done = [0] * writers

    def write(number: int) -> None:
        while time.perf_counter() < until:
            record()
            done[number] += 1

    threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / (time.perf_counter() - began)
