"""Two processes run one agency: who met what it cannot go on from lets the other one go on, or find the same."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import pytest
from tests.app.processes import Country, until

from nrm.agency import Agency
from nrm_kernel import lease
from nrm_kernel.adapters.log_sqlite import SqliteLog
from nrm_kernel.errors import EventUnknown, Halted
from nrm_kernel.reactions import Reacting
from nrm_kernel.relay import Relay
from nrm_kernel.testing import toy
from nrm_kernel.testing.toy import ORIGIN, Raise


class Older(Relay):
    """The relay of a release that does not know what is in the store."""

    async def relay(self) -> int:
        """Nothing new, or what it does not know."""
        if entries := await self._store.read(self.size, 1):
            raise EventUnknown(ORIGIN, entries[0].position, "toy.Newer version 2")
        return 0


class OlderReacting:
    """A reaction loop that met a newer release's notice."""

    async def run(self) -> None:
        """At once."""
        raise EventUnknown("toy/counting/other", 7, "toy.NewerNotified version 2")


@pytest.fixture
async def country(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Country]:
    monkeypatch.setattr(lease, "RETRY_S", 0.01)
    one = Country(tmp_path, SqliteLog(tmp_path / "log.sqlite"))
    yield one
    await one.close()


async def both(country: Country, relaying: type[Relay] = Relay) -> tuple[Agency, Agency]:
    """The process whose turn it is, and the one that waits."""
    active, standby = await country.process(relaying), await country.process()
    active.start()
    await until(lambda: active.is_active)
    standby.start()
    return active, standby


async def test_after_an_alarm_about_its_own_log_the_other_process_finds_the_same_and_halts_too(
    country: Country,
) -> None:
    active, standby = await both(country)
    await active.appender.submit(toy.order(Raise(1)))
    await until(lambda: active.relay.size == 1)
    country.misread()
    await standby.appender.submit(toy.order(Raise(1)))
    active.relay.wake()
    await until(lambda: active.halted and standby.halted)
    assert [[alarm.reason for alarm in one.alarms] for one in (active, standby)] == [["ENTRY_ALTERED"]] * 2
    for one in (active, standby):
        with pytest.raises(Halted):
            await one.appender.submit(toy.order(Raise(1)))
    assert await country.log.size(ORIGIN) == 1
    assert not active.is_active


async def test_a_process_of_an_older_release_leaves_the_relaying_to_one_that_knows_what_is_recorded(
    country: Country,
) -> None:
    older, newer = await both(country, Older)
    await newer.appender.submit(toy.order(Raise(1)))
    older.relay.wake()
    await until(lambda: newer.relay.size == 1)
    assert (older.halted, newer.halted, newer.is_active, newer.alarms) == (True, False, True, [])
    await newer.appender.submit(toy.order(Raise(1)))
    await until(lambda: newer.relay.size == 2)
    assert await country.log.size(ORIGIN) == 2


async def test_a_process_that_cannot_read_a_newer_notice_passes_its_turn_on_and_goes_on_when_it_is_alone(
    country: Country,
) -> None:
    older, newer = await country.process(), await country.process()
    newer.start()
    await until(lambda: newer.is_active)
    older.reacting.append(cast(Reacting, OlderReacting()))
    older.start()
    assert newer.turn is not None
    newer.turn.pass_on()
    await until(lambda: bool(older.alarms))
    await until(lambda: newer.is_active and not older.is_active)
    await newer.stop()
    await until(lambda: older.is_active)
    await older.appender.submit(toy.order(Raise(1)))
    await until(lambda: older.relay.size == 1)
    assert not older.halted
