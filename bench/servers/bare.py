"""What the libraries alone take for a command, called as plainly as their manuals show it.

A process of its own takes calls over mutual TLS with `grpc.aio`, inserts two rows for each in one durable commit for
all who wait, by asyncpg over TLS, answers, and has both rows on two topics by aiokafka. Nothing is parsed, checked,
decided, hashed, signed, sealed, traced, read back or shown.
"""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import asyncpg
import grpc
from aiokafka import AIOKafkaProducer

from bench import client, detection
from bench.office import POLICE
from bench.servers import raw
from bench.servers.ground import Ground, fresh_topics
from nrm_kernel.company import gathered, rest_s
from nrm_kernel.log_records import Sent
from nrm_kernel.log_topics import ClientTls, Cluster

NAME = "the libraries alone: mutual TLS, one commit for all who wait, two topics; nothing parsed, decided or signed"
TOPICS = ("peers.bare-own", "peers.bare-national")
ROWS_PER_CALL = 2
BODY_BYTES, LEAF_BYTES, ANSWER_BYTES = 700, 32, 120
RECORD = Sent(bytes(BODY_BYTES), [(f"ce_header{number}", bytes(32)) for number in range(10)], key=bytes(8))
_TABLE = "CREATE TABLE bare (number bigserial PRIMARY KEY, body bytea, leaf bytea)"
_INSERT = "INSERT INTO bare (body, leaf) SELECT * FROM unnest($1::bytea[], $2::bytea[])"


@dataclass(frozen=True)
class Setting:
    """Where the process finds what it needs; PEM files by path."""

    database: str
    kafka: str
    kafka_certificate: str
    kafka_key: str
    certificate: str
    key: str
    authority: str

    @property
    def entrance(self) -> grpc.ServerCredentials:
        """The server's, over mutual TLS."""
        key, certificate, trusted = (Path(one).read_bytes() for one in (self.key, self.certificate, self.authority))
        return grpc.ssl_server_credentials([(key, certificate)], trusted, require_client_auth=True)

    @property
    def cluster(self) -> Cluster:
        """Kafka, over mutual TLS."""
        tls = ClientTls(Path(self.kafka_certificate), Path(self.kafka_key), Path(self.authority))
        return Cluster(self.kafka, tls)


class Commits:
    """One commit for all calls that wait; what was committed stands in line for Kafka."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection
        self._waiting: list[asyncio.Future[None]] = []
        self._arrived = asyncio.Event()
        self.to_send = 0

    async def done(self) -> None:
        """Until the caller's rows are on disk."""
        answered = asyncio.get_running_loop().create_future()
        self._waiting.append(answered)
        self._arrived.set()
        await answered

    async def run(self) -> None:
        """For ever."""
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            await gathered(self._waiting, enough=1_000)
            served, self._waiting[:] = self._waiting[:], []
            rows = ROWS_PER_CALL * len(served)
            await self._connection.execute(_INSERT, [bytes(BODY_BYTES)] * rows, [bytes(LEAF_BYTES)] * rows)
            self.to_send += rows
            for answered in served:
                if not answered.done():
                    answered.set_result(None)


async def _published(commits: Commits, producer: AIOKafkaProducer) -> None:
    while True:
        await asyncio.sleep(rest_s(0))
        rows, commits.to_send = commits.to_send, 0
        await raw.produced(producer, TOPICS, [RECORD] * rows)


async def _serve(setting: Setting) -> None:
    connection = await asyncpg.connect(setting.database)
    await connection.execute(_TABLE)
    commits = Commits(connection)

    async def found(_request: bytes, _context: "grpc.aio.ServicerContext[bytes, bytes]") -> bytes:
        await commits.done()
        return bytes(ANSWER_BYTES)

    server = grpc.aio.server()
    server.add_generic_rpc_handlers((_handler(found),))
    port = server.add_secure_port("localhost:0", setting.entrance)
    await server.start()
    print(port, flush=True)
    async with raw.producer(setting.cluster) as producer:
        await asyncio.gather(commits.run(), _published(commits, producer))


def _handler(
    found: "Callable[[bytes, grpc.aio.ServicerContext[bytes, bytes]], Awaitable[bytes]]",
) -> grpc.GenericRpcHandler:
    service, _, method = detection.PATH[1:].rpartition("/")
    return grpc.method_handlers_generic_handler(service, {method: grpc.unary_unary_rpc_method_handler(found)})


@asynccontextmanager
async def served(standing: Ground) -> AsyncIterator[client.Task]:
    """What a client does that calls that process, for 0 seconds; it runs as long as the block."""
    await fresh_topics(standing, *TOPICS)
    own, owner = standing.agency(POLICE).principal, standing.owner.client
    assert own is not None
    assert owner is not None
    setting = Setting(
        standing.peers_url, standing.kafka.bootstrap, *map(str, (owner.certificate, owner.key)),
        *map(str, (own.certificate, own.key, own.authority)),
    )  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "from bench.servers.bare import main; main()", json.dumps(asdict(setting)), stdout=PIPE
    )
    try:
        assert process.stdout is not None
        yield standing.calls(f"localhost:{int(await process.stdout.readline())}", 0, named=False)
    finally:
        process.kill()
        await process.wait()


def main() -> None:
    """Serve until the process is killed."""
    asyncio.run(_serve(Setting(**json.loads(sys.argv[1]))))
