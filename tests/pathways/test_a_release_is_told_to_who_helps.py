"""An offender is released, a court sits, a measure ends: the shelter hears of it and never learns from which case."""

import pytest
from tests.pathways import stories
from tests.pathways.deployment import COORDINATOR, NGO, POLICE, PROSECUTOR, Deployment, Value, Values, eventually
from tests.pathways.stories import CONSENT, TODAY, person


@pytest.mark.slow
async def test_who_helps_hears_of_a_release_a_hearing_and_a_measure(deployment: Deployment) -> None:
    found = await stories.detected(deployment)
    helped = await stories.asked_for(deployment, found)
    await deployment.do(NGO, "OfferAssistance", **person(helped), services=["shelter"])
    await deployment.do(NGO, "AcceptAssistance", **person(helped), **CONSENT)
    victim = await stories.reported(deployment, found)
    case = await stories.taking_part(deployment, victim)
    released = await stories.convicted(deployment, case)
    both: Values = {**person(victim), "criminal_case_id": case}

    await deployment.do(PROSECUTOR, "ScheduleHearing", **both, kind="compensation", hearing_on=TODAY)
    await deployment.do(PROSECUTOR, "GrantProtectionMeasure", **both, measure="no_contact_order")
    await deployment.do(PROSECUTOR, "ReleaseOffender", **released, person_refs=[victim])

    [told] = await deployment.until(NGO, "assistance.OffenderReleaseNoted")
    assert told == {"person_ref": helped, "released_on": TODAY}
    await deployment.until(NGO, "assistance.HearingNoted")
    await deployment.do(NGO, "PrepareForHearing", **person(helped), hearing_on=TODAY)
    known_there = b"".join(entry.body for entry in await deployment.entries(NGO))
    for name in (victim, case, str(released["defendant_ref"]), found):
        assert name.encode() not in known_there
    assert not await deployment.recorded(POLICE, "record.ReactionRefused")

    async def alerts() -> Value:
        pathway = await deployment.ask(COORDINATOR, "GetPathway", person_ref=found)
        return {(one.kind, one.origin, one.detail) for one in pathway.alerts}

    await eventually(alerts, lambda seen: ("at_risk", NGO, "offender_released") in seen)
    await deployment.do(
        NGO,
        "AssessNeeds",
        **person(helped),
        domains=[{"domain": "safety", "level": 3}],
        risk_level="high",
        reassess_by="2199-01-01",
    )
    await eventually(alerts, lambda seen: not any(kind == "at_risk" for kind, *_ in seen))
