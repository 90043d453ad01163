"""Whoever told of an incident may find that it was recorded in error: here nothing new rests on it, and it is shown."""

from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.prosecution.test_case_stages import AGENCY, CASE, INCIDENT, OTHER_CASE, REGISTERED
from tests.prosecution.test_prosecution_reactions import DAY, POLICE, REPORT, World

from nrm_contracts.identification.events import IncidentVoidedNotified
from nrm_contracts.policy import NationalPolicy
from nrm_contracts.prosecution.events import IncidentLinkedToCase, IncidentTold, IncidentVoidingNoted
from nrm_kernel.errors import Refused
from nrm_kernel.testing.spec import Spec
from nrm_prosecution.domain import incident, register
from nrm_prosecution.domain.case import CASES
from nrm_prosecution.domain.incident import INCIDENTS
from nrm_prosecution.domain.victim import VICTIMS
from nrm_prosecution.rpc_messages import victim as shown_victim

BORDER = "test/identification/border"
VOIDED = IncidentVoidingNoted(INCIDENT, POLICE, "wrong_person", DAY)
BORDERS = replace(REPORT, handover_id="3" * 32, incident_shared_ref=INCIDENT)
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


async def test_given_an_incident_that_one_agency_told_of_when_another_voids_it_then_refused_and_it_stands(
    policy: NationalPolicy,
) -> None:
    world = World(policy)
    told = await world.hear(replace(REPORT, incident_shared_ref=INCIDENT))
    assert IncidentTold(INCIDENT, POLICE) in told
    assert IncidentTold(INCIDENT, POLICE) not in await world.hear(replace(REPORT, incident_shared_ref=INCIDENT))
    assert not [one for one in await world.hear(BORDERS, BORDER) if isinstance(one, IncidentTold)], "it is not theirs"
    with pytest.raises(Refused, match="did not tell") as refusal:
        await world.hear(IncidentVoidedNotified(INCIDENT, "wrong_person", DAY), BORDER)
    assert refusal.value.reason == "INCIDENT_FOREIGN"
    spec = Spec(CASES, register.link_incident).given(REGISTERED)
    told_and_voided = [IncidentTold(OTHER_CASE, POLICE), IncidentVoidingNoted(OTHER_CASE, BORDER, "wrong_person", DAY)]
    link = register.LinkIncident(CASE, OTHER_CASE, DAY)
    spec.also(INCIDENTS, *told_and_voided).when(link).then(IncidentLinkedToCase(CASE, OTHER_CASE, DAY))
    own = replace(VOIDED, incident_id=OTHER_CASE)
    spec.also(INCIDENTS, *told_and_voided, own).when(link).then_refused("INCIDENT_VOIDED")


TELLERS = {1: POLICE, 2: BORDER}
"""A reference is shared between two agencies: one of them alone tells of the incident by it."""


@dataclass(frozen=True)
class Told:
    """A report of somebody with an incident, by its teller, or the voiding of that incident, by whoever says so."""

    incident: int
    person: int | None
    sender: str

    @property
    def incident_id(self) -> str:
        return f"{self.incident:032x}"

    @property
    def is_foreign(self) -> bool:
        return self.sender != TELLERS[self.incident]

    @property
    def notice(self) -> object:
        if self.person is None:
            return IncidentVoidedNotified(self.incident_id, "source_error", DAY)
        about = f"{self.incident}{self.person:031x}"
        return replace(REPORT, handover_id=about, incident_shared_ref=self.incident_id)


INCIDENT_NUMBERS = st.integers(1, 2)
TOLD = st.one_of(
    st.builds(Told, INCIDENT_NUMBERS, st.none(), st.sampled_from([POLICE, BORDER])),
    st.builds(lambda nth, person: Told(nth, person, TELLERS[nth]), INCIDENT_NUMBERS, st.integers(1, 2)),
)


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
    voided = {one.incident_id for one in told if one.person is None and not one.is_foreign}
    reports = [one for one in told if one.person is not None]
    expected = {(one.sender, one.incident_id, DAY.isoformat() if one.incident_id in voided else "") for one in reports}
    shuffled = [*told, *(one for one in told if one.person is None)]
    order.shuffle(shuffled)
    world = World(policy)
    for one in shuffled:
        with suppress(Refused) if one.is_foreign else nullcontext():
            await world.hear(one.notice, one.sender)
    assert await shown(world) == expected
    for one in reports:
        found, _ = await world.state(INCIDENTS, one.incident_id)
        assert (found.voiding is not None) == (one.incident_id in voided), "whoever did not tell of it voids nothing"
    noted = [event for events in world.streams.values() for event in events if isinstance(event, IncidentVoidingNoted)]
    assert len(noted) == len({(one.voided_by, one.incident_id) for one in noted}), "told twice, noted once"
