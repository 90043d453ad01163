"""kill -9 at each named place, and a restart: nothing acknowledged is lost, nothing doubled, everything fits again."""

import asyncio
import json
import os
import signal
import sys
from dataclasses import asdict
from pathlib import Path
from random import Random

import pytest
from tests.faults import checks
from tests.faults.conftest import ROOT, Zygote
from tests.faults.driver import CALLERS, PAIR, Job

from nrm_kernel.failpoints import NAMES

pytestmark = pytest.mark.slow
TURNS = {"append.before_commit": (1, 7), "append.after_commit": (1, 7), "store.in_commit": (1, 9, 20)}
"""Which time. A caller waits for each answer, so ``CALLERS`` commands are the most that one commit can take."""


@pytest.mark.parametrize("failpoint", [f"{name}:{turn}" for name in NAMES for turn in TURNS.get(name, (1,))], ids=str)
async def test_a_process_killed_at_a_failpoint_loses_and_doubles_nothing(
    zygote: Zygote, tmp_path: Path, failpoint: str
) -> None:
    count = max(12, CALLERS * int(failpoint.partition(":")[2]))
    assert zygote.done(Job("agencies", str(tmp_path), count, failpoint=failpoint)) == -signal.SIGKILL
    await checks.whole(tmp_path, *PAIR)
    assert zygote.done(Job("agencies", str(tmp_path), count + 6)) == 0
    await checks.at_rest(tmp_path, count + 6)


@pytest.mark.parametrize("seed", [1, 2])
async def test_a_process_killed_again_and_again_comes_to_rest_at_last(
    zygote: Zygote, tmp_path: Path, seed: int
) -> None:
    chance = Random(seed)
    for run in range(1, 9):
        name = chance.choice(NAMES)
        place = f"{name}:{chance.randint(1, 6) if name in TURNS else 1}"
        assert zygote.done(Job("agencies", str(tmp_path), 10 * run, failpoint=place)) == -signal.SIGKILL
        await checks.whole(tmp_path, *PAIR)
    assert zygote.done(Job("agencies", str(tmp_path), 90)) == 0
    await checks.at_rest(tmp_path, 90)


async def test_the_environment_arms_a_failpoint(zygote: Zygote, tmp_path: Path) -> None:
    job = Job("agencies", str(tmp_path), 10)
    command = [sys.executable, "-m", "tests.faults.driver", json.dumps(asdict(job))]
    environment = os.environ | {"NRM_FAILPOINT": "relay.after_sign"}
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment)
    assert await process.wait() == -signal.SIGKILL
    assert zygote.done(job) == 0
    await checks.at_rest(tmp_path, 10)
