"""The first slice: the police refer a person, the authority takes it up, the coordinator sees one person."""

from tests.pathways import stories
from tests.pathways.deployment import AUTHORITY, COORDINATOR, POLICE, Deployment, eventually


async def test_a_referral_reaches_the_authority_and_the_coordinator_sees_one_person(deployment: Deployment) -> None:
    ref = await stories.detected(deployment, immediate_needs=["safety"])
    there, _ = await stories.referred(deployment, ref)

    seen = await eventually(
        lambda: deployment.ask(COORDINATOR, "GetPathway", person_ref=ref),
        lambda pathway: {complete.origin for complete in pathway.complete_to} >= {POLICE, AUTHORITY},
    )
    assert {one.origin: one.person_ref for one in seen.references} == {POLICE: ref, AUTHORITY: there}
    assert there != ref
    assert seen.standing.identification == "referred"
    assert [consent.scope for consent in seen.consents] == ["referral"]

    received = await deployment.ask(AUTHORITY, "GetPerson", person_ref=there)
    assert received.person.person_ref == there
    assert not any(agency.alarms for agency in deployment.house.agencies)
