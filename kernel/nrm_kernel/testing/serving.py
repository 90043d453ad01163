"""A whole agency on files of its own for a test: store, appender, vault and a real server on a free port."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import grpc
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo
from google.rpc.status_pb2 import Status

from nrm_kernel.access import AccessTable
from nrm_kernel.adapters.store_sql import SqlStore
from nrm_kernel.adapters.vault_seal import AgencyKeys, Sealer
from nrm_kernel.adapters.vault_sql import SqlVault
from nrm_kernel.adapters.vault_sql import metadata as vault_tables
from nrm_kernel.appender import Appender
from nrm_kernel.clock import Clock, SystemClock
from nrm_kernel.rpc import Server
from nrm_kernel.rpc_gate import Limits
from nrm_kernel.rpc_identity import Entrance, Loopback
from nrm_kernel.rpc_office import Office, PolicyOn
from nrm_kernel.service import Door
from nrm_kernel.telemetry import Telemetry, silent

ANY_LOOPBACK_PORT = "127.0.0.1:0"
Metadata = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Agency:
    """What runs for one agency in a test."""

    office: Office
    store: SqlStore
    vault: SqlVault
    appender: Appender


@dataclass(frozen=True)
class Outcome:
    """How a call ended. ``reason`` and ``domain`` are empty where the status carries no ErrorInfo."""

    code: grpc.StatusCode
    reply: bytes = b""
    text: str = ""
    reason: str = ""
    domain: str = ""
    facts: Mapping[str, str] | None = None
    fields: Mapping[str, str] | None = None
    retry: bool = False


@asynccontextmanager
async def agency(
    folder: Path,
    origin: str,
    agencies: Mapping[str, str],
    *,
    policy: PolicyOn | None = None,
    clock: Clock | None = None,
    telemetry: Telemetry | None = None,
) -> AsyncIterator[Agency]:
    """An agency with an appender at work."""
    clock = clock or SystemClock()
    store = await SqlStore.open_sqlite(folder / f"{origin.replace('/', '_')}.db", origin, vault_tables)
    vault = SqlVault(store, Sealer(origin, AgencyKeys.generate("test")))
    appender = Appender(store, clock)
    office = Office(origin, agencies, policy, clock, appender, vault, telemetry or silent())
    appending = asyncio.create_task(appender.run())
    try:
        yield Agency(office, store, vault, appender)
    finally:
        appending.cancel()
        with suppress(asyncio.CancelledError):
            await appending
        await store.close()


@asynccontextmanager
async def served(
    office: Office,
    doors: Sequence[Door],
    *,
    entrance: Entrance | None = None,
    limits: Limits | None = None,
    tables: Mapping[str, AccessTable] | None = None,
    reflects: bool = False,
) -> AsyncIterator[int]:
    """A server at these doors, by default in development mode; gives its port."""
    server = Server(
        office,
        doors,
        entrance or Loopback(ANY_LOOPBACK_PORT, office.agencies),
        limits,
        reflects=reflects,
        tables=tables,
    )
    port = await server.start()
    try:
        yield port
    finally:
        await server.drain(0)


def says(agency: str, role: str, purpose: str, officer: str = "officer-1") -> Metadata:
    """What a caller says of itself to a server in development mode."""
    return (("nrm-agency", agency), ("nrm-officer", officer), ("nrm-roles", role), ("nrm-purpose", purpose))


def a_caller(table: AccessTable, method: str, serving: str) -> Metadata:
    """What a caller says whom the table lets call this method of ``serving``."""
    row = table.rows[method][0]
    deployment, kind, name = serving.split("/")
    agency = serving if row.own_agency or kind in row.kinds else f"{deployment}/{min(row.kinds)}/{name}"
    return says(agency, min(row.roles), min(row.purposes))


async def outcome(
    channel: grpc.aio.Channel,
    path: str,
    raw: bytes,
    metadata: Metadata = (),
    *,
    timeout_s: float | None = 120,
    compression: grpc.Compression | None = None,
) -> Outcome:
    """Call a unary method with bytes as they are."""
    method: grpc.aio.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(path)
    try:
        return Outcome(
            grpc.StatusCode.OK, await method(raw, timeout=timeout_s, metadata=metadata, compression=compression)
        )
    except grpc.aio.AioRpcError as error:
        return ended(error)


async def stream_outcome(
    channel: grpc.aio.Channel, path: str, raw: bytes, metadata: Metadata, see: Callable[[bytes], object]
) -> Outcome:
    """Call a streaming method and show each message, until the stream ends."""
    method: grpc.aio.UnaryStreamMultiCallable[bytes, bytes] = channel.unary_stream(path)
    try:
        async for message in method(raw, metadata=metadata):
            see(message)
    except grpc.aio.AioRpcError as error:
        return ended(error)
    return Outcome(grpc.StatusCode.OK)


def ended(error: grpc.aio.AioRpcError) -> Outcome:
    """The status that ended a call, with its details."""
    info, request, retry = ErrorInfo(), BadRequest(), False
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin" and isinstance(value, bytes):
            for detail in Status.FromString(value).details:
                detail.Unpack(info)
                detail.Unpack(request)
                retry |= detail.TypeName() == "google.rpc.RetryInfo"
    return Outcome(
        code=error.code(),
        text=error.details() or "",
        reason=info.reason,
        domain=info.domain,
        facts=dict(info.metadata),
        fields={each.field: each.description for each in request.field_violations},
        retry=retry,
    )


class SetClock:
    """A clock that stands where it is set."""

    def __init__(self, moment: datetime | None = None) -> None:
        self.moment = moment or datetime.now(UTC)

    def now(self) -> datetime:
        """The moment that it was set to."""
        return self.moment

    async def sleep(self, seconds: float) -> None:
        """Lets others run; nobody waits."""
        await asyncio.sleep(min(seconds, 0))
