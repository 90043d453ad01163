"""What an assistance agency records of a return to another country. Part of ``events.py``.

A country is a code and the receiver an opaque reference with its kind. What the danger of a return was found to be, and
why, is for this agency alone: no notice holds any of it.
"""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from nrm_contracts.catalogue import Audience, event
from nrm_contracts.fields import Code, Day, Origin, Ref

Country = Annotated[str, Code("iso_3166_1")]

FormVersion = Annotated[int, Field(ge=1, le=999)]
"""Of the form of referral that both sides agreed on."""


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ReturnOpened:
    """With the person, this agency looks into a return to another country; ``owner`` answers for its deadlines."""

    person_ref: Ref
    return_id: Ref
    to_country: Country
    owner: Origin
    opened_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=3)
@dataclass(frozen=True, slots=True)
class ReturnRiskAssessed:
    """How dangerous the return would be (Council of Europe Convention 197, art. 16); why is sealed."""

    person_ref: Ref
    return_id: Ref
    risk: Annotated[str, Code("return_risk_outcome")]
    assessed_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ReturnConsented:
    """The person, who knows the risk, wants to go; ``consent_id`` names the consent given with it."""

    person_ref: Ref
    return_id: Ref
    consent_id: Ref
    consented_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class TransnationalReferralSent:
    """An organisation in that country was asked to receive the person, on a version of the agreed form."""

    person_ref: Ref
    return_id: Ref
    to_country: Country
    receiver_ref: Ref
    receiver_kind: Annotated[str, Code("org_kind")]
    form_version: FormVersion
    sent_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class TransnationalReferralAnswered:
    """What the organisation abroad said."""

    person_ref: Ref
    return_id: Ref
    receiver_ref: Ref
    answer: Annotated[str, Code("receiver_answer")]
    answered_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class PersonReturned:
    """The person left for that country."""

    person_ref: Ref
    return_id: Ref
    to_country: Country
    returned_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ReintegrationHandoverConfirmed:
    """The organisation abroad has received the person and helps from here on."""

    person_ref: Ref
    return_id: Ref
    receiver_ref: Ref
    confirmed_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ReturnCalledOff:
    """The person does not go. Another return may be looked into at any time."""

    person_ref: Ref
    return_id: Ref
    reason: Annotated[str, Code("return_end_reason")]
    called_off_on: Day
