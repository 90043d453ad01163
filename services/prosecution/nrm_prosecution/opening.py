"""Another agency never looks into a prosecutor's vault: what a prosecution needs to share, a court orders.

Its own officers see what is sealed of a person in that person's stream, and of a defendant in the case's.
"""

from collections.abc import Awaitable, Callable
from datetime import date

from nrm_contracts.prosecution.events import DefendantAdded
from nrm_kernel.decider import At, Streams
from nrm_kernel.errors import Refused
from nrm_kernel.service import Lookup
from nrm_kernel.vault import Elsewhere, Keeping, Kept, Look, Sight
from nrm_prosecution.domain.case import CASES, CriminalCase
from nrm_prosecution.domain.victim import VICTIMS, Victim


def may_open(_victim: Victim, _look: Look) -> str:
    """Refuses always, with NO_LIVE_BASIS."""
    raise Refused("NO_LIVE_BASIS", "A prosecutor's file is opened to no other agency.")


def sight(lookup: Lookup, case_of: Callable[[str], Awaitable[str | None]]) -> Sight:
    """``case_of`` gives a defendant's case."""

    async def stream(defendant_ref: str) -> str | None:
        case = await case_of(defendant_ref)
        return CASES.stream(case) if case else None

    async def files(subject: str) -> Streams:
        if case := await case_of(subject):
            return [At(CASES, case)]
        victim, _version = await lookup.state(VICTIMS, subject)
        return [At(VICTIMS, subject), *(At(CASES, case) for case in sorted(victim.participations))]

    return Sight(VICTIMS, may_open, Keeping(files, kept), Elsewhere(stream, _defendant))


def kept(_today: date, *files: Victim | CriminalCase) -> Kept:
    """Open as long as a case is in which they are, or something is due to the person; a case needs what is in it."""
    victims = [one for one in files if isinstance(one, Victim)]
    cases = [one for one in files if isinstance(one, CriminalCase)]
    return Kept(
        open=any(one.deadlines for one in victims) or any(one.open for one in cases),
        consent_lives=any(one.capacities for victim in victims for one in victim.participations.values()),
    )


def _defendant(event: object) -> str | None:
    return event.defendant_ref if isinstance(event, DefendantAdded) else None
