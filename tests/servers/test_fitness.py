"""A PostgreSQL that somebody named is looked at before anything is made in it; each lack is one clear error."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import orjson
import pytest
from tests.distributed.country import KINDS, founded, running

from nrm import fitness
from nrm.config_distributed import DistributedConfig
from nrm.distributed import Tools
from nrm.doctor.examination import examine
from nrm.doctor.findings import State
from nrm.fitness import DatabaseUnfit, require_fit
from nrm.migration import Owner, migrate, role_of
from nrm.servers.installing import Servers
from nrm.servers.postgres import PostgresServer
from nrm_kernel.adapters.migrating import RoleUnfit
from nrm_kernel.adapters.postgres_faults import StoreRefused
from nrm_kernel.clock import SystemClock
from nrm_kernel.errors import Unavailable
from nrm_kernel.log_topics import Cluster
from nrm_kernel.telemetry import Telemetry, log_to, silent

pytestmark = pytest.mark.slow
NAME = "nrm_test_unfit"
FIT = "ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"


@asynccontextmanager
async def made(server: PostgresServer, how: str) -> AsyncIterator[str]:
    """A database made so, for the block; gives its URL."""
    connection = await asyncpg.connect(server.admin_url)
    try:
        await connection.execute(f"DROP DATABASE IF EXISTS {NAME}")
        await connection.execute(f"CREATE DATABASE {NAME} TEMPLATE template0 {how}")
        yield urlsplit(server.admin_url)._replace(path=f"/{NAME}").geturl()
        await connection.execute(f"DROP DATABASE {NAME} WITH (FORCE)")
    finally:
        await connection.close()


@pytest.mark.parametrize(
    ("how", "reason", "told"),
    [
        ("ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'", "DATABASE_NOT_UTF8", "its encoding is SQL_ASCII"),
        (f"{FIT} LOCALE_PROVIDER icu ICU_LOCALE 'en-US'", "DATABASE_SORTS_OTHERWISE", "not by bytes"),
    ],
)
async def test_a_database_that_writes_or_sorts_otherwise_is_refused(
    postgres_server: PostgresServer, how: str, reason: str, told: str
) -> None:
    async with made(postgres_server, how) as url:
        with pytest.raises(DatabaseUnfit, match=told) as refused:
            await require_fit(url, trying_out=True)
    assert (refused.value.reason, "Make it anew: CREATE DATABASE" in refused.value.text) == (reason, True)


async def test_what_is_only_not_durable_is_refused_where_it_is_for_real(postgres_server: PostgresServer) -> None:
    if postgres_server.folder is None:
        pytest.skip("the running PostgreSQL has settings of its own")
    async with made(postgres_server, FIT) as url:
        await require_fit(url, trying_out=True)
        with pytest.raises(DatabaseUnfit, match="fsync = off") as refused:
            await require_fit(url, trying_out=False)
    assert refused.value.reason == "DATABASE_NOT_DURABLE"


async def test_an_old_server_is_refused(postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitness, "VERSION_MIN", 999)
    async with made(postgres_server, FIT) as url:
        with pytest.raises(DatabaseUnfit, match="older than 999") as refused:
            await require_fit(url, trying_out=True)
    assert refused.value.reason == "POSTGRES_TOO_OLD"


async def test_a_service_does_not_start_on_one_that_is_unfit(
    tmp_path: Path, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = DistributedConfig.load(await founded(tmp_path / "country", servers, KINDS[0]))
    monkeypatch.setattr(fitness, "VERSION_MIN", 999)
    with pytest.raises(DatabaseUnfit, match="Nothing was changed or started"):
        async with running(config):
            pass


async def test_a_server_that_does_not_let_the_role_in_is_not_waited_for_and_the_operator_reads_its_words(
    tmp_path: Path, servers: Servers
) -> None:
    config = DistributedConfig.load(await founded(tmp_path / "country", servers, KINDS[0]))
    [agency] = config.agency
    wrong = urlsplit(agency.store)._replace(path="/nowhere").geturl()
    lost = config.model_copy(update={"agency": (agency.model_copy(update={"store": wrong}),)})
    lines, words = io.BytesIO(), 'database "nowhere" does not exist'
    with pytest.raises(StoreRefused) as refused:
        async with running(lost, Tools(Telemetry(silent().tracer, log_to(lines)))):
            pass
    assert "nowhere" not in f"{refused.value.text} {refused.value.facts}"
    [line] = [told for told in map(orjson.loads, lines.getvalue().splitlines()) if told["event"] == "server_refuses"]
    assert words in line["cause"]
    found = await examine(lost, Cluster("127.0.0.1:9"), SystemClock())
    assert any(words in one.text for one in found)
    with pytest.raises(Unavailable, match=words):
        await asyncio.to_thread(migrate, lost, Owner(urlsplit(servers.postgres.admin_url).username or ""))


async def test_nothing_is_migrated_where_it_is_unfit_and_the_doctor_says_what_is_lacking(
    tmp_path: Path, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = DistributedConfig.load(await founded(tmp_path / "country", servers, KINDS[0]))
    monkeypatch.setattr(fitness, "VERSION_MIN", 999)
    found = await examine(config, Cluster("127.0.0.1:9"), SystemClock())
    assert any("older than 999" in one.text and one.action for one in found if one.state is State.ACT)
    with pytest.raises(DatabaseUnfit):
        await asyncio.to_thread(migrate, config, Owner(urlsplit(servers.postgres.admin_url).username or ""))


@pytest.mark.parametrize("statement", ["REVOKE INSERT ON entry FROM", "GRANT UPDATE ON entry TO"])
async def test_a_role_that_may_too_little_or_too_much_keeps_a_service_from_starting_until_it_is_migrated_again(
    tmp_path: Path, servers: Servers, statement: str
) -> None:
    config = DistributedConfig.load(await founded(tmp_path / "country", servers, KINDS[0]))
    [agency] = config.agency
    admin = urlsplit(servers.postgres.admin_url)
    connection = await asyncpg.connect(admin._replace(path=urlsplit(agency.store).path).geturl())
    await connection.execute(f'{statement} "{role_of(agency)}"')
    await connection.close()
    with pytest.raises(RoleUnfit, match="on entry"):
        async with running(config):
            pass
    found = await examine(config, Cluster("127.0.0.1:9"), SystemClock())
    assert any("on entry" in one.text and "nrm admin migrate" in one.action for one in found if one.state is State.ACT)
    await asyncio.to_thread(migrate, config, Owner(admin.username or ""))
    async with running(config):
        pass
