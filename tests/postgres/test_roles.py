"""What the role that runs a service may not do, whoever got hold of its password."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from asyncpg import exceptions

from nrm.servers.postgres import Place, PostgresServer
from nrm_kernel.adapters import store_tables
from nrm_kernel.adapters.migrating import RoleUnfit, migrate_postgres
from nrm_kernel.adapters.store_postgres import PostgresStore
from nrm_kernel.adapters.views_postgres import PostgresViews
from nrm_kernel.errors import DataLoss, Unavailable
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
async def test_no_entry_is_changed_by_an_owner_who_does_not_mean_to(filled: Place, statement: str) -> None:
    connection = await asyncpg.connect(filled.owner_url)
    with pytest.raises(exceptions.IntegrityConstraintViolationError, match="never changed"):
        await connection.execute(statement)
    await connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        *CHANGES,
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
async def test_the_role_changes_and_takes_away_nothing(filled: Place, statement: str) -> None:
    connection = await asyncpg.connect(filled.url)
    with pytest.raises(exceptions.InsufficientPrivilegeError):
        await connection.execute(statement)
    await connection.close()


@pytest.mark.parametrize(
    ("statement", "reason", "told"),
    [
        ("REVOKE INSERT ON entry FROM {role}", "DATABASE_RIGHTS_LACKING", "lacks INSERT on entry. "),
        ("REVOKE UPDATE ON head FROM {role}", "DATABASE_RIGHTS_LACKING", "lacks UPDATE on head. "),
        ("REVOKE SELECT ON store_version FROM {role}", "DATABASE_RIGHTS_LACKING", "lacks SELECT on store_version. "),
        ("GRANT DELETE ON entry TO {role}", "DATABASE_RIGHTS_EXCEEDED", "may DELETE on entry: "),
        ("GRANT TRUNCATE ON request TO {role}", "DATABASE_RIGHTS_EXCEEDED", "may TRUNCATE on request: "),
        ("GRANT UPDATE ON entry TO PUBLIC", "DATABASE_RIGHTS_EXCEEDED", "may UPDATE on entry: "),
    ],
)
async def test_a_role_that_lacks_a_right_or_has_too_much_is_told_at_the_start(
    filled: Place, statement: str, reason: str, told: str
) -> None:
    owner = await asyncpg.connect(filled.owner_url)
    await owner.execute(statement.format(role=filled.role))
    with pytest.raises(RoleUnfit) as refusal:
        await PostgresStore.open(filled.url, toy.ORIGIN)
    assert (refusal.value.reason, told in refusal.value.text) == (reason, True), refusal.value.text
    await owner.execute("REVOKE UPDATE ON entry FROM PUBLIC")
    await migrate_postgres(filled.owner_url, filled.role, store_tables.metadata)
    await (await PostgresStore.open(filled.url, toy.ORIGIN)).close()
    await owner.close()


async def test_no_service_runs_as_the_owner_of_its_tables(filled: Place) -> None:
    with pytest.raises(RoleUnfit, match="UPDATE on entry, DELETE on entry, TRUNCATE on entry"):
        await PostgresStore.open(filled.owner_url, toy.ORIGIN)


async def test_views_are_not_opened_by_a_role_that_lacks_a_right(filled: Place) -> None:
    owner = await asyncpg.connect(filled.owner_url)
    await owner.execute(f"REVOKE INSERT ON view_generation FROM {filled.role}")
    await owner.close()
    with pytest.raises(RoleUnfit, match="lacks INSERT on view_generation"):
        await PostgresViews.open(filled.url, [toy.VIEW])


async def test_a_role_that_may_make_no_schemas_for_views_is_told_what_it_lacks(filled: Place) -> None:
    owner = await asyncpg.connect(filled.owner_url)
    await owner.execute(f"REVOKE CREATE ON DATABASE {filled.name} FROM {filled.role}")
    await owner.close()
    with pytest.raises(RoleUnfit, match=f"GRANT CREATE ON DATABASE {filled.name} TO {filled.role};"):
        await PostgresViews.open(filled.url, [toy.VIEW])


async def test_a_right_that_is_taken_away_meanwhile_is_told_as_a_store_that_cannot_be_used(filled: Place) -> None:
    store, owner = await PostgresStore.open(filled.url, toy.ORIGIN), await asyncpg.connect(filled.owner_url)
    async with appending(store) as appender:
        await owner.execute(f"REVOKE INSERT ON entry FROM {filled.role}")
        with pytest.raises(Unavailable, match="Nothing was saved"):
            await appender.submit(toy.order(Raise(1)))
        assert await store.size() == 1
        await owner.execute(f"GRANT INSERT ON entry TO {filled.role}")
    await store.close()
    await owner.close()


async def test_another_agencys_role_does_not_even_come_in(filled: Place, postgres_server: PostgresServer) -> None:
    other = await postgres_server.made("nrm_test_other")
    with pytest.raises(exceptions.InsufficientPrivilegeError):
        await asyncpg.connect(other.url.replace("/nrm_test_other?", f"/{filled.name}?"))
    await postgres_server.dropped(other.name)


async def test_a_store_of_another_origin_is_not_opened(filled: Place) -> None:
    with pytest.raises(DataLoss) as refusal:
        await PostgresStore.open(filled.url, toy.ELSEWHERE)
    assert refusal.value.reason == "STORE_OF_ANOTHER_ORIGIN"
