"""A victim is reported to the prosecutor, takes part, is charged, and takes consent back: each side learns its part."""

import pytest
from tests.pathways import stories
from tests.pathways.deployment import POLICE, PROSECUTOR, Deployment, eventually


@pytest.mark.slow
async def test_a_charge_is_told_to_who_reported_and_a_revocation_ends_taking_part(deployment: Deployment) -> None:
    ref = await stories.detected(deployment)
    there = await stories.reported(deployment, ref)
    assert there != ref
    [known] = (await deployment.ask(PROSECUTOR, "ListVictims", unlinked=True)).victims
    assert (known.person_ref, known.reported_by) == (there, POLICE)

    await stories.taking_part(deployment, there)
    await stories.charged(deployment, there)
    [heard] = await deployment.until(POLICE, "identification.VictimChargeReceived")
    assert heard["person_ref"] == ref

    await deployment.do(POLICE, "RevokeConsent", **stories.person(ref), scope="proceedings")
    victim = await eventually(
        lambda: deployment.ask(PROSECUTOR, "GetVictim", person_ref=there),
        lambda one: not one.participations[0].capacities,
    )
    assert [one.review for one in victim.charges] == ["open"]
    assert victim.revoked_on
