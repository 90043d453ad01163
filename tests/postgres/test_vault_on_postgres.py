"""The vault's contract on a real PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import Connection, insert

from nrm.servers.postgres import Place
from nrm_kernel.adapters import vault_sql
from nrm_kernel.adapters.store_postgres import PostgresStore
from nrm_kernel.adapters.vault_seal import AgencyKeys, Sealer
from nrm_kernel.adapters.vault_sql import SqlVault
from nrm_kernel.errors import DataLoss
from nrm_kernel.ids import new_ref
from nrm_kernel.store import Batch, Wanted
from nrm_kernel.testing.vault_contract import CANARY, ORIGIN, VaultContract
from nrm_kernel.vault import Vault

WAITING = "SELECT 1 FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted AND datname = current_database()"


class TestPostgresVault(VaultContract):
    """Beside the log, in a database of its own."""

    @pytest.fixture
    async def store(self, database: Place) -> AsyncIterator[PostgresStore]:
        store = await PostgresStore.open(database.url, ORIGIN, vault_sql.metadata)
        yield store
        await store.close()

    async def test_bytes_altered_in_the_database_are_an_alarm(self, vault: Vault, database: Place) -> None:
        blob = await self.kept(vault, new_ref())
        owner = await asyncpg.connect(database.owner_url)
        await owner.execute("UPDATE vault_blob SET blob = blob || 'x'")
        await owner.close()
        with pytest.raises(DataLoss, match="not what its entry commits to"):
            await vault.open(blob.commitment)

    async def test_an_erasure_that_meets_a_renewal_leaves_no_key(
        self, vault: Vault, store: PostgresStore, database: Place
    ) -> None:
        """Whichever replica comes first, they are ordered by the head, which this one holds until the other waits."""
        person, newer = new_ref(), AgencyKeys.generate("later")
        await self.kept(vault, person)
        both = AgencyKeys("later", {**newer.by_name, **self.keys.by_name})
        other = await PostgresStore.open(database.url, ORIGIN, vault_sql.metadata)
        looking = await asyncpg.connect(database.owner_url)
        try:
            erased = await vault.erasing(person, ["identity"])
            async with store.writing(Wanted()) as writing:
                renewing = asyncio.create_task(SqlVault(other, Sealer(ORIGIN, both)).renew())
                await one_waits(looking, renewing)
                await writing.commit(Batch(rows=list(erased)))
            assert await renewing == 0
            assert await looking.fetch("SELECT 1 FROM vault_key") == []
        finally:
            await looking.close()
            await other.close()

    async def test_a_refused_row_is_told_without_what_stands_in_it(self, vault: Vault, store: PostgresStore) -> None:
        blob = await self.kept(vault, new_ref())

        def again(connection: Connection) -> None:
            for add in blob.rows:
                connection.execute(insert(add.table), dict(add.row))

        with pytest.raises(Exception, match="duplicate key") as fault:
            await store.change(again)
        assert CANARY.decode() not in str(fault.value)
        assert await self.opened(vault, blob) == CANARY


async def one_waits(looking: asyncpg.Connection, task: "asyncio.Task[int]") -> None:
    """Until a transaction waits for another one's lock; the task must not have ended instead."""
    async with asyncio.timeout(120):
        while not await looking.fetch(WAITING):
            assert not task.done(), "it waited for nobody"
