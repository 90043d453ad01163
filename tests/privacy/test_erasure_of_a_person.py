"""Sealed data is made unreadable in every agency that seals: nobody opens it again, and nothing else is lost."""

import asyncio
import shutil
from collections.abc import Awaitable, Sequence
from pathlib import Path
from typing import cast

import grpc
import pytest
from tests.pathways import stories
from tests.pathways.deployment import NGO, POLICE, PROSECUTOR, Deployment, Reply, Values, deployed, eventually
from tests.pathways.stories import person

from nrm.config import Config
from nrm.founding import CONFIG
from nrm.services import STORE, view_files
from nrm_audit.commands import run_replay, run_verify
from nrm_contracts.vault.v1.vault_pb2 import Identity, PersonalData
from nrm_kernel.adapters.store_sql import SqlStore
from nrm_kernel.adapters.vault_seal import AgencyKeys, Sealer
from nrm_kernel.adapters.vault_sql import SqlVault
from nrm_kernel.entry import Entry
from nrm_kernel.errors import DataLoss
from nrm_kernel.testing.serving import ended
from nrm_kernel.vault import Commitment

pytestmark = pytest.mark.slow
NAMED: Values = {"identity": PersonalData(identity=Identity(given_names="Nobody Invented"))}
LOOK: Values = {"data_class": "identity", "legal_basis": "public_task"}
DESCRIBED: Values = {"sex": "male", "age_band": "30-38", "citizenship": "GB", "roles_in_process": ["Exploiter"]}
ASKED: Values = {"data_classes": ["identity"], "ground": "person_request"}


async def refusal(call: Awaitable[Reply]) -> str:
    """The reason for which a call is refused; empty when it is not."""
    try:
        await call
    except grpc.aio.AioRpcError as refused:
        return ended(refused).reason
    return ""


async def erase(deployment: Deployment, agency: str, about: Values) -> None:
    """One officer proposes it, another carries it out."""
    await deployment.do(agency, "ProposeErasure", **about, **ASKED)
    await deployment.do(agency, "ConfirmErasure", officer=2, **about)


async def known_to_the_police(deployment: Deployment) -> Values:
    """Named to the police, and their case there closed at once: an adult says no, and is reported without a name."""
    about = person(await stories.detected(deployment, **NAMED))
    assert await refusal(deployment.do(POLICE, "ProposeErasure", **about, **ASKED)) == "CASE_OPEN"
    await deployment.do(POLICE, "Screen", **about, **stories.SIGNS)
    await deployment.do(POLICE, "RefuseConsent", **about, scope="referral")
    await deployment.do(POLICE, "NotifyAnonymously", **about)
    return about


async def known_to_a_shelter(deployment: Deployment) -> Values:
    """Named to a shelter, whose help they decline."""
    found = await deployment.do(NGO, "RegisterPerson", **stories.SOMEBODY, **NAMED, detection_channel="self")
    about = person(str(found.person_ref))
    assert await refusal(deployment.do(NGO, "ProposeErasure", **about, **ASKED)) == "CASE_OPEN"
    await deployment.do(NGO, "OfferAssistance", **about, services=["shelter"])
    await deployment.do(NGO, "DeclineAssistance", **about, reason="no_need")
    return about


async def known_to_a_prosecutor(deployment: Deployment) -> tuple[Values, Values]:
    """A victim and a suspect, both named, in a case that is given up."""
    victim = person(str((await deployment.do(PROSECUTOR, "RegisterVictim", **NAMED)).person_ref))
    case = await stories.taking_part(deployment, victim["person_ref"])
    on: Values = {"on": f"case-{case}", "criminal_case_id": case}
    await deployment.do(PROSECUTOR, "OpenInvestigation", **on)
    suspect = str((await deployment.do(PROSECUTOR, "AddDefendant", **on, **DESCRIBED, **NAMED)).defendant_ref)
    about: tuple[Values, Values] = (victim, {"on": on["on"], "person_ref": suspect})
    for each in about:
        assert await refusal(deployment.do(PROSECUTOR, "ProposeErasure", **each, **ASKED)) == "CASE_OPEN"
    await deployment.do(PROSECUTOR, "DiscontinueCase", **on, reason="no_evidence")
    return about


async def test_what_is_erased_is_gone_and_everything_else_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "deployment"
    async with deployed(folder) as deployment:
        stays = await known_to_the_police(deployment)
        everybody = [(POLICE, await known_to_the_police(deployment)), (NGO, await known_to_a_shelter(deployment))]
        everybody += [(PROSECUTOR, one) for one in await known_to_a_prosecutor(deployment)]
        for agency, about in everybody:
            seen = {"person_ref": about["person_ref"], **LOOK}
            assert await refusal(deployment.ask(agency, "OpenOwn", **seen)) == ""
            await erase(deployment, agency, about)
            assert await refusal(deployment.ask(agency, "OpenOwn", **seen)) == "PERSONAL_DATA_ERASED"
            assert await refusal(deployment.do(agency, "ProposeErasure", **about, **ASKED)) == "NOTHING_TO_ERASE"
        assert len((await deployment.ask(POLICE, "OpenOwn", person_ref=stays["person_ref"], **LOOK)).opened) == 1
        await audited(folder)


async def audited(folder: Path) -> None:
    """Every log verifies, and every view is what the entries make it, once what was recorded has been relayed."""
    config = Config.load(folder / CONFIG)

    async def exits() -> tuple[int, int]:
        verified = await asyncio.to_thread(run_verify, [folder], config.trust)
        replayed = await asyncio.to_thread(run_replay, [folder], config.trust, view_files(config))
        return verified[0], replayed[0]

    await eventually(exits, lambda codes: codes == (0, 0))


async def test_without_the_key_of_its_time_a_backup_opens_nothing_that_was_erased_since(tmp_path: Path) -> None:
    folder, backup = tmp_path / "deployment", tmp_path / "backup"
    async with deployed(folder) as deployment:
        gone, stays = await known_to_the_police(deployment), await known_to_the_police(deployment)
        commitments = [one for entry in await deployment.entries(POLICE) for one in sealed_in(entry)]
    police = next(one for one in Config.load(folder / CONFIG).agency if one.origin == POLICE)
    shutil.copytree(police.folder, backup)
    older, newer = AgencyKeys.load(police.vault_key), AgencyKeys.generate("newer")
    replace_keys(police.vault_key, AgencyKeys("newer", {**newer.by_name, **older.by_name}))
    async with deployed(folder) as deployment:
        await erase(deployment, POLICE, gone)
    replace_keys(police.vault_key, newer)
    async with deployed(folder) as deployment:
        assert await refusal(deployment.ask(POLICE, "OpenOwn", person_ref=stays["person_ref"], **LOOK)) == ""
    store = await SqlStore.open_sqlite(backup / STORE, POLICE)
    vault = SqlVault(store, Sealer(POLICE, newer))
    assert len(commitments) == 2
    for commitment in commitments:
        with pytest.raises(DataLoss, match="does not open"):
            await vault.open(commitment)
    await store.close()


def sealed_in(entry: Entry) -> Sequence[Commitment]:
    return cast(Sequence[Commitment], entry.envelope.get("sealed", ()))


def replace_keys(file: Path, keys: AgencyKeys) -> None:
    file.unlink()
    keys.save(file)
