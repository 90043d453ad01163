"""FastStream's broker as the shared log uses it: batches in order, acknowledged by every replica, nothing committed."""

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Final, cast

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, structs
from aiokafka.errors import KafkaError, UnsupportedCodecError
from aiokafka.structs import RecordMetadata
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, TopicPartition
from faststream.kafka.opentelemetry import KafkaTelemetryMiddleware
from faststream.kafka.prometheus import KafkaPrometheusMiddleware
from faststream.kafka.publisher.producer import AioKafkaFastProducerImpl
from faststream.kafka.response import KafkaPublishCommand
from faststream.kafka.subscriber.usecase import DefaultSubscriber
from faststream.security import BaseSecurity
from opentelemetry import context
from opentelemetry.context import Context
from opentelemetry.trace import TracerProvider
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from prometheus_client import CollectorRegistry

from nrm_kernel.log_headers import TRACE
from nrm_kernel.log_records import Sent
from nrm_kernel.log_topics import PARTITION, Cluster

BATCH_BYTES: Final = 900_000
"""Below a broker's default limit for a batch (``message.max.bytes``), so that no topic needs another one."""
RECORD_EXTRA_BYTES: Final = 600
"""What a record takes beside its value, at most: headers and key."""
REQUEST_TIMEOUT_S: Final = 10.0
CLOSE_TIMEOUT_S: Final = 5.0
FETCH_WAIT_S: Final = 2.0
"""How long a broker may let a reader wait that has read everything; what comes meanwhile is sent at once."""

logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # else a line for each failed connect


class Batches(AioKafkaFastProducerImpl):
    """Publishes batches whose records each have their own headers, which FastStream's producer gives them in common."""

    async def connect(self, producer: AIOKafkaProducer, *given: Any, **named: Any) -> None:  # noqa: ANN401 - FastStream's
        """Connect. A producer that was refused is closed again."""
        try:
            await super().connect(producer, *given, **named)
        except BaseException:
            await producer.stop()
            raise

    async def publish_batch(self, cmd: KafkaPublishCommand) -> asyncio.Future[RecordMetadata]:
        """Hand a batch over; the future is done when every replica in sync has it. The bodies are :class:`Sent`."""
        batch = self._producer.producer.create_batch()
        for record in cast(Sequence[Sent], cmd.batch_bodies):
            kept = batch.append(key=record.key, value=record.value, timestamp=None, headers=record.headers)
            assert kept is not None, "batches are made up within BATCH_BYTES"
        sent = await self._producer.producer.send_batch(batch, cmd.destination, partition=cmd.partition)
        return cast("asyncio.Future[RecordMetadata]", sent)

    async def disconnect(self) -> None:
        """Let go, also of a Kafka that is away: what it has not acknowledged is published again another time."""
        producer = self._producer.producer if self else None
        try:
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                await super().disconnect()
        except TimeoutError:
            assert producer is not None
            await producer._sender.close()  # there is no other way to end a producer that waits for its broker
            await producer.client.close()


NOT_TAKEN_APART: Final = (UnicodeDecodeError, UnsupportedCodecError)


class Consumer(AIOKafkaConsumer):
    """Gives a record that the library cannot take apart as one with nothing in it, and goes on behind it.

    The library raises, and would stand there for ever: at a header whose name is no text, at a batch that is packed in
    a way for which it has no program.
    """

    async def getone(self, *partitions: structs.TopicPartition) -> "ConsumerRecord[bytes, bytes]":
        """See the library's."""
        try:
            return await super().getone(*partitions)
        except NOT_TAKEN_APART:
            return await _passed_over(self, partitions)

    async def getmany(
        self, *partitions: structs.TopicPartition, timeout_ms: int = 0, max_records: int | None = None
    ) -> "dict[structs.TopicPartition, list[ConsumerRecord[bytes, bytes]]]":
        """See the library's."""
        try:
            return await super().getmany(*partitions, timeout_ms=timeout_ms, max_records=max_records)
        except NOT_TAKEN_APART:
            return {await _where_it_was(self, partitions): [await self.getone(*partitions)]}


async def _passed_over(
    consumer: AIOKafkaConsumer, partitions: Sequence[structs.TopicPartition]
) -> "ConsumerRecord[bytes, bytes]":
    (at,) = partitions or consumer.assignment()
    offset = await consumer.position(at)
    consumer.seek(at, offset + 1)
    return ConsumerRecord(at.topic, at.partition, offset, -1, -1, None, None, None, -1, -1, ())


