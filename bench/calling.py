"""gRPC commands a second with 64 callers in another process, beside an echo of the same bytes on the same library.

Ours: mutual TLS, officer token, access table, form, policy, vault, tracing, request ledger, rules, hashing, one durable
commit for all who wait. The echo: plain text, bytes in and bytes out.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import grpc

from bench import client, detection
from bench.measure import Row, Title, in_turns
from bench.office import POLICE, Office
from nrm_kernel.rpc_identity import TOKEN
from nrm_kernel.testing.certificates import SERVER_NAME

ECHO = "grpc.aio echo of the same bytes, plain text"
GOAL = ">= 0.4"


async def rows(office: Office, rounds: int, seconds: float, kinds: Sequence[bool] = (False, True)) -> list[Row]:
    """Calls without a person's identity, which the vault seals, and with it."""
    async with echo() as target:
        return [await _row(office, target, rounds, seconds, named=named) for named in kinds]


async def _row(office: Office, target: str, rounds: int, seconds: float, *, named: bool) -> Row:
    what = "with sealed identity" if named else "without personal data"
    title = Title(f"gRPC commands, 64 callers, {what}{office.manner}", "calls/s", ECHO, GOAL)
    rest = detection.body(named=named).hex()

    async def ours() -> float:
        return await calls_per_second(office, seconds, named=named)

    async def theirs() -> float:
        return await client.run(client.Task(target, detection.PATH, rest, seconds))

    return await in_turns(title, rounds, ours, theirs)


async def calls_per_second(office: Office, seconds: float, *, named: bool) -> float:
    """Ours."""
    task = client.Task(
        target=f"{SERVER_NAME}:{office.house.ports[POLICE]}",
        path=detection.PATH,
        rest=detection.body(named=named).hex(),
        seconds=seconds,
        metadata=[(TOKEN, office.token())],
        authority=office.authority.certificate.decode(),
        key=office.client.key.decode(),
        certificate=office.client.certificate.decode(),
    )
    return await client.run(task)


@asynccontextmanager
async def echo() -> AsyncIterator[str]:
    """Its address, as long as the block."""
    server = grpc.aio.server()
    service, _, method = detection.PATH[1:].rpartition("/")
    handler: grpc.RpcMethodHandler[bytes, bytes] = grpc.unary_unary_rpc_method_handler(_same)
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, {method: handler}),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        await server.stop(0)


async def _same(request: bytes, _context: grpc.aio.ServicerContext[bytes, bytes]) -> bytes:
    return request
