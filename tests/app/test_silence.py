"""The coordinator says of each agency whether it is still heard: one that is idle is, one that is cut off is not."""

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from rich.console import Console
from tests.pathways import stories
from tests.pathways.deployment import (
    AUTHORITY,
    COORDINATOR,
    NGO,
    POLICE,
    POLICY,
    Deployment,
    Reply,
    eventually,
)

from nrm.config import Config
from nrm.embedded import open_house
from nrm.founding import found
from nrm.layout import Paper
from nrm_contracts.record.v1.receipt_pb2 import Completeness
from nrm_kernel.telemetry import silent

ORIGINS = (POLICE, AUTHORITY, NGO, COORDINATOR)


@pytest.fixture
async def deployment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Deployment]:
    """Agencies whose hearts beat fast."""
    monkeypatch.setattr("nrm_kernel.relay.HEARTBEAT_S", 0.1)
    monkeypatch.setattr("nrm_kernel.hearing.LISTEN_S", 0.05)
    config = Config.load(found(tmp_path / "deployment", ORIGINS, POLICY)).model_copy(update={"silent_after_s": 3.0})
    house = await open_house(config, silent())
    house.start()
    await house.serve()
    one = Deployment(house)
    yield one
    await one.close()


async def _told(deployment: Deployment) -> dict[str, Reply]:
    answer = await deployment.ask(COORDINATOR, "GetFunnels", from_on="2020-01-01", to_on="2030-01-01")
    return {one.origin: one for one in answer.complete_to}


@pytest.mark.slow
async def test_the_coordinator_tells_an_idle_agency_from_one_that_is_cut_off(deployment: Deployment) -> None:
    ref = await stories.detected(deployment)
    await stories.referred(deployment, ref)
    await eventually(
        lambda: _told(deployment),
        lambda told: {POLICE, AUTHORITY} <= {name for name, one in told.items() if one.heard_at} - _silent(told),
    )

    for origin in (AUTHORITY, NGO):
        await deployment.house.at(origin).agency.loops.stop()
    # Also the one of which nothing was ever read.
    told = await eventually(lambda: _told(deployment), lambda told: _silent(told) == {AUTHORITY, NGO})
    assert told[AUTHORITY].silent_since == told[AUTHORITY].heard_at
    assert told[POLICE].heard_at > told[AUTHORITY].heard_at
    assert (told[NGO].size, told[AUTHORITY].size > 0) == (0, True)


def _silent(told: dict[str, Reply]) -> set[str]:
    return {origin for origin, one in told.items() if one.silent_since}


@pytest.mark.parametrize("lost", [True, False])
def test_the_terminal_names_whoever_is_not_heard(lost: bool) -> None:
    heard = Completeness(origin=POLICE, size=5, heard_at="2026-01-01T12:00:00Z")
    silent_one = Completeness(origin=NGO, size=2, silent_since="2026-01-01T11:00:00Z")
    written = io.StringIO()
    Paper(Console(width=200, file=written)).end("2026-01-01T12:00:00Z", [heard, *([silent_one] if lost else [])])
    told = "Not heard, so what they recorded later is not known here: ngo-dawn since 2026-01-01 11:00:00."
    assert (told in written.getvalue()) == lost
    assert ("Not heard" in written.getvalue()) == lost
