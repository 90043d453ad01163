"""Two processes run one agency: who met what it cannot go on from lets the other one go on, or find the same."""

import asyncio
import sqlite3
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from nrm.agency import Agency, Surroundings, opened
from nrm_contracts.policy import NationalPolicy
from nrm_kernel import lease
from nrm_kernel.adapters.log_sqlite import SqliteLog
from nrm_kernel.adapters.store_sql import SqlStore
from nrm_kernel.adapters.views_sql import SqlViews
from nrm_kernel.appender import Appender
from nrm_kernel.clock import SystemClock
from nrm_kernel.errors import EventUnknown, Halted
from nrm_kernel.lease import Lease
from nrm_kernel.ledger.note import SigningKey
from nrm_kernel.ledger.trust import Trust, TrustedKey, TrustedOrigin
from nrm_kernel.policy import PolicyHistory
from nrm_kernel.reactions import Reacting
from nrm_kernel.relay import Relay
from nrm_kernel.service import Service
from nrm_kernel.telemetry import silent
from nrm_kernel.testing import toy
from nrm_kernel.testing.toy import ORIGIN, Raise

KEY = SigningKey(ORIGIN, sha256(b"turns").digest())
TRUST = Trust("toy", (TrustedOrigin(ORIGIN, (TrustedKey(KEY.verifier()),)),))
POLICIES = PolicyHistory((cast(NationalPolicy, SimpleNamespace(version="toy-1", valid_from=date.min)),))
SERVICE = Service("counting", (), (), (toy.VIEW,))


@dataclass
class Locks:
    """The leases of processes that share a store, which here share a process too."""

    locks: defaultdict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))

    @asynccontextmanager
    async def held(self, name: str) -> AsyncIterator[Lease]:
        """See :class:`nrm_kernel.lease.Leases`."""
        async with self.locks[name]:
            yield self

    async def lost(self) -> None:
        """Never, while it is held."""
        await asyncio.Event().wait()


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


@dataclass
class Country:
    """The processes of one agency, on one store and one log."""

    folder: Path
    log: SqliteLog
    leases: Locks = field(default_factory=Locks)
    processes: list[Agency] = field(default_factory=list)

    async def process(self, relaying: type[Relay] = Relay) -> Agency:
        """One more process, with its own file outside the store; its loops do not run yet."""
        around = Surroundings(self.log, TRUST, POLICIES, SystemClock(), silent())
        store = await SqlStore.open_sqlite(self.folder / "store.sqlite", ORIGIN)
        number = len(self.processes)
        views = await SqlViews.open(self.folder / f"views-{number}", [toy.VIEW])
        relay = relaying(store, self.log, KEY, self.folder / f"witness-{number}", SystemClock())
        agency = await opened(store, views, SERVICE, relay, Appender(store, SystemClock()), around)
        agency.share(self.leases, _never)
        self.processes.append(agency)
        return agency

    async def close(self) -> None:
        """End them all."""
        for agency in self.processes:
            await agency.stop()
            await cast(SqlViews, agency.views).close()
            await agency.store.close()
        await self.log.close()

    def misread(self) -> None:
        """Entries are from now on stored with another hash than their bytes have."""
        change = "UPDATE entry SET leaf = x'00' WHERE position = NEW.position"
        with closing(sqlite3.connect(self.folder / "store.sqlite", timeout=10)) as connection, connection:
            connection.execute("DROP TRIGGER entry_no_update")
            connection.execute(f"CREATE TRIGGER mishap AFTER INSERT ON entry BEGIN {change}; END")


async def _never(_grown: Callable[[], None]) -> None:
    await asyncio.Event().wait()


@pytest.fixture
async def country(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Country]:
    monkeypatch.setattr(lease, "RETRY_S", 0.01)
    one = Country(tmp_path, SqliteLog(tmp_path / "log.sqlite"))
    yield one
    await one.close()


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not holds():  # noqa: ASYNC110 - loops tell nobody
            await asyncio.sleep(0.01)


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
