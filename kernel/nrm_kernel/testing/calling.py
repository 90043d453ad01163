"""A whole service behind a real server for a test, and officers who call it: from bytes to entry, list and back."""

import uuid
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import grpc
from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.message_factory import GetMessageClass

from nrm_kernel.adapters.views_sql import SqlViews
from nrm_kernel.appender import ANY_VERSION, Order
from nrm_kernel.ledger.merkle import Frontier
from nrm_kernel.projecting import OwnSource, Projecting
from nrm_kernel.reactions import StoreLookup
from nrm_kernel.recording import Context
from nrm_kernel.rpc_vault import vault_door
from nrm_kernel.service import Ask, Lookup, Service
from nrm_kernel.testing import serving
from nrm_kernel.views import View, ViewReader

Reply: TypeAlias = Any
"""A response; each method has one of its own."""
Build: TypeAlias = Callable[[Lookup, ViewReader], Service]


@dataclass
class Running:
    """A service at work: its agency, the way to it, and its lists."""

    agency: serving.Agency
    channel: grpc.aio.Channel
    lists: Projecting


def heard(ask: Ask, agency: str, recorded_at: str) -> Order:
    """What a reaction asks for, on its way into the agency's log, on whatever version."""
    return Order(
        request_id=str(uuid.uuid4()),
        request_hash=b"",
        command=ask.command,
        decide=ask.decide,
        streams=ask.streams,
        context=Context(recorded_at=recorded_at, occurred_at=recorded_at[:10], agency=agency),
        reply=lambda _recorded: b"",
        expected_version=ANY_VERSION,
    )


@asynccontextmanager
async def running(agency: serving.Agency, folder: Path, build: Build, views: Sequence[View]) -> AsyncIterator[Running]:
    """The service that is built so, with the door to its vault if it has one, and lists kept in the folder."""
    kept = await SqlViews.open(folder, views)
    service = build(StoreLookup(agency.store), kept)
    vault = [vault_door(agency.office, agency.store, service.sight)] if service.sight else []
    async with (
        serving.served(agency.office, [*service.doors, *vault]) as port,
        grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel,
    ):
        yield Running(agency, channel, Projecting(OwnSource(agency.store, Frontier()), service.views, kept))
    await kept.close()


@dataclass
class Office:
    """Officers of a running agency. ``usual`` says who calls a method, ``stream`` what a command is about."""

    at: Running
    contract: ServiceDescriptor
    usual: Callable[[str], serving.Metadata]
    stream: Callable[[str, Mapping[str, object]], str]
    versions: dict[str, int] = field(default_factory=dict)
    called: set[str] = field(default_factory=set)

    async def call(self, name: str, caller: serving.Metadata | None = None, /, **values: object) -> serving.Outcome:
        """Call a method with these fields."""
        request = GetMessageClass(self.contract.methods_by_name[name].input_type)(**values)
        self.called.add(name)
        path = f"/{self.contract.full_name}/{name}"
        return await serving.outcome(self.at.channel, path, request.SerializeToString(), caller or self.usual(name))

    async def do(self, name: str, caller: serving.Metadata | None = None, /, **values: object) -> Reply:
        """Give a command on what was read last; it must be recorded."""
        if (stream := self.stream(name, values)) in self.versions:
            values["expected_version"] = self.versions[stream]
        reply = await self._answered(name, caller, request_id=str(uuid.uuid4()), **values)
        self.versions[reply.receipt.stream] = reply.receipt.version
        return reply

    async def ask(self, name: str, caller: serving.Metadata | None = None, /, **values: object) -> Reply:
        """Ask a query once the lists hold everything."""
        while await self.at.lists.step():
            pass
        return await self._answered(name, caller, **values)

    async def _answered(self, name: str, caller: serving.Metadata | None, **values: object) -> Reply:
        result = await self.call(name, caller, **values)
        assert result.code is grpc.StatusCode.OK, f"{name}: {result}"
        return GetMessageClass(self.contract.methods_by_name[name].output_type).FromString(result.reply)
