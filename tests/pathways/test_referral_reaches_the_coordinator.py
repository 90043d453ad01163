"""The first slice, over real gRPC: the police refer a person, the authority takes it up, the coordinator sees it."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import grpc
import pytest
from tests.pathways.conftest import AUTHORITY, COORDINATOR, POLICE, says

from nrm.embedded import House
from nrm_contracts.coordinator.v1 import coordinator_pb2
from nrm_contracts.coordinator.v1.coordinator_pb2_grpc import CoordinatorServiceStub
from nrm_contracts.identification.v1 import consents_pb2, persons_pb2, queries_pb2, referrals_pb2
from nrm_contracts.identification.v1.identification_pb2_grpc import IdentificationServiceStub

INFORMED = ("agrees", "purpose", "uses", "research_use", "access_right", "storage_time", "how_to_withdraw")
Channels = Mapping[str, grpc.aio.Channel]


def fresh() -> str:
    return str(uuid.uuid4())


@pytest.fixture
def police(channels: Channels) -> Any:  # noqa: ANN401
    return IdentificationServiceStub(channels[POLICE])


async def until(ask: Callable[[], Awaitable[Any]], good: Callable[[Any], bool], tries_max: int = 200) -> Any:  # noqa: ANN401
    """Ask again until the answer is good."""
    answer = await ask()
    for _ in range(tries_max):
        if good(answer):
            return answer
        await asyncio.sleep(0.02)
        answer = await ask()
    raise AssertionError(f"still not: {answer}")


async def referred(police: Any) -> str:  # noqa: ANN401
    """A person whom the police detected, screened and, with consent, referred; gives their reference there."""
    refer = says(POLICE, "first_responder", "refer")
    identify = says(POLICE, "first_responder", "identify")
    detected = await police.DetectPerson(
        persons_pb2.DetectPersonRequest(
            request_id=fresh(),
            detection_channel="raid",
            region="GB-LND",
            age_band="24-26",
            sex="female",
            language="vie",
            immediate_needs=["safety"],
        ),
        metadata=identify,
    )
    person = detected.person_ref
    screened = await police.Screen(
        persons_pb2.ScreenRequest(
            request_id=fresh(),
            expected_version=detected.receipt.version,
            person_ref=person,
            tool="ilo",
            tool_version="2009",
            indicators=["ilo_1_01"],
            acts=["recruitment"],
            means=["deception"],
            purposes=["forced_labour"],
            exploitation_forms=["forced_labour"],
            outcome="indicated",
        ),
        metadata=identify,
    )
    consented = await police.GiveConsent(
        consents_pb2.GiveConsentRequest(
            request_id=fresh(),
            expected_version=screened.receipt.version,
            person_ref=person,
            scope="referral",
            purpose="referral",
            informed_points=INFORMED,
            given_by="self",
        ),
        metadata=refer,
    )
    await police.SubmitReferral(
        referrals_pb2.SubmitReferralRequest(
            request_id=fresh(), expected_version=consented.receipt.version, person_ref=person, to=AUTHORITY
        ),
        metadata=refer,
    )
    return str(person)


async def test_a_referral_reaches_the_authority_and_the_coordinator_sees_one_person(
    house: House,
    channels: Channels,
    police: Any,  # noqa: ANN401
) -> None:
    person = await referred(police)
    coordinator: Any = CoordinatorServiceStub(channels[COORDINATOR])
    office = says(COORDINATOR, "coordinator_analyst", "protect")

    async def look() -> Any:  # noqa: ANN401
        return await coordinator.GetPathway(coordinator_pb2.GetPathwayRequest(person_ref=person), metadata=office)

    seen = await until(look, lambda pathway: len(pathway.references) == 2)
    assert {reference.origin for reference in seen.references} == {POLICE, AUTHORITY}
    assert seen.standing.identification == "referred"
    assert [consent.scope for consent in seen.consents] == ["referral"]
    assert {complete.origin for complete in seen.complete_to} >= {POLICE, AUTHORITY}
    authority: Any = IdentificationServiceStub(channels[AUTHORITY])
    own = next(reference.person_ref for reference in seen.references if reference.origin == AUTHORITY)
    received = await authority.GetPerson(
        queries_pb2.GetPersonRequest(person_ref=own), metadata=says(AUTHORITY, "identifier", "identify")
    )
    assert received.person.person_ref == own
    assert own != person
    assert not any(agency.alarms for agency in house.agencies)
