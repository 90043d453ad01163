"""When another agency may look into this agency's vault: only with the person's own consent to it, and never for all.

Where a person stays and what they told a doctor or counsellor never leaves an agency that assists.
"""

from datetime import date

from nrm_assistance.domain.command import live_consent
from nrm_assistance.domain.person import PERSON, Person, at
from nrm_kernel.decider import Streams
from nrm_kernel.errors import Refused
from nrm_kernel.vault import Keeping, Kept, Look, Sight

NEVER_LEAVES = frozenset({"location", "health", "interview", "narrative"})


def may_open(person: Person, look: Look) -> str:
    """The rule under which the class may be seen now. Refuses with NO_LIVE_BASIS."""
    if look.legal_basis == "consent" and look.data_class not in NEVER_LEAVES:
        if live_consent(person, "share_with", look.today, look.caller.agency):
            return "consent:share_with"
        if look.caller.kind == "identification" and live_consent(person, "referral", look.today):
            return "consent:referral"
    raise Refused("NO_LIVE_BASIS", "No consent that lives lets that agency see this.")


def kept(today: date, person: Person) -> Kept:
    """Open as long as the person's case is, or something is still due."""
    is_open = (person.case is not None and person.case.is_open) or bool(person.deadlines)
    return Kept(is_open, any(consent.is_live(today) for consent in person.consents.values()))


async def _records(person_ref: str) -> Streams:
    return [at(person_ref)]


SIGHT = Sight(PERSON, may_open, Keeping(_records, kept))
