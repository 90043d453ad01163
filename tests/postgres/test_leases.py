"""One process at a time relays and reacts; when it is gone, or stands still, another goes on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import asyncpg
import pytest

from nrm.servers.postgres import Place
from nrm_kernel.adapters.lease_postgres import PostgresLeases
from nrm_kernel.errors import DataLoss, Unavailable
from nrm_kernel.lease import Leases, alone

PATIENCE_S = 120.0
HOLDERS = """
    SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


class Working:
    """Work that says when it began and ended."""

    def __init__(self, leases: Leases, name: str = "relay") -> None:
        self.is_on, self.is_off = asyncio.Event(), asyncio.Event()
        self.begun = 0
        self.task = asyncio.create_task(alone(leases, name, self.work))

    async def work(self) -> None:
        self.begun += 1
        self.is_on.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.is_on.clear()
            self.is_off.set()

    async def end(self) -> None:
        self.task.cancel()
        with suppress(asyncio.CancelledError):
            await self.task


@pytest.fixture
async def admin(database: Place) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database.owner_url)
    yield connection
    await connection.close()


async def test_of_two_processes_one_works_and_the_other_goes_on_after_it(database: Place) -> None:
    one = Working(PostgresLeases(database.url))
    await one.is_on.wait()
    two, elsewhere = Working(PostgresLeases(database.url)), Working(PostgresLeases(database.url), "reactions")
    await elsewhere.is_on.wait()
    await asyncio.sleep(0.1)
    assert (one.begun, two.begun) == (1, 0)
    await one.end()
    async with asyncio.timeout(PATIENCE_S):
        await two.is_on.wait()
    await two.end()
    await elsewhere.end()


async def test_whoever_loses_its_connection_stops_and_begins_anew(database: Place, admin: asyncpg.Connection) -> None:
    one = Working(PostgresLeases(database.url, lease_s=3.0))
    await one.is_on.wait()
    two = Working(PostgresLeases(database.url))
    await asyncio.sleep(0.1)
    await admin.execute(f"SELECT pg_terminate_backend(pid) FROM ({HOLDERS}) AS holder")
    async with asyncio.timeout(PATIENCE_S):
        await two.is_on.wait()
        await one.is_off.wait()
        await two.end()
        while one.begun < 2:  # noqa: ASYNC110 - it was on before
            await asyncio.sleep(0.05)
    await one.end()


async def test_whoever_stands_still_loses_the_lease(database: Place) -> None:
    async with PostgresLeases(database.url, lease_s=0.3).held("relay") as lease:
        other = Working(PostgresLeases(database.url))
        async with asyncio.timeout(PATIENCE_S):
            await other.is_on.wait()
            await lease.lost()
    await other.end()


async def test_whoever_says_that_it_is_there_keeps_the_lease(database: Place) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not await kept(database, lease_s=0.6, times=3):
            pass


async def kept(database: Place, lease_s: float, times: int) -> bool:
    """Whether one who says so kept it for so many leases while another waited for it.

    On a machine that is busy it may not come to say so in time; whoever never says so never keeps it that long.
    """
    one = Working(PostgresLeases(database.url, lease_s))
    await one.is_on.wait()
    two = Working(PostgresLeases(database.url))
    await asyncio.sleep(times * lease_s)
    begun = (one.begun, two.begun)
    await one.end()
    await two.end()
    return begun == (1, 0)


async def test_a_fault_of_the_work_is_raised_and_gives_the_lease_back(database: Place) -> None:
    leases = PostgresLeases(database.url)

    async def faulty() -> None:
        raise DataLoss("ENTRY_ALTERED", "It was.")

    with pytest.raises(DataLoss):
        await alone(leases, "relay", faulty)
    async with asyncio.timeout(PATIENCE_S), leases.held("relay"):
        pass


async def test_work_that_cannot_reach_its_store_begins_anew(database: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nrm_kernel.lease.RETRY_S", 0.01)
    turns: list[int] = []

    async def work() -> None:
        turns.append(len(turns))
        if len(turns) < 3:
            raise Unavailable("STORE_UNAVAILABLE", "It is away.")

    await alone(PostgresLeases(database.url), "relay", work)
    assert turns == [0, 1, 2]
