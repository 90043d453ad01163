"""Two processes run the same agencies on the same store: both take commands, one relays, and the other takes over."""

from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from tests.distributed.country import KINDS, NATIONAL, address_of, detected, founded, running, shown, until

from nrm.config_distributed import DistributedConfig
from nrm.servers.installing import Servers

pytestmark = pytest.mark.slow


async def test_both_take_commands_and_one_of_them_relays(tmp_path: Path, servers: Servers) -> None:
    config = DistributedConfig.load(await founded(tmp_path / "country", servers, KINDS[0], NATIONAL))
    police, national = [section.origin for section in config.agency]
    async with running(config) as one, running(config) as two:
        agencies = [house.at(police).agency for house in (one, two)]
        await until(lambda: any(agency.is_active for agency in agencies))
        for house in (one, two):
            await detected(address_of(house, police), police)
        for house in (one, two):
            assert await shown(address_of(house, national), national, 2) == 2
        [active], [standby] = ([one for one in agencies if one.is_active is active] for active in (True, False))
        await until(lambda: active.relay.size > 0)
        assert standby.relay.size == 0


async def test_when_the_one_that_relays_ends_the_other_goes_on(tmp_path: Path, servers: Servers) -> None:
    config = DistributedConfig.load(await founded(tmp_path / "country", servers, KINDS[0], NATIONAL))
    police, national = [section.origin for section in config.agency]
    async with AsyncExitStack() as stays, AsyncExitStack() as goes:
        active = await goes.enter_async_context(running(config))
        await until(lambda: all(agency.is_active for agency in active.agencies))
        standby = await stays.enter_async_context(running(config))
        await detected(address_of(standby, police), police)
        assert await shown(address_of(active, national), national, 1) == 1
        assert not standby.at(police).agency.is_active
        await goes.aclose()
        await until(lambda: standby.at(police).agency.is_active)
        await detected(address_of(standby, police), police)
        assert await shown(address_of(standby, national), national, 2) == 2
        assert standby.at(police).agency.alarms == []
