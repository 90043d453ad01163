"""gRPC commands a second with 64 callers on PostgreSQL, beside an echo and beside the `eventsourcing` library.

Ours is the agency's own process, as `nrm up` runs it. The library stands behind gRPC too, on the same server: a thread
for each caller, plain text, its database reached by a socket without TLS, and no personal data.
"""

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from statistics import median
from uuid import UUID

import grpc
from eventsourcing.application import Application

from bench import calling, client, detection, library
from bench.measure import Row, Title
from bench.servers import bare
from bench.servers.ground import PEERS, Ground

CALLERS = 64
LIBRARY = "eventsourcing library, PostgreSQL, behind plain gRPC with 64 threads"
ECHO_GOAL, LIBRARY_GOAL, NO_GOAL = ">= 0.4", ">= 3", ""


async def rows(standing: Ground, address: str, rounds: int, seconds: float) -> list[Row]:
    """Calls to the police at this address, with a person's identity and without, beside all peers, all in turns."""
    taken: dict[str, list[float]] = {}
    async with calling.echo() as echo, _library(standing) as kept, bare.served(standing) as least:
        tasks = {
            "plain": standing.calls(address, seconds, named=False),
            "echo": client.Task(echo, detection.PATH, detection.body(named=False).hex(), seconds),
            "named": standing.calls(address, seconds, named=True),
            "echo of named": client.Task(echo, detection.PATH, detection.body(named=True).hex(), seconds),
            "bare": replace(least, seconds=seconds),
            "library": client.Task(kept, detection.PATH, detection.body(named=False).hex(), seconds),
        }
        for _ in range(rounds):
            for name, task in tasks.items():
                taken.setdefault(name, []).append(await client.run(task))
    figures = {name: median(values) for name, values in taken.items()}
    return [
        _title("without personal data", calling.ECHO, ECHO_GOAL).row(figures["plain"], figures["echo"]),
        _title("with sealed identity", calling.ECHO, ECHO_GOAL).row(figures["named"], figures["echo of named"]),
        _title("without personal data", LIBRARY, LIBRARY_GOAL).row(figures["plain"], figures["library"]),
        _title("without personal data", bare.NAME, NO_GOAL).row(figures["plain"], figures["bare"]),
        _title("libraries alone", calling.ECHO, NO_GOAL).row(figures["bare"], figures["echo"]),
    ]


def _title(what: str, peer: str, goal: str) -> Title:
    return Title(f"gRPC commands on PostgreSQL, 64 callers, {what}", "calls/s", peer, goal)


@asynccontextmanager
async def _library(standing: Ground) -> AsyncIterator[str]:
    """The library's address, as long as the block."""
    application = Application[UUID](
        env={
            "PERSISTENCE_MODULE": "eventsourcing.postgres",
            "POSTGRES_DBNAME": PEERS,
            "POSTGRES_HOST": str(standing.postgres.folder),
            "POSTGRES_PORT": standing.postgres_port,
            "POSTGRES_USER": "postgres",
            "POSTGRES_PASSWORD": "none is asked for on a socket",
            "POSTGRES_POOL_SIZE": "16",
        }
    )

    def find(_request: bytes, _context: grpc.ServicerContext) -> bytes:
        application.save(library.found())
        return b""

    server = grpc.server(ThreadPoolExecutor(CALLERS))
    service, _, method = detection.PATH[1:].rpartition("/")
    handler: grpc.RpcMethodHandler[bytes, bytes] = grpc.unary_unary_rpc_method_handler(find)
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, {method: handler}),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(0).wait()
        application.close()
