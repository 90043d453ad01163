"""Learning what becomes known while the agencies run by themselves: each one's own log is read as it grows."""

import asyncio
from collections.abc import Sequence

from nrm.agency import Agency
from nrm.demo.desk import Desks, Unplanned
from nrm.demo.known import Known
from nrm.demo.step import Step

READ_MAX = 2_000
POLL_S = 0.05
TRIES = 10


class Unsettled(Exception):
    """A stream moves on and on: somebody else writes to it all the time."""

    def __init__(self, agency: str, step: Step) -> None:
        super().__init__(f"{agency}: {step.method} came too late {TRIES} times")


class Following:
    """Follows every agency's log and teaches what stands there."""

    def __init__(self, agencies: Sequence[Agency], known: Known) -> None:
        self._agencies = agencies
        self._known = known

    async def catch_up(self) -> bool:
        """Read what is new; False when nothing was."""
        found = [await self._read(agency) for agency in self._agencies]
        return any(found)

    async def skip(self) -> None:
        """Begin at the end of every log: what stands there is of no concern."""
        for agency in self._agencies:
            self._known.sizes[agency.origin] = await agency.store.size()

    async def send(self, desks: Desks, agency: str, step: Step) -> bool:
        """Send a step if all that it needs is known; again, when a reaction was quicker and its stream moved on."""
        for _ in range(TRIES):
            await self.catch_up()
            request = self._known.filled(agency, step.request)
            if request is None:
                return False
            try:
                await desks.send(agency, step, request)
                return True
            except Unplanned as unplanned:
                if unplanned.reason != "VERSION_STALE":
                    raise
                await asyncio.sleep(POLL_S)
        raise Unsettled(agency, step)

    async def rest(self) -> None:
        """Until every log was relayed, every notice reacted to, every view brought up, and nothing more comes."""
        restless = True
        while restless:
            restless = await self.catch_up() or not await self._at_rest()
            await asyncio.sleep(POLL_S)

    async def _read(self, agency: Agency) -> bool:
        entries = await agency.store.read(self._known.sizes.get(agency.origin, 0), READ_MAX)
        self._known.learn(entries)
        return bool(entries)

    async def _at_rest(self) -> bool:
        sizes = await self._sizes()
        for agency in self._agencies:
            behind = [reacting for reacting in agency.reacting if reacting.size < sizes[reacting.origin]]
            shown = (await agency.views.completeness()).sizes
            if behind or agency.relay.size < sizes[agency.origin] or any(shown[one] < sizes[one] for one in shown):
                return False
        return await self._sizes() == sizes  # what was reacted to meanwhile may have left something new

    async def _sizes(self) -> dict[str, int]:
        return {agency.origin: await agency.store.size() for agency in self._agencies}
