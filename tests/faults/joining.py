"""Agencies that join a nation whose processes all go on running."""

from dataclasses import replace
from pathlib import Path

from tests.faults.nation import Nation, divided, story_name
from tests.faults.processes import Up
from tests.pathways.deployment import POLICY

from nrm.config_distributed import DistributedConfig
from nrm.servers.installing import install, provide
from nrm_kernel.adapters.store_postgres import PostgresStore
from nrm_kernel.ledger.trust import Trust


async def known(nation: Nation, folder: Path, *agencies: str) -> DistributedConfig:
    """Everybody's trust file names these agencies too; none of them runs yet."""
    origins = [nation.named(agency) for agency in agencies]
    together = await install(folder, origins, POLICY, nation.servers)
    later = divided(together, nation.collector)
    before = Trust.load(nation.config.trust)
    provide(nation.servers.kafka, [*before.origins(), *origins])
    put(Trust(before.deployment, (*before.logs, *Trust.load(later.trust).logs)), nation.config.trust)
    return later


async def admitted(nation: Nation, later: DistributedConfig) -> None:
    """They start, and act on nothing that is in a log now."""
    sizes = {nation.named(agency): await store.size() for agency, store in nation.stores.items()}
    trust = Trust.load(nation.config.trust)
    new = {section.origin for section in later.agency}
    logs = tuple(replace(log, admitted=sizes) if log.name in new else log for log in trust.logs)
    for path in (nation.config.trust, later.trust):
        put(Trust(trust.deployment, logs), path)
    for section in later.agency:
        agency = story_name(section.origin)
        nation.stores[agency] = await PostgresStore.open(section.store_url(), section.origin)
        nation.processes[agency] = Up(nation.zygote, section.folder.parent, section.folder.name)
        await nation.processes[agency].start()
    nation.config = nation.config.model_copy(update={"agency": (*nation.config.agency, *later.agency)})


def put(trust: Trust, path: Path) -> None:
    """In one go, as an operator replaces a file that processes read."""
    fresh = path.with_suffix(".new")
    fresh.write_text(trust.render())
    fresh.replace(path)
