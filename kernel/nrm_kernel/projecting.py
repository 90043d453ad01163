"""The view loop: entries become rows, and the rows and the cursor change in one transaction.

A view reads either its own agency's store or other agencies' logs; where its entries come from is a :class:`Source`.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, Self, TypeVar

from opentelemetry.trace import NoOpTracer, Tracer

from nrm_contracts.catalogue import UnknownEvent
from nrm_kernel.company import rest_s
from nrm_kernel.entry import Entry
from nrm_kernel.errors import DataLoss, EventUnknown, Unavailable
from nrm_kernel.failpoints import failpoint
from nrm_kernel.follow import Follower
from nrm_kernel.ledger.merkle import Frontier
from nrm_kernel.store import Store
from nrm_kernel.telemetry import joining
from nrm_kernel.views import Change, View, ViewReader

OWN_LIMIT = 1_000
WAIT_S = 5.0
RETRY_S = 1.0
REST_BELOW = OWN_LIMIT // 2
"""A stretch as long as this was cut off by a limit: there is more, and whoever is behind does not rest. A log is read
by whole checkpoints as far as its limit reaches, and a relay signs no more at once: half of it comes at least."""
Rebuilt = TypeVar("Rebuilt", bound="RebuiltStore")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Entries to apply to views that have come as far as ``after``, and how far they have come with them."""

    origin: str
    after: int
    entries: Sequence[Entry]
    frontier: Frontier


class Source(Protocol):
    """Where a view's entries come from: one origin. ``frontier`` is where it goes on and can be set."""

    origin: str
    frontier: Frontier

    async def next(self) -> Stretch | None: ...

    async def wait(self, timeout_s: float) -> bool: ...


class ViewStore(ViewReader, Protocol):
    """Where rows are kept."""

    async def frontier(self, origin: str) -> Frontier:
        """How far an origin's log has been applied."""
        ...

    async def apply(self, changes: Iterable[Change], stretch: Stretch) -> None:
        """Make the changes and move the cursor, in one transaction. Raises :class:`Moved`, and Unavailable."""
        ...


class RebuiltStore(ViewStore, Protocol):
    """A view store that can be made again beside itself."""

    async def beside(self) -> Self:
        """Empty views of the same kind, which nobody reads yet."""
        ...

    async def replace_by(self, fresh: Self) -> None:
        """Go on with those rows from now on."""
        ...

    async def discard(self) -> None:
        """Throw these rows away."""
        ...


class Moved(Unavailable):
    """The views do not stand where the stretch begins: somebody else moved or replaced them."""

    def __init__(self, origin: str, after: int, stands: int) -> None:
        super().__init__(
            "VIEWS_MOVED",
            f"The views have come to {stands} of {origin}, not to {after}. Nothing was changed. Go on from there.",
            origin=origin,
            position=stands,
        )


class LogSource:
    """Another agency's log, verified as it is read."""

    def __init__(self, follower: Follower) -> None:
        self._follower = follower
        self.origin = follower.origin

    @property
    def frontier(self) -> Frontier:
        """Where it goes on."""
        return self._follower.frontier

    @frontier.setter
    def frontier(self, frontier: Frontier) -> None:
        self._follower.frontier = frontier

    async def next(self) -> Stretch | None:
        """The next verified stretch."""
        covered = await self._follower.next()
        if covered is None:
            return None
        return Stretch(covered.origin, covered.before.size, covered.entries, covered.frontier)

    async def wait(self, timeout_s: float) -> bool:
        """Wait until there is more."""
        return await self._follower.wait(timeout_s)


class OwnSource:
    """An agency's own store, for its own read models."""

    def __init__(self, store: Store, frontier: Frontier) -> None:
        self._store = store
        self.frontier = frontier
        self._changed = asyncio.Event()
        self.origin = store.origin

    def wake(self) -> None:
        """There may be something new in the store."""
        self._changed.set()

    async def next(self) -> Stretch | None:
        """The next entries."""
        self._changed.clear()
        after = self.frontier.size
        entries = await self._store.read(after, OWN_LIMIT)
        if not entries:
            return None
        if len(entries) == OWN_LIMIT:
            self._changed.set()  # there may be more
        self.frontier = self.frontier.extend([entry.leaf for entry in entries])
        return Stretch(self.origin, after, entries, self.frontier)

    async def wait(self, timeout_s: float) -> bool:
        """Wait until there is more."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._changed.wait()
        except TimeoutError:
            return False
        return True


class Projecting:
    """Applies one source's entries to views kept together in one place."""

    def __init__(self, source: Source, views: Sequence[View], store: ViewStore, tracer: Tracer | None = None) -> None:
        self._source = source
        self._views = views
        self._store = store
        self._tracer = tracer or NoOpTracer()
        self._in_place = False

    @property
    def origin(self) -> str:
        """Whose log is read."""
        return self._source.origin

    @property
    def size(self) -> int:
        """How far that log was read."""
        return self._source.frontier.size

    async def run(self) -> None:
        """Apply for ever. A contradiction in the log raises; an unreachable store or log is waited for."""
        loop = asyncio.get_running_loop()
        while True:
            began, before = loop.time(), self.size
            try:
                if await self.step() and await self._source.wait(0):
                    if self.size - before < REST_BELOW:  # it is applied together with what comes then
                        await asyncio.sleep(rest_s(loop.time() - began))
                else:
                    self._in_place = await self._source.wait(WAIT_S)  # else it looks anew where they stand
            except Unavailable:
                await asyncio.sleep(RETRY_S)

    async def step(self) -> bool:
        """Apply the next stretch; False when there is none. What could not be applied is read again the next time."""
        if not self._in_place:
            self._source.frontier = await self._store.frontier(self._source.origin)
        self._in_place = False
        stretch = await self._source.next()
        if stretch is None:
            return False
        with joining(self._tracer, "project", stretch.entries):
            changes = self._changes(stretch.entries)
            failpoint("project.before_commit")
            await self._store.apply(changes, stretch)
            failpoint("project.after_commit")
        self._in_place = True
        return True

    def _changes(self, entries: Sequence[Entry]) -> list[Change]:
        changes: list[Change] = []
        for entry in entries:
            try:
                for view in self._views:
                    changes += view.apply(entry)
            except UnknownEvent as unknown:
                raise EventUnknown(entry.origin, entry.position, str(unknown)) from unknown
            except (LookupError, TypeError, ValueError, AttributeError) as fault:
                raise _unreadable(entry) from fault
        return changes


def _unreadable(entry: Entry) -> DataLoss:
    return DataLoss(
        "ENTRY_UNREADABLE",
        f"{entry.origin} at {entry.position}: the entry is signed and has not the form of one. Its rows stop "
        "before it. Call the agency that signed it, and the auditor.",
        origin=entry.origin,
        position=entry.position,
    )


async def rebuild(kept: Rebuilt, sources: Iterable[tuple[Source, Sequence[View]]]) -> None:
    """Make views again from the first entry of each source, beside those that are read meanwhile, then replace them.

    Sources are read side by side: while rows of one are written, entries of another are checked. When it is broken off,
    what was made is thrown away and the views stay as they were. Raises what the sources raise.
    """
    fresh = await kept.beside()
    filling = [_caught_up(Projecting(source, views, fresh)) for source, views in sources]
    try:
        faults = await asyncio.gather(*filling, return_exceptions=True)  # they end before their rows do
        for fault in faults:
            if fault is not None:
                raise fault
    except BaseException:
        await fresh.discard()
        raise
    failpoint("project.before_replace")
    await kept.replace_by(fresh)


async def _caught_up(projecting: Projecting) -> None:
    while await projecting.step():
        pass
