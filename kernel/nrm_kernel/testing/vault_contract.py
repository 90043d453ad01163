"""What every vault must hold to. A test class inherits this and gives the ``store`` in which it is."""

import copy
import json
import pickle
from collections.abc import Sequence

import orjson
import pytest

from nrm_kernel.adapters.store_postgres import PostgresStore
from nrm_kernel.adapters.store_sql import SqlStore
from nrm_kernel.adapters.vault_seal import AgencyKeys, Sealer
from nrm_kernel.adapters.vault_sql import SqlVault
from nrm_kernel.errors import DataLoss
from nrm_kernel.ids import new_ref
from nrm_kernel.store import Batch, Wanted
from nrm_kernel.vault import SEALED_TEXT, BlobAltered, Commitment, Sealed, SealedBlob, Vault
from nrm_kernel.views import Add, Remove

ORIGIN = "toy/boats/north"
CANARY = b"Canary Name-Of-Nobody"


class VaultContract:
    """Needs a fixture ``store``, with the vault's tables in it. The vault is opened under ``keys``."""

    keys = AgencyKeys.generate("test")

    @pytest.fixture
    def vault(self, store: SqlStore | PostgresStore) -> Vault:
        self._store = store
        return self.with_keys(self.keys)

    def with_keys(self, keys: AgencyKeys) -> Vault:
        """The same vault opened under other keys of the agency."""
        return SqlVault(self._store, Sealer(ORIGIN, keys))

    async def make(self, changes: Sequence[Add | Remove]) -> None:
        """Make changes of rows as the store does with an entry."""
        async with self._store.writing(Wanted()) as writing:
            await writing.commit(Batch(rows=list(changes)))

    async def erase(self, vault: Vault, person: str, *data_classes: str) -> None:
        """Take away the keys of these classes."""
        await self.make(await vault.erasing(person, data_classes))

    async def kept(self, vault: Vault, person: str, data_class: str = "identity", text: bytes = CANARY) -> SealedBlob:
        """Seal and insert."""
        blob = await vault.seal(person, data_class, Sealed(text))
        await self.make(blob.rows)
        return blob

    async def test_what_was_sealed_opens_again(self, vault: Vault) -> None:
        blob = await self.kept(vault, new_ref())
        opened = await vault.open(blob.commitment)
        assert opened is not None
        assert opened.reveal() == CANARY

    async def test_what_was_not_inserted_is_not_there(self, vault: Vault) -> None:
        blob = await vault.seal(new_ref(), "identity", Sealed(CANARY))
        assert await vault.open(blob.commitment) is None

    async def test_a_person_has_one_key_per_class(self, vault: Vault) -> None:
        person = new_ref()
        first, second = await self.kept(vault, person), await self.kept(vault, person)
        other_class, other_person = await self.kept(vault, person, "contact"), await self.kept(vault, new_ref())
        keys = [blob.commitment["dek"] for blob in (first, second, other_class, other_person)]
        assert keys[0] == keys[1]
        assert len(set(keys)) == 3

    async def test_equal_contents_do_not_show_in_what_is_kept(self, vault: Vault) -> None:
        person = new_ref()
        first, second = await self.kept(vault, person), await self.kept(vault, person)
        assert first.commitment["h"] != second.commitment["h"]
        assert CANARY not in repr((first, second)).encode()

    async def test_two_first_pieces_at_once_both_open(self, vault: Vault) -> None:
        person = new_ref()
        blobs = [await vault.seal(person, "identity", Sealed(CANARY)) for _ in range(2)]
        for blob in blobs:
            await self.make(blob.rows)
        assert [(await self.opened(vault, blob)) for blob in blobs] == [CANARY, CANARY]

    async def test_what_is_erased_of_a_person_is_gone_and_nothing_else(self, vault: Vault) -> None:
        person, other = new_ref(), new_ref()
        gone = [await self.kept(vault, person, data_class) for data_class in ("identity", "contact", "contact")]
        stay = [await self.kept(vault, person, "health"), await self.kept(vault, other)]
        await self.erase(vault, person, "identity", "contact")
        assert [await self.opened(vault, blob) for blob in gone] == [None, None, None]
        assert [await self.opened(vault, blob) for blob in stay] == [CANARY, CANARY]
        assert await vault.erasing(person, ["identity", "contact"]) == []

    async def test_nothing_is_gone_before_the_changes_are_made(self, vault: Vault) -> None:
        person = new_ref()
        blob = await self.kept(vault, person)
        assert len(await vault.erasing(person, ["identity"])) == 2, "a key and what it seals"
        assert await self.opened(vault, blob) == CANARY

    async def test_the_copy_of_an_erased_blob_opens_nothing(self, vault: Vault) -> None:
        person = new_ref()
        copied = await self.kept(vault, person)
        await self.erase(vault, person, "identity")
        await self.make([row for row in copied.rows if "blob" in row.row])
        assert await self.opened(vault, copied) is None

    async def test_keys_wrapped_anew_open_what_they_did(self, vault: Vault) -> None:
        blob = await self.kept(vault, new_ref())
        both = AgencyKeys("later", {**AgencyKeys.generate("later").by_name, **self.keys.by_name})
        later = self.with_keys(both)
        assert (await later.renew(), await later.renew()) == (1, 0)
        assert await self.opened(later, blob) == CANARY

    async def test_without_the_older_key_no_copy_made_before_can_be_opened(self, vault: Vault) -> None:
        person, newer = new_ref(), AgencyKeys.generate("later")
        copied = await self.kept(vault, person)
        await self.with_keys(AgencyKeys("later", {**newer.by_name, **self.keys.by_name})).renew()
        await self.erase(vault, person, "identity")
        await self.make(copied.rows)
        with pytest.raises(DataLoss, match="does not open"):
            await self.with_keys(newer).open(copied.commitment)

    async def test_a_person_can_be_sealed_anew_after_an_erasure(self, vault: Vault) -> None:
        person = new_ref()
        old = await self.kept(vault, person)
        await self.erase(vault, person, "identity")
        new = await self.kept(vault, person)
        assert (await self.opened(vault, old), await self.opened(vault, new)) == (None, CANARY)
        assert old.commitment["dek"] != new.commitment["dek"]

    async def test_a_blob_sealed_while_its_person_was_erased_is_unreadable_and_harms_nobody(self, vault: Vault) -> None:
        person = new_ref()
        await self.kept(vault, person)
        late = await vault.seal(person, "identity", Sealed(CANARY))
        await self.erase(vault, person, "identity")
        await self.make(late.rows)
        assert await self.opened(vault, late) is None

    @pytest.mark.parametrize("field", ["kc", "class"])
    async def test_another_commitment_to_the_same_bytes_is_an_alarm(self, vault: Vault, field: str) -> None:
        blob = await self.kept(vault, new_ref())
        forged: Commitment = {**blob.commitment, field: "0" * 64}
        with pytest.raises(BlobAltered):
            await vault.open(forged)

    async def test_a_commitment_says_what_the_entry_must_hold_and_no_more(self, vault: Vault) -> None:
        commitment = (await self.kept(vault, new_ref())).commitment
        assert set(commitment) == {"class", "h", "kc", "dek", "len"}
        assert commitment["len"] == len(CANARY)

    async def test_fingerprints_tell_equal_contents(self, vault: Vault) -> None:
        assert vault.fingerprint(Sealed(b"a")) == vault.fingerprint(Sealed(b"a"))
        assert vault.fingerprint(Sealed(b"a")) != vault.fingerprint(Sealed(b"b"))

    def test_sealed_content_is_not_shown_by_any_way_of_writing(self) -> None:
        sealed = Sealed(CANARY)
        written = [
            str(sealed),
            repr(sealed),
            f"{sealed}",
            f"{sealed!r:>20}",
            sealed + "x",
            json.dumps([sealed]),
            orjson.dumps([sealed]).decode(),
            repr(pickle.dumps(sealed)),
            repr({"a": [sealed]}),
            repr(copy.deepcopy([sealed])),
        ]
        assert [text for text in written if "Canary" in text] == []
        assert str(sealed) == SEALED_TEXT

    async def opened(self, vault: Vault, blob: SealedBlob) -> bytes | None:
        """The content, or None."""
        content = await vault.open(blob.commitment)
        return None if content is None else content.reveal()
