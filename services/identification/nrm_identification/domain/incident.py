"""Incidents, and the persons they touched: many to many."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from nrm_contracts.fields import Code, Day, Ref
from nrm_contracts.identification.events import IncidentVoidedNotified
from nrm_contracts.identification.incident_events import (
    IncidentOpened,
    IncidentRouteRecorded,
    IncidentVoided,
    PersonLinkedToIncident,
)
from nrm_contracts.identification.terms import Forms, Region
from nrm_identification.domain.command import AboutPerson
from nrm_identification.domain.standing import require_current
from nrm_identification.domain.state.incident import Incident
from nrm_identification.domain.state.person import Person
from nrm_kernel.decider import Decision, Notice
from nrm_kernel.errors import NotFound, Refused

OPENING: Final = 1
"""The version of an incident's stream at the entry that opens it: the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIncident:
    """A trafficking event in the world becomes known."""

    incident_id: Ref
    occurred_on: date
    region: Region
    exploitation_forms: Forms = ()
    industry: Annotated[str, Code("isic_rev4")] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPersonToIncident(AboutPerson):
    """A person had a part in an incident."""

    incident_id: Ref
    role: Annotated[str, Code("incident_role")]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordIncidentRoute:
    """A leg of the way is known."""

    incident_id: Ref
    leg: Annotated[str, Code("route_leg")]
    country: Annotated[str, Code("iso_3166_1")]
    region: Region | None = None
    from_on: Day | None = None
    to_on: Day | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidIncident:
    """The incident was recorded in error."""

    incident_id: Ref
    occurred_on: date
    reason: Annotated[str, Code("correction_reason")]


def open_incident(command: OpenIncident, incident: Incident) -> Decision:
    """Opens it under its new reference."""
    if incident.opened is not None:
        raise Refused("INCIDENT_KNOWN", f"Incident {command.incident_id} is open already.")
    opened = IncidentOpened(
        incident_id=command.incident_id,
        region=command.region,
        exploitation_forms=command.exploitation_forms,
        industry=command.industry,
        opened_on=command.occurred_on,
    )
    return [opened]


def link_person_to_incident(command: LinkPersonToIncident, person: Person, incident: Incident) -> Decision:
    """A person may have several roles, in several incidents."""
    require_current(command, person)
    require_standing(incident)
    if command.role in person.incidents.get(command.incident_id, frozenset()):
        raise Refused("LINKED_ALREADY", f"The person is linked to incident {command.incident_id} in this role already.")
    return [PersonLinkedToIncident(command.person_ref, command.incident_id, command.role, command.occurred_on)]


def record_incident_route(command: RecordIncidentRoute, incident: Incident) -> Decision:
    """Adds a leg; a region lies in its country, an end not before its beginning."""
    require_standing(incident)
    if command.region is not None and not command.region.startswith(f"{command.country}-"):
        raise Refused("REGION_ELSEWHERE", f"The region {command.region} does not lie in {command.country}.")
    if command.from_on and command.to_on and command.to_on < command.from_on:
        raise Refused("ENDS_BEFORE_START", f"The leg would end on {command.to_on}, before it begins. Check the days.")
    recorded = IncidentRouteRecorded(
        incident_id=command.incident_id,
        leg=command.leg,
        country=command.country,
        region=command.region,
        from_on=command.from_on,
        to_on=command.to_on,
    )
    return [recorded]


def void_incident(command: VoidIncident, incident: Incident) -> Decision:
    """Whoever was told of it is told so, whatever a person allows by now (GDPR art. 19): it names nobody."""
    require_standing(incident)
    on = command.occurred_on
    return [
        IncidentVoided(command.incident_id, OPENING, command.reason, on),
        *(
            Notice(to=to, about=shared_ref, event=IncidentVoidedNotified(shared_ref, command.reason, on))
            for to, shared_ref in sorted(incident.shared.items())
        ),
    ]


def require_standing(incident: Incident) -> None:
    """Raises NotFound for an incident unknown here; refuses with INCIDENT_VOIDED one that was recorded in error."""
    if incident.opened is None:
        raise NotFound
    if incident.voided is not None:
        raise Refused(
            "INCIDENT_VOIDED",
            f"Incident {incident.opened.incident_id} was recorded in error, void since {incident.voided.voided_on}. "
            "Nothing was recorded: name one that stands.",
        )
