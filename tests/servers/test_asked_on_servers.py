"""What the coordinator shows in its database: asked for in a terminal, and held against the entries on Kafka."""

import asyncio
import json
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
import pytest_asyncio
import tomli_w
from tests.app.running import answered
from tests.distributed.country import (
    KINDS,
    NATIONAL,
    OFFICE,
    address_of,
    ask,
    detected,
    founded,
    running,
    shown,
    until,
)
from tests.servers.kafka import own_names

from nrm.config_distributed import DistributedConfig, ShownSection
from nrm.distributed import DistributedHouse
from nrm.migration import Owner, migrate, role_of
from nrm.servers.installing import Servers
from nrm.servers.postgres import PostgresServer
from nrm_contracts.audit.v1 import audit_pb2 as pb
from nrm_kernel.adapters import store_tables, vault_sql
from nrm_kernel.log_topics import Cluster

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


@dataclass(frozen=True)
class Country:
    """An installation in which the police took up somebody, and which does not run any more."""

    config: Path
    person: str
    servers: Servers

    @property
    def loaded(self) -> DistributedConfig:
        return DistributedConfig.load(self.config)

    @property
    def police(self) -> str:
        return self.loaded.agency[0].origin

    @property
    def national(self) -> str:
        return self.loaded.agency[1].origin

    @property
    def office(self) -> str:
        return self.loaded.agency[2].origin

    async def execute(self, statement: str) -> None:
        """In the coordinator's database, as whoever may do anything."""
        database = urlsplit(self.loaded.agency[1].store).path
        connection = await asyncpg.connect(urlsplit(self.servers.postgres.admin_url)._replace(path=database).geturl())
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def country(
    tmp_path_factory: pytest.TempPathFactory, kafka_broker: Cluster, postgres_server: PostgresServer
) -> AsyncIterator[Country]:
    with pytest.MonkeyPatch.context() as patch:
        own_names(patch)
        servers = Servers(kafka_broker, postgres_server)
        path = await founded(tmp_path_factory.mktemp("asked") / "country", servers, KINDS[0], NATIONAL, OFFICE)
        config = DistributedConfig.load(path)
        police, national, office = [section.origin for section in config.agency]
        async with running(config) as house:
            person = await detected(address_of(house, police), police)
            await shown(address_of(house, national), national, 1)
            await copied(house, office, police)
        yield Country(path, person, servers)


async def copied(house: DistributedHouse, office: str, origin: str) -> None:
    """Until the auditor has everything of that log."""
    size = await house.at(origin).agency.store.size()
    [copying] = [one for one in house.at(office).agency.copying if one.origin == origin]
    await until(lambda: copying.size >= size)


@asynccontextmanager
async def altered(country: Country, table: str, column: str, value: str) -> AsyncIterator[None]:
    """As long as the block, all rows of a table say something else."""
    await country.execute(f"CREATE TABLE kept AS SELECT * FROM {table}")
    await country.execute(f"UPDATE {table} SET {column} = {value}")
    try:
        yield
    finally:
        await country.execute(f"DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept; DROP TABLE kept")


async def test_the_coordinators_questions_are_answered_from_its_database(country: Country) -> None:
    folder = str(country.config.parent)
    code, told = await answered("pathway", country.person, "--dir", folder)
    assert (code, country.person in told) == (0, True), told
    code, told = await answered("pathway", country.person, "--dir", folder, "--json")
    read = json.loads(told)
    assert [one["origin"] for one in read["references"]] == [country.police]
    assert read["complete_to"]
    code, told = await answered("funnel", "--dir", folder, "--json")
    assert (code, json.loads(told)["persons"][0]["count"]) == (0, 1)
    code, told = await answered("overdue", "--dir", folder, "--json")
    assert (code, json.loads(told)["deadlines"]) == (0, [])
    assert await looks(country) >= 4


async def looks(country: Country) -> int:
    """How many looks the coordinator has on record."""
    connection = await asyncpg.connect(country.loaded.agency[1].store_url())
    try:
        return int(await connection.fetchval("SELECT count(*) FROM entry"))
    finally:
        await connection.close()


