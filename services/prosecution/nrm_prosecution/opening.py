"""Another agency never looks into a prosecutor's vault: what a prosecution needs to share, a court orders.

Its own officers see what is sealed of a person in that person's stream, and of a defendant in the case's.
"""

from collections.abc import Awaitable, Callable
from datetime import date

from nrm_contracts.prosecution.events import DefendantAdded
from nrm_kernel.decider import At, Streams
from nrm_kernel.errors import Refused
from nrm_kernel.same_person import same_person
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
        records = await same_person(lookup, VICTIMS, subject, lambda one: one.merged)
        cases = {case for one in records.values() for case in one.participations}
        return [*(At(VICTIMS, one) for one in records), *(At(CASES, case) for case in sorted(cases))]

    return Sight(VICTIMS, may_open, Keeping(files, kept), Elsewhere(stream, _defendant))


def kept(today: date, *files: Victim | CriminalCase) -> Kept:
    """Open as long as a case is in which they are, or none is yet, or something is due to the person.

    The victims are all records of one person; a case needs what is in it.
    """
    victims = [one for one in files if isinstance(one, Victim)]
    cases = [one for one in files if isinstance(one, CriminalCase)]
    return Kept(
        open=bool(victims and not cases) or any(one.open for one in cases) or any(_due(one, today) for one in victims),
        consent_lives=any(one.capacities for victim in victims for one in victim.participations.values()),
    )


def _due(victim: Victim, today: date) -> bool:
    """Something is owed to the person, or protects them, whether or not their cases ended."""
    protected = any(one.ends_on is None or today <= one.ends_on for one in victim.protection.values())
    heard = any(today <= hearing_on for _case, _kind, hearing_on in victim.hearings)
    unpaid = any(amount for claim in victim.claims.values() for amount in claim.unpaid_minor.values())
    return bool(victim.deadlines) or protected or heard or unpaid


def _defendant(event: object) -> str | None:
    return event.defendant_ref if isinstance(event, DefendantAdded) else None
