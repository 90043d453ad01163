"""Whoever was shown data that is erased later hears of it, and their word that nothing is kept comes back."""

from collections.abc import Iterator

import pytest
from tests.pathways import stories
from tests.pathways.deployment import (
    COORDINATOR,
    NGO,
    OTHER_NGO,
    POLICE,
    PROSECUTOR,
    Deployment,
    Reply,
    Values,
    eventually,
    method_of,
    officer_for,
)
from tests.pathways.stories import person

from nrm_contracts.vault.v1.vault_pb2 import Contact, Identity, OpenSealedRequest, PersonalData
from nrm_kernel.entry import Json

pytestmark = pytest.mark.slow
NAMED: Values = {
    "identity": PersonalData(identity=Identity(given_names="Nobody Invented")),
    "contact": PersonalData(contact=Contact(phones=["+44 0000"])),
}

REF_CHARS = 32


async def opened(deployment: Deployment, reader: str, data_class: str) -> None:
    """That agency opens what the police sealed."""
    [received] = await deployment.recorded(reader, "record.HandoverReceived")
    method = method_of(POLICE, "OpenSealed")
    asked = OpenSealedRequest(handover_id=str(received["handover_id"]), data_class=data_class, legal_basis="consent")
    caller = officer_for(POLICE, method, by=reader, data_class=data_class)
    assert (await deployment.call(POLICE, method, asked.SerializeToString(), caller)).opened


async def erased(deployment: Deployment, about: Values, data_class: str) -> None:
    """By a court's order, which waits for no case to end."""
    await deployment.do(POLICE, "ProposeErasure", **about, data_classes=[data_class], ground="court_order")
    await deployment.do(POLICE, "ConfirmErasure", officer=2, **about)


async def owing(deployment: Deployment, ref: str) -> list[str]:
    """Whose word that nothing is kept is still open, as the coordinator shows it."""
    seen = await deployment.ask(COORDINATOR, "GetPathway", person_ref=ref)
    return sorted(one.owner for one in seen.deadlines if one.kind == "erasure_confirmation")


async def owed(deployment: Deployment, agency: str, ref: str) -> Reply:
    """The one thing that this agency has to answer, once it has heard of it."""

    async def asked() -> Reply:
        return (await deployment.ask(agency, "GetErasuresToConfirm", person_ref=ref)).erasures

    [one] = await eventually(asked, bool)
    return one


async def confirmed(deployment: Deployment, agency: str, ref: str) -> str:
    """That agency's officer says that nothing is kept; gives which erasure it was."""
    word = await owed(deployment, agency, ref)
    assert word.sender == POLICE
    await deployment.do(agency, "ConfirmCopiesErased", **person(ref), erasure_id=word.erasure_id)
    assert not (await deployment.ask(agency, "GetErasuresToConfirm", person_ref=ref)).erasures
    await deployment.until(POLICE, "record.CopiesErasedReceived", lambda found: word.erasure_id in str(found))
    return str(word.erasure_id)


async def test_each_agency_that_was_shown_it_hears_of_it_and_owes_an_answer_until_it_gave_it(
    deployment: Deployment,
) -> None:
    ref = await stories.detected(deployment, **NAMED)
    at_ngo = await stories.asked_for(deployment, ref)
    await stories.asked_for(deployment, ref, OTHER_NGO)
    at_crown = await stories.reported(deployment, ref)
    for data_class in ("identity", "contact"):
        await opened(deployment, PROSECUTOR, data_class)
    await opened(deployment, NGO, "identity")

    await erased(deployment, person(ref), "identity")
    told = await deployment.recorded(POLICE, "record.ErasureTold")
    assert {one["to"]: one["data_classes"] for one in told} == {NGO: ["identity"], PROSECUTOR: ["identity"]}
    await owed(deployment, NGO, at_ngo)
    await owed(deployment, PROSECUTOR, at_crown)
    await eventually(lambda: owing(deployment, ref), lambda found: found == [NGO, PROSECUTOR])

    answers = {await confirmed(deployment, NGO, at_ngo), await confirmed(deployment, PROSECUTOR, at_crown)}
    assert answers == {one["erasure_id"] for one in told}
    await eventually(lambda: owing(deployment, ref), lambda found: not found)

    await erased(deployment, person(ref), "contact")
    await owed(deployment, PROSECUTOR, at_crown)
    assert await confirmed(deployment, PROSECUTOR, at_crown) not in answers
    everybody = await deployment.recorded(POLICE, "record.ErasureTold")
    assert [one["to"] for one in everybody[2:]] == [PROSECUTOR], "who was not shown it has nothing to be told"
    assert await deployment.recorded(OTHER_NGO, "record.ErasureNoted") == []
    for agency in (POLICE, NGO, OTHER_NGO, PROSECUTOR):
        assert await deployment.recorded(agency, "record.ReactionRefused") == []


async def test_what_the_agencies_are_told_joins_none_of_them_with_another(deployment: Deployment) -> None:
    ref = await stories.detected(deployment, **NAMED)
    await stories.asked_for(deployment, ref)
    await stories.reported(deployment, ref)
    for reader in (NGO, PROSECUTOR):
        await opened(deployment, reader, "identity")
    await erased(deployment, person(ref), "identity")
    notices = [one for one in await deployment.entries(POLICE) if one.type == "record.ErasureNotified"]
    assert {one.to for one in notices} == {NGO, PROSECUTOR}
    first, second = ({text for text in flat(one.envelope) if len(text) >= REF_CHARS} for one in notices)
    assert first
    assert not first & second
    assert ref not in first | second


def flat(value: Json) -> Iterator[str]:
    """Every value that stands in it."""
    match value:
        case dict():
            yield from (text for one in value.values() for text in flat(one))
        case list():
            yield from (text for one in value for text in flat(one))
        case _:
            yield str(value)
