"""Entries a second from a full store to Kafka, on the topics of two readers, covered by checkpoints.

Ours reads each entry back from PostgreSQL, hashes it again, signs the tree, and keeps checkpoint and cursor. Beside it
`faststream-outbox` relays rows of the same bytes from the same server to as many topics, and aiokafka alone produces
the same records from memory. Every measurement writes to topics that were made for it.
"""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import count
from statistics import median

import asyncpg
from prometheus_client import CollectorRegistry

from bench.measure import Row, Title
from bench.office import POLICE
from bench.servers import outbox, raw
from bench.servers.ground import Ground, fresh_topics
from nrm_kernel.adapters import vault_sql
from nrm_kernel.adapters.log_kafka import KafkaLog
from nrm_kernel.adapters.store_postgres import PostgresStore
from nrm_kernel.clock import SystemClock
from nrm_kernel.ledger.note import SigningKey
from nrm_kernel.log_records import Sent, records_for
from nrm_kernel.log_topics import LogTopic
from nrm_kernel.relay import BATCH_MAX, Relay, published
from nrm_kernel.telemetry import Telemetry, log_to, tracing

OUTBOX_GOAL, RAW_GOAL = ">= 5", ">= 0.5"
_ANEW = "DELETE FROM cursor; DELETE FROM checkpoint"
_numbers = count()


async def rows(standing: Ground, rounds: int, entries: int) -> list[Row]:
    """Two rows: of the same relay beside each peer, all in turns. The outbox gets so many entries, being slower."""
    taken: tuple[list[float], list[float], list[float]] = ([], [], [])
    async with _full_store(standing) as store:
        records = await _records(store)
        for _ in range(rounds):
            taken[0].append(await _ours(standing, store))
            taken[1].append(await _outbox(standing, records[:entries]))
            taken[2].append(await _raw(standing, records))
    ours, of_outbox, of_raw = map(median, taken)
    name = "relay from PostgreSQL to Kafka, entries covered by checkpoints"
    return [
        Title(name, "entries/s", outbox.NAME, OUTBOX_GOAL).row(ours, of_outbox),
        Title(name, "entries/s", raw.NAME, RAW_GOAL).row(ours, of_raw),
    ]


async def _ours(standing: Ground, store: PostgresStore) -> float:
    """A fresh relay with nothing published yet, as it is in the agency's process, until all is acknowledged."""
    topics = await _topics(standing)
    agency = standing.agency(POLICE)
    readers = [topic.reader for topic in topics]
    await _forget(standing)
    provider = tracing("nrm", None)
    log = KafkaLog(
        standing.config.cluster(agency), POLICE, lambda: readers, tracers=provider, registry=CollectorRegistry()
    )
    relay = Relay(
        store,
        log,
        SigningKey.from_file(agency.signing_key),
        agency.folder / f"witness-{next(_numbers)}",
        SystemClock(),
        Telemetry(provider.get_tracer("nrm"), log_to(None)),
    )
    try:
        await relay.start()
        began = time.perf_counter()
        while await relay.relay() == BATCH_MAX:
            pass
        return relay.size / (time.perf_counter() - began)
    finally:
        await log.close()


async def _outbox(standing: Ground, records: Sequence[Sent]) -> float:
    return await outbox.entries_per_second(standing, [topic.name for topic in await _topics(standing)], records)


async def _raw(standing: Ground, records: Sequence[Sent]) -> float:
    topics = [topic.name for topic in await _topics(standing)]
    async with raw.producer(standing.kafka) as producer:
        began = time.perf_counter()
        await raw.produced(producer, topics, records)
        return len(records) / (time.perf_counter() - began)


async def _topics(standing: Ground) -> list[LogTopic]:
    """Topics of two readers who may read everything, made just now."""
    number = next(_numbers)
    made = [LogTopic(POLICE, f"demo/coordinator/turn-{number}"), LogTopic(POLICE, f"demo/audit/turn-{number}")]
    await fresh_topics(standing, *(topic.name for topic in made))
    return made


async def _forget(standing: Ground) -> None:
    """Nothing was relayed yet: checkpoints and the relay's cursor are saved again as they come."""
    connection = await asyncpg.connect(standing.owner_url(POLICE))
    try:
        await connection.execute(_ANEW)
    finally:
        await connection.close()


async def _records(store: PostgresStore) -> list[Sent]:
    """Every entry of the store as Kafka is given it."""
    size = await store.size()
    entries = [entry for at in range(0, size, BATCH_MAX) for entry in await store.read(at, BATCH_MAX)]
    note = await store.checkpoint()
    assert note is not None, "its process relayed what it recorded"
    return records_for(POLICE, POLICE, map(published, entries), note)[:-1]


@asynccontextmanager
async def _full_store(standing: Ground) -> AsyncIterator[PostgresStore]:
    store = await PostgresStore.open(standing.agency(POLICE).store_url(), POLICE, vault_sql.metadata)
    try:
        yield store
    finally:
        await store.close()
