"""Between two days of the history everything that was recorded is told and reacted to, until nothing moves."""

import asyncio
from collections.abc import Sequence
from functools import partial

from nrm.agency import Agency
from nrm.demo.known import Known
from nrm_kernel.reactions import Reacting

READ_MAX = 2_000


class Settling:
    """Does what the agencies' own loops do, at set times, and only where it makes somebody act.

    A log without a new notice is relayed later, together with what follows; the rest of every log is read by the loops
    themselves, as soon as they run.
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
            addressed = await asyncio.gather(*(self._learnt(agency) for agency in moved))
            told = {(to, agency.origin) for agency, names in zip(moved, addressed, strict=True) for to in names}
            senders = {sender for _, sender in told}
            await asyncio.gather(*(agency.publish() for agency in moved if agency.origin in senders))
            await asyncio.gather(
                *(
                    self._reacted(reacting)
                    for agency in self._agencies
                    for reacting in agency.reacting
                    if (agency.origin, reacting.origin) in told
                )
            )

    async def _learnt(self, agency: Agency) -> set[str]:
        """Read on in the agency's log. Gives those to whom something new is addressed."""
        addressed: set[str] = set()
        while True:
            entries = await agency.store.read(self._known.sizes.get(agency.origin, 0), READ_MAX)
            self._known.learn(entries)
            addressed |= {entry.to for entry in entries if entry.to}
            if len(entries) < READ_MAX:
                return addressed

    async def _reacted(self, reacting: Reacting) -> None:
        while reacting.size < self._known.sizes[reacting.origin]:
            await reacting.step()
