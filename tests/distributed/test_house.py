"""The distributed mode in one process on real servers: what one agency records the others learn over Kafka."""

import base64
import json
from pathlib import Path

import pytest
from tests.distributed.country import KINDS, NATIONAL, OFFICE, address_of, detected, founded, running, shown, until

from nrm.config_distributed import DistributedConfig
from nrm.distributed import DistributedHouse
from nrm.servers.installing import Servers
from nrm_audit.commands import run_verify
from nrm_kernel.ledger.merkle import Frontier

pytestmark = pytest.mark.slow


async def test_what_is_recorded_is_seen_by_the_coordinator_and_everybody_has_the_same_root(
    tmp_path: Path, servers: Servers
) -> None:
    config = DistributedConfig.load(await founded(tmp_path / "country", servers, *KINDS, NATIONAL, OFFICE))
    police, *_, national, office = [section.origin for section in config.agency]
    async with running(config) as house:
        for _ in range(3):
            await detected(address_of(house, police), police)
        assert await shown(address_of(house, national), national, 3) == 3
        store = house.at(police).agency.store
        entries = await store.read(0, 1_000)
        await _copied(house, office, police, len(entries))
    _, report = run_verify([config.log], config.trust)
    [copy] = [one for one in json.loads(report.json())["copies"] if one["origin"] == police]
    root = Frontier().extend([entry.leaf for entry in entries]).root()
    assert (copy["entries"], copy["root"]) == (len(entries), base64.b64encode(root).decode())
    assert "altered" not in report.text().replace("nothing altered", "")


async def _copied(house: DistributedHouse, office: str, origin: str, size: int) -> None:
    [copying] = [one for one in house.at(office).agency.copying if one.origin == origin]
    await until(lambda: copying.size >= size)


async def test_a_house_opened_again_goes_on_where_it_stopped(tmp_path: Path, servers: Servers) -> None:
    config = DistributedConfig.load(await founded(tmp_path / "country", servers, KINDS[0], NATIONAL))
    police, national = [section.origin for section in config.agency]
    for least in (1, 2):
        async with running(config) as house:
            await detected(address_of(house, police), police)
            assert await shown(address_of(house, national), national, least) == least
