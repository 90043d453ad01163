"""The distributed composition root: the agencies of one process, each on its PostgreSQL database and with its own way
into Kafka. Mostly that is one agency; for trying things out all may share a process.

A server that is away is waited for, with one line in the log. Agencies that join the trust file are read from then on.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from opentelemetry.trace import TracerProvider
from prometheus_client import CollectorRegistry

from nrm import certs
from nrm.agency import Surroundings, follow
from nrm.config import AUDIT
from nrm.config_distributed import DistributedAgency, DistributedConfig
from nrm.fitness import is_for_trying_out, require_fit
from nrm.house import House, Housed, Storage, allowed, put_together
from nrm.mirroring import Mirroring
from nrm.store_reach import StoreReach, look_for_ever
from nrm.trust_file import TrustFile
from nrm_kernel.adapters import vault_sql
from nrm_kernel.adapters.lease_postgres import PostgresLeases
from nrm_kernel.adapters.log_kafka import KafkaLog
from nrm_kernel.adapters.log_sqlite import SqliteLog
from nrm_kernel.adapters.postgres_faults import StoreRefused, for_the_operator
from nrm_kernel.adapters.store_postgres import PostgresStore
from nrm_kernel.adapters.views_postgres import PostgresViews
from nrm_kernel.clock import Clock, SystemClock
from nrm_kernel.errors import NrmError, Unavailable
from nrm_kernel.policy import load_history
from nrm_kernel.telemetry import Telemetry

T = TypeVar("T")

RETRY_S = 1.0
REREAD_S = 2.0


@dataclass(frozen=True)
class Tools:
    """What a process gives its agencies: log lines and traces, a registry for figures, in a demo another clock."""

    telemetry: Telemetry
    tracers: TracerProvider | None = None
    registry: CollectorRegistry | None = None
    clock: Clock | None = None


class DistributedHouse(House):
    """The agencies of one process, and the trust file that they all follow."""

    def __init__(self, config: DistributedConfig, around: Surroundings, trust: TrustFile) -> None:
        super().__init__(config, around)
        self._trust = trust
        self._addresses = {section.origin: section.store_address for section in config.agency}
        self._mirror = SqliteLog(config.log) if any(one.kind == AUDIT for one in config.agency) else None
        self._beside: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """See :class:`House`; and from now on agencies may join, and it is told when a database is away."""
        super().start()
        log = self.around.telemetry.log
        stores = [StoreReach(one.agency, self._addresses[one.agency.origin], log) for one in self.housed]
        self._beside = [
            asyncio.create_task(self._join_all(), name="joining"),
            asyncio.create_task(look_for_ever(stores), name="stores"),
        ]

    async def close(self, grace_s: float = 5.0) -> None:
        """See :class:`House`."""
        for task in self._beside:
            task.cancel()
        await asyncio.gather(*self._beside, return_exceptions=True)
        await super().close(grace_s)
        if self._mirror is not None:
            await self._mirror.close()

    def take_in(self, one: Housed) -> None:
        """One agency more."""
        self.housed.append(one)
        for origin in self._trust.origins():
            self._copy(one, origin)

    async def joined(self) -> None:
        """Read every log that the trust file names since it was read last. Raises TrustInvalid and TrustTaken."""
        for origin in self._trust.reread():
            for one in self.housed:
                await patiently(partial(follow, one.agency, one.around, origin), self.around)
                self._copy(one, origin)
                one.agency.start()
            self.around.telemetry.log.info("agency_joined", origin=origin)

    async def _join_all(self) -> None:
        while True:
            await asyncio.sleep(REREAD_S)
            try:
                await self.joined()
            except NrmError as fault:
                self.around.telemetry.log.error("trust_refused", reason=fault.reason)
            except OSError:
                continue  # it is being replaced

    def _copy(self, one: Housed, origin: str) -> None:
        """The auditor keeps a copy of every log; nobody else does."""
        if self._mirror is not None and one.agency.service.kind == AUDIT:
            one.agency.copying.append(Mirroring(one.around.log, self._mirror, self._trust, origin, one.agency.origin))


async def open_distributed(config: DistributedConfig, tools: Tools) -> DistributedHouse:
    """Open every agency of the configuration, waiting for databases that are away; Kafka may come later.

    Raises DataLoss when a store was rolled back, NotMigrated, RoleUnfit, DatabaseUnfit, StoreRefused,
    CertificateEnded, CertificateNotYet and ClockRefused.
    """
    clock, trust, policies = (
        allowed(tools.clock, config.deployment),
        TrustFile(config.trust),
        load_history(config.policy),
    )
    around = {
        section.origin: Surroundings(_log(section, config, trust, tools), trust, policies, clock, tools.telemetry)
        for section in config.agency
    }
    house = DistributedHouse(config, around[config.agency[0].origin], trust)
    try:
        for section in config.agency:
            certs.require_live(section.certificates, SystemClock().now())
            own = around[section.origin]
            storage = _storage(section, trying_out=is_for_trying_out(config))
            one = await patiently(partial(put_together, section, config, own, storage), own, section.store_address)
            house.take_in(one)
            _share(one, section)
    except BaseException:
        await house.close()
        raise
    return house


def _log(section: DistributedAgency, config: DistributedConfig, trust: TrustFile, tools: Tools) -> KafkaLog:
    alone = len(config.agency) == 1  # the library names each of its figures once in a process
    registry = tools.registry if alone else None
    return KafkaLog(
        config.cluster(section), section.origin, trust.origins, tools.telemetry.log, tools.tracers, registry, trust
    )


def _storage(section: DistributedAgency, *, trying_out: bool) -> Storage:
    url = section.store_url()

    async def store() -> PostgresStore:
        await require_fit(url, trying_out=trying_out)
        return await PostgresStore.open(url, section.origin, vault_sql.metadata)

    return Storage(store, lambda views: PostgresViews.open(url, views))


def _share(one: Housed, section: DistributedAgency) -> None:
    """Other processes may run the agency too, on the same store."""
    assert isinstance(one.agency.store, PostgresStore)
    one.agency.share(PostgresLeases(section.store_url()), one.agency.store.watch)


async def patiently(attempt: Callable[[], Awaitable[T]], around: Surroundings, address: str = "") -> T:
    """Try until it is no longer Unavailable; one line when it begins to wait and one when it goes on.

    A database that answers and lets nobody in is not waited for: StoreRefused is raised, and the line says why.
    """
    waits_for = ""
    while True:
        try:
            found = await attempt()
        except StoreRefused as refused:
            cause = for_the_operator(refused)
            around.telemetry.log.error("server_refuses", reason=refused.reason, cause=cause, address=address)
            raise
        except Unavailable as away:
            if away.reason != waits_for:
                cause = for_the_operator(away)
                around.telemetry.log.warning("waits_for_server", reason=away.reason, cause=cause, address=address)
            waits_for = away.reason
            await around.clock.sleep(RETRY_S)
            continue
        if waits_for:
            around.telemetry.log.info("server_back", reason=waits_for)
        return found
