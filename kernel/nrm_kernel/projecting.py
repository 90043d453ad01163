"""The view loop: entries become rows, and the rows and the cursor change in one transaction.

A view reads either its own agency's store or other agencies' logs; where its entries come from is a :class:`Source`.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from nrm_kernel.entry import Entry
from nrm_kernel.errors import Unavailable
from nrm_kernel.follow import Follower
from nrm_kernel.ledger.merkle import Frontier
from nrm_kernel.store import Store
from nrm_kernel.testing.failpoints import failpoint
from nrm_kernel.views import Change, View, ViewReader

OWN_LIMIT = 1_000
WAIT_S = 5.0
RETRY_S = 1.0


@dataclass(frozen=True, slots=True)
class Stretch:
    """Entries to apply, and how far the origin's log is applied with them."""

    origin: str
    entries: Sequence[Entry]
    frontier: Frontier


class Source(Protocol):
    """Where a view's entries come from: one origin, from a frontier on."""

    origin: str

    async def next(self) -> Stretch | None: ...

    async def wait(self, timeout_s: float) -> bool: ...


class ViewStore(ViewReader, Protocol):
    """Where rows are kept."""

    async def frontier(self, origin: str) -> Frontier:
        """How far an origin's log has been applied."""
        ...

    async def apply(self, changes: Iterable[Change], stretch: Stretch) -> None:
        """Make the changes and move the cursor, in one transaction."""
        ...


class LogSource:
    """Another agency's log, verified as it is read."""

    def __init__(self, follower: Follower) -> None:
        self._follower = follower
        self.origin = follower.origin

    async def next(self) -> Stretch | None:
        """The next verified stretch."""
        covered = await self._follower.next()
        return None if covered is None else Stretch(covered.origin, covered.entries, covered.frontier)

    async def wait(self, timeout_s: float) -> bool:
        """Wait until there is more."""
        return await self._follower.wait(timeout_s)


class OwnSource:
    """An agency's own store, for its own read models."""

    def __init__(self, store: Store, frontier: Frontier) -> None:
        self._store = store
        self._frontier = frontier
        self._changed = asyncio.Event()
        self.origin = store.origin

    def wake(self) -> None:
        """There may be something new in the store."""
        self._changed.set()

    async def next(self) -> Stretch | None:
        """The next entries."""
        self._changed.clear()
        entries = await self._store.read(self._frontier.size, OWN_LIMIT)
        if not entries:
            return None
        self._frontier = self._frontier.extend([entry.leaf for entry in entries])
        return Stretch(self.origin, entries, self._frontier)

    async def wait(self, timeout_s: float) -> bool:
        """Wait until there is more."""
        try:
            await asyncio.wait_for(self._changed.wait(), timeout_s)
        except TimeoutError:
            return False
        return True


class Projecting:
    """Applies one source's entries to views kept together in one place."""

    def __init__(self, source: Source, views: Sequence[View], store: ViewStore) -> None:
        self._source = source
        self._views = views
        self._store = store

    async def run(self) -> None:
        """Apply for ever. A contradiction in the log raises; an unreachable store or log is waited for."""
        while True:
            try:
                if not await self.step():
                    await self._source.wait(WAIT_S)
            except Unavailable:
                await asyncio.sleep(RETRY_S)

    async def step(self) -> bool:
        """Apply the next stretch; False when there is none."""
        stretch = await self._source.next()
        if stretch is None:
            return False
        changes = [change for entry in stretch.entries for view in self._views for change in view.apply(entry)]
        failpoint("project.before_commit")
        await self._store.apply(changes, stretch)
        failpoint("project.after_commit")
        return True
