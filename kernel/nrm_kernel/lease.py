"""Leases: of several processes that run one service, one at a time relays, signs and reacts.

A lease saves work, it guards nothing: a process that was stopped and goes on may do a little more before it learns that
it lost the lease. Cursors are moved by compare-and-set, commands carry request ids that follow from their causes, and
entries that are published twice are the same entries, so what it does then has no second effect.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Protocol

from nrm_kernel.errors import Unavailable

RETRY_S = 1.0


class LeaseLost(Unavailable):
    """Another process may have the lease now."""

    def __init__(self, name: str) -> None:
        super().__init__("LEASE_LOST", f"The lease {name} was lost: another process goes on.", lease=name)


class Lease(Protocol):
    """A lease that this process has."""

    async def lost(self) -> None:
        """Wait until it is lost. Keeps the lease meanwhile: a lease that nobody waits for runs out."""
        ...


class Leases(Protocol):
    """The leases of the processes that share one store."""

    def held(self, name: str) -> AbstractAsyncContextManager[Lease]:
        """Wait until no other process has the lease, and have it as long as the block. Raises Unavailable."""
        ...


async def alone(leases: Leases, name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Do the work while this process has the lease; when the lease is lost, end it and begin anew once it is had again.

    The work must begin where another process left off. Returns when the work does, and raises what it raises, but waits
    for a store that is away.
    """
    while True:
        try:
            async with leases.held(name) as lease:
                return await _until_lost(lease, name, work)
        except Unavailable:
            await asyncio.sleep(RETRY_S)


async def _until_lost(lease: Lease, name: str, work: Callable[[], Awaitable[None]]) -> None:
    working, lost = asyncio.ensure_future(work()), asyncio.ensure_future(lease.lost())
    try:
        await asyncio.wait([working, lost], return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise LeaseLost(name)
        await working
    finally:
        for task in (working, lost):
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task


class Turn:
    """One lease for all that a process does alone: it has its turn at everything or at nothing."""

    def __init__(self, leases: Leases, name: str) -> None:
        self._leases = leases
        self._name = name
        self._had = asyncio.Event()
        self._lost = asyncio.Event()
        self._let_go = asyncio.Event()
        self._given_up = False

    @property
    def is_had(self) -> bool:
        """Whether it is this process's turn."""
        return self._had.is_set()

    async def run(self) -> None:
        """Have the lease whenever no other process has it, until it is given up."""
        while not self._given_up:
            await alone(self._leases, self._name, self._keep)

    def pass_on(self) -> None:
        """Let a process have it that waits for it. This one has its turn again when no other wants it."""
        self._let_go.set()

    def give_up(self) -> None:
        """Leave it to the other processes for good: what this one met it cannot go on from."""
        self._given_up = True
        self._let_go.set()

    @asynccontextmanager
    async def held(self, _name: str) -> AsyncIterator[Lease]:
        """See :meth:`Leases.held`."""
        await self._had.wait()
        yield _Shared(self._lost)

    async def _keep(self) -> None:
        if self._given_up:  # while it was waited for
            return
        self._lost = asyncio.Event()
        self._let_go.clear()
        self._had.set()
        try:
            await self._let_go.wait()
        finally:
            self._had.clear()
            self._lost.set()


class _Shared:
    def __init__(self, lost: asyncio.Event) -> None:
        self._lost = lost

    async def lost(self) -> None:
        await self._lost.wait()
