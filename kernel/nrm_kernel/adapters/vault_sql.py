"""The vault in the agency's own store: its rows are inserted in the transaction that records their commitments.

A change of its tables goes with a migration in ``migrations/vault``.
"""

from collections.abc import Callable, Collection, Sequence
from typing import Protocol, TypeVar

from sqlalchemy import Column, Connection, Index, LargeBinary, MetaData, String, Table, delete, insert, select

from nrm_kernel.adapters.vault_seal import DataKey, Sealer
from nrm_kernel.vault import Commitment, Sealed, SealedBlob
from nrm_kernel.views import Add, Remove

T = TypeVar("T")
_ERASABLE = {"role": "SELECT, INSERT, DELETE", "wiped": True}
metadata = MetaData(info={"kind": "vault"})

vault_key = Table(
    "vault_key",
    metadata,
    Column("dek_id", String(32), primary_key=True),
    Column("person", String(32), nullable=False),
    Column("class", String(32), nullable=False),
    Column("wrapped_by", String(32), nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Index("vault_key_by_person", "person", "class"),
    info=_ERASABLE,
)
"""Data keys. A person has at least one per class that was sealed; two when two first commands came at once."""

vault_blob = Table(
    "vault_blob",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("dek_id", String(32), nullable=False, index=True),
    Column("blob", LargeBinary, nullable=False),
    info=_ERASABLE,
)
"""Sealed bytes by the hash that an entry commits to. Without its key, as after an erasure, a blob cannot be read."""


class BesideTheLog(Protocol):
    """The store's door for what is kept beside its log."""

    async def run(self, step: Callable[[Connection], T]) -> T: ...

    async def change(self, step: Callable[[Connection], T]) -> T: ...


class SqlVault:
    """See :class:`nrm_kernel.vault.Vault`."""

    def __init__(self, store: BesideTheLog, sealer: Sealer) -> None:
        self._store = store
        self._sealer = sealer

    async def seal(self, person_ref: str, data_class: str, content: Sealed, *, new_person: bool = False) -> SealedBlob:
        """See :meth:`nrm_kernel.vault.Vault.seal`."""
        known = None if new_person else await self._key_of(person_ref, data_class)
        key = known or self._sealer.new_key()
        blob, commitment = self._sealer.seal(key, data_class, content)
        rows = [] if known else [_key_row(key, person_ref, data_class)]
        return SealedBlob(commitment, [*rows, _blob_row(key, blob, commitment)])

    async def open(self, commitment: Commitment) -> Sealed | None:
        """See :meth:`nrm_kernel.vault.Vault.open`."""
        query = (
            select(vault_key.c.dek_id, vault_key.c.wrapped_by, vault_key.c.wrapped, vault_blob.c.blob)
            .join(vault_blob, vault_blob.c.dek_id == vault_key.c.dek_id)
            .where(vault_blob.c.hash == commitment["h"])
        )
        row = await self._store.run(lambda connection: connection.execute(query).one_or_none())
        if row is None:
            return None
        return self._sealer.open(self._sealer.unwrapped(*row[:3]), row.blob, commitment)

    async def erasing(self, person_ref: str, data_classes: Collection[str]) -> Sequence[Remove]:
        """See :meth:`nrm_kernel.vault.Vault.erasing`."""
        query = (
            select(vault_key.c.dek_id, vault_blob.c.hash)
            .join(vault_blob, vault_blob.c.dek_id == vault_key.c.dek_id, isouter=True)
            .where(vault_key.c.person == person_ref, vault_key.c["class"].in_(data_classes))
        )
        rows = await self._store.run(lambda connection: connection.execute(query).all())
        return [
            *(Remove(vault_blob, {"hash": row.hash}) for row in rows if row.hash),
            *(Remove(vault_key, {"dek_id": dek_id}) for dek_id in dict.fromkeys(row.dek_id for row in rows)),
        ]

    async def renew(self) -> int:
        """See :meth:`nrm_kernel.vault.Vault.renew`."""
        return await self._store.change(self._renew)

    def fingerprint(self, content: Sealed) -> bytes:
        """See :meth:`nrm_kernel.vault.Vault.fingerprint`."""
        return self._sealer.fingerprint(content)

    async def _key_of(self, person_ref: str, data_class: str) -> DataKey | None:
        query = (
            select(vault_key.c.dek_id, vault_key.c.wrapped_by, vault_key.c.wrapped)
            .where(vault_key.c.person == person_ref, vault_key.c["class"] == data_class)
            .limit(1)
        )
        row = await self._store.run(lambda connection: connection.execute(query).one_or_none())
        return None if row is None else self._sealer.unwrapped(*row)

    def _renew(self, connection: Connection) -> int:
        """A row is taken away and added, for the agency's role may not change one; one that is gone stays gone."""
        older = select(vault_key).where(vault_key.c.wrapped_by != self._sealer.current)
        renewed = 0
        for row in connection.execute(older).all():
            key = self._sealer.rewrapped(self._sealer.unwrapped(row.dek_id, row.wrapped_by, row.wrapped))
            if connection.execute(delete(vault_key).where(vault_key.c.dek_id == row.dek_id)).rowcount:
                connection.execute(insert(vault_key), dict(_key_row(key, row.person, row._mapping["class"]).row))
                renewed += 1
        return renewed


def _key_row(key: DataKey, person_ref: str, data_class: str) -> Add:
    """The row of a fresh data key."""
    return Add(
        vault_key,
        {
            "dek_id": key.id,
            "person": person_ref,
            "class": data_class,
            "wrapped_by": key.wrapped_by,
            "wrapped": key.wrapped,
        },
    )


def _blob_row(key: DataKey, blob: bytes, commitment: Commitment) -> Add:
    """The row of a sealed piece."""
    return Add(vault_blob, {"hash": str(commitment["h"]), "dek_id": key.id, "blob": blob})
