"""The state of an incident stream."""

from dataclasses import dataclass

from immutables import Map

from nrm_contracts.identification.incident_events import (
    IncidentOpened,
    IncidentRouteRecorded,
    IncidentShared,
    IncidentVoided,
)
from nrm_kernel.changing import replace
from nrm_kernel.decider import At, Fold


@dataclass(frozen=True, slots=True)
class Incident:
    """One trafficking event; ``shared`` is by which reference each other agency knows it."""

    opened: IncidentOpened | None = None
    route: tuple[IncidentRouteRecorded, ...] = ()
    shared: Map[str, str] = Map()
    voided: IncidentVoided | None = None


def evolve(incident: Incident, event: object) -> Incident:
    """The incident after an event."""
    match event:
        case IncidentOpened():
            return replace(incident, opened=event)
        case IncidentRouteRecorded():
            return replace(incident, route=(*incident.route, event))
        case IncidentShared():
            return replace(incident, shared=incident.shared.set(event.to, event.shared_ref))
        case IncidentVoided():
            return replace(incident, voided=event)
        case _:
            return incident


INCIDENT: Fold[Incident, object] = Fold("incident", Incident(), evolve)


def at(incident_id: str) -> At[Incident, object]:
    """The stream of that incident."""
    return At(INCIDENT, incident_id)
