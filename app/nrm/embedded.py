"""The embedded composition root: every agency of the configuration in this one process, on SQLite files."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from nrm.agency import Agency, Surroundings, opened
from nrm.config import DEMO, SHOWN, STORE, WITNESS, AgencySection, Config
from nrm.services import built
from nrm_kernel.adapters import vault_sql
from nrm_kernel.adapters.log_sqlite import SqliteLog
from nrm_kernel.adapters.store_sql import SqlStore
from nrm_kernel.adapters.vault_seal import AgencyKeys, Sealer
from nrm_kernel.adapters.vault_sql import SqlVault
from nrm_kernel.adapters.views_sql import SqlViews
from nrm_kernel.appender import Appender
from nrm_kernel.clock import Clock, SystemClock
from nrm_kernel.errors import NrmError
from nrm_kernel.ledger.note import SigningKey
from nrm_kernel.ledger.trust import Trust
from nrm_kernel.policy import load_history
from nrm_kernel.relay import Relay
from nrm_kernel.rpc import Server
from nrm_kernel.rpc_feed import feed_door
from nrm_kernel.rpc_identity import Certificates, Entrance, Loopback, MutualTls, Revoked, TlsFiles
from nrm_kernel.rpc_office import Office
from nrm_kernel.rpc_vault import vault_door
from nrm_kernel.telemetry import Telemetry
from nrm_kernel.tokens import OfficerKeys, OfficerTokens


class ClockRefused(NrmError):
    """Recorded time comes from the machine's clock; a simulated one would let history be back-dated."""

    def __init__(self, deployment: str) -> None:
        super().__init__(
            "CLOCK_REFUSED", f"{deployment} is no demo: recorded time comes from the machine's clock alone."
        )


@dataclass(frozen=True)
class Housed:
    """One agency with the parts that only its composition root knows."""

    agency: Agency
    office: Office
    vault: SqlVault
    views: SqlViews
    server: Server


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
        """Drain the servers, end the loops, let go of the files. What was acknowledged is stored."""
        await asyncio.gather(*(one.server.drain(grace_s) for one in self.housed if one.agency.origin in self.ports))
        for one in self.housed:
            await one.agency.stop()
            await one.views.close()
            await one.agency.store.close()
        await self.around.log.close()


async def open_house(config: Config, telemetry: Telemetry, clock: Clock | None = None) -> House:
    """Open every agency of the configuration; when one cannot be opened, those before it are closed again.

    Raises DataLoss when a store was rolled back, and ClockRefused.
    """
    if clock is not None and config.deployment != DEMO:
        raise ClockRefused(config.deployment)
    trust, policies = Trust.load(config.trust), load_history(config.policy)
    house = House(config, Surroundings(SqliteLog(config.log), trust, policies, clock or SystemClock(), telemetry))
    try:
        for section in config.agency:
            house.housed.append(await _housed(section, config, house.around))
    except BaseException:
        await house.close()
        raise
    return house


async def _housed(section: AgencySection, config: Config, around: Surroundings) -> Housed:
    async with AsyncExitStack() as opened_so_far:
        housed = await _put_together(section, config, around, opened_so_far)
        opened_so_far.pop_all()  # they are the house's from here on
        return housed


async def _put_together(
    section: AgencySection, config: Config, around: Surroundings, opened_so_far: AsyncExitStack
) -> Housed:
    store = await SqlStore.open_sqlite(_made(section.folder) / STORE, section.origin, vault_sql.metadata)
    opened_so_far.push_async_callback(store.close)
    appender = Appender(store, around.clock)
    vault = SqlVault(store, Sealer(section.origin, AgencyKeys.load(section.vault_key)))
    office = Office(
        section.origin, around.agencies, around.policies.at, around.clock, appender, vault, around.telemetry
    )
    parts = built(section.kind, store, office, around, config)
    views = await SqlViews.open(section.folder / SHOWN, [*parts.service.views, *parts.service.national])
    opened_so_far.push_async_callback(views.close)
    parts.views.settle_on(views)
    relay = Relay(
        store,
        around.log,
        SigningKey.from_file(section.signing_key),
        section.folder / WITNESS,
        around.clock,
        around.telemetry,
    )
    agency = await opened(store, views, parts.service, relay, appender, around)
    doors = [*parts.service.doors, feed_door(section.origin, around.log, around.trust.origins())]
    if parts.service.sight is not None:
        doors.append(vault_door(office, store, parts.service.sight))
    server = Server(office, doors, _entrance(section, config, around), reflects=section.tls is None)
    agency.on_halt.append(server.halt)
    return Housed(agency, office, vault, views, server)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _entrance(section: AgencySection, config: Config, around: Surroundings) -> Entrance:
    tls = section.tls
    if tls is None:
        return Loopback(section.listen, around.agencies)
    assert config.officer_keys is not None, "the configuration was checked: TLS goes with officers' keys"
    revoked = Revoked(tls.revoked, around.clock) if tls.revoked else None
    return MutualTls(
        section.listen,
        TlsFiles(tls.key, tls.certificate, tls.authority),
        Certificates(config.deployment, around.agencies, around.clock, revoked),
        OfficerTokens(section.origin, OfficerKeys.load(config.officer_keys), around.clock),
    )
