"""A victim is reported to the prosecutor, takes part, is charged, and takes consent back: each side learns its part."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import grpc
import pytest
from tests.pathways.conftest import POLICE, PROSECUTOR, says

from nrm.embedded import House
from nrm_contracts.identification.v1 import consents_pb2, persons_pb2, sharing_pb2
from nrm_contracts.identification.v1.identification_pb2_grpc import IdentificationServiceStub
from nrm_contracts.prosecution.v1 import cases_pb2, charges_pb2, queries_pb2, victims_pb2
from nrm_contracts.prosecution.v1.prosecution_pb2_grpc import ProsecutionServiceStub
from nrm_kernel.entry import Entry

INFORMED = ("agrees", "purpose", "uses", "research_use", "access_right", "storage_time", "how_to_withdraw")
REFER = says(POLICE, "first_responder", "refer")
PROSECUTE = says(PROSECUTOR, "prosecutor", "prosecute")


def fresh() -> str:
    return str(uuid.uuid4())


async def until(ask: Callable[[], Awaitable[Any]], good: Callable[[Any], bool]) -> Any:  # noqa: ANN401
    """Ask again until the answer is good."""
    answer = await ask()
    for _ in range(300):
        if good(answer):
            return answer
        await asyncio.sleep(0.02)
        answer = await ask()
    raise AssertionError(f"still not: {answer}")


async def reported(police: Any) -> str:  # noqa: ANN401
    """A person whom the police reported with consent; gives their reference there."""
    detected = await police.DetectPerson(
        persons_pb2.DetectPersonRequest(
            request_id=fresh(),
            detection_channel="raid",
            region="GB-LND",
            age_band="24-26",
            sex="female",
            language="vie",
        ),
        metadata=says(POLICE, "first_responder", "identify"),
    )
    consented = await police.GiveConsent(
        consents_pb2.GiveConsentRequest(
            request_id=fresh(),
            expected_version=detected.receipt.version,
            person_ref=detected.person_ref,
            scope="proceedings",
            purpose="prosecution",
            informed_points=INFORMED,
            given_by="self",
        ),
        metadata=REFER,
    )
    await police.ReportVictim(
        sharing_pb2.ReportVictimRequest(
            request_id=fresh(),
            expected_version=consented.receipt.version,
            person_ref=detected.person_ref,
            to=PROSECUTOR,
            exploitation_forms=["forced_labour"],
        ),
        metadata=REFER,
    )
    return str(detected.person_ref)


async def taking_part(prosecutor: Any, person_ref: str, version: int) -> int:  # noqa: ANN401
    """The person is linked to a new case and takes part in it; gives the version of the person's stream."""
    case = await prosecutor.RegisterCase(
        cases_pb2.RegisterCaseRequest(request_id=fresh(), iccs_code="0204", national_article="GB-EAW-MSA2015-2"),
        metadata=PROSECUTE,
    )
    both = {"person_ref": person_ref, "criminal_case_id": case.criminal_case_id}
    linked = await prosecutor.LinkVictim(
        victims_pb2.LinkVictimRequest(request_id=fresh(), expected_version=version, **both), metadata=PROSECUTE
    )
    agreed = await prosecutor.ConsentToParticipation(
        victims_pb2.ConsentToParticipationRequest(
            request_id=fresh(), expected_version=linked.receipt.version, capacity="witness", given_by="self", **both
        ),
        metadata=PROSECUTE,
    )
    return int(agreed.receipt.version)


async def entries_of(house: House, origin: str) -> list[Entry]:
    return list(await house.at(origin).agency.store.read(0, 1_000))


@pytest.mark.slow
async def test_a_charge_is_told_to_who_reported_and_a_revocation_ends_taking_part(
    house: House, channels: Mapping[str, grpc.aio.Channel]
) -> None:
    police: Any = IdentificationServiceStub(channels[POLICE])
    prosecutor: Any = ProsecutionServiceStub(channels[PROSECUTOR])
    person_there = await reported(police)

    async def waiting() -> Any:  # noqa: ANN401
        return await prosecutor.ListVictims(queries_pb2.ListVictimsRequest(unlinked=True), metadata=PROSECUTE)

    [known] = (await until(waiting, lambda page: len(page.victims) == 1)).victims
    assert known.reported_by == POLICE
    assert known.person_ref != person_there

    async def shown() -> Any:  # noqa: ANN401
        return await prosecutor.GetVictim(queries_pb2.GetVictimRequest(person_ref=known.person_ref), metadata=PROSECUTE)

    version = await taking_part(prosecutor, known.person_ref, (await shown()).version)
    await prosecutor.ChargeVictim(
        charges_pb2.ChargeVictimRequest(
            request_id=fresh(),
            expected_version=version,
            person_ref=known.person_ref,
            articles=["GB-EAW-MSA2015-2"],
            linked_to_exploitation="unknown",
        ),
        metadata=PROSECUTE,
    )

    async def heard() -> list[Entry]:
        return [
            entry for entry in await entries_of(house, POLICE) if entry.type == "identification.VictimChargeReceived"
        ]

    [charge] = await until(heard, lambda entries: len(entries) == 1)
    assert charge.stream == f"person-{person_there}"
    version_there = sum(entry.stream == charge.stream for entry in await entries_of(house, POLICE))
    await police.RevokeConsent(
        consents_pb2.RevokeConsentRequest(
            request_id=fresh(), expected_version=version_there, person_ref=person_there, scope="proceedings"
        ),
        metadata=REFER,
    )
    victim = await until(shown, lambda one: not one.participations[0].capacities)
    assert [one.review for one in victim.charges] == ["open"]
    assert victim.revoked_on
