"""Between two days of the history everything that was recorded is relayed and reacted to, until nothing moves."""

import asyncio
from collections.abc import Sequence
from functools import partial

from nrm.agency import Agency
from nrm.demo.known import Known
from nrm_kernel.relay import BATCH_MAX


class Settling:
    """Does what the agencies' own loops do, at set times, and reads only logs in which there is something to react to.

    The rest of every log is read by the loops themselves, as soon as they run.
    """

    def __init__(self, agencies: Sequence[Agency], known: Known) -> None:
        self._agencies = agencies
        self._known = known
        self._moved = {agency.origin for agency in agencies}
        for agency in agencies:
            agency.appender.on_commit(partial(self._moved.add, agency.origin))

    async def settle(self) -> None:
        """Until nothing moves any more. The appenders must be running."""
        while self._moved:
            moved = [agency for agency in self._agencies if agency.origin in self._moved]
            self._moved.clear()
            addressed = await asyncio.gather(*(self._relayed(agency) for agency in moved))
            told = {(to, agency.origin) for agency, names in zip(moved, addressed, strict=True) for to in names}
            await asyncio.gather(*(self._reacted(agency, told) for agency in self._agencies))

    async def _relayed(self, agency: Agency) -> set[str]:
        """Publish what is new, and learn from it. Gives the agencies that it is addressed to."""
        addressed: set[str] = set()
        while await agency.relay.relay():
            read = self._known.sizes.get(agency.origin, 0)
            entries = await agency.store.read(read, agency.relay.size - read)
            self._known.learn(entries)
            addressed |= {entry.to for entry in entries if entry.to}
            if len(entries) < BATCH_MAX:
                break
        return addressed

    async def _reacted(self, agency: Agency, told: set[tuple[str, str]]) -> None:
        for reacting in agency.reacting:
            if (agency.origin, reacting.origin) in told:
                while reacting.size < self._known.sizes[reacting.origin]:
                    await reacting.step()