async def _where_it_was(
    consumer: AIOKafkaConsumer, partitions: Sequence[structs.TopicPartition]
) -> structs.TopicPartition:
    """It is read from there again, else what came before the record, and was not given, would be left out."""
    (at,) = partitions or consumer.assignment()
    consumer.seek(at, await consumer.position(at))
    return at


async def connect(broker: KafkaBroker) -> Callable[..., AIOKafkaConsumer]:
    """Connect the broker; gives what makes a consumer by its settings, as its subscribers do. Raises KafkaError."""
    made_by = await broker.connect()
    assert isinstance(made_by, partial)
    consumers = partial(Consumer, **made_by.keywords)
    broker.config.broker_config.builder = consumers
    return consumers


def broker_for(
    cluster: Cluster, client: str, tracers: TracerProvider | None = None, registry: CollectorRegistry | None = None
) -> KafkaBroker:
    """A broker that is not connected yet; its traces and figures go where they are told to, or nowhere."""
    middlewares: list[KafkaTelemetryMiddleware | KafkaPrometheusMiddleware] = []
    if registry is not None:
        middlewares.append(KafkaPrometheusMiddleware(registry=registry, app_name="nrm", metrics_prefix="nrm_kafka"))
    if tracers is not None:
        middlewares.append(KafkaTelemetryMiddleware(tracer_provider=tracers))
    broker = KafkaBroker(
        cluster.servers,
        client_id=client,
        security=BaseSecurity(ssl_context=cluster.ssl_context(), use_ssl=True) if cluster.tls else None,
        acks="all",
        enable_idempotence=True,
        max_batch_size=BATCH_BYTES + RECORD_EXTRA_BYTES,
        max_request_size=BATCH_BYTES + RECORD_EXTRA_BYTES,
        request_timeout_ms=int(REQUEST_TIMEOUT_S * 1_000),
        allow_auto_create_topics=False,
        ack_policy=AckPolicy.MANUAL,
        graceful_timeout=CLOSE_TIMEOUT_S,
        middlewares=middlewares,
        logger=None,
        apply_types=False,
    )
    broker.config.broker_config.producer = Batches(parser=None, decoder=None)
    return broker


def subscriber_of(broker: KafkaBroker, topic: str) -> DefaultSubscriber:
    """A reader of a whole topic: in no group, from the beginning, committing nothing: the cursor is the store's."""
    return broker.subscriber(
        partitions=[TopicPartition(topic, PARTITION)],
        group_id=None,
        auto_offset_reset="earliest",
        ack_policy=AckPolicy.MANUAL,
        fetch_max_wait_ms=int(FETCH_WAIT_S * 1_000),
        persistent=False,
    )


def batches(records: Sequence[Sent]) -> list[list[Sent]]:
    """The records in order, divided so that each part fits into one batch."""
    parts: list[list[Sent]] = [[]]
    size = 0
    for record in records:
        weight = len(record.value) + RECORD_EXTRA_BYTES
        if parts[-1] and size + weight > BATCH_BYTES:
            parts.append([])
            size = 0
        parts[-1].append(record)
        size += weight
    return parts


async def publish(broker: KafkaBroker, topic: str, records: Sequence[Sent]) -> int:
    """Publish records in order and wait for the acknowledgements. Gives the first one's offset. Raises KafkaError."""
    pending = []
    for part in batches(records):
        with _in_trace_of(part):
            sent = await broker.publish_batch(*part, topic=topic, partition=PARTITION, no_confirm=True)
        pending.append(sent)
    first, *_ = [await future for future in pending]
    return int(first.offset)


@contextmanager
def _in_trace_of(records: Sequence[Sent]) -> Iterator[None]:
    """What FastStream tells of these records belongs to the trace of the command that made them, where it is one."""
    traces = _traces(records)
    trace = next(traces, None)
    if trace is None or any(other != trace for other in traces):  # of many records the second one says so already
        yield
        return
    token = context.attach(TraceContextTextMapPropagator().extract({TRACE: trace.decode()}, Context()))
    try:
        yield
    finally:
        context.detach(token)


def _traces(records: Sequence[Sent]) -> Iterator[bytes]:
    return (value for record in records for name, value in record.headers if name == TRACE)


def consumer_of(subscriber: DefaultSubscriber) -> AIOKafkaConsumer:
    """The consumer of a subscriber that was started."""
    if subscriber.consumer is None:
        raise KafkaError("the reader was closed")
    return subscriber.consumer
