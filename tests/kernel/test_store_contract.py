"""The store's contract on every adapter."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from nrm_kernel.adapters.store_sql import SqlStore
from nrm_kernel.store import Store
from nrm_kernel.testing import toy
from nrm_kernel.testing.memory import MemoryStore
from nrm_kernel.testing.store_contract import StoreContract


class TestMemoryStore(StoreContract):
    """In memory."""

    @pytest.fixture
    def store(self) -> Store:
        return MemoryStore(toy.ORIGIN)


class TestSqliteStore(StoreContract):
    """On a SQLite file."""

    @pytest.fixture
    async def store(self, tmp_path: Path) -> AsyncIterator[Store]:
        store = await SqlStore.open_sqlite(tmp_path / "store.sqlite", toy.ORIGIN)
        yield store
        await store.close()
