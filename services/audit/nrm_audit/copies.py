"""A copy of one origin's log as some holder has it, with the vault beside it. Nothing read from it is believed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple, Protocol

from nrm_audit.form import Filing, by_nothing
from nrm_kernel.entry import Json

Row = Sequence[object]
"""An entry as a holder has it: position, bytes (None where they are hidden), leaf hash, and what it is filed under
(`Copy.filed_under`)."""

_SEALED_MARK = b"nrm-sealed/v1"
"""Stands before the bytes when they are hashed. Written again here: whoever verifies takes no word of who sealed."""


class Damaged(Exception):
    """A file that cannot be read as what it should be, or not to its end."""


class Closed(Exception):
    """A place that may be as it should be: whoever looks from here has no right to read it, or cannot reach it."""


class Source(Protocol):
    """Reads one origin's log from a file or folder. Every method may raise Damaged."""

    def batches(self, first: int) -> Iterator[Sequence[Row]]:
        """Entries in the order of their positions, from `first` on."""
        ...

    def checkpoints(self) -> Sequence[tuple[int, str]]:
        """Size and signed note of every checkpoint kept."""
        ...

    def head(self) -> bytes | None:
        """The Merkle frontier kept beside the entries, for holders that keep one."""
        ...


class Nothing:
    """What a holder of the whole deployment has of a log that it lacks."""

    def batches(self, first: int) -> Iterator[Sequence[Row]]:
        """No entries."""
        return iter(())

    def checkpoints(self) -> Sequence[tuple[int, str]]:
        """No checkpoints."""
        return ()

    def head(self) -> bytes | None:
        """None is kept."""
        return None


class Blob(NamedTuple):
    """Sealed bytes as a vault files them."""

    name: str
    sealed: bytes
    has_key: bool

    def is_right(self) -> bool:
        """Whether these are the bytes to which an entry commits by this name."""
        return sha256(_SEALED_MARK + self.sealed).hexdigest() == self.name


class VaultRows(Protocol):
    """The vault beside a store's entries. Each may raise Damaged."""

    def bodies(self, positions: Sequence[int]) -> Sequence[bytes]:
        """The bytes of the entries at these positions, in order."""
        ...

    def blobs(self, names: Sequence[str]) -> Sequence[Blob]:
        """What is filed under any of these hashes."""
        ...

    def size(self) -> int:
        """How many sealed pieces are filed there in all."""
        ...


@dataclass(frozen=True, slots=True)
class Copy:
    """One origin's log in the hands of one holder."""

    holder: str  # the file or folder, as it was named
    origin: str
    source: Source
    of_record: bool = False  # the agency's own store, which must hold all that was ever signed
    filed_under: Callable[[Mapping[str, Json]], Filing] = by_nothing  # what the holder repeats beside the bytes
    stated_size: int = 0  # how many entries the holder itself says it has
    handed_over: int = 0  # how many entries this store has put into the shared log
    shared: bool = False  # in a shared log, whose copies are all of one moment
    signs_only: bool = False  # a checkpoint kept alone, without entries
    hides: bool = False  # made for a reader who may not see every entry: of the rest it has the hash alone
    vault: VaultRows | None = None  # what the agency's own store has beside its entries


class Holder(Protocol):
    """A file or folder that holds copies."""

    @property
    def name(self) -> str: ...

    @property
    def copies(self) -> Sequence[Copy]: ...

    @property
    def of_all(self) -> bool:
        """Whether it should hold the logs of the whole deployment."""
        ...

    def faults(self) -> Sequence[str]:
        """What is wrong with the file as a whole, whether or not its copies can be read."""
        ...

    def renew(self) -> None:
        """Called when every holder is open, for logs first; see `Holders.renew`."""
        ...

    def close(self) -> None: ...
