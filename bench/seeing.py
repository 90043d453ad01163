"""From the answered command to its row in the coordinator's view, beside one row committed and read in one file.

Both are seen by the same reader: another connection that looks every millisecond. Ours passes the relay (read back,
hashed again, signed, signed note on disk), the shared log, the check of tree and signature, and the view's commit.
"""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median

from bench import detection
from bench.measure import Row, Title, percentile
from bench.office import NATIONAL, OFFICER, POLICE, Office
from nrm_contracts.identification.v1.persons_pb2 import DetectPersonResponse

POLL_S = 0.001
PATIENCE_S = 120
PEER = "one SQLite file: a row committed (synchronous=FULL), read by a poll each 1 ms"
GOAL = "<= 3"
_SIZE = "SELECT coalesce(max(size), 0) FROM view_cursor WHERE origin = ?"


class Reader:
    """Looks at a file every millisecond and remembers when it first saw each count."""

    def __init__(self, path: Path, query: str, *values: str) -> None:
        self._ask = (query, values)
        self._path = path
        self._stop = threading.Event()
        self._seen = threading.Condition()
        self._count = 0
        self._at = 0.0

    def look(self) -> None:
        """Until stopped; for a thread of its own."""
        with closing(sqlite3.connect(self._path, isolation_level=None)) as connection:
            while not self._stop.wait(POLL_S):
                ((count,),) = connection.execute(*self._ask)
                if count != self._count:
                    with self._seen:
                        self._count, self._at = count, time.perf_counter()
                        self._seen.notify_all()

    def stop(self) -> None:
        """Look no more."""
        self._stop.set()

    def seen(self, count: int) -> float:
        """When the count reached this, waiting for it."""
        with self._seen:
            assert self._seen.wait_for(lambda: self._count >= count, timeout=PATIENCE_S), f"{count} was never seen"
            return self._at


async def rows(office: Office, folder: Path, samples: int) -> list[Row]:
    """Median and 99th percentile, in milliseconds, of samples taken in turns."""
    with _written_file(folder / "one.sqlite") as peer, looking_at_the_view(office) as reader:
        taken: tuple[list[float], list[float]] = ([], [])
        for number in range(1, samples + 1):
            taken[0].append(await seen_after(office, reader))
            taken[1].append(await asyncio.to_thread(peer.written_and_seen, number))
    half = Title("commit to visible at the coordinator, median", "ms", PEER, GOAL)
    most = Title("commit to visible at the coordinator, 99th percentile", "ms", PEER, GOAL)
    return [
        half.row(median(taken[0]) * 1000, median(taken[1]) * 1000),
        most.row(percentile(taken[0], 99) * 1000, percentile(taken[1], 99) * 1000),
    ]


async def seen_after(office: Office, reader: Reader) -> float:
    """Seconds from a command's answer until the coordinator's rows of it are there."""
    request = detection.with_fresh_id(detection.body(named=True))
    raw = await office.house.at(POLICE).server.call(detection.PATH, request, OFFICER)
    answered = time.perf_counter()
    position = DetectPersonResponse.FromString(raw).receipt.position
    return max(0.0, await asyncio.to_thread(reader.seen, position + 1) - answered)


@contextmanager
def looking_at_the_view(office: Office) -> Iterator[Reader]:
    """A reader of how far the coordinator's view has come in the police's log."""
    with _looking(Reader(max(office.views_of(NATIONAL).glob("*.sqlite")), _SIZE, POLICE)) as reader:
        yield reader


class _Peer:
    def __init__(self, connection: sqlite3.Connection, reader: Reader) -> None:
        self._connection = connection
        self._reader = reader

    def written_and_seen(self, number: int) -> float:
        began = time.perf_counter()
        self._connection.execute("INSERT INTO item VALUES (?, ?)", (number, bytes(800)))
        return self._reader.seen(number) - began


@contextmanager
def _written_file(path: Path) -> Iterator[_Peer]:
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE item (number INTEGER PRIMARY KEY, body BLOB)")
        with _looking(Reader(path, "SELECT coalesce(max(number), 0) FROM item")) as reader:
            yield _Peer(connection, reader)


@contextmanager
def _looking(reader: Reader) -> Iterator[Reader]:
    thread = threading.Thread(target=reader.look)
    thread.start()
    try:
        yield reader
    finally:
        reader.stop()
        thread.join()
