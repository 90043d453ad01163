"""Incidents that other agencies told of: which of them were recorded in error. The command, then its rule.

Whoever told of an incident may void it, and nobody else. Whichever is heard first, the report of a person or the
voiding of its incident, what is shown and what is refused afterwards is the same. Nothing here says whom it touched.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated

from immutables import Map

from nrm_contracts.fields import Code, Day, Origin, Ref
from nrm_contracts.prosecution.events import IncidentTold, IncidentVoidingNoted
from nrm_kernel.changing import replace
from nrm_kernel.decider import At, Decision, Fold, In
from nrm_kernel.errors import Refused


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident, by the reference shared with its ``teller``: who told of it first, empty while nobody is known to.

    ``voidings``: by the agency that said so.
    """

    teller: str = ""
    voidings: Map[str, IncidentVoidingNoted] = field(default_factory=Map)

    @property
    def voiding(self) -> IncidentVoidingNoted | None:
        """That it was recorded in error, as its teller said."""
        return next((one for agency, one in self.voidings.items() if self.may_be_of(agency)), None)

    def may_be_of(self, agency: str) -> bool:
        """Whether that agency told of it. Reports that older releases noted leave the teller unknown."""
        return self.teller in ("", agency)


IncidentEvent = IncidentTold | IncidentVoidingNoted


def evolve(incident: Incident, event: IncidentEvent) -> Incident:
    """The incident after the event."""
    if isinstance(event, IncidentTold):
        return replace(incident, teller=event.told_by)
    return replace(incident, voidings=incident.voidings.set(event.voided_by, event))


INCIDENTS: Fold[Incident, IncidentEvent] = Fold("incident", Incident(), evolve)


def at(incident_id: str) -> At[Incident, IncidentEvent]:
    """The stream of that incident."""
    return At(INCIDENTS, incident_id)


def told(incident_id: str, teller: str, incident: Incident) -> list[In]:
    """That this agency told of the incident, unless another did before: who learned its reference is not its teller."""
    if incident.teller:
        return []
    return [In(INCIDENTS.stream(incident_id), IncidentTold(incident_id, teller))]


@dataclass(frozen=True, slots=True)
class NoteIncidentVoiding:
    """The agency that told of an incident recorded it in error."""

    incident_id: Ref
    voided_by: Origin
    reason: Annotated[str, Code("correction_reason")]
    voided_on: Day


def note_incident_voiding(command: NoteIncidentVoiding, incident: Incident) -> Decision:
    """Once, from who told of it; also before anybody was reported with it."""
    if command.voided_by in incident.voidings:
        return []
    if not incident.may_be_of(command.voided_by):
        raise Refused(
            "INCIDENT_FOREIGN",
            f"{command.voided_by} voided an incident that it did not tell this agency of. Nothing was recorded: the "
            "incident stands. Ask that agency's operator how it came to know of it.",
        )
    return [IncidentVoidingNoted(command.incident_id, command.voided_by, command.reason, command.voided_on)]


def must_stand(incidents: Iterable[Incident], deed: str) -> None:
    """Refused with INCIDENT_VOIDED when one of them was recorded in error."""
    voiding = next((one.voiding for one in incidents if one.voiding), None)
    if voiding is not None:
        raise Refused(
            "INCIDENT_VOIDED",
            f"{deed} was not recorded: the incident {voiding.incident_id} was recorded in error, as "
            f"{voiding.voided_by} said on {voiding.voided_on}. Leave it out, or name one that stands.",
            incident_id=voiding.incident_id,
        )
