"""What must hold of a nation once everything came to rest, whatever happened to its processes and servers before.

Acknowledged commands are stored, nothing is doubled, the order of each stream holds, what is shown is what a rebuild
shows, and everybody who holds a log has the same root: store, each reader's topic on Kafka, views, mirror and auditor.
What was sealed is in its agency's vault.
"""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from tests.faults.checks import unbroken
from tests.faults.nation import Nation, story_name
from tests.faults.processes import until
from tests.faults.real import AGENCIES
from tests.faults.told import happened_once_a_person, nothing_acknowledged_is_lost, nothing_is_doubled
from tests.pathways.deployment import AUDITOR, AUTHORITY, NGO, POLICE, PROSECUTOR

import nrm_assistance.reactions
import nrm_funding.reactions
import nrm_identification.reactions
import nrm_prosecution.reactions
from nrm.services import VIEWS
from nrm_audit.commands import run_verify
from nrm_audit.stores_postgres import StoreDatabase
from nrm_kernel.adapters.log_sqlite import SqliteLog
from nrm_kernel.adapters.views_postgres import PostgresViews
from nrm_kernel.entry import Entry
from nrm_kernel.ledger.merkle import Frontier
from nrm_kernel.reactions import Reacting
from nrm_kernel.relay import CURSOR
from nrm_kernel.testing.fresh import dump, rebuilt

Logs = Mapping[str, Sequence[Entry]]
SEALING = (POLICE, AUTHORITY, NGO, PROSECUTOR)
"""Who seals something about each person of the story."""
REACTED_TO = {
    "identification": {one.notice for one in nrm_identification.reactions.REACTIONS},
    "assistance": {one.notice for one in nrm_assistance.reactions.REACTIONS},
    "prosecution": {one.notice for one in nrm_prosecution.reactions.REACTIONS},
    "funding": {one.notice for one in nrm_funding.reactions.REACTIONS},
}


async def everything_holds(nation: Nation) -> Logs:
    """All of it, as soon as everything came to rest; gives the logs."""
    async with views_of(nation) as views:
        await until("everything recorded is published, reacted to, shown and copied", lambda: at_rest(nation, views))
        logs = {agency: await unbroken(nation.stores[agency]) for agency in nation.agencies}
        assert nothing_acknowledged_is_lost(nation.folder, logs) >= nation.people * len(AGENCIES)
        for entries in logs.values():
            nothing_is_doubled(entries)
        happened_once_a_person(logs, nation.people)
        await views_are_what_a_rebuild_gives(nation, views)
        await readers_have_the_same_roots(nation, views, logs)
        await asyncio.to_thread(copies_have_the_same_roots, nation, logs)
    return logs


@asynccontextmanager
async def views_of(nation: Nation) -> AsyncIterator[dict[str, PostgresViews]]:
    """Every agency's views, to look into."""
    opened = {
        story_name(section.origin): await PostgresViews.open(section.store_url(), views)
        for section in nation.config.agency
        if (views := VIEWS[section.kind])
    }
    try:
        yield opened
    finally:
        for each in opened.values():
            await each.close()


async def at_rest(nation: Nation, views: Mapping[str, PostgresViews]) -> bool:
    """Whether everything that was recorded came to wherever it goes."""
    logs = {agency: await nation.entries(agency) for agency in nation.agencies}
    for agency, store in nation.stores.items():
        relayed = await store.cursor(CURSOR)
        if (relayed.frontier.size if relayed else 0) < len(logs[agency]):
            return False
        for origin in nation.agencies:
            cursor = await store.cursor(Reacting.cursor_name(nation.named(origin)))
            if due(logs[origin], nation.named(agency)) > (cursor.frontier.size if cursor else 0):
                return False
    for agency, shown in views.items():
        for origin in nation.agencies if is_national(agency) else [agency]:
            if (await shown.frontier(nation.named(origin))).size < len(logs[origin]):
                return False
    return await mirrored(nation) == {agency: len(entries) for agency, entries in logs.items()}


def is_national(agency: str) -> bool:
    """Whether its views show every log."""
    return agency.split("/")[1] == "coordinator"


def due(entries: Sequence[Entry], agency: str) -> int:
    """How far the agency must have read for having reacted to everything that it reacts to."""
    kinds = REACTED_TO.get(agency.split("/")[1], set())
    return max((one.position + 1 for one in entries if one.to == agency and type(one.event) in kinds), default=0)


async def mirrored(nation: Nation) -> dict[str, int]:
    """How much the auditor has copied of each log."""
    mirror = SqliteLog(mirror_of(nation))
    sizes = {agency: await mirror.size(nation.named(agency)) for agency in nation.agencies}
    await mirror.close()
    return sizes


def mirror_of(nation: Nation) -> Path:
    """The auditor's copy of all logs."""
    return nation.folder / nation.processes[AUDITOR].name / "mirror.sqlite"


async def views_are_what_a_rebuild_gives(nation: Nation, views: Mapping[str, PostgresViews]) -> None:
    """Row by row; the coordinator's from every log."""
    for agency, shown in views.items():
        stores = list(nation.stores.values()) if is_national(agency) else [nation.stores[agency]]
        for view in VIEWS[agency.split("/")[1]]:
            assert await dump(shown, view) == await rebuilt(stores[0], view, *stores[1:]), f"{view.name} of {agency}"


async def readers_have_the_same_roots(nation: Nation, views: Mapping[str, PostgresViews], logs: Logs) -> None:
    """Everybody who keeps how far a log was read has the root that the store has at that size."""
    for origin, entries in logs.items():
        kept = [await store.cursor(Reacting.cursor_name(nation.named(origin))) for store in nation.stores.values()]
        relayed = await nation.stores[origin].cursor(CURSOR)
        shown = [await each.frontier(nation.named(origin)) for each in views.values()]
        for frontier in [*shown, *(cursor.frontier for cursor in (*kept, relayed) if cursor)]:
            assert frontier.root() == root_of(entries[: frontier.size]), origin


def copies_have_the_same_roots(nation: Nation, logs: Logs) -> None:
    """The auditor finds every copy whole: on Kafka the topic of each origin and reader, the mirror, and each database.

    What each agency sealed is in its vault, and nothing besides.
    """
    cluster = nation.config.cluster(nation.config.agency[0])
    databases = [StoreDatabase(section.origin, section.store_url()) for section in nation.config.agency]
    _, report = run_verify([mirror_of(nation)], nation.config.trust, cluster, databases=databases)
    assert report.exit_code == 0, report.text()
    copies = json.loads(report.json())["copies"]
    sealed = {one["origin"]: one["sealed"]["present"] for one in copies if one.get("sealed")}
    assert {agency for agency in logs if sealed[nation.named(agency)] >= nation.people} >= set(SEALING), sealed
    found = [(one["origin"], one["entries"], one["root"]) for one in copies]
    whole = {
        agency: (nation.named(agency), len(entries), base64.b64encode(root_of(entries)).decode())
        for agency, entries in logs.items()
    }
    assert sorted(found) == sorted(one for one in whole.values() for _ in range(len(logs) + 2))


def root_of(entries: Sequence[Entry]) -> bytes:
    """The root over them."""
    return Frontier().extend([entry.leaf for entry in entries]).root()
