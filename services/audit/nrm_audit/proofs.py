"""Checkpoints and proofs of one log, from the fullest copy there is."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from nrm_audit.copies import Copy
from nrm_audit.holders import opened
from nrm_audit.stored import entries, fullest
from nrm_kernel.errors import DataLoss, NotFound
from nrm_kernel.ledger import merkle
from nrm_kernel.ledger.note import Checkpoint, NoteInvalid, verify
from nrm_kernel.ledger.trust import NotTrusted, Trusted


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint with the note that states it."""

    checkpoint: Checkpoint
    note: str


@dataclass(frozen=True, slots=True)
class Inclusion:
    """Shows an entry in a checkpoint."""

    leaf: bytes
    path: Sequence[bytes]
    within: SignedCheckpoint


@dataclass(frozen=True, slots=True)
class Consistency:
    """Shows that one checkpoint only added to another."""

    path: Sequence[bytes]
    old: SignedCheckpoint
    new: SignedCheckpoint


@dataclass(frozen=True)
class Proofs:
    """Finds checkpoints and makes proofs; every checkpoint's signature is checked before it is given out."""

    paths: Sequence[Path]
    trust: Trusted

    def checkpoint(self, origin: str, size: int = 0) -> SignedCheckpoint:
        """The checkpoint of this size, the largest for 0. Raises NotFound, DataLoss for a bad signature."""
        with self._copy(origin) as copy:
            return self._signed(copy, size)

    def inclusion(self, origin: str, position: int, size: int = 0) -> Inclusion:
        """Raises NotFound for a position not covered, DataLoss when the stored hashes do not give the signed root."""
        with self._copy(origin) as copy:
            within = self._signed(copy, size)
            if not 0 <= position < within.checkpoint.size:
                raise NotFound
            leaves = _leaves(copy, within.checkpoint)
        return Inclusion(leaves[position], merkle.inclusion_proof(position, leaves), within)

    def consistency(self, origin: str, old_size: int, new_size: int = 0) -> Consistency:
        """Raises NotFound for a checkpoint that is not there, DataLoss when the stored hashes do not give the roots."""
        with self._copy(origin) as copy:
            old, new = self._signed(copy, old_size), self._signed(copy, new_size)
            if not 0 < old_size <= new.checkpoint.size:
                raise NotFound
            leaves = _leaves(copy, new.checkpoint)
        path = merkle.consistency_proof(old_size, leaves)
        sizes_and_roots = old_size, old.checkpoint.root, new.checkpoint.size, new.checkpoint.root
        if not merkle.verify_consistency(*sizes_and_roots, path):
            raise _contradicts(old.checkpoint)
        return Consistency(path, old, new)

    @contextmanager
    def _copy(self, origin: str) -> Iterator[Copy]:
        with opened(self.paths) as holders:
            yield fullest(holders, origin)

    def _signed(self, copy: Copy, size: int) -> SignedCheckpoint:
        notes = dict(copy.source.checkpoints())
        wanted = size or max(notes, default=0)
        if wanted not in notes:
            raise NotFound
        note = notes[wanted]
        try:
            return SignedCheckpoint(verify(note, self.trust.verifier(copy.origin, wanted)), note)
        except (NoteInvalid, NotTrusted) as fault:
            text = f"The stored checkpoint {wanted} of {copy.origin} cannot be relied on: {fault}. Run Verify."
            raise DataLoss("CHECKPOINT_NOT_TRUSTED", text, origin=copy.origin, size=wanted) from None


def _leaves(copy: Copy, checkpoint: Checkpoint) -> list[bytes]:
    """The stored leaf hashes under a checkpoint, shown to give its root."""
    covered = takewhile(lambda entry: entry[0] < checkpoint.size, entries(copy))
    leaves = [leaf for _, _, leaf in covered]
    if len(leaves) != checkpoint.size or merkle.root_of(leaves) != checkpoint.root:
        raise _contradicts(checkpoint)
    return leaves


def _contradicts(checkpoint: Checkpoint) -> DataLoss:
    text = f"{checkpoint.origin}: what is stored does not give the root signed at {checkpoint.size}. Run Verify."
    return DataLoss("LOG_CONTRADICTS", text, origin=checkpoint.origin, size=checkpoint.size)
