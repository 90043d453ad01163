"""The peer of the relay: `faststream-outbox`, which relays rows of a table to Kafka, used as its manual says.

Its rows hold the bytes of our entries, their keys and headers. It takes one row after another, in any order once it has
several workers, deletes those that were sent, and signs nothing. It reaches PostgreSQL by a socket, in plain text.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Annotated
from urllib.parse import quote

from faststream import Context
from faststream.kafka import KafkaBroker, KafkaResponse
from faststream.security import BaseSecurity
from faststream_outbox import OutboxBroker, OutboxMessage, make_outbox_table
from sqlalchemy import MetaData, Table, func, select
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bench.servers.ground import PEERS, Ground
from bench.servers.raw import BATCH_MAX
from nrm_kernel.log_records import Sent
from nrm_kernel.log_topics import PARTITION

NAME = "faststream-outbox, the same bytes, 64 workers, acks=all, idempotent, TLS"
QUEUE = "entries"
KEY = "key"
"""Of the header in which a row's key for Kafka travels."""
WORKERS = 64
FETCHED = 1_000
DELETED = 500
LOOK_S = 0.02
PATIENCE_S = 120.0


async def entries_per_second(standing: Ground, topics: Sequence[str], records: Sequence[Sent]) -> float:
    """Relay a full table of these records, each to all of these topics."""
    table = make_outbox_table(MetaData(), "outbox")
    async with _engine(standing) as engine:
        await _filled(engine, table, records)
        async with _kafka(standing) as kafka:
            relaying = _relay(OutboxBroker(engine, outbox_table=table, logger=None), kafka, topics)
            began = time.perf_counter()
            await relaying.start()
            try:
                await _empty(engine, table)
                return len(records) / (time.perf_counter() - began)
            finally:
                await relaying.stop()


def _relay(outbox: OutboxBroker, kafka: KafkaBroker, topics: Sequence[str]) -> OutboxBroker:
    """A handler between the table and Kafka, as the manual's relay: what it returns is published, then the row goes."""

    async def relayed(message: Annotated[OutboxMessage, Context("message")]) -> KafkaResponse:
        headers = dict(message.headers)
        return KafkaResponse(message.body, key=headers.pop(KEY, "").encode() or None, headers=headers)

    handler = outbox.subscriber(
        QUEUE, max_workers=WORKERS, fetch_batch_size=FETCHED, terminal_flush_batch_size=DELETED
    )(relayed)
    for topic in topics:
        handler = kafka.publisher(topic, partition=PARTITION)(handler)
    return outbox


async def _filled(engine: AsyncEngine, table: Table, records: Sequence[Sent]) -> None:
    publishing = OutboxBroker(engine, outbox_table=table, logger=None)
    await publishing.connect()
    async with engine.begin() as connection:
        await connection.run_sync(table.metadata.drop_all)
        await connection.run_sync(table.metadata.create_all)
        for record in records:
            headers = {name: value.decode() for name, value in record.headers}
            key = {KEY: record.key.decode()} if record.key else {}
            await publishing.publish(record.value, queue=QUEUE, session=connection, headers={**headers, **key})


async def _empty(engine: AsyncEngine, table: Table) -> None:
    """Until every row was sent and deleted. Raises TimeoutError."""
    async with asyncio.timeout(PATIENCE_S), engine.connect() as connection:
        while await connection.scalar(select(func.count()).select_from(table)):
            await connection.rollback()
            await asyncio.sleep(LOOK_S)


@asynccontextmanager
async def _engine(standing: Ground) -> AsyncIterator[AsyncEngine]:
    socket = quote(str(standing.postgres.folder), safe="")
    url = f"postgresql+asyncpg://postgres@/{PEERS}?host={socket}&port={standing.postgres_port}"
    engine = create_async_engine(url, pool_size=WORKERS + 4)
    try:
        yield engine
    finally:
        await engine.dispose()


@asynccontextmanager
async def _kafka(standing: Ground) -> AsyncIterator[KafkaBroker]:
    security = BaseSecurity(ssl_context=standing.kafka.ssl_context(), use_ssl=True)
    async with KafkaBroker(
        standing.kafka.servers, security=security, acks="all", enable_idempotence=True, logger=None,
        max_batch_size=BATCH_MAX, max_request_size=BATCH_MAX,
    ) as kafka:  # fmt: skip
        yield kafka
