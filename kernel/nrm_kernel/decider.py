"""Rules as two pure functions: ``decide(command, state) -> what happens`` and ``evolve(state, event) -> state``.

A command that needs more than one stream to decide names them all; ``decide`` then gets their states in that order.
They are read inside the append transaction, so that what was decided still holds when it is recorded.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Generic, TypeVar

S = TypeVar("S")
E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class In:
    """An event recorded in another stream of the same store, in the same append."""

    stream: str
    event: object


@dataclass(frozen=True, slots=True)
class Notice:
    """An event addressed to one other agency.

    ``about`` is what the two agencies share: a handover id, or a contract's reference. It names the notice's stream.
    """

    to: str
    about: str
    event: object


Decision = Sequence[object]
"""What a command makes happen: events of its own stream, :class:`In` another one, :class:`Notice` to other agencies."""


@dataclass(frozen=True)
class Fold(Generic[S, E]):
    """A kind of stream and how its events make up its state. Streams are named ``<category>-<id>``."""

    category: str
    initial: S
    evolve: Callable[[S, E], S]

    def stream(self, key: str) -> str:
        """The name of the stream of that key."""
        return f"{self.category}-{key}"

    def state(self, events: Iterable[E]) -> S:
        """The state after these events, from the beginning."""
        return reduce(self.evolve, events, self.initial)


@dataclass(frozen=True, slots=True)
class At(Generic[S, E]):
    """One stream that a command reads to decide: a fold and the key of the stream."""

    fold: Fold[S, E]
    key: str

    @property
    def stream(self) -> str:
        return self.fold.stream(self.key)


Streams = Sequence[At[Any, Any]]
"""What a command reads to decide, its own stream first."""
