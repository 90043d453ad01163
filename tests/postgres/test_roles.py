"""What the role that runs a service may not do, whoever got hold of its password."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from asyncpg import exceptions

from nrm.servers.postgres import Place, PostgresServer
from nrm_kernel.adapters.store_postgres import PostgresStore
from nrm_kernel.errors import DataLoss
from nrm_kernel.testing import toy
from nrm_kernel.testing.store_contract import appending
from nrm_kernel.testing.toy import Raise

CHANGES = ("UPDATE entry SET body = ''", "DELETE FROM entry", "TRUNCATE entry", "TRUNCATE entry CASCADE")


@pytest.fixture
async def filled(database: Place) -> AsyncIterator[Place]:
    """A database with an entry."""
    store = await PostgresStore.open(database.url, toy.ORIGIN)
    async with appending(store) as appender:
        await appender.submit(toy.order(Raise(1), request_id="00000000-0000-4000-8000-000000000001"))
    yield database
    assert await store.size() == 1
    assert len(await store.read(0, 10)) == 1
    await store.close()


@pytest.mark.parametrize("statement", CHANGES)
async def test_no_entry_is_changed_or_taken_away_by_the_role(filled: Place, statement: str) -> None:
    connection = await asyncpg.connect(filled.url)
    with pytest.raises(exceptions.InsufficientPrivilegeError):
        await connection.execute(statement)
    await connection.close()


@pytest.mark.parametrize("statement", CHANGES)
async def test_nor_by_the_owner_who_does_not_mean_to(filled: Place, statement: str) -> None:
    connection = await asyncpg.connect(filled.owner_url)
    with pytest.raises(exceptions.IntegrityConstraintViolationError, match="never changed"):
        await connection.execute(statement)
    await connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE request SET answer = ''",
        "DELETE FROM request",
        "DELETE FROM head",
        "DELETE FROM cursor",
        "UPDATE checkpoint SET note = ''",
        "UPDATE origin_id SET origin = 'other'",
        "UPDATE store_version SET version_num = '9999'",
        "UPDATE vault_blob SET blob = ''",
        "ALTER TABLE entry DISABLE TRIGGER ALL",
        "DROP TRIGGER entry_kept_as_it_is ON entry",
        "DROP TABLE entry",
        "CREATE TABLE public.more (number int)",
        "SET session_replication_role = replica",
        "SET ROLE postgres",
    ],
)
async def test_the_role_has_no_more_than_it_needs(filled: Place, statement: str) -> None:
    connection = await asyncpg.connect(filled.url)
    with pytest.raises(exceptions.InsufficientPrivilegeError):
        await connection.execute(statement)
    await connection.close()


async def test_another_agencys_role_does_not_even_come_in(filled: Place, postgres_server: PostgresServer) -> None:
    other = await postgres_server.made("nrm_test_other")
    with pytest.raises(exceptions.InsufficientPrivilegeError):
        await asyncpg.connect(other.url.replace("/nrm_test_other?", f"/{filled.name}?"))
    await postgres_server.dropped(other.name)


async def test_a_store_of_another_origin_is_not_opened(filled: Place) -> None:
    with pytest.raises(DataLoss) as refusal:
        await PostgresStore.open(filled.url, toy.ELSEWHERE)
    assert refusal.value.reason == "STORE_OF_ANOTHER_ORIGIN"
