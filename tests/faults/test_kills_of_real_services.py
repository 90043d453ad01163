"""kill -9 of real services at sampled places, and a restart: nothing acknowledged is lost, nothing comes twice.

``NRM_SEED=7`` samples other places than those that are always tried.
"""

import os
import signal
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest
from tests.faults.checks import unbroken
from tests.faults.conftest import Zygote
from tests.faults.driver import Job
from tests.faults.real import founded
from tests.faults.told import happened_once_a_person, nothing_acknowledged_is_lost, nothing_is_doubled

from nrm.config import STORE, Config
from nrm.demo.again import replayed
from nrm.founding import CONFIG
from nrm_kernel.adapters.store_sql import SqlStore
from nrm_kernel.entry import Entry

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
SEEDS = [int(os.environ[name])] if (name := "NRM_SEED") in os.environ else [1, 2]
PLACES = (
    *("append.before_commit", "append.after_commit", "store.in_commit"),
    *("relay.after_read", "relay.after_sign", "relay.after_publish"),
    *("react.before_submit", "react.after_submit"),
    *("project.before_commit", "project.after_commit"),
)
KILLS, TURNS_MAX, PEOPLE = 8, 12, 5


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
    happened_once_a_person(await whole(folder), PEOPLE)
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
