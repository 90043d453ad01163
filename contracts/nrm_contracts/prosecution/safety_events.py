"""What may put a victim in danger or keep them safe: releases, hearings, measures of protection. Part of ``events.py``.

Whoever is told is told the bare fact: no case, no defendant, no place, and nothing about what the person said.
"""

from dataclasses import dataclass
from typing import Annotated

from nrm_contracts.catalogue import Audience, event
from nrm_contracts.fields import Code, Day, Ref

HearingKind = Annotated[str, Code("hearing_kind")]
Measure = Annotated[str, Code("protection_measure")]
ProtectionChange = Annotated[str, Code("protection_change")]


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class VictimEnteredCase:
    """The case's own note of VictimLinkedToCase: whom a release of its defendants concerns."""

    criminal_case_id: Ref
    person_ref: Ref
    entered_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class OffenderReleaseTold:
    """A convicted defendant of the victim's case is free; ``told``: an agency that knows the victim hears of it."""

    person_ref: Ref
    criminal_case_id: Ref
    defendant_ref: Ref
    told: bool
    released_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class HearingScheduled:
    """A court sits in the victim's case on ``hearing_on``; whether the person comes is theirs to say."""

    person_ref: Ref
    criminal_case_id: Ref
    kind: HearingKind
    hearing_on: Day
    scheduled_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class HearingCalledOff:
    """The court does not sit on that day. Where the hearing is moved, HearingScheduled says to which one."""

    person_ref: Ref
    criminal_case_id: Ref
    kind: HearingKind
    hearing_on: Day
    called_off_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ProtectionMeasureGranted:
    """A measure protects the victim from ``starts_on`` on; ``ends_on`` is its last day, absent: until it is ended."""

    person_ref: Ref
    criminal_case_id: Ref
    measure: Measure
    change: ProtectionChange
    starts_on: Day
    ends_on: Day | None = None


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ProtectionMeasureEnded:
    """The measure protects the victim no longer."""

    person_ref: Ref
    criminal_case_id: Ref
    measure: Measure
    ended_on: Day


# --------------------------------------------------------------------------------------------------------- notices


@event(version=1, audience=Audience.NOTICE, sensitivity=2)
@dataclass(frozen=True, slots=True)
class OffenderReleasedNotified:
    """Somebody convicted of what was done to the person you know under this handover is free."""

    handover_id: Ref
    released_on: Day


@event(version=1, audience=Audience.NOTICE, sensitivity=2)
@dataclass(frozen=True, slots=True)
class HearingNotified:
    """A court sits on this day in a case of the person you know under this handover."""

    handover_id: Ref
    hearing_on: Day
    kind: HearingKind


@event(version=1, audience=Audience.NOTICE, sensitivity=2)
@dataclass(frozen=True, slots=True)
class HearingCalledOffNotified:
    """The hearing that you were told of does not take place on that day. A new day is told as a hearing of its own."""

    handover_id: Ref
    hearing_on: Day
    kind: HearingKind


@event(version=1, audience=Audience.NOTICE, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ProtectionMeasureNotified:
    """A measure that protects the person you know under this handover was granted, extended or ended.

    ``starts_on`` and ``ends_on`` are the Mondays of the weeks in which it begins and in which its last day lies; of a
    measure that ended, ``ends_on`` is the day on which it did.
    """

    handover_id: Ref
    measure: Measure
    change: ProtectionChange
    starts_on: Day
    ends_on: Day | None = None
