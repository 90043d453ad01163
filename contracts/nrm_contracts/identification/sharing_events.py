"""What was asked of or told to other agencies about a person, and what they answered."""

from dataclasses import dataclass
from typing import Annotated

from nrm_contracts.catalogue import Audience, event
from nrm_contracts.fields import Code, Day, Origin, Ref
from nrm_contracts.identification.terms import Basis, Forms, Needs


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class AssistanceAsked:
    """An assistance agency was asked to offer help."""

    person_ref: Ref
    to: Origin
    needs: Needs
    basis: Basis
    asked_on: Day
    consent_id: Ref | None = None


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class AssistanceAnswerReceived:
    """What the assistance agency, or the person there, answered."""

    person_ref: Ref
    sender: Origin
    answer: Annotated[str, Code("assistance_answer")]
    answered_on: Day
    reason: Annotated[str, Code("decline_reason")] | None = None


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class VictimReportMade:
    """A prosecution agency was told of a possible victim; with consent, or because the law obliges."""

    person_ref: Ref
    to: Origin
    exploitation_forms: Forms
    basis: Basis
    reported_on: Day
    incident_id: Ref | None = None
    consent_id: Ref | None = None


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class VictimChargeReceived:
    """The person was charged with an offence: their status has to be decided before a court does."""

    person_ref: Ref
    sender: Origin
    charged_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class NonPunishmentReceived:
    """What became of the charge after its review (Convention 197, art. 26)."""

    person_ref: Ref
    sender: Origin
    outcome: Annotated[str, Code("non_punishment_outcome")]
    reviewed_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ContactLossReceived:
    """An assistance agency lost contact with the person."""

    person_ref: Ref
    sender: Origin
    lost_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ContactReturnReceived:
    """The person is in contact again."""

    person_ref: Ref
    sender: Origin
    found_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class OffenderReleaseReceived:
    """Somebody convicted of what was done to the person is free; those who help them are told."""

    person_ref: Ref
    sender: Origin
    released_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class HearingReceived:
    """A court sits in a case of the person on ``hearing_on``; those who help them are told."""

    person_ref: Ref
    sender: Origin
    kind: Annotated[str, Code("hearing_kind")]
    hearing_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class HearingCallOffReceived:
    """The hearing of that day does not take place; those who help the person are told."""

    person_ref: Ref
    sender: Origin
    kind: Annotated[str, Code("hearing_kind")]
    hearing_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ProtectionChangeReceived:
    """A measure that protects the person was granted, extended or ended; those who help them are told."""

    person_ref: Ref
    sender: Origin
    measure: Annotated[str, Code("protection_measure")]
    change: Annotated[str, Code("protection_change")]
    starts_on: Day
    ends_on: Day | None = None
