"""What can be seen from outside of the log on Kafka: traces and figures."""

import asyncio

from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import CollectorRegistry, generate_latest
from tests.kafka.logs import READERS, TRACE_ID, history, published, read_to, records_of

from nrm_kernel.adapters.log_kafka import KafkaLog
from nrm_kernel.log_headers import KIND, POSITION
from nrm_kernel.log_topics import Cluster, LogTopic
from nrm_kernel.telemetry import SPAN_KEYS, tracing
from nrm_kernel.testing.log_contract import COORDINATOR, ORIGIN, OTHER


async def test_a_trace_leads_through_kafka_to_those_who_may_read_the_body_and_to_nobody_else(cluster: Cluster) -> None:
    exporter = InMemorySpanExporter()
    provider = tracing("nrm", exporter, at_once=True)
    log = KafkaLog(cluster, COORDINATOR, lambda: READERS, tracers=provider)
    await published(log, history(6), step=6)
    await read_to(log, COORDINATOR, 6)
    await log.close()
    traced = [span for span in exporter.get_finished_spans() if f"{span.context.trace_id:032x}" == TRACE_ID]
    names = {span.name for span in traced}
    assert any(LogTopic(ORIGIN, COORDINATOR).name in name for name in names)
    assert not any(LogTopic(ORIGIN, OTHER).name in name for name in names)
    for span in exporter.get_finished_spans():
        assert SPAN_KEYS.issuperset(span.attributes or {})
    for reader in READERS:  # the library would add a header, and for what is hidden the trace of whoever sent it
        for record in await asyncio.to_thread(records_of, cluster, LogTopic(ORIGIN, reader).name):
            names = {name for name, _ in record.headers}
            assert "baggage" not in names
            assert record.key is not None or names == {KIND, POSITION}


async def test_the_librarys_figures_are_there_by_topic(cluster: Cluster) -> None:
    registry = CollectorRegistry()
    log = KafkaLog(cluster, COORDINATOR, lambda: READERS, registry=registry)
    await published(log, history(6), step=6)
    await read_to(log, COORDINATOR, 6)
    await log.close()
    figures = generate_latest(registry).decode()
    topic = LogTopic(ORIGIN, COORDINATOR).name
    assert any(line.startswith("nrm_kafka_published") and topic in line for line in figures.splitlines())
    assert any(line.startswith("nrm_kafka_received") for line in figures.splitlines())
