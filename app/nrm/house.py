"""A process's agencies, each put together from its configuration, its storage and the log that it shares with others.

Both composition roots use it; what differs between them comes in as :class:`Storage` and :class:`Surroundings`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Protocol

from nrm.agency import Agency, Surroundings, opened
from nrm.config import DEMO, WITNESS, AgencySection, Config
from nrm.services import built
from nrm.signing import own_key, require_trusted
from nrm_kernel.adapters.vault_seal import AgencyKeys, Sealer
from nrm_kernel.adapters.vault_sql import BesideTheLog, SqlVault
from nrm_kernel.appender import Appender
from nrm_kernel.clock import Clock, SystemClock
from nrm_kernel.errors import NrmError
from nrm_kernel.log_topics import ClientTls
from nrm_kernel.projecting import RebuiltStore
from nrm_kernel.relay import Relay
from nrm_kernel.rpc import Server
from nrm_kernel.rpc_feed import feed_door
from nrm_kernel.rpc_identity import Certificates, Entrance, Loopback, MutualTls, Revoked, TlsFiles
from nrm_kernel.rpc_office import Office
from nrm_kernel.rpc_vault import vault_door
from nrm_kernel.store import Store
from nrm_kernel.tokens import OfficerKeys, OfficerTokens
from nrm_kernel.views import View


class ClockRefused(NrmError):
    """Recorded time comes from the machine's clock; a simulated one would let history be back-dated."""

    def __init__(self, deployment: str) -> None:
        super().__init__(
            "CLOCK_REFUSED", f"{deployment} is no demo: recorded time comes from the machine's clock alone."
        )


def allowed(clock: Clock | None, deployment: str) -> Clock:
    """The machine's clock, or in a demo another one. Raises ClockRefused."""
    if clock is not None and deployment != DEMO:
        raise ClockRefused(deployment)
    return clock or SystemClock()


class KeptStore(Store, BesideTheLog, Protocol):
    """A store in whose database the vault lies too."""


class KeptViews(RebuiltStore, Protocol):
    """Views that somebody must let go of in the end."""

    async def close(self) -> None: ...


@dataclass(frozen=True)
class Storage:
    """Where an agency keeps what it has: how its store and its views are opened."""

    store: Callable[[], Awaitable[KeptStore]]
    views: Callable[[Sequence[View]], Awaitable[KeptViews]]


@dataclass(frozen=True)
class Housed:
    """One agency with the parts that only its composition root knows."""

    agency: Agency
    office: Office
    vault: SqlVault
    views: KeptViews
    server: Server
    around: Surroundings


@dataclass
class House:
    """All agencies of one process and the log they share."""

    config: Config
    around: Surroundings
    housed: list[Housed] = field(default_factory=list)
    ports: dict[str, int] = field(default_factory=dict)

    @property
    def agencies(self) -> Sequence[Agency]:
        """Every agency, in the order of the configuration."""
        return [one.agency for one in self.housed]

    def at(self, origin: str) -> Housed:
        """The agency of that origin. Raises KeyError."""
        return {one.agency.origin: one for one in self.housed}[origin]

    async def serve(self) -> None:
        """Listen on every agency's address."""
        for one in self.housed:
            self.ports[one.agency.origin] = await one.server.start()

    def start(self) -> None:
        """Run every agency's loops."""
        for agency in self.agencies:
            agency.start()

    async def close(self, grace_s: float = 5.0) -> None:
        """Drain the servers, end the loops, let go of the files, all at once. What was acknowledged is stored."""
        logs = {id(around.log): around.log for around in (self.around, *(one.around for one in self.housed))}
        serving = [one for one in self.housed if one.agency.origin in self.ports]
        async with AsyncExitStack() as ending:  # from the last to the first, also when one of them fails
            ending.push_async_callback(_all_of, *(log.close() for log in logs.values()))
            ending.push_async_callback(_all_of, *map(_end, self.housed))  # each may wait long for a server that is away
            await _all_of(*(one.server.drain(grace_s) for one in serving))


async def _all_of(*ends: Awaitable[None]) -> None:
    """Each to its end, whatever becomes of the others. Raises what the first one that failed raised."""
    for failed in filter(None, await asyncio.gather(*ends, return_exceptions=True)):
        raise failed


async def _end(one: Housed) -> None:
    async with AsyncExitStack() as ending:
        ending.push_async_callback(one.agency.store.close)
        ending.push_async_callback(one.views.close)
        await one.agency.stop()


async def put_together(section: AgencySection, config: Config, around: Surroundings, storage: Storage) -> Housed:
    """The agency of that section, open and not yet running. When it cannot be opened whole, nothing stays open.

    Raises DataLoss when its store was rolled back, SigningKeyUntrusted, and what is raised for files that are wrong.
    """
    section.folder.mkdir(parents=True, exist_ok=True)
    async with AsyncExitStack() as opened_so_far:
        housed = await _put_together(section, config, around, storage, opened_so_far)
        opened_so_far.pop_all()  # they are the house's from here on
        return housed


async def _put_together(
    section: AgencySection, config: Config, around: Surroundings, storage: Storage, opened_so_far: AsyncExitStack
) -> Housed:
    # What the files are wrong in is told before a store is opened: that makes it the agency's for good.
    key = own_key(section, around.trust)
    vault_keys, entrance = AgencyKeys.load(section.vault_key), _entrance(section, config, around)
    store = await storage.store()
    opened_so_far.push_async_callback(store.close)
    require_trusted(key, section, around.trust, await store.size())
    appender = Appender(store, around.clock)
    vault = SqlVault(store, Sealer(section.origin, vault_keys))
    await vault.renew()
    office = Office(
        section.origin, around.agencies, around.policies.at, around.clock, appender, vault, around.telemetry
    )
    parts = built(section.kind, store, office, around, config)
    views = await storage.views([*parts.service.views, *parts.service.national])
    opened_so_far.push_async_callback(views.close)
    parts.views.settle_on(views)
    relay = Relay(
        store,
        around.log,
        key,
        section.folder / WITNESS,
        around.clock,
        around.telemetry,
    )
    agency = await opened(store, views, parts.service, relay, appender, around)
    agency.hearing = parts.hearing
    doors = [*parts.service.doors, feed_door(section.origin, around.log, around.agencies)]
    if parts.service.sight is not None:
        doors.append(vault_door(office, store, parts.service.sight))
    server = Server(office, doors, entrance, reflects=section.tls is None)
    agency.on_halt.append(server.halt)
    return Housed(agency, office, vault, views, server, around)


def _entrance(section: AgencySection, config: Config, around: Surroundings) -> Entrance:
    tls = section.tls
    if tls is None:
        return Loopback(section.listen, around.agencies)
    assert config.officer_keys is not None, "the configuration was checked: TLS goes with officers' keys"
    ClientTls(tls.certificate, tls.key, tls.authority).context()  # gRPC would only say that it cannot listen
    revoked = Revoked(tls.revoked, around.clock) if tls.revoked else None
    return MutualTls(
        section.listen,
        TlsFiles(tls.key, tls.certificate, tls.authority),
        Certificates(config.deployment, around.agencies, around.clock, revoked),
        OfficerTokens(section.origin, OfficerKeys.load(config.officer_keys), around.clock),
    )
