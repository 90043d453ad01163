"""Tells when an agency's database goes away and when it is back: a line for each change, however often it is tried.

One in which nothing can be recorded is away too: a standby, or a server that has no connection left for who writes.
"""

import asyncio
from collections.abc import Sequence

from structlog.typing import FilteringBoundLogger

from nrm.agency import Agency
from nrm_kernel.adapters.postgres_faults import for_the_operator
from nrm_kernel.adapters.store_postgres import PostgresStore
from nrm_kernel.errors import Unavailable
from nrm_kernel.store import Store

LOOK_S = 2.0
PATIENCE_S = 5.0
"""A database that answers no sooner counts as away."""


class StoreReach:
    """Whether one agency's database answers, as it was seen last."""

    def __init__(self, agency: Agency, address: str, log: FilteringBoundLogger) -> None:
        self._agency = agency
        self._address = address
        self._log = log
        self.is_away = False

    async def look(self) -> None:
        """Ask it something small, and tell of a change."""
        cause = await self._missing()
        if cause and not self.is_away:
            self._log.warning("store_away", origin=self._agency.origin, address=self._address, cause=cause)
        if self.is_away and not cause:
            self._log.info("store_back", origin=self._agency.origin, address=self._address)
        self.is_away = bool(cause)

    async def _missing(self) -> str:
        """Why there is no answer; empty when there is one."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                await tried(self._agency.store)
        except Unavailable as fault:
            return for_the_operator(fault)
        except TimeoutError:
            return f"no answer within {PATIENCE_S:g} s"
        return ""


async def tried(store: Store) -> int:
    """How many entries are there, once it was seen that more can be recorded. Raises Unavailable when not."""
    size = await store.size()
    if isinstance(store, PostgresStore):
        await store.try_writing()
    return size


async def look_for_ever(reaches: Sequence[StoreReach]) -> None:
    """Look again and again; each at its own pace, for one that is away answers late."""

    async def every(reach: StoreReach) -> None:
        while True:
            await reach.look()
            await asyncio.sleep(LOOK_S)

    await asyncio.gather(*map(every, reaches))
