"""What other agencies told of victims and incidents; part of the catalogue in ``events.py``."""

from dataclasses import dataclass
from typing import Annotated

from nrm_contracts.catalogue import Audience, event
from nrm_contracts.fields import Code, Day, Origin, Ref
from nrm_contracts.identification.terms import (
    ConsentChange,
    Forms,
    MergeChange,
    RecoveryChange,
    Scope,
    Stage,
    StatusOutcome,
)


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class VictimReportReceived:
    """Another agency reported a victim; from here on the person has a reference at this agency."""

    person_ref: Ref
    handover_id: Ref
    reported_by: Origin
    minor: bool
    exploitation_forms: Forms
    participation_consented: bool
    reported_on: Day
    incident_shared_ref: Ref | None = None


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class StatusNoted:
    """A deciding authority told how it decided on the person's status as a victim."""

    person_ref: Ref
    decided_by: Origin
    stage: Stage
    outcome: StatusOutcome
    final: bool
    decided_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class RecoveryNoted:
    """The person's recovery and reflection period, as told; until ``ends_on`` nobody presses for testimony."""

    person_ref: Ref
    change: RecoveryChange
    starts_on: Day
    ends_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ConsentNoted:
    """A consent given elsewhere has changed, as told."""

    person_ref: Ref
    scope: Scope
    change: ConsentChange
    effective_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class RecordsMergeNoted:
    """Two persons known here were told to be one and the same, or after all not to be."""

    person_ref: Ref
    other_person_ref: Ref
    change: MergeChange


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ContactNoted:
    """Those who assist the person lost or found contact, as told: the fact alone, never where."""

    person_ref: Ref
    in_contact: bool
    since: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class IncidentTold:
    """That agency told of an incident, so that it may void it. ``incident_id`` is the reference shared with it."""

    incident_id: Ref
    told_by: Origin


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class IncidentVoidingNoted:
    """The agency that told of an incident recorded it in error. ``incident_id`` is the reference shared with it."""

    incident_id: Ref
    voided_by: Origin
    reason: Annotated[str, Code("correction_reason")]
    voided_on: Day
