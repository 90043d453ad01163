"""An agency that is stopped has signed and published what it acknowledged, where the shared log can be reached."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from tests.app.processes import Country, until

from nrm_kernel.adapters.log_sqlite import SqliteLog
from nrm_kernel.errors import Unavailable
from nrm_kernel.log import Published
from nrm_kernel.testing import toy
from nrm_kernel.testing.toy import ORIGIN, Raise


class Away(SqliteLog):
    """A log that can be read, and that nothing can be published to."""

    async def publish(self, origin: str, entries: Sequence[Published], note: str) -> None:
        """Raises Unavailable."""
        raise Unavailable("LOG_AWAY", "The shared log cannot be reached.")


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
