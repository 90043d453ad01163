"""The coordinator's looks at the demo: one while its history is still being written, one when it is there."""

from datetime import date

from nrm.demo.agencies import NATIONAL
from nrm.demo.desk import Call, method_of, officer
from nrm.demo.inside import Inside
from nrm.demo.screen import Screen
from nrm.embedded import House
from nrm_contracts.coordinator.v1 import coordinator_pb2 as pb

EARLY_ENTRIES = 5_000
"""With so many there is something to look at, and it did not take long."""


async def funnels(call: Call) -> pb.GetFunnelsResponse:
    """What the coordinator counts."""
    request = pb.GetFunnelsRequest()
    method = method_of(request)
    raw = await call(NATIONAL, method.path, request.SerializeToString(), officer(NATIONAL, NATIONAL, method, 1))
    return pb.GetFunnelsResponse.FromString(raw)


async def bring_up(house: House) -> None:
    """Publish everything that was recorded, and let the coordinator's views follow. Their loops must not run yet."""
    for agency in house.agencies:
        await agency.publish()
    await house.at(NATIONAL).agency.show()


class EarlyLook:
    """Shows the funnel once, when so much is written. By entries, not by time: a world is the same on any machine.

    The ports stay closed: what somebody recorded now would be dated by the simulated clock.
    """

    def __init__(self, house: House, screen: Screen) -> None:
        self._house = house
        self._screen = screen
        self._due = True

    async def reached(self, day: date, entries: int) -> None:
        """The history has come so far."""
        if not self._due or entries < EARLY_ENTRIES:
            return
        self._due = False
        await bring_up(self._house)
        self._screen.early(day, await funnels(Inside(self._house).call))
