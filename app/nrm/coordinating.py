"""The coordinator's questions asked in this process, over its files. The looks are recorded and signed as always."""

import asyncio
import getpass
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from google.protobuf.message import Message

from nrm.config import Config, ConfigInvalid
from nrm.embedded import open_house
from nrm_kernel.identity import Caller
from nrm_kernel.service import Read
from nrm_kernel.telemetry import silent

Answer = Callable[[Any, Caller], Awaitable[Message]]


@asynccontextmanager
async def asking(config: Config) -> AsyncIterator[tuple[Mapping[str, Answer], Caller]]:
    """The coordinator's questions by name, and who asks: the person at the keyboard, under a pseudonym."""
    own = [section for section in config.agency if section.kind == "coordinator"]
    if not own:
        raise ConfigInvalid(config.trust.parent, "no coordinator is configured here")
    house = await open_house(config.model_copy(update={"agency": tuple(own)}), silent())
    agency = house.agencies[0]
    appending = asyncio.create_task(agency.appender.run())
    try:
        doors = agency.service.doors
        methods = {row.name: row.answer for door in doors for row in door.methods if isinstance(row, Read)}
        yield methods, Caller(agency.origin, _pseudonym(), frozenset({"coordinator_analyst"}), "statistics")
        while await agency.relay.relay():
            pass
    finally:
        appending.cancel()
        await house.close()


def _pseudonym() -> str:
    """The same for the same person at this keyboard, and no name."""
    return "desk-" + hashlib.sha256(getpass.getuser().encode()).hexdigest()[:12]
