"""Records that a reader could not take: what there is of them, and letting go of those that were looked at."""

from collections.abc import Callable, Sequence
from contextlib import suppress

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import KafkaError

from nrm.topics import away
from nrm_kernel.errors import Invalid
from nrm_kernel.log_parked import Parked
from nrm_kernel.log_topics import PARTITION, Cluster, parked_topic

TIMEOUT_S = 20


def listed(cluster: Cluster, reader: str) -> Sequence[Parked]:
    """Every record that this reader parked, the released ones too, in the order of their places. Raises Unavailable."""
    try:
        cluster.reached()
        consumer = KafkaConsumer(**cluster.options(), group_id=None, enable_auto_commit=False)
        try:
            found = _read(consumer, TopicPartition(parked_topic(reader), PARTITION))
        finally:
            consumer.close()
    except (KafkaError, OSError) as fault:
        raise away(cluster, fault) from fault
    return sorted(found.values(), key=lambda parked: (parked.topic, parked.offset))


def release(cluster: Cluster, reader: str, is_meant: Callable[[Parked], bool]) -> Sequence[Parked]:
    """Let go of those that are meant. Raises Invalid when there is none, and Unavailable."""
    meant = [parked.let_go() for parked in listed(cluster, reader) if not parked.released and is_meant(parked)]
    if not meant:
        raise Invalid("RECORD_NOT_PARKED", f"{reader} has no such record parked. `nrm admin parked list` shows them.")
    try:
        producer = KafkaProducer(**cluster.options(), acks="all")
        try:
            for parked in meant:
                producer.send(parked_topic(reader), parked.text(), parked.key.encode()).get(timeout=TIMEOUT_S)
        finally:
            producer.close()
    except (KafkaError, OSError) as fault:
        raise away(cluster, fault) from fault
    return meant


def _read(consumer: KafkaConsumer, partition: TopicPartition) -> dict[str, Parked]:
    found: dict[str, Parked] = {}
    if partition.topic not in consumer.topics():
        return found
    consumer.assign([partition])
    consumer.seek_to_beginning(partition)
    end = consumer.end_offsets([partition])[partition]
    while consumer.position(partition) < end:
        for records in consumer.poll(1_000).values():
            for record in records:
                with suppress(ValueError):
                    parked = Parked.parse(record.value or b"")
                    found[parked.key] = parked
    return found
