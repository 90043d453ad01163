"""A small country on real servers: the police, the deciding authority, an NGO, the coordinator and the auditor."""

import asyncio
import os
import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

import grpc
from google.protobuf.message_factory import GetMessageClass
from kafka import KafkaProducer
from tests.pathways.deployment import POLICY, Reply, Value, method_of, officer_for
from tests.pathways.stories import SOMEBODY

from nrm.config_distributed import DistributedConfig
from nrm.distributed import DistributedHouse, Tools, open_distributed
from nrm.servers.installing import Servers, install
from nrm_kernel.log_topics import Cluster, LogTopic
from nrm_kernel.telemetry import silent

KINDS = ("identification/police", "identification/competent-authority", "assistance/ngo-dawn")
NATIONAL, OFFICE = "coordinator/national", "audit/office"
PATIENCE_S = 120.0
POISON = b"somebody"
"""The key of what nobody of the log wrote."""
_numbers = count()


def new_deployment() -> str:
    """A name that no other test uses: servers are shared between tests."""
    return f"t{os.getpid()}-{next(_numbers)}"


async def founded(folder: Path, servers: Servers, *names: str) -> Path:
    """A deployment of these agencies; gives its configuration's path."""
    deployment = new_deployment()
    return await install(folder, [f"{deployment}/{name}" for name in names], POLICY, servers)


@asynccontextmanager
async def running(config: DistributedConfig, tools: Tools | None = None) -> AsyncIterator[DistributedHouse]:
    """Its agencies in this process, with all their loops, serving."""
    house = await open_distributed(config, tools or Tools(silent()))
    try:
        house.start()
        await house.serve()
        yield house
    finally:
        await house.close()


async def ask(address: str, origin: str, name: str, **values: Value) -> Reply:
    """Call a method of that agency as an officer who may."""
    method = method_of(origin, name)
    async with grpc.aio.insecure_channel(address) as channel:
        call: grpc.aio.UnaryUnaryMultiCallable[bytes, Reply] = channel.unary_unary(
            f"/{method.containing_service.full_name}/{method.name}",
            response_deserializer=GetMessageClass(method.output_type).FromString,
        )
        request = GetMessageClass(method.input_type)(**values)
        return await call(request.SerializeToString(), metadata=officer_for(origin, method), timeout=120)


async def detected(address: str, police: str) -> str:
    """A person whom the police took up; gives the reference."""
    request: Mapping[str, Value] = {"request_id": str(uuid.uuid4()), "detection_channel": "raid", **SOMEBODY}
    return str((await ask(address, police, "DetectPerson", **request)).person_ref)


def address_of(house: DistributedHouse, origin: str) -> str:
    """Where that agency of a running house listens."""
    return f"127.0.0.1:{house.ports[origin]}"


async def shown(address: str, national: str, least: int) -> int:
    """How many pathways the coordinator shows, as soon as there are so many."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            total = int((await ask(address, national, "ListPathways", page_size=1)).total)
            if total >= least:
                return total
            await asyncio.sleep(0.1)


async def until(holds: Callable[[], bool]) -> None:
    """Wait until it does. Raises TimeoutError."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            if holds():
                return
            await asyncio.sleep(0.05)


def poisoned(cluster: Cluster, origin: str, reader: str) -> None:
    """Write something to that reader's copy which is none of the log's."""
    producer = KafkaProducer(**cluster.options())
    try:
        producer.send(LogTopic(origin, reader).name, b"x", key=POISON).get(timeout=PATIENCE_S)
    finally:
        producer.close()
