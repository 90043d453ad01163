"""What a person's word allows: the one place that says whether a consent carries an act."""

from datetime import date

from nrm_contracts.identification.consent_events import ConsentGiven
from nrm_identification.domain.state.person import Person
from nrm_kernel.errors import Refused


def usable(person: Person, scope: str, on: date, share_with: str | None = None) -> ConsentGiven | None:
    """The live consent of that scope, if whoever gave it could give it: the adult, or the child's guardian."""
    consent = person.consents.live(scope, on, share_with)
    giver = "guardian" if person.childhood.is_child else "self"
    return consent if consent is not None and consent.given_by == giver else None


def require_consent(person: Person, scope: str, on: date) -> ConsentGiven:
    """The usable consent of that scope. Refused with CONSENT_MISSING."""
    consent = usable(person, scope, on)
    if consent is None:
        raise Refused(
            "CONSENT_MISSING",
            f"On {on} person {person.person_ref} has no live consent of scope {scope}. Nothing was shared. "
            "Ask the person and record GiveConsent first.",
            scope=scope,
        )
    return consent


def covered(person: Person, scope: str, basis: str, on: date) -> bool:
    """Whether what was once shared on that basis may still be followed up.

    A legal obligation does not depend on the person's word; every other basis ends with a no.
    """
    match basis:
        case "legal_obligation":
            return True
        case "consent":
            return usable(person, scope, on) is not None
        case _:
            return not person.consents.said_no(scope)
