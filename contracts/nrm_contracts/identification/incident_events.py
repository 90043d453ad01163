"""A trafficking incident: where it led, and which persons it touched. Persons and incidents are many to many."""

from dataclasses import dataclass
from typing import Annotated

from nrm_contracts.catalogue import Audience, event
from nrm_contracts.fields import Code, Corrects, Day, Origin, Ref
from nrm_contracts.identification.terms import Forms, Region


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class IncidentOpened:
    """One trafficking event in the world, however many persons it touched."""

    incident_id: Ref
    region: Region
    exploitation_forms: Forms
    opened_on: Day
    industry: Annotated[str, Code("isic_rev4")] | None = None


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class PersonLinkedToIncident:
    """A person was part of an incident, in a role."""

    person_ref: Ref
    incident_id: Ref
    role: Annotated[str, Code("incident_role")]
    linked_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class IncidentRouteRecorded:
    """One leg of the way; ``region`` where it is known, ``from_on`` and ``to_on`` as far as they are known."""

    incident_id: Ref
    leg: Annotated[str, Code("route_leg")]
    country: Annotated[str, Code("iso_3166_1")]
    region: Region | None = None
    from_on: Day | None = None
    to_on: Day | None = None


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class IncidentShared:
    """The reference by which one other agency knows the incident, and no other agency."""

    incident_id: Ref
    to: Origin
    shared_ref: Ref


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class IncidentVoided:
    """The incident was recorded in error: it never happened, or is one that is on record already."""

    incident_id: Ref
    corrects: Corrects
    reason: Annotated[str, Code("correction_reason")]
    voided_on: Day
