"""A person becomes known, is screened, or is reported without a name."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Protocol

from nrm_contracts.fields import Code
from nrm_contracts.identification.person_events import AnonymousNotificationMade, PersonDetected, ScreeningCompleted
from nrm_contracts.identification.terms import (
    AgeBand,
    Channel,
    Forms,
    Indicators,
    Language,
    Needs,
    Region,
    Sex,
    Version,
)
from nrm_identification.domain.child import arrival_of_child
from nrm_identification.domain.command import AboutPerson
from nrm_identification.domain.duties import duty
from nrm_identification.domain.standing import require_current, usable
from nrm_identification.domain.state import deadlines
from nrm_identification.domain.state.consents import INTERVIEW, REFERRAL
from nrm_identification.domain.state.deadlines import SCREENING, SUBMISSION
from nrm_identification.domain.state.person import Person
from nrm_kernel.decider import Decision
from nrm_kernel.errors import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectPerson(AboutPerson):
    """Somebody may be a victim of trafficking."""

    detection_channel: Channel
    region: Region
    age_band: AgeBand
    sex: Sex
    minor_claimed: bool = False
    language: Language
    immediate_needs: Needs = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen(AboutPerson):
    """A screening interview took place."""

    tool: Annotated[str, Code("screening_tool")]
    tool_version: Version
    indicators: Indicators = ()
    acts: tuple[Annotated[str, Code("palermo_act")], ...] = ()
    means: tuple[Annotated[str, Code("palermo_means")], ...] = ()
    purposes: tuple[Annotated[str, Code("palermo_purpose")], ...] = ()
    exploitation_forms: Forms = ()
    outcome: Annotated[str, Code("screening_outcome")]


class Elements(Protocol):
    """What a screening names of the definition."""

    @property
    def indicators(self) -> tuple[str, ...]: ...

    @property
    def acts(self) -> tuple[str, ...]: ...

    @property
    def means(self) -> tuple[str, ...]: ...

    @property
    def purposes(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyAnonymously(AboutPerson):
    """An adult with signs of trafficking does not consent to a referral."""


def detect_person(command: DetectPerson, person: Person) -> Decision:
    """Makes the person known; whoever is or may be a child is treated as one from the first moment."""
    if command.legal_basis == "consent":
        raise Refused("BASIS_UNFIT", "Nobody has consented yet: name another legal basis, or leave it empty.")
    if person.profile is not None:
        raise Refused("PERSON_KNOWN", f"Person {command.person_ref} is known already. Go on with Screen.")
    detected = PersonDetected(
        command.person_ref,
        command.detection_channel,
        command.region,
        command.age_band,
        command.sex,
        command.minor_claimed,
        command.language,
        command.immediate_needs,
        command.occurred_on,
    )
    return [
        detected,
        duty(command, SCREENING, command.person_ref, PersonDetected),
        *arrival_of_child(
            command,
            person,
            command.age_band,
            told_minor=command.minor_claimed,
            reason="claimed",
            anchor=PersonDetected,
        ),
    ]


def screen(command: Screen, person: Person) -> Decision:
    """Records what the screening found; ``indicated`` needs every element of the definition.

    While a referral is open the question is the authority's, so nobody is interviewed for it once more.
    """
    require_current(command, person, INTERVIEW)
    refuse_if_referred(person)
    _refuse_if_unwilling(person)
    if command.outcome == "indicated":
        require_elements(command, person)
    completed = ScreeningCompleted(
        command.person_ref,
        command.tool,
        command.tool_version,
        command.indicators,
        command.acts,
        command.means,
        command.purposes,
        command.exploitation_forms,
        command.outcome,
        command.occurred_on,
    )
    return [completed, *_after_screening(command, person)]


def notify_anonymously(command: NotifyAnonymously, person: Person) -> Decision:
    """Reports the fact without the person, where the policy provides for it (as the UK's duty to notify)."""
    profile = require_current(command, person)
    if not command.policy.anonymous_notice:
        raise Refused("NOTICE_NOT_FORESEEN", "The national policy does not provide for anonymous notification.")
    if person.childhood.is_child:
        raise Refused("CHILD_IS_REFERRED", "A child, or whoever may be one, is referred: no consent is needed for it.")
    screening = require_indicated(person)
    refuse_if_referred(person)
    if usable(person, REFERRAL, command.occurred_on) is not None:
        raise Refused("CONSENT_LIVE", "The person consents to a referral: record SubmitReferral instead.")
    if not person.consents.said_no(REFERRAL):
        raise Refused(
            "CONSENT_NOT_ASKED", "The person was not asked yet. Ask, and record GiveConsent or RefuseConsent."
        )
    notified = AnonymousNotificationMade(
        command.person_ref,
        profile.detection_channel,
        profile.region,
        screening.exploitation_forms,
        person.childhood.band,
        command.occurred_on,
    )
    return [notified, *deadlines.met(person.deadlines, command.occurred_on, command.person_ref, SUBMISSION)]


def require_indicated(person: Person) -> ScreeningCompleted:
    """The newest screening. Refused with NOT_INDICATED unless it found signs of trafficking."""
    if person.screening is None or person.screening.outcome != "indicated":
        raise Refused(
            "NOT_INDICATED",
            f"No screening of person {person.person_ref} has found signs of trafficking. Record Screen first.",
        )
    return person.screening


def refuse_if_referred(person: Person) -> None:
    """Refused with REFERRAL_OPEN while a referral is open: a person has one at a time."""
    if open_one := person.referrals.open:
        raise Refused(
            "REFERRAL_OPEN",
            f"Referral {open_one.referral_id} of person {person.person_ref} is open. Wait for its answer.",
            referral_id=open_one.referral_id,
        )


def _refuse_if_unwilling(person: Person) -> None:
    if person.consents.said_no(INTERVIEW):
        raise Refused(
            "CONSENT_REFUSED",
            f"Person {person.person_ref} does not want to be interviewed. Nothing was recorded. "
            "If they change their mind, record GiveConsent of scope interview first.",
            scope="interview",
        )


def require_elements(command: Elements, person: Person) -> None:
    """Act, means and purpose; for a child means are not required (Palermo Protocol art. 3 (c))."""
    found = {"indicators": command.indicators, "acts": command.acts, "purposes": command.purposes}
    if not person.childhood.is_child:
        found["means"] = command.means
    missing = [name for name, codes in found.items() if not codes]
    if missing:
        raise Refused(
            "ELEMENTS_MISSING",
            f"The outcome is 'indicated' but the screening names no {', '.join(missing)}. Nothing was recorded. "
            "Add them, or record the outcome as inconclusive.",
            missing=",".join(missing),
        )


def _after_screening(command: Screen, person: Person) -> Iterator[object]:
    about, on = command.person_ref, command.occurred_on
    if command.outcome != "indicated":
        yield from deadlines.lifted(person.deadlines, on, about, SUBMISSION)
    if command.outcome == "inconclusive":
        yield duty(command, SCREENING, about, ScreeningCompleted)
        return
    yield from deadlines.met(person.deadlines, on, about, SCREENING)
    if command.outcome == "indicated":
        yield duty(command, SUBMISSION, about, ScreeningCompleted)