async def test_while_kafka_is_away_the_answer_says_that_nobody_is_heard(country: Country, tmp_path: Path) -> None:
    folder = tmp_path / "away"
    folder.mkdir()
    home = country.config.parent
    config = tomllib.loads(country.config.read_text())
    config |= {"kafka": {"bootstrap": ["127.0.0.1:9"]}, "trust": str(home / "trust.toml")}
    for agency in config["agency"]:
        for name in ("folder", "store_password", "signing_key", "vault_key"):
            agency[name] = str(home / agency[name])
    (folder / "nrm.toml").write_text(tomli_w.dumps(config))
    code, told = await answered("pathway", country.person, "--dir", str(folder))
    assert (code, "Not heard" in told) == (0, True), told


async def test_views_of_another_release_are_told_and_none_are_made(country: Country) -> None:
    async with altered(country, "view_generation", "views", "'of another release'"):
        code, told = await answered("funnel", "--dir", str(country.config.parent))
    assert (code, "(VIEWS_NOT_SHOWN)" in told) == (2, True), told


async def test_what_is_shown_follows_from_the_entries_on_kafka_and_a_planted_row_is_named(country: Country) -> None:
    command = ("audit", "replay", "--config", str(country.config))
    code, told = await answered(*command)
    assert (code, "SAME" in told, f"{country.national}.step" in told) == (0, True, True), told
    async with altered(country, "views_0001.step", "occurred_on", "'1999-01-01'"):
        code, told = await answered(*command)
    assert (code, "occurred_on is shown as '1999-01-01'" in told) == (1, True), told


async def test_the_auditor_sees_the_coordinators_views_once_it_may_and_nothing_else_there(country: Country) -> None:
    config = alone(country)
    async with running(config) as house:
        address = address_of(house, country.office)
        [told] = (await ask(address, country.office, "CompareViews")).tables
        assert (told.verdict, "nrm admin migrate --reader" in told.text) == (pb.VERDICT_CANNOT_TELL, True)
        await asyncio.to_thread(given_to_read, country, role_of(config.agency[0]))
        compared = await ask(address, country.office, "CompareViews")
        assert compared.verdict == pb.VERDICT_VERIFIED, compared
        assert sum(table.rows for table in compared.tables) > 0
        async with altered(country, "views_0001.step", "occurred_on", "'1999-01-01'"):
            compared = await ask(address, country.office, "CompareViews")
        assert compared.verdict == pb.VERDICT_NOT_VERIFIED
        assert any("is shown as '1999-01-01'" in table.text for table in compared.tables)
    connection = await asyncpg.connect(config.shown[0].url(None))
    try:
        for table in (*store_tables.metadata.tables, *vault_sql.metadata.tables):
            with pytest.raises(asyncpg.exceptions.InsufficientPrivilegeError):
                await connection.fetch(f"SELECT * FROM {table}")
        with pytest.raises(asyncpg.exceptions.InsufficientPrivilegeError):
            await connection.execute("DELETE FROM views_0001.step")
    finally:
        await connection.close()


def alone(country: Country) -> DistributedConfig:
    """The auditor's process by itself, to which the coordinator's views are shown."""
    config = country.loaded
    _, national, office = config.agency
    assert office.store_password is not None
    place = urlsplit(national.store)
    as_office = place._replace(netloc=f"{role_of(office)}@{place.netloc.rpartition('@')[2]}")
    shows = ShownSection(origin=national.origin, store=as_office.geturl(), store_password=office.store_password)
    return config.model_copy(update={"agency": (office,), "shown": (shows,)})


def given_to_read(country: Country, reader: str) -> None:
    """As the owner of the coordinator's database does."""
    config, admin = country.loaded, urlsplit(country.servers.postgres.admin_url)
    password = country.config.with_name("admin.password")
    password.write_text(admin.password or "")
    owner = Owner(admin.username or "", None, password if admin.password else None)
    migrate(config.model_copy(update={"agency": (config.agency[1],)}), owner, [reader])
