"""Waiting for company: what costs as much for one as for many is done for many. What comes alone never waits.

The idea is that of PostgreSQL's ``commit_delay`` with ``commit_siblings``. A process that serves many callers is busy
with all of them at once, so that their commands reach the log spread over time: taken as they come, a handful share a
commit, and a third of what the process does is commits.
"""

import asyncio
from collections.abc import Sized

SIBLINGS = 4
"""So many at once are a load: who comes next will not be alone."""
TURNS = 16
"""Turns of the event loop that a call takes from the wire to the log; an idle loop is through with them at once."""
GATHERING_S = 0.02
REST_S, REST_MAX_S = 0.05, 0.25
RESTS_PER_ROUND = 4


async def gathered(waiting: Sized, enough: int) -> None:
    """Wait while more join those who wait: until a call's turns have brought nobody, or for 20 ms at most."""
    loop = asyncio.get_running_loop()
    until, quiet = loop.time() + GATHERING_S, 0
    while quiet < TURNS and len(waiting) < enough and loop.time() < until:
        before = len(waiting)
        await asyncio.sleep(0)
        quiet = 0 if len(waiting) > before else quiet + 1


def rest_s(round_s: float) -> float:
    """How long a loop rests when more came during a round of so many seconds: four times as long, within bounds.

    A busy one then takes a fifth of the process at most, and the more there is the more it does at once.
    """
    return min(REST_MAX_S, max(REST_S, RESTS_PER_ROUND * round_s))
