"""What a person's word allows: the one place that says whether a consent carries an act."""

from datetime import date

from nrm_contracts.identification.consent_events import ConsentGiven
from nrm_identification.domain.command import AboutPerson
from nrm_identification.domain.state.consents import REFERRAL
from nrm_identification.domain.state.person import Person, Profile, current_profile, profile_of
from nrm_kernel.errors import Refused


def usable(person: Person, scope: str, on: date, share_with: str | None = None) -> ConsentGiven | None:
    """The live consent of that scope, if whoever gave it could give it: the adult, or the child's guardian."""
    consent = person.consents.live(scope, on, share_with)
    giver = "guardian" if person.childhood.is_child else "self"
    return consent if consent is not None and consent.given_by == giver else None


def require_current(command: AboutPerson, person: Person, scope: str = REFERRAL) -> Profile:
    """What is known of the person, if the command may be about them at all.

    Raises NotFound for a person unknown here; refused with PERSON_MERGED for a record that rests, and with
    CONSENT_MISSING when the command names consent as its basis and none of the scope lives.
    """
    current_profile(person)
    return require_known(command, person, scope)


def require_known(command: AboutPerson, person: Person, scope: str = REFERRAL) -> Profile:
    """As :func:`require_current`, also where the record rests: what was granted in it can be ended in it."""
    profile = profile_of(person)
    if command.legal_basis == "consent" and not _lives(command, person, scope):
        raise _missing(person, scope, command.occurred_on)
    return profile


def require_consent(person: Person, scope: str, on: date) -> ConsentGiven:
    """The usable consent of that scope. Refused with CONSENT_MISSING."""
    consent = usable(person, scope, on)
    if consent is None:
        raise _missing(person, scope, on)
    return consent


def covered(person: Person, scope: str, basis: str, on: date) -> bool:
    """Whether what was once shared on that basis may still be followed up.

    A legal obligation does not depend on the person's word; every other basis ends with a no, which for a child in
    danger is not the last word.
    """
    match basis:
        case "legal_obligation":
            return True
        case "consent":
            return usable(person, scope, on) is not None
        case _:
            return person.childhood.is_child or not person.consents.said_no(scope)


def _lives(command: AboutPerson, person: Person, scope: str) -> bool:
    """A consent given here; or, where the person was referred to, the one that the referrer relied on."""
    referral = person.referrals.open
    relied_on = scope == REFERRAL and referral is not None and referral.here and not referral.minor
    return relied_on or usable(person, scope, command.occurred_on) is not None


def _missing(person: Person, scope: str, on: date) -> Refused:
    return Refused(
        "CONSENT_MISSING",
        f"On {on} person {person.person_ref} has no live consent of scope {scope}. Nothing was recorded or shared. "
        "Ask the person and record GiveConsent first, or name the basis that the law gives.",
        scope=scope,
    )
