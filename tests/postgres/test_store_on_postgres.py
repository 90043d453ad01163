"""The store's contract on a real PostgreSQL."""

from collections.abc import AsyncIterator

import pytest

from nrm.servers.postgres import Place
from nrm_kernel.adapters.store_postgres import PostgresStore
from nrm_kernel.store import Store
from nrm_kernel.testing import toy
from nrm_kernel.testing.store_contract import StoreContract


class TestPostgresStore(StoreContract):
    """In a database of its own."""

    @pytest.fixture
    async def store(self, database: Place) -> AsyncIterator[Store]:
        store = await PostgresStore.open(database.url, toy.ORIGIN)
        yield store
        await store.close()
