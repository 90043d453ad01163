"""Another agency never looks into a prosecutor's vault: what a prosecution needs to share, a court orders.

Its own officers see what is sealed of a person in that person's stream, and of a defendant in the case's.
"""

from collections.abc import Awaitable, Callable

from nrm_contracts.prosecution.events import DefendantAdded
from nrm_kernel.errors import Refused
from nrm_kernel.vault import Elsewhere, Look, Sight
from nrm_prosecution.domain.case import CASES
from nrm_prosecution.domain.victim import VICTIMS, Victim


def may_open(_victim: Victim, _look: Look) -> str:
    """Refuses always, with NO_LIVE_BASIS."""
    raise Refused("NO_LIVE_BASIS", "A prosecutor's file is opened to no other agency.")


def sight(case_of: Callable[[str], Awaitable[str | None]]) -> Sight:
    """``case_of`` gives a defendant's case."""

    async def stream(defendant_ref: str) -> str | None:
        case = await case_of(defendant_ref)
        return CASES.stream(case) if case else None

    return Sight(VICTIMS, may_open, Elsewhere(stream, _defendant))


def _defendant(event: object) -> str | None:
    return event.defendant_ref if isinstance(event, DefendantAdded) else None
