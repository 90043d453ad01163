"""What an assistance agency is told of a person's safety, and how it prepares them. Part of ``events.py``.

A day of a hearing says that a court sits, never whether the person is heard.
"""

from dataclasses import dataclass
from typing import Annotated

from nrm_contracts.catalogue import Audience, event
from nrm_contracts.fields import Code, Day, Origin, Ref


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class OffenderReleaseNoted:
    """Somebody convicted of what was done to the person is free, as told."""

    person_ref: Ref
    released_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class HearingNoted:
    """A court sits in a case of the person on this day, as told."""

    person_ref: Ref
    kind: Annotated[str, Code("hearing_kind")]
    hearing_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class HearingCallOffNoted:
    """The hearing of this day does not take place, as told: whoever was prepared for it should know."""

    person_ref: Ref
    kind: Annotated[str, Code("hearing_kind")]
    hearing_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class HearingTold:
    """What ``sender`` said last of the hearing of this day: that it takes place, or not.

    Two courts may sit on one day: a hearing stands until everybody who told of it has called it off.
    """

    person_ref: Ref
    sender: Origin
    kind: Annotated[str, Code("hearing_kind")]
    hearing_on: Day
    takes_place: bool


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class PersonPrepared:
    """The person knows what awaits them in the hearing of that day, and who goes with them if they go."""

    person_ref: Ref
    hearing_on: Day
    prepared_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ProtectionChangeNoted:
    """A measure that protects the person was granted, extended or ended, as told."""

    person_ref: Ref
    measure: Annotated[str, Code("protection_measure")]
    change: Annotated[str, Code("protection_change")]
    starts_on: Day
    ends_on: Day | None = None
