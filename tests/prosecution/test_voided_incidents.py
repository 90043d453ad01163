"""Whoever told of an incident may find that it was recorded in error: here nothing new rests on it, and it is shown."""

from dataclasses import dataclass, replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.prosecution.test_case_stages import AGENCY, CASE, INCIDENT, OTHER_CASE, REGISTERED
from tests.prosecution.test_prosecution_reactions import DAY, POLICE, REPORT, World

from nrm_contracts.identification.events import IncidentVoidedNotified
from nrm_contracts.policy import NationalPolicy
from nrm_contracts.prosecution.events import IncidentLinkedToCase, IncidentVoidingNoted
from nrm_kernel.testing.spec import Spec
from nrm_prosecution.domain import incident, register
from nrm_prosecution.domain.case import CASES
from nrm_prosecution.domain.incident import INCIDENTS
from nrm_prosecution.domain.victim import VICTIMS
from nrm_prosecution.rpc_messages import victim as shown_victim

BORDER = "test/identification/border"
VOIDED = IncidentVoidingNoted(INCIDENT, POLICE, "wrong_person", DAY)
NOTE = incident.NoteIncidentVoiding(INCIDENT, POLICE, "wrong_person", DAY)


def test_given_an_incident_when_its_teller_voids_it_then_that_is_noted_once() -> None:
    spec = Spec(INCIDENTS, incident.note_incident_voiding)
    spec.when(NOTE).then(VOIDED)
    spec.given(VOIDED).when(NOTE).then()


@pytest.mark.parametrize(
    ("decide", "command"),
    [
        (register.report_crime, register.ReportCrime(CASE, (INCIDENT,), True, DAY, AGENCY)),
        (register.register_case, register.RegisterCase(CASE, (INCIDENT,), "0204", "KZ-CC-128", True, DAY, AGENCY)),
    ],
)
def test_given_a_void_incident_when_a_case_would_begin_with_it_then_refused(decide: object, command: object) -> None:
    assert callable(decide)
    Spec(CASES, decide).also(INCIDENTS).also(INCIDENTS, VOIDED).when(command).then_refused("INCIDENT_VOIDED")


def test_given_a_void_incident_when_linked_to_a_case_then_refused_and_another_one_is_not() -> None:
    spec = Spec(CASES, register.link_incident).given(REGISTERED)
    other = register.LinkIncident(CASE, OTHER_CASE, DAY)
    spec.also(INCIDENTS, replace(VOIDED, incident_id=OTHER_CASE)).when(other).then_refused("INCIDENT_VOIDED")
    spec.also(INCIDENTS).when(other).then(IncidentLinkedToCase(CASE, OTHER_CASE, DAY))


@dataclass(frozen=True)
class Told:
    """A report of somebody with an incident, or the voiding of that incident, by this agency."""

    sender: str
    incident: int
    person: int | None = None

    @property
    def incident_id(self) -> str:
        return f"{self.incident:032x}"

    @property
    def notice(self) -> object:
        if self.person is None:
            return IncidentVoidedNotified(self.incident_id, "source_error", DAY)
        about = f"{len(self.sender)}{self.person:031x}"
        return replace(REPORT, handover_id=about, incident_shared_ref=self.incident_id)


TOLD = st.builds(Told, st.sampled_from([POLICE, BORDER]), st.integers(1, 2), st.sampled_from([None, 1, 2]))


async def shown(world: World) -> set[tuple[str, str, str]]:
    """The reports of everybody known here, with the day on which the incident of each was voided."""
    reports: set[tuple[str, str, str]] = set()
    for stream, events in world.streams.items():
        if stream.startswith("person-"):
            victim = VICTIMS.state(events)
            named = [one.incident_shared_ref for one in victim.reports if one.incident_shared_ref]
            incidents = {one: (await world.state(INCIDENTS, one))[0] for one in named}
            message = shown_victim(victim, 0, incidents)
            reports |= {(one.reported_by, one.incident_id, one.incident_voided_on) for one in message.reports}
    return reports


@given(told=st.lists(TOLD, max_size=6, unique=True), order=st.randoms(use_true_random=False))
async def test_whichever_is_heard_first_the_same_is_shown(
    policy: NationalPolicy, told: list[Told], order: Random
) -> None:
    """Within one agency's log a report always comes first; nothing here relies on it."""
    voided = {(one.sender, one.incident_id) for one in told if one.person is None}
    expected = {
        (one.sender, one.incident_id, DAY.isoformat() if (one.sender, one.incident_id) in voided else "")
        for one in told
        if one.person is not None
    }
    shuffled = [*told, *(one for one in told if one.person is None)]
    order.shuffle(shuffled)
    world = World(policy)
    for one in shuffled:
        await world.hear(one.notice, one.sender)
    assert await shown(world) == expected
    noted = [event for events in world.streams.values() for event in events if isinstance(event, IncidentVoidingNoted)]
    assert {(one.voided_by, one.incident_id) for one in noted} == voided
    assert len(noted) == len(voided), "told twice, noted once"
