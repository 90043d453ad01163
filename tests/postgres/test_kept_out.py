"""A role that may come in no longer, a server that only reads, a head that was altered: each is told as what it is."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import asyncpg
import pytest

from nrm.servers.postgres import Place, PostgresServer
from nrm_kernel.adapters.postgres_faults import StoreRefused
from nrm_kernel.adapters.store_postgres import PostgresStore
from nrm_kernel.errors import DataLoss, Unavailable
from nrm_kernel.testing import toy
from nrm_kernel.testing.store_contract import appending
from nrm_kernel.testing.toy import Raise

CUT = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{}'"


@asynccontextmanager
async def opened(database: Place) -> AsyncIterator[PostgresStore]:
    store = await PostgresStore.open(database.url, toy.ORIGIN)
    try:
        yield store
    finally:
        await store.close()


async def _done(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def test_a_role_that_is_kept_out_while_it_runs_is_told_so_and_goes_on_when_it_is_let_in(
    database: Place, postgres_server: PostgresServer
) -> None:
    admin = postgres_server.admin_url
    async with opened(database) as store:
        assert await store.size() == 0
        await _done(admin, f'ALTER ROLE "{database.role}" NOLOGIN', CUT.format(database.name))
        for _ in range(4):  # each of the readers' connections is lost once
            with pytest.raises(Unavailable):
                await store.size()
        with pytest.raises(StoreRefused):
            await store.size()
        await _done(admin, f'ALTER ROLE "{database.role}" LOGIN')
        assert await store.size() == 0


@pytest.mark.parametrize("wrong", ["sslmode=sometimes", "no_such_setting=1"])
async def test_an_option_of_the_url_that_is_none_is_told_as_a_store_that_is_not_entered(
    database: Place, wrong: str
) -> None:
    parts = urlsplit(database.url)
    with pytest.raises(StoreRefused):
        await PostgresStore.open(parts._replace(query=f"{parts.query}&{wrong}").geturl(), toy.ORIGIN)


async def test_a_database_that_takes_no_connections_is_told_as_one_that_is_not_entered(
    database: Place, postgres_server: PostgresServer
) -> None:
    await _done(postgres_server.admin_url, f'ALTER DATABASE "{database.name}" ALLOW_CONNECTIONS false')
    with pytest.raises(StoreRefused):
        await PostgresStore.open(database.url, toy.ORIGIN)


async def test_a_database_that_only_reads_is_found_out_by_trying_and_nothing_is_recorded_by_it(
    database: Place, postgres_server: PostgresServer
) -> None:
    only_reads = f'ALTER DATABASE "{database.name}" SET default_transaction_read_only = '
    async with opened(database) as store:
        await store.try_writing()
    await _done(postgres_server.admin_url, f"{only_reads}on")
    async with opened(database) as store:
        assert await store.size() == 0
        with pytest.raises(Unavailable) as refusal:
            await store.try_writing()
    assert refusal.value.facts["cause"] == "ReadOnlySQLTransactionError"
    await _done(postgres_server.admin_url, f"{only_reads}off")
    async with opened(database) as store, appending(store) as appender:
        await store.try_writing()
        await appender.submit(toy.order(Raise(1)))
        assert await store.size() == 1


@pytest.mark.parametrize("harm", ["UPDATE head SET frontier = '\\x00'", "DELETE FROM head"])
async def test_a_store_whose_head_was_altered_is_not_opened(database: Place, harm: str) -> None:
    async with opened(database):
        pass
    await _done(database.owner_url, harm)
    with pytest.raises(DataLoss, match="call the auditor") as refusal:
        await PostgresStore.open(database.url, toy.ORIGIN)
    assert refusal.value.reason == "STORE_HEAD_ALTERED"
