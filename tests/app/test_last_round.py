"""An agency that is stopped has signed and published what it acknowledged, where the shared log can be reached."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from tests.app.processes import Country, until

from nrm.agency import Surroundings
from nrm.config import Config
from nrm.house import House, Housed
from nrm_kernel.adapters.log_sqlite import SqliteLog
from nrm_kernel.errors import Unavailable
from nrm_kernel.log import Published
from nrm_kernel.relay import Relay
from nrm_kernel.testing import toy
from nrm_kernel.testing.toy import ORIGIN, Raise


class Away(SqliteLog):
    """A log that can be read, and that nothing can be published to."""

    async def publish(self, origin: str, entries: Sequence[Published], note: str) -> None:
        """Raises Unavailable."""
        raise Unavailable("LOG_AWAY", "The shared log cannot be reached.")


class PastItsLastLook(Relay):
    """The relay of a process that ends: it reads nothing more of the store."""

    async def relay(self) -> int:
        """Nothing new."""
        return 0


class Told(Relay):
    """A relay that tells whether its process ends."""

    told = False

    def end(self) -> None:
        """See :meth:`Relay.end`."""
        self.told = True
        super().end()


@dataclass
class Ending:
    """An agency, its views and its store, which end when those of another agency begin to."""

    met: asyncio.Barrier
    origin: str = ORIGIN

    async def stop(self) -> None:
        """Together with the other."""
        await self.met.wait()

    async def close(self) -> None:
        """At once."""

    @property
    def store(self) -> "Ending":
        """Itself."""
        return self


@pytest.fixture
async def country(tmp_path: Path) -> AsyncIterator[Country]:
    one = Country(tmp_path, SqliteLog(tmp_path / "log.sqlite"))
    yield one
    await one.close()


async def test_what_was_acknowledged_just_before_the_stop_is_published(country: Country) -> None:
    stopped = await country.process()
    stopped.start()
    await until(lambda: stopped.is_active)
    await stopped.appender.submit(toy.order(Raise(1)))
    await stopped.stop()
    assert await country.log.size(ORIGIN) == 1
    assert stopped.relay.size == 1


async def test_an_agency_whose_log_is_away_stops_all_the_same_and_publishes_when_it_runs_again(tmp_path: Path) -> None:
    away = Country(tmp_path, Away(tmp_path / "log.sqlite"))
    stopped = await away.process()
    stopped.start()
    await until(lambda: stopped.is_active)
    await stopped.appender.submit(toy.order(Raise(1)))
    await stopped.stop()
    assert stopped.relay.size == 0
    await away.close()
    back = Country(tmp_path, SqliteLog(tmp_path / "log.sqlite"))
    again = await back.process()
    again.start()
    await until(lambda: again.relay.size == 1)
    await back.close()


async def test_of_two_processes_that_stop_together_the_later_one_publishes_what_the_other_did_not_see(
    country: Country,
) -> None:
    active, standby = await country.process(PastItsLastLook), await country.process(Told)
    active.start()
    await until(lambda: active.is_active)
    standby.start()
    await standby.appender.submit(toy.order(Raise(1)))
    stopping = asyncio.create_task(standby.stop())
    await until(lambda: cast(Told, standby.relay).told)
    await active.stop()
    await stopping
    assert await country.log.size(ORIGIN) == 1


async def test_no_agency_of_a_process_waits_for_the_end_of_another() -> None:
    met = asyncio.Barrier(2)
    around = cast(Surroundings, SimpleNamespace(log=Ending(met)))
    housed = [SimpleNamespace(agency=Ending(met), views=Ending(met), around=around) for _ in range(2)]
    async with asyncio.timeout(60):
        await House(cast(Config, None), around, cast(list[Housed], housed)).close()
