"""A PostgreSQL for tests: one server for all of a process's tests, a database of its own for each test."""

import asyncio
import os
from collections.abc import Iterator
from itertools import count

import pytest

from nrm.servers.postgres import QUICK, REQUIRED, Place, PostgresMissing, PostgresServer, postgres
from nrm_kernel.adapters import store_tables, vault_sql, views_postgres
from nrm_kernel.adapters.migrating import migrate_postgres

KINDS = (store_tables.metadata, vault_sql.metadata, views_postgres.metadata)
_numbers = count()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The server; without one, tests that need it are skipped, or fail where servers are required."""
    try:
        with postgres(QUICK) as server:
            yield server
    except PostgresMissing as missing:
        if os.environ.get(REQUIRED) == "1":
            raise
        pytest.skip(str(missing))


@pytest.fixture
def database(postgres_server: PostgresServer) -> Iterator[Place]:
    """A migrated database; it is dropped again."""
    place = asyncio.run(_made(postgres_server))
    yield place
    asyncio.run(postgres_server.dropped(place.name))


async def _made(server: PostgresServer) -> Place:
    place = await server.made(f"nrm_test_{os.getpid()}_{next(_numbers)}")
    await migrate_postgres(place.owner_url, place.role, *KINDS)
    return place
