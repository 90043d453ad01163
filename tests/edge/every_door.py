"""The doors of every service, each over a store and views without anything in them."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

import grpc
from sqlalchemy import Row, Select

from nrm_kernel.access import AccessTable
from nrm_kernel.clock import SystemClock
from nrm_kernel.decider import Fold
from nrm_kernel.ledger.trust import Trust
from nrm_kernel.log import SharedLog
from nrm_kernel.rpc_feed import feed_door
from nrm_kernel.rpc_gate import Limits
from nrm_kernel.rpc_office import Office
from nrm_kernel.rpc_vault import vault_door
from nrm_kernel.service import Door, Lookup, Read, Service, Watch, Write
from nrm_kernel.testing import serving
from nrm_kernel.testing.serving import Agency, Outcome, outcome, stream_outcome
from nrm_kernel.views import Completeness, ViewReader

KINDS = ("assistance", "audit", "coordinator", "funding", "identification", "prosecution")
AGENCIES = {f"demo/{kind}/{name}": kind for kind in KINDS for name in ("one", "two")}


class Source(Lookup, ViewReader, Protocol):
    """What services read from."""


class Nothing:
    """A store, views and a shared log without anything in them."""

    async def state(self, fold: Fold[Any, Any], key: str) -> tuple[Any, int]:
        return fold.initial, 0

    async def person_behind(self, handover_id: str) -> str | None:
        return None

    async def rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        return ()

    async def completeness(self) -> Completeness:
        return Completeness({}, {})

    async def read(self, origin: str, reader: str, after: int, limit: int) -> Sequence[object]:
        raise AssertionError("a wrong subscription came as far as the log")


async def no_look(*_look: object) -> None:
    pass


def doors(kind: str, agency: Agency, office: Office, source: Source) -> Sequence[Door]:
    """The service's own doors and, with those of one service, the kernel's."""
    build: Callable[..., Service] = import_module(f"nrm_{kind}.service").build
    match kind:
        case "audit":
            return build((), Trust("demo", ()), (), no_look).doors
        case "coordinator":
            return build(source, no_look, SystemClock()).doors
        case "assistance":
            service = build(source, source)
            assert service.sight is not None
            vault = vault_door(office, agency.store, service.sight)
            return [*service.doors, vault, feed_door(office.origin, cast(SharedLog, source), office.agencies)]
        case _:
            return build(source, source).doors


@dataclass(frozen=True)
class Served:
    """A service behind a channel."""

    origin: str
    agency: Agency
    doors: Sequence[Door]
    channel: grpc.aio.Channel

    async def ending(self, path: str, raw: bytes, caller: serving.Metadata, timeout_s: float | None = 20) -> Outcome:
        """How a call of a method ends, whether it has one answer or many."""
        rows = {f"/{door.descriptor.full_name}/{row.name}": row for door in self.doors for row in door.methods}
        if isinstance(rows[path], Watch):
            return await stream_outcome(self.channel, path, raw, caller, list)
        return await outcome(self.channel, path, raw, caller, timeout_s=timeout_s)

    def methods(self) -> list[tuple[Door, Write | Read | Watch]]:
        """Every method with its door."""
        return [(door, row) for door in self.doors for row in door.methods]


@asynccontextmanager
async def service(
    kind: str,
    folder: Path,
    source: Source | None = None,
    office: Callable[[Office], Office] = lambda office: office,
    limits: Limits | None = None,
    tables: dict[str, AccessTable] | None = None,
) -> AsyncIterator[Served]:
    """An agency of this kind, with a server."""
    origin = f"demo/{kind}/one"
    async with serving.agency(folder, origin, AGENCIES) as agency:
        at = office(agency.office)
        found = doors(kind, agency, at, source or Nothing())
        async with (
            serving.served(at, found, limits=limits, tables=tables) as port,
            grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel,
        ):
            yield Served(origin, agency, found, channel)
