"""From the answered command in the agency's PostgreSQL to its row in the coordinator's, over Kafka.

Beside it a bare loop: a row is committed to PostgreSQL, sent to Kafka, read from it, and committed to PostgreSQL. Both
are seen by the same reader, a connection that looks every millisecond. Ours are two processes as `nrm up` runs them.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from statistics import median

import asyncpg
import grpc
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from bench import detection
from bench.measure import Row, Title, percentile
from bench.office import NATIONAL, POLICE
from bench.servers import raw
from bench.servers.ground import Ground, called, fresh_topics, served
from nrm_contracts.identification.v1.persons_pb2 import DetectPersonResponse

POLL_S = 0.001
PATIENCE_S = 30.0
ROW_BYTES = 800
TOPIC = "peers.bare-loop"
PEER = "bare loop: a row committed, produced, consumed, committed (PostgreSQL, aiokafka, one process)"
GOAL = "<= 2"
WARM = 5
"""What is measured first tells of connections and empty caches: it is left out."""
_SHOWN = "SELECT number FROM view_generation WHERE shown"
_SIZE = "SELECT coalesce(max(size), 0) FROM views_{:04}.view_cursor WHERE origin = $1"
_TABLES = """
    CREATE TABLE recorded (number bigint PRIMARY KEY, body bytea);
    CREATE TABLE shown (number bigint PRIMARY KEY, body bytea)
"""


async def rows(standing: Ground, address: str, samples: int) -> list[Row]:
    """Median and 99th percentile, in milliseconds, of samples taken in turns; the police are at this address."""
    taken: tuple[list[float], list[float]] = ([], [])
    async with _ours(standing, address) as ours, _bare_loop(standing) as peer:
        for number in range(WARM + samples):
            mine, theirs = await ours.seen_after(), await peer.seen_after(number)
            if number >= WARM:
                taken[0].append(mine * 1000)
                taken[1].append(theirs * 1000)
    name = "commit to visible over PostgreSQL and Kafka"
    return [
        Title(f"{name}, median", "ms", PEER, GOAL).row(median(taken[0]), median(taken[1])),
        Title(f"{name}, 99th percentile", "ms", PEER, GOAL).row(percentile(taken[0], 99), percentile(taken[1], 99)),
    ]


class Reader:
    """Looks every millisecond whether a figure has come so far."""

    def __init__(self, connection: asyncpg.Connection, query: str, *values: str) -> None:
        self._connection = connection
        self._query = query
        self._values = values

    async def seen(self, figure: int) -> float:
        """When it was seen. Raises TimeoutError."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                if await self._connection.fetchval(self._query, *self._values) >= figure:
                    return time.perf_counter()
                await asyncio.sleep(POLL_S)


class _Ours:
    def __init__(self, standing: Ground, address: str, reader: Reader, call: "_Method") -> None:
        self._task = standing.calls(address, 0, named=True)
        self._reader = reader
        self._call = call

    async def seen_after(self) -> float:
        """Seconds from a command's answer until the coordinator's rows of it are there."""
        request = detection.with_fresh_id(bytes.fromhex(self._task.rest))
        raw = await self._call(request, metadata=tuple(self._task.metadata), timeout=PATIENCE_S)
        answered = time.perf_counter()
        position = DetectPersonResponse.FromString(raw).receipt.position
        return await self._reader.seen(position + 1) - answered


_Method = grpc.aio.UnaryUnaryMultiCallable[bytes, bytes]


@asynccontextmanager
async def _ours(standing: Ground, address: str) -> AsyncIterator[_Ours]:
    async with (
        served(standing, NATIONAL),
        _connected(standing.owner_url(NATIONAL)) as connection,
        called(standing.calls(address, 0, named=True)) as call,
    ):
        reader = Reader(connection, _SIZE.format(await connection.fetchval(_SHOWN)), POLICE)
        yield _Ours(standing, address, reader, call)


class _BareLoop:
    def __init__(self, connection: asyncpg.Connection, producer: AIOKafkaProducer, reader: Reader) -> None:
        self._connection = connection
        self._producer = producer
        self._reader = reader

    async def seen_after(self, number: int) -> float:
        """Seconds from the first commit until the second one is seen."""
        body = bytes(ROW_BYTES)
        await self._connection.execute("INSERT INTO recorded VALUES ($1, $2)", number, body)
        committed = time.perf_counter()
        sending = asyncio.create_task(self._producer.send_and_wait(TOPIC, body, key=b"%d" % number))
        seen = await self._reader.seen(number)
        await sending
        return seen - committed


async def _apply(consumer: AIOKafkaConsumer, connection: asyncpg.Connection) -> None:
    async for record in consumer:
        await connection.execute("INSERT INTO shown VALUES ($1, $2)", int(record.key), record.value)


@asynccontextmanager
async def _bare_loop(standing: Ground) -> AsyncIterator[_BareLoop]:
    await fresh_topics(standing, TOPIC)
    url = standing.peers_url
    async with (
        _connected(url) as writing,
        _connected(url) as applying,
        _connected(url) as looking,
        raw.producer(standing.kafka) as producer,
        AIOKafkaConsumer(TOPIC, auto_offset_reset="earliest", **raw.way_in(standing.kafka)) as consumer,
    ):
        await writing.execute(_TABLES)
        applied = asyncio.create_task(_apply(consumer, applying))
        yield _BareLoop(writing, producer, Reader(looking, "SELECT coalesce(max(number), -1) FROM shown"))
        applied.cancel()
        await asyncio.gather(applied, return_exceptions=True)


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()
