"""One agency in one or several processes, with a counting service: its parts are real, and all in one process."""

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

from nrm.agency import Agency, Surroundings, opened
from nrm_contracts.policy import NationalPolicy
from nrm_kernel.adapters.log_sqlite import SqliteLog
from nrm_kernel.adapters.store_sql import SqlStore
from nrm_kernel.adapters.views_sql import SqlViews
from nrm_kernel.appender import Appender
from nrm_kernel.clock import SystemClock
from nrm_kernel.lease import Lease
from nrm_kernel.ledger.note import SigningKey
from nrm_kernel.ledger.trust import Trust, TrustedKey, TrustedOrigin
from nrm_kernel.policy import PolicyHistory
from nrm_kernel.relay import Relay
from nrm_kernel.service import Service
from nrm_kernel.telemetry import silent
from nrm_kernel.testing import toy
from nrm_kernel.testing.toy import ORIGIN

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


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not holds():  # noqa: ASYNC110 - loops tell nobody
            await asyncio.sleep(0.01)
