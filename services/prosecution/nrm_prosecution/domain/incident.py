"""Incidents that other agencies told of: which of them were recorded in error. The command, then its rule.

A report of a person and the voiding of its incident change nothing in each other: whichever is heard first, what is
shown and what is refused afterwards is the same. Nothing here says whom an incident touched.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated

from immutables import Map

from nrm_contracts.fields import Code, Day, Origin, Ref
from nrm_contracts.prosecution.events import IncidentVoidingNoted
from nrm_kernel.decider import At, Decision, Fold
from nrm_kernel.errors import Refused


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident, by the reference shared with who told of it; ``voidings``: by the agency that said so."""

    voidings: Map[str, IncidentVoidingNoted] = field(default_factory=Map)


def evolve(incident: Incident, event: IncidentVoidingNoted) -> Incident:
    """The incident after the event."""
    return Incident(incident.voidings.set(event.voided_by, event))


INCIDENTS: Fold[Incident, IncidentVoidingNoted] = Fold("incident", Incident(), evolve)


def at(incident_id: str) -> At[Incident, IncidentVoidingNoted]:
    """The stream of that incident."""
    return At(INCIDENTS, incident_id)


@dataclass(frozen=True, slots=True)
class NoteIncidentVoiding:
    """The agency that told of an incident recorded it in error."""

    incident_id: Ref
    voided_by: Origin
    reason: Annotated[str, Code("correction_reason")]
    voided_on: Day


def note_incident_voiding(command: NoteIncidentVoiding, incident: Incident) -> Decision:
    """Once from each agency, also before anybody was reported with it."""
    if command.voided_by in incident.voidings:
        return []
    return [IncidentVoidingNoted(command.incident_id, command.voided_by, command.reason, command.voided_on)]


def must_stand(incidents: Iterable[Incident], deed: str) -> None:
    """Refused with INCIDENT_VOIDED when one of them was recorded in error."""
    voiding = next((one for incident in incidents for one in incident.voidings.values()), None)
    if voiding is not None:
        raise Refused(
            "INCIDENT_VOIDED",
            f"{deed} was not recorded: the incident {voiding.incident_id} was recorded in error, as "
            f"{voiding.voided_by} said on {voiding.voided_on}. Leave it out, or name one that stands.",
            incident_id=voiding.incident_id,
        )
