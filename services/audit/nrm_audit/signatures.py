"""Checkpoints whose signatures are checked many at a time, in this process or beside it."""

from collections.abc import Sequence

from nrm_kernel.ledger.note import Checkpoint, NoteInvalid, VerifierKey, verify

Note = tuple[str, VerifierKey]
"""A signed note, and who must have signed it."""


def believed(notes: Sequence[Note]) -> list[Checkpoint] | None:
    """The checkpoints in these notes; None when any of them is not to be relied on."""
    try:
        return [verify(note, verifier) for note, verifier in notes]
    except NoteInvalid:
        return None
