"""The coordinator's questions asked in this process, over its own files or database. The looks are recorded as always.

Nothing is put together here but what an answer needs, so that it is there soon.
"""

import asyncio
import getpass
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from google.protobuf.message import Message

from nrm.config import SHOWN, STORE, WITNESS, AgencySection, Config
from nrm.config_distributed import DistributedConfig
from nrm.signing import own_key, require_trusted
from nrm_coordinator.facts import NATIONAL
from nrm_coordinator.rpc import Answers
from nrm_kernel.adapters.log_sqlite import SqliteLog
from nrm_kernel.adapters.store_sql import SqlStore
from nrm_kernel.adapters.views_owner import ViewsKept
from nrm_kernel.adapters.views_shown import ShownViews
from nrm_kernel.adapters.views_sql import SqlViews
from nrm_kernel.appender import Appender
from nrm_kernel.clock import Clock, SystemClock
from nrm_kernel.errors import Invalid, Unavailable
from nrm_kernel.follow import Follower
from nrm_kernel.hearing import Heard, Hearing, Hears
from nrm_kernel.identity import Caller
from nrm_kernel.ledger.merkle import Frontier
from nrm_kernel.ledger.trust import Trust
from nrm_kernel.log import SharedLog
from nrm_kernel.looks import Looks
from nrm_kernel.projecting import LogSource, Projecting
from nrm_kernel.relay import Relay
from nrm_kernel.service import Read
from nrm_kernel.store import Store
from nrm_kernel.telemetry import silent
from nrm_kernel.views import ViewReader

Answer = Callable[[Any, Caller], Awaitable[Message]]


class NoCoordinator(Invalid):
    """The deployment that was named runs other agencies alone, and they do not know the whole pathway."""

    def __init__(self, origins: Sequence[str]) -> None:
        super().__init__(
            "NO_COORDINATOR",
            f"No coordinator is configured there, but {', '.join(origins)}. Nobody else can answer this. Name the "
            "folder of the coordinator's configuration with --dir.",
        )


@dataclass(frozen=True)
class Desk:
    """What the coordinator has: its store, what it shows, and the log by which it hears the others."""

    store: Store
    views: ViewReader
    log: SharedLog


@asynccontextmanager
async def asking(config: Config) -> AsyncIterator[tuple[Mapping[str, Answer], Caller]]:
    """The coordinator's questions by name, and who asks: the person at the keyboard, under a pseudonym.

    Raises NoCoordinator where none is configured, DataLoss when its store was rolled back.
    """
    section, trust, clock = _coordinator(config), Trust.load(config.trust), SystemClock()
    async with _desk(config, section, trust) as desk:
        appender = Appender(desk.store, clock)
        appending = asyncio.create_task(appender.run())
        try:
            hears = await _listened(config, section, trust, desk, clock)
            door = Answers(desk.views, Looks(appender, clock, section.origin).record, clock, hears).door()
            methods = {row.name: row.answer for row in door.methods if isinstance(row, Read)}
            yield methods, Caller(section.origin, _pseudonym(section), frozenset({"coordinator_analyst"}), "statistics")
        finally:
            appending.cancel()
            await asyncio.gather(appending, return_exceptions=True)


def _coordinator(config: Config) -> AgencySection:
    own = [section for section in config.agency if section.kind == "coordinator"]
    if not own:
        raise NoCoordinator([section.origin for section in config.agency])
    return own[0]


def _desk(config: Config, section: AgencySection, trust: Trust) -> AbstractAsyncContextManager[Desk]:
    if isinstance(config, DistributedConfig):
        return _on_servers(config, section.origin, trust)
    return _in_files(config, section, trust)


@asynccontextmanager
async def _in_files(config: Config, section: AgencySection, trust: Trust) -> AsyncIterator[Desk]:
    """The looks are signed before this ends, also that of somebody who was refused. Raises SigningKeyUntrusted."""
    async with AsyncExitStack() as until_the_end:
        key = own_key(section, trust)
        store = await SqlStore.open_sqlite(section.folder / STORE, section.origin)
        until_the_end.push_async_callback(store.close)
        require_trusted(key, section, trust, await store.size())
        log = SqliteLog(config.log)
        until_the_end.push_async_callback(log.close)
        views = await _views(section.folder / SHOWN)
        until_the_end.push_async_callback(views.close)
        relay = Relay(store, log, key, section.folder / WITNESS, SystemClock())
        await relay.start()
        try:
            if isinstance(views, SqlViews):
                await _catch_up(views, log, trust, section.origin)
            yield Desk(store, views, log)
        finally:
            while await relay.relay():
                pass


@asynccontextmanager
async def _on_servers(config: DistributedConfig, origin: str, trust: Trust) -> AsyncIterator[Desk]:
    """What the coordinator's service shows in its database; the looks are signed by that service, or when it runs."""
    # Imported late: without servers nobody pays for it.
    from nrm_kernel.adapters.log_kafka import KafkaLog
    from nrm_kernel.adapters.store_postgres import PostgresStore
    from nrm_kernel.adapters.views_postgres import PostgresViews

    [section] = [one for one in config.agency if one.origin == origin]
    url = section.store_url()
    views = await PostgresViews.shown(url, [NATIONAL])
    store = await PostgresStore.open(url, origin)
    log = KafkaLog(config.cluster(section), origin, trust.origins, trust=trust)
    try:
        yield Desk(store, views, log)
    finally:
        for opened in (log, views, store):
            await opened.close()


async def _listened(config: Config, section: AgencySection, trust: Trust, desk: Desk, clock: Clock) -> Hears:
    """Who is heard. While the log is away it is nobody, and the answer says so of each."""
    hearing = Hearing(
        desk.log, trust, section.origin, desk.views.completeness, clock, silent().log, config.silent_after_s
    )
    try:
        await hearing.listen()
    except Unavailable:
        unheard = Heard(None, silent_since=clock.now())
        return lambda: {origin: unheard for origin in trust.origins() if origin != section.origin}
    return hearing.everybody


async def _views(folder: Path) -> SqlViews | ShownViews:
    """The coordinator's views: as a server that runs shows them, else kept here for as long as this takes."""
    try:
        return await SqlViews.open(folder, [NATIONAL], patience_s=0)
    except ViewsKept:
        return await ShownViews.open(folder, [NATIONAL])


async def _catch_up(views: SqlViews, log: SqliteLog, trust: Trust, reader: str) -> None:
    """Apply what is in the shared log already: no server of the coordinator runs that does it."""
    for origin in trust.origins():
        projecting = Projecting(LogSource(Follower(log, trust, origin, reader, Frontier())), [NATIONAL], views)
        while await projecting.step():
            pass


def _pseudonym(section: AgencySection) -> str:
    """The same for the same person at this keyboard; whoever lacks the office's key cannot tell from it who it is."""
    return "desk-" + hmac.new(section.signing_key.read_bytes(), getpass.getuser().encode(), "sha256").hexdigest()[:12]
