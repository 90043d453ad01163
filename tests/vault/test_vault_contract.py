"""The vault in SQLite holds to the contract, and leaves nothing readable in its file."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from nrm_kernel.adapters import vault_sql
from nrm_kernel.adapters.store_sql import SqlStore
from nrm_kernel.adapters.vault_seal import AgencyKeys, AgencyKeysInvalid, Sealer
from nrm_kernel.adapters.vault_sql import SqlVault
from nrm_kernel.errors import DataLoss
from nrm_kernel.ids import new_ref
from nrm_kernel.ledger.merkle import Frontier
from nrm_kernel.store import Cursor
from nrm_kernel.testing.vault_contract import CANARY, ORIGIN, VaultContract
from nrm_kernel.vault import Sealed, Vault


class TestSqliteVault(VaultContract):
    @pytest.fixture
    async def store(self, tmp_path: Path) -> AsyncIterator[SqlStore]:
        store = await SqlStore.open_sqlite(tmp_path / "store.db", ORIGIN, vault_sql.metadata)
        yield store
        await store.close()

    async def test_nothing_readable_stands_in_the_file(self, vault: Vault, tmp_path: Path) -> None:
        await self.kept(vault, new_ref())
        assert not any(CANARY in content for content in contents(tmp_path))

    async def test_nothing_of_an_erased_key_or_blob_stays_in_the_file(
        self, vault: Vault, store: SqlStore, tmp_path: Path
    ) -> None:
        person = new_ref()
        blob = await self.kept(vault, person)
        await self.erase(vault, person, "identity")
        await store.close()
        secrets = [cell for row in blob.rows for cell in row.row.values() if isinstance(cell, bytes)]
        assert [len(secret) > 30 for secret in secrets] == [True, True]
        assert not [secret for secret in secrets for content in contents(tmp_path) if secret in content]

    async def test_nothing_of_an_erased_key_or_blob_stays_in_the_files_of_a_store_in_use(
        self, vault: Vault, store: SqlStore, tmp_path: Path
    ) -> None:
        person = new_ref()
        blob = await self.kept(vault, person)
        secrets = [cell for row in blob.rows for cell in row.row.values() if isinstance(cell, bytes)]
        assert await store.size() == 0, "a reader is there"
        await self.erase(vault, person, "identity")
        assert not [secret for secret in secrets for content in contents(tmp_path) if secret in content]

    async def test_what_a_reader_kept_in_the_files_is_gone_with_the_next_commit_after_it(
        self, vault: Vault, store: SqlStore, tmp_path: Path
    ) -> None:
        person = new_ref()
        blob = await self.kept(vault, person)
        secrets = [cell for row in blob.rows for cell in row.row.values() if isinstance(cell, bytes)]
        reader = sqlite3.connect(tmp_path / "store.db", isolation_level=None)
        with closing(reader):
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM vault_key").fetchall()
            await self.erase(vault, person, "identity")
            assert any(secret in content for secret in secrets for content in contents(tmp_path))
        await store.move(Cursor("relay", Frontier().extend([b"x" * 32])))
        assert not [secret for secret in secrets for content in contents(tmp_path) if secret in content]

    async def test_what_an_older_key_wrapped_is_gone_from_the_files_once_it_is_renewed(
        self, vault: Vault, tmp_path: Path
    ) -> None:
        blob = await self.kept(vault, new_ref())
        both = AgencyKeys("later", {**AgencyKeys.generate("later").by_name, **self.keys.by_name})
        await self.with_keys(both).renew()
        [wrapped] = [add.row["wrapped"] for add in blob.rows if "wrapped" in add.row]
        assert isinstance(wrapped, bytes)
        assert not [content for content in contents(tmp_path) if wrapped in content]

    async def test_bytes_altered_in_the_database_are_an_alarm(self, vault: Vault, store: SqlStore) -> None:
        blob = await self.kept(vault, new_ref())
        await store.change(
            lambda connection: connection.exec_driver_sql("UPDATE vault_blob SET blob = zeroblob(length(blob))")
        )
        with pytest.raises(DataLoss, match="not what its entry commits to"):
            await vault.open(blob.commitment)

    async def test_another_agencys_key_opens_nothing(self, vault: Vault, store: SqlStore) -> None:
        blob = await self.kept(vault, new_ref())
        other = SqlVault(store, Sealer(ORIGIN, AgencyKeys.generate("test")))
        with pytest.raises(DataLoss, match="does not open"):
            await other.open(blob.commitment)


def contents(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.iterdir()]


def test_a_key_file_is_read_back_and_not_overwritten(tmp_path: Path) -> None:
    keys, file = AgencyKeys.generate("2026"), tmp_path / "vault.key"
    keys.save(file)
    assert AgencyKeys.load(file) == keys
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        keys.save(file)


@pytest.mark.parametrize("text", ["", "2026", "2026 short", "2026 " + "A" * 43 + "=\n2026 " + "A" * 43 + "=", "ÿþ"])
def test_a_faulty_key_file_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "vault.key"
    file.write_text(text, "latin-1")
    with pytest.raises(AgencyKeysInvalid):
        AgencyKeys.load(file)


async def test_what_an_older_key_wrapped_still_opens_and_new_keys_use_the_newer() -> None:
    old, new = AgencyKeys.generate("2025"), AgencyKeys.generate("2026")
    both = AgencyKeys("2026", {**new.by_name, **old.by_name})
    sealer, older = Sealer(ORIGIN, both), Sealer(ORIGIN, old)
    key = older.new_key()
    blob, commitment = older.seal(key, "identity", Sealed(CANARY))
    assert sealer.open(sealer.unwrapped(key.id, key.wrapped_by, key.wrapped), blob, commitment).reveal() == CANARY
    assert sealer.new_key().wrapped_by == "2026"
    assert sealer.fingerprint(Sealed(CANARY)) == older.fingerprint(Sealed(CANARY))
