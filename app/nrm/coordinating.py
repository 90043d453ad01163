"""The coordinator's questions asked in this process, over its files. The looks are recorded and signed as always.

Nothing is put together here but what an answer needs, so that it is there soon.
"""

import asyncio
import getpass
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from google.protobuf.message import Message

from nrm.config import SHOWN, STORE, WITNESS, AgencySection, Config, ConfigInvalid
from nrm_coordinator.facts import NATIONAL
from nrm_coordinator.rpc import Answers
from nrm_kernel.adapters.log_sqlite import SqliteLog
from nrm_kernel.adapters.store_sql import SqlStore
from nrm_kernel.adapters.views_owner import ViewsKept
from nrm_kernel.adapters.views_shown import ShownViews
from nrm_kernel.adapters.views_sql import SqlViews
from nrm_kernel.appender import Appender
from nrm_kernel.clock import SystemClock
from nrm_kernel.follow import Follower
from nrm_kernel.hearing import Hearing
from nrm_kernel.identity import Caller
from nrm_kernel.ledger.merkle import Frontier
from nrm_kernel.ledger.note import SigningKey
from nrm_kernel.ledger.trust import Trust
from nrm_kernel.looks import Looks
from nrm_kernel.projecting import LogSource, Projecting
from nrm_kernel.relay import Relay
from nrm_kernel.service import Read
from nrm_kernel.telemetry import silent

Answer = Callable[[Any, Caller], Awaitable[Message]]


@asynccontextmanager
async def asking(config: Config) -> AsyncIterator[tuple[Mapping[str, Answer], Caller]]:
    """The coordinator's questions by name, and who asks: the person at the keyboard, under a pseudonym.

    Raises ConfigInvalid where no coordinator is configured, DataLoss when its store was rolled back.
    """
    section, trust, clock = _coordinator(config), Trust.load(config.trust), SystemClock()
    store = await SqlStore.open_sqlite(section.folder / STORE, section.origin)
    log, views = SqliteLog(config.log), await _views(section.folder / SHOWN)
    relay = Relay(store, log, SigningKey.from_file(section.signing_key), section.folder / WITNESS, clock)
    await relay.start()
    appender = Appender(store, clock)
    appending = asyncio.create_task(appender.run())
    try:
        if isinstance(views, SqlViews):
            await _catch_up(views, log, trust, section.origin)
        hearing = Hearing(log, trust, section.origin, views.completeness, clock, silent().log, config.silent_after_s)
        await hearing.listen()
        door = Answers(views, Looks(appender, clock, section.origin).record, clock, hearing.everybody).door()
        methods = {row.name: row.answer for row in door.methods if isinstance(row, Read)}
        yield methods, Caller(section.origin, _pseudonym(section), frozenset({"coordinator_analyst"}), "statistics")
    finally:
        while await relay.relay():  # also the look of somebody who was refused
            pass
        appending.cancel()
        for opened in (views, store, log):
            await opened.close()


def _coordinator(config: Config) -> AgencySection:
    own = [section for section in config.agency if section.kind == "coordinator"]
    if not own:
        raise ConfigInvalid(config.trust.parent, "no coordinator is configured here")
    return own[0]


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
