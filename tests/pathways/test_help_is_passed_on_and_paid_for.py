"""A shelter helps somebody the police asked it to help, is paid without a name, and passes the person on."""

import pytest
from tests.pathways import stories
from tests.pathways.deployment import FUND, NGO, OTHER_NGO, POLICE, Deployment
from tests.pathways.stories import CONSENT, person


@pytest.mark.slow
async def test_a_shelter_is_paid_without_a_name_and_another_takes_over(deployment: Deployment) -> None:
    ref = await stories.asked_for(deployment, await stories.detected(deployment))
    contract = await stories.contracted(deployment)
    claim = await stories.helped(deployment, ref, contract)
    known_there = b"".join(entry.body for entry in await deployment.entries(FUND))
    assert claim.encode() in known_there
    assert ref.encode() not in known_there

    await stories.verified(deployment, contract, claim)
    answers = await deployment.until(NGO, "assistance.ClaimAnswerRecorded", lambda found: len(found) == 2)
    assert [(one["answer"], one["person_ref"]) for one in answers] == [("recorded", ref), ("verified", ref)]

    await deployment.do(NGO, "GiveConsent", **person(ref), scope="share_with", share_with=OTHER_NGO, **CONSENT)
    await deployment.do(NGO, "TransferCase", **person(ref), to=OTHER_NGO)
    [there] = await deployment.until(OTHER_NGO, "assistance.CaseOpened")
    assert there["source"] == "transferred"
    assert there["person_ref"] != ref
    await deployment.do(OTHER_NGO, "OfferAssistance", **person(there["person_ref"]), services=["shelter"])
    await deployment.do(OTHER_NGO, "AcceptAssistance", **person(there["person_ref"]), **CONSENT)
    [answer] = await deployment.until(NGO, "assistance.TransferAnswered")
    assert answer["answer"] == "accepted"
    await deployment.do(NGO, "CloseCase", **person(ref), outcome="transferred")

    told = await deployment.until(POLICE, "identification.AssistanceAnswerReceived", lambda found: len(found) == 2)
    assert [one["answer"] for one in told] == ["offered", "accepted"]
    assert not await deployment.recorded(NGO, "record.ReactionRefused")
