"""What every command on a person carries, and the two questions that most rules ask first."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from nrm_assistance.domain.parts import Case, Consent
from nrm_assistance.domain.person import Person
from nrm_contracts.fields import Ref
from nrm_contracts.policy import NationalPolicy
from nrm_kernel.errors import NotFound, Refused

CONSENT: Final = "consent"


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutPerson:
    """``agency`` is this agency's own origin; an empty ``legal_basis`` means the method's own."""

    person_ref: Ref
    occurred_on: date
    agency: str
    policy: NationalPolicy
    legal_basis: str = ""


def latest_case(person: Person) -> Case:
    """The person's latest case, open or ended. Raises NotFound for somebody who never had one here."""
    if person.profile is None or person.case is None:
        raise NotFound
    return person.case


def open_case(person: Person) -> Case:
    """The person's open case. Raises NotFound for somebody not registered here; refuses with CASE_NOT_OPEN."""
    if person.profile is None:
        raise NotFound
    if person.case is None or not person.case.is_open:
        raise Refused(
            "CASE_NOT_OPEN",
            "The person has no open case at this agency. Open one with OpenCase.",
        )
    return person.case


def accepted_case(person: Person) -> Case:
    """The open case of a person who accepted help. Refuses with CASE_NOT_OPEN or NOT_ACCEPTED."""
    case = open_case(person)
    if case.stage != "accepted":
        raise Refused("NOT_ACCEPTED", f"The case is {case.stage}: the person has not accepted help yet.")
    return case


def live_consent(person: Person, scope: str, day: date, share_with: str | None = None) -> Consent | None:
    """The newest consent of that scope that something done on that day may rest on."""
    live = (
        consent
        for consent in person.consents.values()
        if consent.given.scope == scope and consent.given.share_with == share_with and consent.is_live(day)
    )
    return max(live, key=lambda consent: (consent.given.given_on, consent.given.consent_id), default=None)


def needs_consent(command: AboutPerson, person: Person, scope: str) -> None:
    """A command that rests on consent unless the caller names another basis. Refuses with CONSENT_NOT_LIVE."""
    if command.legal_basis in ("", CONSENT) and not live_consent(person, scope, command.occurred_on):
        raise no_consent(scope, command.occurred_on)


def cites_no_dead_consent(command: AboutPerson, person: Person) -> None:
    """A command that rests on a duty unless the caller names consent to assistance as its basis."""
    if command.legal_basis == CONSENT and not live_consent(person, "assistance", command.occurred_on):
        raise no_consent("assistance", command.occurred_on)


def no_consent(scope: str, day: date) -> Refused:
    """The refusal of what would rest on a consent that does not live on that day."""
    return Refused(
        "CONSENT_NOT_LIVE",
        f"On {day} the person had no live consent of scope {scope!r}. Ask the person and record GiveConsent, or name "
        "another legal basis if the law gives one, such as vital_interest in an emergency.",
        scope=scope,
    )
