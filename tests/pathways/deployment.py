"""A deployment founded for a test, as `nrm up` runs it, and callers of its agencies over real gRPC."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import grpc
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message_factory import GetMessageClass

from nrm.config import Config
from nrm.embedded import House, open_house
from nrm.founding import CONFIG, found
from nrm_contracts.assistance.v1 import assistance_pb2
from nrm_contracts.audit.v1 import audit_pb2
from nrm_contracts.coordinator.v1 import coordinator_pb2
from nrm_contracts.feed.v1 import feed_pb2
from nrm_contracts.funding.v1 import funding_pb2
from nrm_contracts.identification.v1 import identification_pb2
from nrm_contracts.prosecution.v1 import prosecution_pb2
from nrm_contracts.vault.v1 import vault_pb2
from nrm_kernel import access
from nrm_kernel.entry import Entry
from nrm_kernel.identity import Caller
from nrm_kernel.telemetry import Telemetry, silent
from nrm_kernel.testing.serving import Metadata, says

POLICE = "demo/identification/police"
AUTHORITY = "demo/identification/competent-authority"
NGO = "demo/assistance/ngo-dawn"
OTHER_NGO = "demo/assistance/ngo-harbour"
PROSECUTOR = "demo/prosecution/crown"
FUND = "demo/funding/fund"
COORDINATOR = "demo/coordinator/national"
AUDITOR = "demo/audit/office"
ORIGINS = (POLICE, AUTHORITY, NGO, OTHER_NGO, PROSECUTOR, FUND, COORDINATOR, AUDITOR)
POLICY = Path(str(files("nrm") / "policies" / "gb.toml"))

Reply = Any
Value = Any
"""A generated message and what stands in a field of one: known only when the method is named."""
Values = dict[str, Value]

SERVICES = {
    service.full_name.split(".")[1]: service
    for file in (
        *(assistance_pb2, audit_pb2, coordinator_pb2, feed_pb2, funding_pb2),
        *(identification_pb2, prosecution_pb2, vault_pb2),
    )
    for service in file.DESCRIPTOR.services_by_name.values()
}


class Deployment:
    """All agencies of one process, called by name, each command on the version that its record has."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.channels = {origin: grpc.aio.insecure_channel(f"127.0.0.1:{port}") for origin, port in house.ports.items()}

    async def do(
        self, agency: str, name: str, *, on: str = "", officer: int = 1, by: str = "", **values: Value
    ) -> Reply:
        """Give a command about the stream ``on``; it must be recorded. If a notice came in between, decide again."""
        while True:
            version = sum(entry.stream == on for entry in await self.entries(agency))
            given = {"request_id": str(uuid.uuid4()), **({"expected_version": version} if version else {}), **values}
            try:
                return await self.ask(agency, name, officer=officer, by=by, **given)
            except grpc.aio.AioRpcError as refused:
                if refused.code() is not grpc.StatusCode.ABORTED:
                    raise

    async def ask(self, agency: str, name: str, *, officer: int = 1, by: str = "", **values: Value) -> Reply:
        """Call a method as an officer who may; ``by`` names the calling agency where it is another."""
        method = method_of(agency, name)
        request = GetMessageClass(method.input_type)(**values)
        caller = officer_for(agency, method, officer, by, values.get("data_class", ""))
        return await self.call(agency, method, request.SerializeToString(), caller)

    async def call(self, agency: str, method: MethodDescriptor, raw: bytes, caller: Metadata) -> Reply:
        """Send these bytes as that caller."""
        call: grpc.aio.UnaryUnaryMultiCallable[bytes, Reply] = self.channels[agency].unary_unary(
            f"/{method.containing_service.full_name}/{method.name}",
            response_deserializer=GetMessageClass(method.output_type).FromString,
        )
        return await call(raw, metadata=caller)

    async def entries(self, agency: str) -> list[Entry]:
        """Everything in that agency's record."""
        return list(await self.house.at(agency).agency.store.read(0, 1_000))

    async def recorded(self, agency: str, kind: str) -> list[Values]:
        """The data of that agency's entries of this type."""
        found = (entry.envelope["data"] for entry in await self.entries(agency) if entry.type == kind)
        return [data for data in found if isinstance(data, dict)]

    async def until(self, agency: str, kind: str, good: Callable[[list[Values]], object] = bool) -> list[Values]:
        """The data of these entries, once they are as they should become."""
        found: list[Values] = await eventually(lambda: self.recorded(agency, kind), good)
        return found

    async def close(self) -> None:
        """End every channel and the house."""
        await asyncio.gather(*(channel.close() for channel in self.channels.values()))
        await self.house.close(grace_s=0.1)


@asynccontextmanager
async def deployed(folder: Path, telemetry: Telemetry | None = None) -> AsyncIterator[Deployment]:
    """A deployment in that folder, which is founded where it does not exist yet, with every loop running."""
    house = await open_house(_config(folder), telemetry or silent())
    house.start()
    await house.serve()
    deployment = Deployment(house)
    try:
        yield deployment
    finally:
        await deployment.close()


def _config(folder: Path) -> Config:
    return Config.load(folder / CONFIG if folder.exists() else found(folder, ORIGINS, POLICY))


async def eventually(ask: Callable[[], Awaitable[Reply]], good: Callable[[Reply], object]) -> Reply:
    """The answer, asked for again until it is good."""
    answer = await ask()
    for _ in range(6_000):
        if good(answer):
            return answer
        await asyncio.sleep(0.02)
        answer = await ask()
    raise AssertionError(f"still not: {answer}")


def method_of(agency: str, name: str) -> MethodDescriptor:
    """A method of the agency's own service, of its vault, or of its feed. Raises IndexError."""
    offered = (SERVICES[agency.split("/")[1]], SERVICES["vault"], SERVICES["feed"])
    methods: list[MethodDescriptor] = [
        service.methods_by_name[name] for service in offered if name in service.methods_by_name
    ]
    return methods[0]


def officer_for(agency: str, method: MethodDescriptor, number: int = 1, by: str = "", data_class: str = "") -> Metadata:
    """What an officer says who may call this method there; no two agencies' officers have the same pseudonym.

    The officer is of the agency ``by``; if that is empty, of the agency itself or else of the first one that may call.
    Raises StopIteration where nobody may.
    """
    rows = access.load(str(method.containing_service.full_name).split(".")[1]).rows[str(method.name)]
    calling, row = next(
        (calling, row)
        for calling in ([by] if by else [agency, *ORIGINS])
        for row in rows
        if row.fits_agency(Caller(calling, "", frozenset(), ""), agency)
        and (not data_class or data_class in row.classes)
    )
    return says(calling, min(row.roles), min(row.purposes), f"{calling.rsplit('/', 1)[1]}-{number}")


def saying(caller: Metadata, **changed: str) -> Metadata:
    """The same caller, who says something else of itself: ``agency``, ``officer``, ``roles`` or ``purpose``."""
    return tuple((dict(caller) | {f"nrm-{name}": said for name, said in changed.items()}).items())
