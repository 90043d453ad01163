"""When another agency may look into this agency's vault: only with the person's own consent to it, and never for all.

Where a person stays and what they told a doctor or counsellor never leaves an agency that assists.
"""

from datetime import date

from nrm_assistance.domain.command import live_consent
from nrm_assistance.domain.person import PERSON, Person, at
from nrm_kernel.decider import Streams
from nrm_kernel.errors import Refused
from nrm_kernel.same_person import same_person
from nrm_kernel.service import Lookup
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


def kept(today: date, *records: Person) -> Kept:
    """For all records of one person: open as long as a case of theirs is, or something is still due."""
    return Kept(
        open=any(map(_open, records)),
        consent_lives=any(consent.is_live(today) for one in records for consent in one.consents.values()),
    )


def _open(person: Person) -> bool:
    return (person.case is not None and person.case.is_open) or bool(person.deadlines)


def sight(lookup: Lookup) -> Sight:
    """Who may look, and what keeps data: whichever record of the person it concerns."""

    async def records(person_ref: str) -> Streams:
        return list(map(at, await same_person(lookup, PERSON, person_ref, lambda one: one.merged_with)))

    return Sight(PERSON, may_open, Keeping(records, kept))
