"""Opening personal data through a real server: who may, and that the look is on record first."""

import grpc
import pytest
from tests.vault.scene import DAWN, DUSK, NAME, WORKER, Scene

from nrm_contracts.record.events import DataAccessed
from nrm_contracts.vault.v1.vault_pb2 import Identity, OpenOwnResponse, OpenSealedResponse, PersonalData
from nrm_kernel.ids import new_ref
from nrm_kernel.store import Batch, Wanted
from nrm_kernel.testing.serving import Metadata, says
from nrm_kernel.testing.toy_door import ORIGIN, BoatClosed, BoatRegistered

CODE = grpc.StatusCode


async def test_the_agency_of_a_handover_with_consent_sees_the_data_and_the_look_is_on_record(scene: Scene) -> None:
    result = await scene.sealed()
    assert result.code is CODE.OK, result
    answer = OpenSealedResponse.FromString(result.reply)
    assert [(one.data.identity.given_names, one.position) for one in answer.opened] == [(NAME, 0)]
    [look] = await scene.looks()
    assert look == DataAccessed(scene.handover, DAWN, "officer-1", "assist", "consent", ("identity",), "BOAT-SHARED")


async def test_the_agencys_own_officer_sees_the_data_and_the_look_is_on_record(scene: Scene) -> None:
    result = await scene.own()
    assert OpenOwnResponse.FromString(result.reply).opened[0].data.identity.given_names == NAME
    [look] = await scene.looks()
    assert (look.subject, look.reader, look.rule) == (scene.person, ORIGIN, "VAULT-01")


async def test_without_the_record_nothing_is_shown(scene: Scene) -> None:
    scene.recorder.cut_off = True
    for result in (await scene.sealed(), await scene.own()):
        assert (result.code, result.retry) == (CODE.UNAVAILABLE, True)
        assert NAME not in repr(result)


async def test_unknown_and_forbidden_are_told_in_the_same_words(scene: Scene) -> None:
    refused = {
        "unknown handover": await scene.sealed(handover_id=new_ref()),
        "no data of that class": await scene.sealed(data_class="contact"),
        "class not for the role": await scene.sealed(data_class="health"),
        "location for another purpose": await scene.sealed(data_class="location"),
        "another agency's handover": await scene.sealed(says(DUSK, "case_worker", "assist")),
        "another basis": await scene.sealed(legal_basis="public_task"),
        "unknown person": await scene.own(person_ref=new_ref()),
        "own, class not for the role": await scene.own(data_class="health"),
    }
    await scene.record(BoatClosed(scene.agency.office.clock.now().date(), "officer-1"))
    refused["consent over"] = await scene.sealed()
    told = {name: (each.code, each.reason, each.text) for name, each in refused.items()}
    assert set(told.values()) == {(CODE.NOT_FOUND, "NOT_FOUND", refused["unknown handover"].text)}, told
    assert await scene.looks() == []


async def test_a_consent_that_ends_between_the_check_and_the_record_keeps_everything_shut(scene: Scene) -> None:
    unknown = await scene.sealed(handover_id=new_ref())
    scene.recorder.first.append(scene.record(BoatClosed(scene.agency.office.clock.now().date(), "officer-1")))
    result = await scene.sealed()
    assert not scene.recorder.first, "it had passed the first check"
    assert result == unknown
    assert await scene.looks() == []


async def test_the_look_cites_the_ground_and_its_entry_the_rule_of_the_access_table(scene: Scene) -> None:
    await scene.sealed()
    await scene.own()
    entries = [entry for entry in await scene.agency.store.read(0, 100) if isinstance(entry.event, DataAccessed)]
    rules = [entry.envelope["policy"] for entry in entries]
    assert [entry.event.rule for entry in entries if isinstance(entry.event, DataAccessed)] == [
        "BOAT-SHARED",
        "VAULT-01",
    ]
    assert rules == [{"rule": "VAULT-11"}, {"rule": "VAULT-01"}]


@pytest.mark.parametrize(
    "caller",
    [says("toy/funding/fund", "funding_officer", "fund"), says(DAWN, "auditor", "audit")],
    ids=["other kind", "other role"],
)
async def test_who_may_never_ask_is_denied(scene: Scene, caller: Metadata) -> None:
    assert (await scene.sealed(caller)).code is CODE.PERMISSION_DENIED


async def test_another_agency_cannot_use_the_owners_own_door(scene: Scene) -> None:
    assert (await scene.own(WORKER)).code is CODE.PERMISSION_DENIED


async def test_a_request_off_the_lists_is_invalid(scene: Scene) -> None:
    for result in (
        await scene.sealed(data_class="gossip"),
        await scene.sealed(legal_basis=""),
        await scene.own(data_class="gossip"),
        await scene.own(legal_basis=""),
    ):
        assert (result.code, result.reason) == (CODE.INVALID_ARGUMENT, "CODE_UNKNOWN")


async def test_erased_data_is_told_as_such_to_who_might_have_seen_it_and_to_nobody_else(scene: Scene) -> None:
    unknown = await scene.sealed(handover_id=new_ref())
    await scene.erase("identity")
    for told in (await scene.own(), await scene.sealed()):
        assert (told.code, told.reason) == (CODE.FAILED_PRECONDITION, "PERSONAL_DATA_ERASED")
        assert told.facts is not None
        assert told.facts["ground"] == "person_request"
    assert await scene.sealed(legal_basis="public_task") == unknown
    assert len(await scene.looks()) == 2


async def test_what_was_erased_is_counted_and_what_came_since_is_shown(scene: Scene) -> None:
    await scene.erase("identity")
    await scene.record(BoatRegistered(scene.person, "female", "again"), data=PersonalData(identity=Identity()))
    answer = OpenOwnResponse.FromString((await scene.own()).reply)
    assert (len(answer.opened), answer.erased_count) == (1, 1)


async def test_data_that_is_gone_without_an_erasure_on_record_is_an_alarm(scene: Scene) -> None:
    rows = await scene.agency.vault.erasing(scene.person, ["identity"])
    async with scene.agency.store.writing(Wanted()) as writing:
        await writing.commit(Batch(rows=list(rows)))
    for told in (await scene.own(), await scene.sealed()):
        assert (told.code, told.reason) == (CODE.DATA_LOSS, "SEALED_DATA_MISSING")
