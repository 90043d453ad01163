"""The vault's port: personal data sealed outside the log, which holds only commitments to it.

A commitment stands in the entry's ``sealed`` list: ``class``, ``h`` (hash of the sealed bytes), ``kc`` (commitment to
the key), ``dek`` (the key's name), ``len``. ``h`` makes the bytes tamper-evident; ``kc`` keeps anybody from crafting
bytes that open to two texts under two keys, which AES-GCM alone does not rule out. Destroying a person's keys leaves
both in the log: they say nothing about the text.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, SupportsIndex

from nrm_kernel.decider import Fold, Streams
from nrm_kernel.errors import DataLoss
from nrm_kernel.identity import Caller
from nrm_kernel.views import Add, Remove

SEALED_TEXT = "‹sealed›"
Commitment = Mapping[str, str | int]


class Sealed(str):
    """Personal data on its way through the process: whoever prints, formats, stores or pickles it gets ‹sealed›.

    It is a text so that every writer of JSON writes that text too. :meth:`reveal` alone gives the bytes.
    """

    __slots__ = ("_content",)
    _content: bytes

    def __new__(cls, content: bytes) -> "Sealed":
        sealed = super().__new__(cls, SEALED_TEXT)
        sealed._content = content
        return sealed

    def reveal(self) -> bytes:
        """The content. Every call of this is a place to look at in a review."""
        return self._content

    def __repr__(self) -> str:
        return SEALED_TEXT

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def __reduce_ex__(self, _protocol: SupportsIndex) -> tuple[type[str], tuple[str]]:
        return str, (SEALED_TEXT,)


@dataclass(frozen=True, slots=True)
class SealedBlob:
    """A sealed piece: its commitment for the entry, and the rows to insert in the transaction that records it."""

    commitment: Commitment
    rows: Sequence[Add]


class BlobAltered(DataLoss):
    """Sealed bytes or key are not those that the entry commits to."""

    def __init__(self, blob_hash: str) -> None:
        super().__init__(
            "SEALED_DATA_ALTERED",
            f"The sealed data {blob_hash} is not what its entry commits to. Nothing is shown. Call the auditor.",
            hash=blob_hash,
        )


class BlobMissing(DataLoss):
    """Sealed bytes or their key are gone, and no erasure on record took them."""

    def __init__(self, blob_hash: str) -> None:
        super().__init__(
            "SEALED_DATA_MISSING",
            f"The sealed data {blob_hash} is gone, and nothing on record says that it was erased. Nothing is shown. "
            "Call the auditor.",
            hash=blob_hash,
        )


class Vault(Protocol):
    """One agency's sealed personal data."""

    async def seal(self, person_ref: str, data_class: str, content: Sealed, *, new_person: bool = False) -> SealedBlob:
        """Seal under the key of that person and class. Nothing is kept before the blob's rows are inserted."""
        ...

    async def open(self, commitment: Commitment) -> Sealed | None:
        """The content that an entry commits to; None when it was erased. Raises :class:`BlobAltered`."""
        ...

    async def erasing(self, person_ref: str, data_classes: Collection[str]) -> Sequence[Remove]:
        """What takes the person's keys of these classes away, and all that they seal.

        Nothing is gone before these changes are made, in the transaction that records the erasure.
        """
        ...

    async def renew(self) -> int:
        """Wrap every data key that an older key of the agency wraps under its current one; gives how many.

        Then the older key opens nothing that is kept here; without it, no copy of what was erased can be opened.
        """
        ...

    def fingerprint(self, content: Sealed) -> bytes:
        """Tells equal contents of a repeated request, to nobody who lacks the agency's key."""
        ...


@dataclass(frozen=True, slots=True)
class Look:
    """What another agency wants to see of a person, and on what ground (codes of data_class and legal_basis)."""

    caller: Caller
    data_class: str
    legal_basis: str
    today: date


@dataclass(frozen=True)
class Elsewhere:
    """Where the data of people stand who have no stream of their own, such as defendants in their case's.

    ``stream`` names it for a reference, and is None for one that is not known. It may hold data of others too:
    ``subject`` says of an event in it whose data its entry seals, None of one that seals nobody's.
    """

    stream: Callable[[str], Awaitable[str | None]]
    subject: Callable[[object], str | None]


@dataclass(frozen=True, slots=True)
class Kept:
    """Why data of somebody may have to stay: something about them is ``open``, or a consent of theirs lives."""

    open: bool
    consent_lives: bool


@dataclass(frozen=True)
class Keeping:
    """What a service says about erasing from its vault, for whomever it seals data of.

    ``streams`` are read to decide, the one whose entries commit to the data first; none for somebody unknown. ``kept``
    is asked with today and their states, in the transaction that records the erasure.
    """

    streams: Callable[[str], Awaitable[Streams]]
    kept: Callable[..., Kept]


@dataclass(frozen=True)
class Sight:
    """What a service says about looking into its vault.

    ``person`` is the fold of the streams whose entries commit to sealed data; what else is sealed stands ``elsewhere``,
    and is shown to the agency's own officers alone. ``may_open`` decides, on the owner's own state, whether another
    agency may see a class now: it gives the rule's id, or raises Refused. It is asked once more in the transaction that
    records the look. That the caller is the other side of a handover of this person is checked before. ``keeping`` says
    what stands against erasing.
    """

    person: Fold[Any, Any]
    may_open: Callable[[Any, Look], str]
    keeping: Keeping
    elsewhere: Elsewhere | None = None
