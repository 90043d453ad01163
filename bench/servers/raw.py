"""aiokafka alone, set as the shared log sets it: every replica in sync acknowledges, no record comes twice, TLS."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from ssl import SSLContext
from typing import TypedDict

from aiokafka import AIOKafkaProducer

from nrm_kernel.adapters.log_kafka_broker import BATCH_BYTES, RECORD_EXTRA_BYTES
from nrm_kernel.log_records import Sent
from nrm_kernel.log_topics import PARTITION, Cluster

NAME = "aiokafka alone, the same records from memory, acks=all, idempotent, TLS"
BATCH_MAX = BATCH_BYTES + RECORD_EXTRA_BYTES


class WayIn(TypedDict):
    """How any client of aiokafka gets in."""

    bootstrap_servers: list[str]
    security_protocol: str
    ssl_context: SSLContext | None


def way_in(kafka: Cluster) -> WayIn:
    """To that cluster."""
    return WayIn(bootstrap_servers=kafka.servers, security_protocol="SSL", ssl_context=kafka.ssl_context())


@asynccontextmanager
async def producer(kafka: Cluster) -> AsyncIterator[AIOKafkaProducer]:
    """A producer, started, as long as the block."""
    async with AIOKafkaProducer(
        acks="all", enable_idempotence=True, max_batch_size=BATCH_MAX, max_request_size=BATCH_MAX, **way_in(kafka)
    ) as started:
        yield started


async def produced(started: AIOKafkaProducer, topics: Sequence[str], records: Sequence[Sent]) -> None:
    """All records on each of these topics, in order and acknowledged."""
    pending = [
        await started.send(topic, record.value, key=record.key, headers=record.headers, partition=PARTITION)
        for record in records
        for topic in topics
    ]
    await asyncio.gather(*pending)
