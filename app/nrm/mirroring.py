"""The auditor's own copy of every log: one file, filled from the shared log with what was verified on the way.

`nrm audit …` reads it offline, beside whatever other copies it is given.
"""

import asyncio

from nrm_kernel.adapters.log_sqlite import SqliteLog
from nrm_kernel.errors import Unavailable
from nrm_kernel.follow import Covered, Follower
from nrm_kernel.ledger.merkle import Frontier
from nrm_kernel.ledger.trust import Trusted
from nrm_kernel.log import SharedLog
from nrm_kernel.relay import published

WAIT_S = 5.0
RETRY_S = 1.0


class Mirroring:
    """Copies one origin's log into the mirror, from where the mirror ends."""

    def __init__(self, log: SharedLog, mirror: SqliteLog, trust: Trusted, origin: str, reader: str) -> None:
        self._mirror = mirror
        self._own = Follower(mirror, trust, origin, reader, Frontier())
        self._follower = Follower(log, trust, origin, reader, Frontier())
        self._began = False

    @property
    def origin(self) -> str:
        """Whose log is copied."""
        return self._follower.origin

    @property
    def size(self) -> int:
        """How far it was copied."""
        return self._follower.frontier.size

    async def run(self) -> None:
        """Copy for ever. A contradiction, in the log or in the mirror itself, raises; what is away is waited for."""
        while True:
            try:
                if not await self.step():
                    await self._follower.wait(WAIT_S)
            except Unavailable:
                await asyncio.sleep(RETRY_S)

    async def step(self) -> bool:
        """Copy the next verified stretch; False when there is none."""
        if not self._began:
            while await self._own.next():  # what the mirror holds is verified before anything is put behind it
                pass
            self._follower.frontier = self._own.frontier
            self._began = True
        before = self._follower.frontier
        covered = await self._follower.next()
        if covered is None:
            return False
        try:
            await self._keep(covered)
        except Unavailable:
            self._follower.frontier = before
            raise
        return True

    async def _keep(self, covered: Covered) -> None:
        await self._mirror.publish(covered.origin, [published(entry) for entry in covered.entries], covered.note)
