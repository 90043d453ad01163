"""Who is told of an erasure: whoever opened what is erased by it, found among the looks on record, and nobody else."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import grpc
from tests.vault.scene import DAWN, DUSK, SIGHT, Scene, boats

from nrm_contracts.record.events import ErasureNotified, ErasureTold, HandoverMinted, PersonalDataErased
from nrm_contracts.vault.v1.vault_pb2 import Contact, Identity, PersonalData
from nrm_kernel.ids import new_ref
from nrm_kernel.pieces import Files
from nrm_kernel.showings import showings
from nrm_kernel.testing.serving import SetClock, says
from nrm_kernel.testing.toy_door import BoatRegistered

OK = grpc.StatusCode.OK
Told = tuple[str, str, tuple[str, ...]]


async def shown(scene: Scene, *data_classes: str) -> Sequence[Told]:
    """Who would be told if these classes were erased now."""
    store, today = scene.agency.store, scene.agency.office.clock.now().date()
    filed = await Files(store, SIGHT).anybody(scene.person)
    found = await showings(store, filed, data_classes, today)
    return [(one.to, one.handover_id, one.data_classes) for one in found.shown]


async def opened(scene: Scene) -> None:
    result = await scene.sealed()
    assert result.code is OK, result


async def sealed_anew(scene: Scene) -> None:
    data = PersonalData(identity=Identity(given_names="Nobody Anew"))
    await scene.record(BoatRegistered(scene.person, "female", "again"), data=data)


async def test_who_never_opened_anything_is_not_told(scene: Scene) -> None:
    assert (await scene.own()).code is OK
    assert (await scene.sealed(legal_basis="public_task")).code is grpc.StatusCode.NOT_FOUND
    assert await shown(scene, "identity") == []


async def test_who_opened_it_is_told_of_the_classes_that_they_saw_alone(scene: Scene) -> None:
    await scene.record(
        BoatRegistered(scene.person, "female", "again"), data=PersonalData(contact=Contact(phones=["+4400"]))
    )
    await opened(scene)
    await opened(scene)
    assert await shown(scene, "identity", "contact") == [(DAWN, scene.handover, ("identity",))]
    assert await shown(scene, "contact") == []


async def test_each_agency_that_opened_it_is_told_under_its_own_handover(scene: Scene) -> None:
    other = new_ref()
    await scene.record(HandoverMinted(scene.person, DUSK, other))
    await opened(scene)
    at_dusk = await scene.sealed(says(DUSK, "case_worker", "assist"), handover_id=other)
    assert at_dusk.code is OK
    assert await shown(scene, "identity") == [
        (DAWN, scene.handover, ("identity",)),
        (DUSK, other, ("identity",)),
    ]


async def test_of_what_was_erased_before_and_told_then_nobody_is_told_again(scene: Scene) -> None:
    await opened(scene)
    await scene.erase("identity")
    await sealed_anew(scene)
    assert await shown(scene, "identity") == []
    await opened(scene)
    assert await shown(scene, "identity") == [(DAWN, scene.handover, ("identity",))]


async def test_what_others_were_shown_of_somebody_else_concerns_nobody_here(scene: Scene) -> None:
    elsewhere = replace(scene, person=new_ref(), handover=new_ref())
    await sealed_anew(elsewhere)
    await elsewhere.record(HandoverMinted(elsewhere.person, DAWN, elsewhere.handover))
    await opened(elsewhere)
    assert await shown(scene, "identity") == []
    assert len(await shown(elsewhere, "identity")) == 1


async def test_a_look_of_any_day_since_it_was_sealed_is_found(tmp_path: Path) -> None:
    clock = SetClock(datetime(2026, 1, 30, 23, 59, tzinfo=UTC))
    async with boats(tmp_path, clock) as scene:
        clock.moment += timedelta(days=1)
        await opened(scene)
        clock.moment += timedelta(days=30)
        assert await shown(scene, "identity") == [(DAWN, scene.handover, ("identity",))]


BY_COURT = {"data_classes": ["identity"], "ground": "court_order"}


async def test_an_erasure_tells_whoever_was_shown_it_and_the_notice_says_no_more_than_they_know(scene: Scene) -> None:
    await opened(scene)
    assert (await scene.give("ProposeErasure", 1, **BY_COURT)).code is OK
    assert (await scene.give("ConfirmErasure", 2)).code is OK
    [told], [notice] = await scene.events(ErasureTold), await scene.events(ErasureNotified)
    assert (told.person_ref, told.to, told.erasure_id) == (scene.person, DAWN, notice.erasure_id)
    assert notice == ErasureNotified(scene.handover, told.erasure_id, ("identity",))
    [sent] = [entry for entry in await scene.agency.store.read(0, 100) if entry.to]
    assert set(sent.envelope) <= {
        *("v", "origin", "position", "stream", "seq", "id", "salt", "type", "schema", "data", "prev"),
        *("to", "occurred_at", "recorded_at", "agency"),
    }
    assert scene.person not in str(sent.envelope)


async def test_who_looks_while_it_is_being_erased_is_not_left_out(scene: Scene) -> None:
    assert (await scene.give("ProposeErasure", 1, **BY_COURT)).code is OK
    scene.recorder.first.append(opened(scene))
    refused = await scene.give("ConfirmErasure", 2)
    assert (refused.reason, await scene.events(PersonalDataErased)) == ("SHOWN_JUST_NOW", [])
    assert (await scene.give("ConfirmErasure", 2)).code is OK
    assert [one.to for one in await scene.events(ErasureTold)] == [DAWN]
    assert (await scene.sealed()).reason == "PERSONAL_DATA_ERASED"
