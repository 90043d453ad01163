"""When another agency may look into this agency's vault: on a live consent, or without one on a ground of law.

What is sealed stays as long as anything about the person is open.

That the other agency shares a handover of the person, and that its officer's role and purpose go with the class of
data, is checked before.
"""

from datetime import date

from nrm_identification.domain.standing import covered, usable
from nrm_identification.domain.state.consents import ASSISTANCE, PROCEEDINGS, REFERRAL, SHARE_WITH
from nrm_identification.domain.state.person import PERSON, Person, at
from nrm_identification.domain.state.phase import OPEN
from nrm_kernel.decider import Streams
from nrm_kernel.errors import Refused
from nrm_kernel.service import Lookup
from nrm_kernel.vault import Keeping, Kept, Look, Sight

SCOPE_OF = {"identification": REFERRAL, "assistance": ASSISTANCE, "prosecution": PROCEEDINGS}
"""The scope of consent under which an agency of each kind receives anything about a person."""

NEVER_OPENED = {"prosecution": frozenset({"location", "health"})}
"""What no consent opens to an agency of that kind: where a victim is and how they are is no matter of proceedings."""


def may_open(person: Person, look: Look) -> str:
    """The rule under which the class may be seen now. Refuses with NO_LIVE_BASIS."""
    agency, kind = look.caller.agency, look.caller.kind
    scope = SCOPE_OF.get(kind, "")
    if look.data_class not in NEVER_OPENED.get(kind, frozenset()):
        match look.legal_basis:
            case "consent" if usable(person, scope, look.today):
                return f"consent:{scope}"
            case "consent" if usable(person, SHARE_WITH, look.today, agency):
                return f"consent:{SHARE_WITH}"
            # A child is referred and protected without consent (Convention 197, art. 10.4 and 12.7).
            case "legal_obligation" if person.childhood.is_child and scope in (REFERRAL, ASSISTANCE):
                return "child_protection"
            case "vital_interest" if scope == ASSISTANCE and covered(person, scope, "vital_interest", look.today):
                return "vital_interest"
    raise Refused("NO_LIVE_BASIS", "No consent that lives, and no ground of law, lets that agency see this.")


def kept(today: date, *records: Person) -> Kept:
    """For all records of one person."""
    return Kept(
        open=any(map(_open, records)),
        consent_lives=any(
            one.consents.live(scope, today, share_with) for one in records for scope, share_with in one.consents.given
        ),
    )


def _open(person: Person) -> bool:
    """A step is owed to the person, what was granted for a time runs, or an authority has yet to decide.

    A status alone needs no papers here. For what rests in a record that was joined to another one, that other one
    stands; but for what another authority was asked.
    """
    granted = person.permit is not None or (person.recovery is not None and person.recovery.running)
    if person.merged_into is not None:
        asked = any(one.is_open and not one.here for one in person.referrals.by_id.values())
        return granted or asked or bool(person.deadlines)
    awaited = person.phase in OPEN or person.referrals.open is not None
    return granted or awaited or bool(person.owed)


def sight(lookup: Lookup) -> Sight:
    """Who may look, and what keeps data: all records of the person, also those joined to theirs."""

    async def records(person_ref: str) -> Streams:
        state, _version = await lookup.state(PERSON, person_ref)
        if state.merged_into is not None:
            return [at(person_ref), *(one for one in await records(state.merged_into) if one != at(person_ref))]
        return [at(person_ref), *(at(each) for each in sorted(state.absorbed))]

    return Sight(PERSON, may_open, Keeping(records, kept))
