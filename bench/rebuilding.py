"""Every view of the coordinator made again, beside the library's decoding of as many events plus writing equal rows."""

import asyncio
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from itertools import count
from pathlib import Path

from sqlalchemy import Table, func, select

from bench import library
from bench.caseload import Caseload
from bench.measure import Row, Title, in_turns
from nrm.agency import Surroundings
from nrm.demo.agencies import NATIONAL as COORDINATOR
from nrm.house import KeptViews
from nrm_coordinator.facts import NATIONAL
from nrm_kernel.follow import Follower
from nrm_kernel.ledger.merkle import Frontier
from nrm_kernel.projecting import LogSource, rebuild

TITLE = Title(
    "rebuild of all coordinator views", "events/s", "eventsourcing library's decode, and equal rows by sqlite3", ">= 1"
)
Rows = dict[str, list[tuple[object, ...]]]


async def row(caseload: Caseload, folder: Path, rounds: int) -> Row:
    """Events a second."""
    peer = library.Library(folder / "events.sqlite")
    views = caseload.house.at(COORDINATOR).views
    rows = {table.name: await _rows_of(views, table) for table in NATIONAL.metadata.sorted_tables}
    peer.keep([entry for one in caseload.house.agencies for entry in await one.store.read(0, caseload.events)])
    numbers = count()

    async def ours() -> float:
        return caseload.events / await rebuilt(views, caseload.house.around, caseload.house.around.trust.origins())

    async def theirs() -> float:
        return await asyncio.to_thread(_decoded_and_written, peer, rows, folder / f"rows-{next(numbers)}.sqlite")

    try:
        return await in_turns(TITLE, rounds, ours, theirs)
    finally:
        peer.close()


async def rebuilt(views: KeptViews, around: Surroundings, origins: Sequence[str]) -> float:
    """Seconds until the views are made again from every log, verified as it is read, and took the others' place."""
    began = time.perf_counter()
    followers = [Follower(around.log, around.trust, origin, COORDINATOR, Frontier()) for origin in origins]
    await rebuild(views, [(LogSource(follower), [NATIONAL]) for follower in followers])
    return time.perf_counter() - began


async def counted(views: KeptViews) -> int:
    """How many rows there are."""
    counts = [await views.rows(select(func.count()).select_from(table)) for table in NATIONAL.metadata.sorted_tables]
    return sum(int(rows[0][0]) for rows in counts)


async def _rows_of(views: KeptViews, table: Table) -> list[tuple[object, ...]]:
    return [tuple(row) for row in await views.rows(select(table))]


def _decoded_and_written(peer: library.Library, rows: Rows, path: Path) -> float:
    """Events a second: each is decoded, and the rows that ours makes of them are written, as many in a transaction."""
    began = time.perf_counter()
    events = sum(len(batch) for batch in peer.decoded())
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        for table in NATIONAL.metadata.sorted_tables:
            _write(connection, table, rows[table.name])
    return events / (time.perf_counter() - began)


def _write(connection: sqlite3.Connection, table: Table, rows: Sequence[tuple[object, ...]]) -> None:
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    key = ", ".join(f'"{column.name}"' for column in table.primary_key)
    connection.execute(f'CREATE TABLE "{table.name}" ({columns}, PRIMARY KEY ({key})) WITHOUT ROWID')
    marks = ", ".join("?" * len(table.columns))
    for first in range(0, len(rows), library.READ):
        connection.execute("BEGIN")
        connection.executemany(f'INSERT INTO "{table.name}" VALUES ({marks})', rows[first : first + library.READ])
        connection.execute("COMMIT")
