"""A house is opened whole or not at all, and closed whole: what stands beside an agency that fails is let go of."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.pathways.deployment import NGO, POLICE, POLICY

from nrm.config import Config
from nrm.embedded import open_house
from nrm.founding import found
from nrm_kernel.errors import NrmError
from nrm_kernel.telemetry import silent

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are listed on Linux only")


def without_signing_key(config: Config) -> None:
    config.agency[-1].signing_key.unlink()


def without_vault_key(config: Config) -> None:
    config.agency[-1].vault_key.write_text("no key")


def store_of_another(config: Config) -> None:
    config.agency[0].folder.joinpath("store.sqlite").rename(config.agency[-1].folder / "store.sqlite")


@pytest.mark.parametrize("harm", [without_signing_key, without_vault_key, store_of_another])
async def test_when_a_later_agency_cannot_be_opened_then_nothing_stays_open(
    tmp_path: Path, harm: Callable[[Config], None]
) -> None:
    config = Config.load(found(tmp_path / "deployment", [POLICE, NGO], POLICY))
    await (await open_house(config, silent())).close()
    harm(config)
    with pytest.raises((NrmError, OSError)):
        await open_house(config, silent())
    assert held(config) == []
    assert [each.name for each in threading.enumerate() if each.name.startswith(("read-", "write-"))] == []


@pytest.mark.parametrize("turns", [1, 10, 100])
async def test_when_the_opening_is_broken_off_then_nothing_stays_open(tmp_path: Path, turns: int) -> None:
    config = Config.load(found(tmp_path / "deployment", [POLICE, NGO], POLICY))
    opening = asyncio.create_task(open_house(config, silent()))
    for _ in range(turns):
        await asyncio.sleep(0)
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    assert held(config) == []


async def test_when_an_agency_cannot_be_ended_then_nothing_else_stays_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = Config.load(found(tmp_path / "deployment", [POLICE, NGO], POLICY))
    house = await open_house(config, silent())
    assert held(config)
    monkeypatch.setattr(house.agencies[0], "stop", broken)
    with pytest.raises(OSError, match="the disk went away"):
        await house.close()
    assert held(config) == []


async def broken() -> None:
    """What an agency's end comes to when its disk is gone."""
    raise OSError("the disk went away")


def held(config: Config) -> list[str]:
    """Files of the deployment that this process has open."""
    links = []
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            links.append(str(descriptor.readlink()))
        except OSError:
            continue  # the one that the listing itself was read by
    return [link for link in links if link.startswith(str(config.trust.parent))]
