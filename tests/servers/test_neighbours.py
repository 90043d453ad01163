"""What agencies that share a PostgreSQL server get into and see of each other, on a real one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
from tests.distributed.country import KINDS, OFFICE, founded

from nrm.config_distributed import DistributedConfig
from nrm.doctor.findings import Finding, State
from nrm.doctor.store import of_store
from nrm.migration import Owner, migrate, role_of
from nrm.neighbours import CLOSED, SHARED
from nrm.servers.installing import Servers
from nrm_kernel.clock import SystemClock

pytestmark = pytest.mark.slow
ACTIVITY = (
    "pg_stat_activity",
    "pg_stat_database",
    "pg_stat_replication",
    "pg_stat_ssl",
    "pg_locks",
    "pg_stat_progress_vacuum",
    "pg_stat_get_backend_idset()",
)


@dataclass(frozen=True)
class Two:
    """The police and an auditor, each with a database on the same server."""

    config: DistributedConfig
    servers: Servers

    async def administered(self, statement: str) -> None:
        async with connected(self.servers.postgres.admin_url) as connection:
            await connection.execute(statement)

    async def told(self, nth: int, *, trying_out: bool = False) -> list[Finding]:
        """What the doctor says of the other databases that an agency's role gets into."""
        found = await of_store(self.config.agency[nth], SystemClock(), trying_out=trying_out)
        return [one for one in found if "gets into" in one.text]

    def database(self, nth: int) -> str:
        return urlsplit(self.config.agency[nth].store).path.strip("/")


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


@pytest.fixture
async def two(tmp_path: Path, servers: Servers) -> Two:
    if servers.postgres.folder is None:
        pytest.skip("who gets into the running PostgreSQL is for others to say")
    return Two(DistributedConfig.load(await founded(tmp_path / "country", servers, KINDS[0], OFFICE)), servers)


async def test_the_doctor_tells_of_an_agency_that_is_let_into_anothers_database(two: Two) -> None:
    assert await two.told(0) == []
    police, other = role_of(two.config.agency[0]), two.database(1)
    await two.administered(f'GRANT CONNECT ON DATABASE "{other}" TO "{police}"')
    [one] = await two.told(0, trying_out=True)
    assert (one.state, other in one.text) == (State.ACT, True)
    await two.administered(one.action.partition(": ")[2])
    assert await two.told(0) == []


async def test_an_auditor_is_let_in_by_name_and_not_with_everybody(two: Two) -> None:
    auditor, other = role_of(two.config.agency[1]), two.database(0)
    await two.administered(f'GRANT CONNECT ON DATABASE "{other}" TO "{auditor}"')
    assert await two.told(1) == []
    await two.administered(f'GRANT CONNECT ON DATABASE "{other}" TO PUBLIC')
    [one] = await two.told(1)
    assert (one.state, other in one.text) == (State.ACT, True)
    await two.administered(one.action.partition(": ")[2])
    assert await two.told(1) == []


async def test_what_every_server_has_is_told_of_and_accepted_where_things_are_tried_out(two: Two) -> None:
    await two.administered(f"GRANT CONNECT ON DATABASE {', '.join(SHARED)} TO PUBLIC")
    try:
        [accepted], [one] = await two.told(0, trying_out=True), await two.told(0)
    finally:
        await two.administered(CLOSED)
    assert (accepted.state, one.state) == (State.OK, State.ACT)
    assert one.action.endswith(f"{CLOSED};")
    assert await two.told(0) == []


async def test_no_agency_sees_who_else_is_connected_and_what_is_done_there(two: Two) -> None:
    [police, _] = two.config.agency
    owner = Owner(urlsplit(two.servers.postgres.admin_url).username or "")
    for _ in range(2):
        await asyncio.to_thread(migrate, two.config, owner)
    async with connected(police.store_url()) as connection:
        for shown in ACTIVITY:
            with pytest.raises(asyncpg.exceptions.InsufficientPrivilegeError):
                await connection.fetch(f"SELECT * FROM {shown}")
        with pytest.raises(asyncpg.exceptions.InsufficientPrivilegeError):
            await connection.fetch("SELECT * FROM pg_authid")
    of_the_owner = urlsplit(two.servers.postgres.admin_url)._replace(path=urlsplit(police.store).path).geturl()
    async with connected(of_the_owner) as connection:
        await connection.execute("SET ROLE pg_monitor")
        for shown in ACTIVITY:
            await connection.fetch(f"SELECT * FROM {shown}")
