"""kill -9 of real services at sampled places, and a restart: nothing acknowledged is lost, nothing comes twice.

``NRM_FAULTS_SEED=7`` samples other places than those that are always tried.
"""

import json
import os
import signal
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest
from tests.faults.checks import unbroken
from tests.faults.conftest import Zygote
from tests.faults.driver import Job
from tests.faults.real import ACKNOWLEDGED, founded
from tests.pathways.deployment import AUTHORITY, FUND, NGO, POLICE

from nrm.config import STORE, Config
from nrm.demo.again import replayed
from nrm.founding import CONFIG
from nrm_kernel.adapters.store_sql import SqlStore
from nrm_kernel.entry import Entry

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
SEEDS = [int(os.environ[name])] if (name := "NRM_FAULTS_SEED") in os.environ else [1, 2]
PLACES = (
    *("append.before_commit", "append.after_commit", "store.in_commit"),
    *("relay.after_read", "relay.after_sign", "relay.after_publish"),
    *("react.before_submit", "react.after_submit"),
    *("project.before_commit", "project.after_commit"),
)
KILLS, TURNS_MAX, PEOPLE = 8, 12, 5
ONCE_A_PERSON = {
    (POLICE, "identification.PersonDetected"): 1,
    (POLICE, "identification.ReferralSent"): 1,
    (POLICE, "identification.AssistanceRequested"): 1,
    (AUTHORITY, "identification.ReferralReceived"): 1,
    (POLICE, "identification.ReferralAnswerReceived"): 1,
    (NGO, "assistance.CaseOpened"): 1,
    (NGO, "assistance.ServiceUnitDelivered"): 1,
    (NGO, "assistance.ClaimableUnitSent"): 1,
    (FUND, "funding.ClaimableUnitRecorded"): 1,
    (FUND, "funding.ClaimAnswered"): 2,
    (NGO, "assistance.ClaimAnswerRecorded"): 2,
    (POLICE, "identification.AssistanceAnswerReceived"): 2,
}
"""How often each happens for one person in the whole story."""


@pytest.mark.parametrize("seed", SEEDS)
async def test_real_services_killed_again_and_again_lose_and_double_nothing(
    real_zygote: Zygote, tmp_path: Path, seed: int
) -> None:
    chance, folder = Random(seed), tmp_path / "deployment"
    founded(folder)
    deaths = []
    for _ in range(KILLS):
        place = f"{chance.choice(PLACES)}:{chance.randint(1, TURNS_MAX)}"
        if real_zygote.done(Job("story", str(folder), PEOPLE, failpoint=place)) == -signal.SIGKILL:
            deaths.append(place)
        print(f"seed {seed}: killed at {', '.join(deaths)}")  # noqa: T201 - shown when a check fails
        await whole(folder)
    assert len(deaths) >= KILLS // 2, "a story that was told to its end passes few places"
    assert real_zygote.done(Job("story", str(folder), PEOPLE)) == 0, failed(folder)
    at_rest(await whole(folder))
    config = folder / CONFIG
    again = replayed([folder], Config.load(config).trust, config)
    assert again.equal, again.told


def failed(folder: Path) -> str:
    """What the process said."""
    path = folder / "failed"
    return path.read_text() if path.exists() else ""


async def whole(folder: Path) -> dict[str, Sequence[Entry]]:
    """What must hold whenever the process died; gives the agencies' entries."""
    assert not failed(folder), failed(folder)
    logs = {}
    for section in Config.load(folder / CONFIG).agency:
        if (section.folder / STORE).exists():
            store = await SqlStore.open_sqlite(section.folder / STORE, section.origin)
            logs[section.origin] = await unbroken(store)
            await store.close()
    nothing_acknowledged_is_lost(folder, logs)
    for entries in logs.values():
        nothing_is_doubled(entries)
    return logs


def nothing_acknowledged_is_lost(folder: Path, logs: dict[str, Sequence[Entry]]) -> None:
    """Each answer that came is of an entry that stands where it said."""
    path = folder / ACKNOWLEDGED
    answers = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    for agency, request_id, position in answers:
        assert logs[agency][position].text("request_id") == request_id


def nothing_is_doubled(entries: Sequence[Entry]) -> None:
    """What a request, or a notice, makes happen was recorded in one piece: the id of a reaction follows from both."""
    places: dict[str, list[int]] = {}
    for entry in entries:
        if request_id := entry.text("request_id"):
            places.setdefault(request_id, []).append(entry.position)
    for request_id, found in places.items():
        others = [one for one in entries[found[0] : found[-1]] if one.text("request_id") not in ("", request_id)]
        assert not others, f"request {request_id} was recorded at {found}"


def at_rest(logs: dict[str, Sequence[Entry]]) -> None:
    """Everything happened to each person as often as it should, and no notice was refused."""
    counted = Counter((origin, entry.type) for origin, entries in logs.items() for entry in entries)
    assert {what: counted[what] for what in ONCE_A_PERSON} == {
        what: times * PEOPLE for what, times in ONCE_A_PERSON.items()
    }
    assert not any(kind == "record.ReactionRefused" for _, kind in counted)
