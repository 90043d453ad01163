"""Consent by scope: given after seven points of information, refused, revoked."""

from dataclasses import dataclass
from typing import Annotated

from nrm_contracts.catalogue import Audience, event
from nrm_contracts.fields import Code, Day, Origin, Ref
from nrm_contracts.identification.terms import ConsentChange, Scope


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """The person, or a child's guardian, agreed to one scope. ``share_with`` names the one receiver of that scope."""

    person_ref: Ref
    consent_id: Ref
    scope: Scope
    purpose: Annotated[str, Code("purpose")]
    informed_points: tuple[Annotated[str, Code("iom_informed_point")], ...]
    interpreter_used: bool
    given_by: Annotated[str, Code("consent_giver")]
    given_on: Day
    share_with: Origin | None = None
    expires_on: Day | None = None


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ConsentRefused:
    """The person was asked for a scope and said no."""

    person_ref: Ref
    scope: Scope
    refused_on: Day
    share_with: Origin | None = None


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ConsentRevoked:
    """From ``effective_on`` nothing may rest on this consent."""

    person_ref: Ref
    consent_id: Ref
    scope: Scope
    effective_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ConsentChangeReceived:
    """Another agency told that a consent changed. A revocation ends this agency's own consents of that scope too."""

    person_ref: Ref
    sender: Origin
    scope: Scope
    change: ConsentChange
    effective_on: Day
