"""Leases on PostgreSQL: an advisory lock for each, on a connection that PostgreSQL ends when nothing is heard on it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from nrm_kernel.adapters.postgres_access import closed, connected
from nrm_kernel.adapters.postgres_faults import LOST, told
from nrm_kernel.lease import Lease

LEASE_S = 10.0
"""How long a process that was stopped, or cannot be reached, keeps a lease."""
_LOCK = "SELECT pg_advisory_lock(hashtextextended($1, 0))"


class PostgresLeases:
    """See :class:`nrm_kernel.lease.Leases`. Each lease has a connection of its own."""

    def __init__(self, url: str, lease_s: float = LEASE_S) -> None:
        self._url = url
        self._lease_s = lease_s

    @asynccontextmanager
    async def held(self, name: str) -> AsyncIterator[Lease]:
        """See :meth:`nrm_kernel.lease.Leases.held`."""
        settings = {"application_name": f"nrm lease {name}", "idle_session_timeout": str(int(self._lease_s * 1000))}
        with told():
            connection = await connected(self._url, settings)
        try:
            with told():
                await connection.execute(_LOCK, f"lease:{name}", timeout=None)
            yield _Held(connection, self._lease_s / 3)
        finally:
            await closed(connection)


class _Held:
    def __init__(self, connection: asyncpg.Connection, beat_s: float) -> None:
        self._connection = connection
        self._beat_s = beat_s

    async def lost(self) -> None:
        """See :meth:`nrm_kernel.lease.Lease.lost`."""
        try:
            while True:
                await self._connection.execute("SELECT 1", timeout=self._beat_s)
                await asyncio.sleep(self._beat_s)
        except LOST:
            return
