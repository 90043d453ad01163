"""The demo on PostgreSQL and Kafka: the same world, told to agencies that share nothing but the log."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from sqlalchemy import select

from nrm.config import SHOWN
from nrm.config_distributed import DistributedConfig
from nrm.demo.agencies import OFFICE, ORIGINS
from nrm.demo.folder import POLICY, config_of
from nrm.demo.grounds import Grounds
from nrm.demo.ports import FIRST_PORT, Ports
from nrm.demo.times import HistoryClock
from nrm.distributed import Tools, open_distributed
from nrm.house import House, Housed
from nrm.servers.installing import Servers, install
from nrm.servers.kafka import kafka
from nrm.servers.postgres import QUICK, postgres
from nrm.services import VIEWS
from nrm_kernel.adapters.log_sqlite import SqliteLog
from nrm_kernel.adapters.views_sql import SqlViews
from nrm_kernel.projecting import Stretch
from nrm_kernel.relay import published
from nrm_kernel.telemetry import silent
from nrm_kernel.views import Add

STORES = "stores.sqlite"
"""What the agencies' own stores hold, written out in the end to be held against the auditor's mirror of Kafka."""

POLL_S = 0.05


@contextmanager
def servers() -> Iterator[Grounds]:
    """Servers as long as the block, those that run or fresh ones. Raises KafkaMissing and PostgresMissing."""
    with postgres(QUICK) as database, kafka() as broker:
        yield standing_on(Servers(broker, database))


def standing_on(here: Servers) -> Grounds:
    """The demo on these servers, which hold no other."""
    return Grounds(partial(_found, here), _opened, _left)


def _found(here: Servers, folder: Path) -> None:
    """In a loop of its own: the demo's is busy with preparing."""
    with ThreadPoolExecutor(1) as beside:
        beside.submit(lambda: asyncio.run(install(folder, ORIGINS, POLICY, here, FIRST_PORT))).result()


async def _opened(folder: Path, clock: HistoryClock, ports: Ports) -> House:
    return await open_distributed(ports.held(DistributedConfig.load(config_of(folder))), Tools(silent(), clock=clock))


async def _left(folder: Path, house: House) -> None:
    """The auditor's mirror, the last checkpoints, and what the databases hold, written out."""
    await _mirrored(house)
    stores = SqliteLog(folder / STORES)
    try:
        for one in house.housed:
            await _write_out_store(one, stores)
            await _write_out_views(one, _folder_of(one, house) / SHOWN)
    finally:
        await stores.close()


async def _mirrored(house: House) -> None:
    """Until the auditor's mirror holds all that was signed."""
    signed = {agency.origin: agency.relay.size for agency in house.agencies}
    copies = house.at(OFFICE).agency.copying
    while True:
        if all(copying.size >= signed[copying.origin] for copying in copies):
            return
        await asyncio.sleep(POLL_S)


async def _write_out_store(one: Housed, stores: SqliteLog) -> None:
    store, note = one.agency.store, await one.agency.store.checkpoint()
    entries = [published(entry) for entry in await store.read(0, await store.size())]
    if note is not None:
        await stores.publish(one.agency.origin, entries, note)


async def _write_out_views(one: Housed, folder: Path) -> None:
    views = VIEWS[one.agency.service.kind]
    if not views:
        return
    copy = await SqlViews.open(folder, views)
    try:
        changes = await _rows(one)
        for origin in sorted((await one.views.completeness()).sizes):
            frontier = await one.views.frontier(origin)
            await copy.apply(changes, Stretch(origin, 0, (), frontier))
            changes = []
    finally:
        await copy.close()


async def _rows(one: Housed) -> list[Add]:
    tables = [table for view in VIEWS[one.agency.service.kind] for table in view.metadata.sorted_tables]
    return [Add(table, dict(row._mapping)) for table in tables for row in await one.views.rows(select(table))]


def _folder_of(one: Housed, house: House) -> Path:
    return {section.origin: section.folder for section in house.config.agency}[one.agency.origin]
