"""A referral at its two ends: the referrer's and the deciding authority's."""

from dataclasses import dataclass
from typing import Annotated

from nrm_contracts.catalogue import Audience, event
from nrm_contracts.fields import Code, Day, Origin, Ref
from nrm_contracts.identification.terms import (
    AgeBand,
    Channel,
    Forms,
    Indicators,
    Language,
    Missing,
    Needs,
    ReferralAnswer,
    Region,
    Sex,
)


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ReferralSubmitted:
    """A person is referred for a decision. An adult's rests on ``consent_id``; a child's on ``child_exemption`` and a
    best-interest note."""

    person_ref: Ref
    referral_id: Ref
    shared_ref: Ref
    to: Origin
    incident_ids: tuple[Ref, ...]
    indicators: Indicators
    exploitation_forms: Forms
    submitted_on: Day
    consent_id: Ref | None = None
    child_exemption: Annotated[str, Code("child_exemption")] | None = None
    best_interest_note: Annotated[str, Code("best_interest_result")] | None = None


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ReferralReceived:
    """A referral arrived at the deciding authority, from another agency or from a desk of its own.

    ``handover_id`` is the name under which the sender referred the person; absent at a desk of its own.
    """

    person_ref: Ref
    referral_id: Ref
    shared_ref: Ref
    sender: Origin
    region: Region
    age_band: AgeBand
    sex: Sex
    language: Language
    detection_channel: Channel
    indicators: Indicators
    exploitation_forms: Forms
    immediate_needs: Needs
    minor: bool
    submitted_on: Day
    handover_id: Ref | None = None


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class ReferralAcknowledged:
    """The deciding authority took the referral up."""

    person_ref: Ref
    referral_id: Ref
    acknowledged_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class ReferralReturned:
    """The deciding authority sent the referral back; ``missing`` says what for."""

    person_ref: Ref
    referral_id: Ref
    missing: Missing
    returned_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class ReferralAnswerReceived:
    """The referrer heard what the authority did with its referral."""

    person_ref: Ref
    referral_id: Ref
    answer: ReferralAnswer
    missing: Missing
    answered_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ReferralEnded:
    """The referral is over without a decision, as when an adult withdraws the consent it rests on."""

    person_ref: Ref
    referral_id: Ref
    reason: Annotated[str, Code("referral_end_reason")]
    ended_on: Day
