"""The vault in memory: for tests, and for a demonstration that is to leave nothing behind."""

from collections.abc import Collection, Sequence

from nrm_kernel.adapters.vault_seal import DataKey, Sealer
from nrm_kernel.adapters.vault_sql import new_blob_row, new_key_row, vault_blob, vault_key
from nrm_kernel.vault import Commitment, Sealed, SealedBlob
from nrm_kernel.views import Add, Cells, Remove


class MemoryVault:
    """See :class:`nrm_kernel.vault.Vault`. Whoever records an entry hands its rows to :meth:`keep`."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer
        self._keys: dict[str, Cells] = {}
        self._blobs: dict[str, Cells] = {}

    def opened_with(self, sealer: Sealer) -> "MemoryVault":
        """The same rows under other keys of the agency."""
        other = MemoryVault(sealer)
        other._keys, other._blobs = self._keys, self._blobs
        return other

    def keep(self, rows: Sequence[Add | Remove]) -> None:
        """Insert and take away rows: what a store does in its transaction."""
        for change in rows:
            kept, key = (self._keys, "dek_id") if change.table is vault_key else (self._blobs, "hash")
            if isinstance(change, Add):
                kept[str(change.row[key])] = change.row
            else:
                kept.pop(str(change.key[key]), None)

    async def seal(self, person_ref: str, data_class: str, content: Sealed, *, new_person: bool = False) -> SealedBlob:
        """See :meth:`nrm_kernel.vault.Vault.seal`."""
        known = None if new_person else self._key_of(person_ref, data_class)
        key = known or self._sealer.new_key()
        blob, commitment = self._sealer.seal(key, data_class, content)
        rows = [] if known else [new_key_row(key, person_ref, data_class)]
        return SealedBlob(commitment, [*rows, new_blob_row(key, blob, commitment)])

    async def open(self, commitment: Commitment) -> Sealed | None:
        """See :meth:`nrm_kernel.vault.Vault.open`."""
        blob = self._blobs.get(str(commitment["h"]))
        key = self._keys.get(str(blob["dek_id"])) if blob else None
        if blob is None or key is None:
            return None
        return self._sealer.open(self._unwrapped(key), _bytes(blob["blob"]), commitment)

    async def erasing(self, person_ref: str, data_classes: Collection[str]) -> Sequence[Remove]:
        """See :meth:`nrm_kernel.vault.Vault.erasing`."""
        keys = {
            dek_id for dek_id, key in self._keys.items() if key["person"] == person_ref and key["class"] in data_classes
        }
        blobs = [blob_hash for blob_hash, blob in self._blobs.items() if blob["dek_id"] in keys]
        return [
            *(Remove(vault_blob, {"hash": blob_hash}) for blob_hash in blobs),
            *(Remove(vault_key, {"dek_id": dek_id}) for dek_id in keys),
        ]

    async def renew(self) -> int:
        """See :meth:`nrm_kernel.vault.Vault.renew`."""
        older = [key for key in self._keys.values() if key["wrapped_by"] != self._sealer.current]
        for key in older:
            fresh = self._sealer.rewrapped(self._unwrapped(key))
            self.keep([new_key_row(fresh, str(key["person"]), str(key["class"]))])
        return len(older)

    def fingerprint(self, content: Sealed) -> bytes:
        """See :meth:`nrm_kernel.vault.Vault.fingerprint`."""
        return self._sealer.fingerprint(content)

    def _key_of(self, person_ref: str, data_class: str) -> DataKey | None:
        for key in self._keys.values():
            if (key["person"], key["class"]) == (person_ref, data_class):
                return self._unwrapped(key)
        return None

    def _unwrapped(self, key: Cells) -> DataKey:
        return self._sealer.unwrapped(str(key["dek_id"]), str(key["wrapped_by"]), _bytes(key["wrapped"]))


def _bytes(cell: object) -> bytes:
    assert isinstance(cell, bytes)
    return cell
