"""One topic of the shared log whose content is not what its agency recorded: what differs, and making it anew.

The agency's store is the record and the topic a copy of it. The topic is emptied, once every record on it was written
to a file, and the agency's service fills it again. Where the agency's own signature speaks against its store, on this
topic or on another reader's, that topic may be the last true copy: that is for the auditor, and nothing is offered.
"""

import asyncio
import base64
import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.consumer.fetcher import ConsumerRecord
from kafka.errors import KafkaError

from nrm import topics
from nrm.config_distributed import DistributedAgency
from nrm_kernel.adapters.postgres_access import PostgresAccess
from nrm_kernel.adapters.store_postgres import PostgresStore
from nrm_kernel.errors import DataLoss, NrmError
from nrm_kernel.ledger.merkle import Frontier, leaf_hash
from nrm_kernel.ledger.note import stated, verify
from nrm_kernel.ledger.trust import Trust
from nrm_kernel.log import Body, Run, Signed
from nrm_kernel.log_records import Unreadable, read
from nrm_kernel.log_topics import PARTITION, Cluster, LogTopic

BATCH = 1_000
TIMEOUT_S = 60
POLL_S = 1
SILENT_MAX = 20
"""So often nothing may come before the topic counts as one that cannot be read."""
TAIL = 200
"""So many of a topic's last records are looked at together for its newest checkpoint."""


class TopicRefused(NrmError):
    """The topic cannot be made anew; it is as it was."""


@dataclass
class Recorded:
    """What an agency's store holds: the leaf hash of every entry, made again from its bytes.

    ``vouched``: the store keeps a checkpoint that the agency signed, and holds what that is over.
    """

    origin: str
    leaves: Sequence[bytes]
    vouched: bool = True
    _frontier: Frontier = field(default_factory=Frontier)

    def gives(self, note: str) -> bool:
        """Whether a checkpoint is over these entries. Its signature is another matter."""
        checkpoint = stated(note)
        if checkpoint.size < self._frontier.size:
            self._frontier = Frontier()
        self._frontier = self._frontier.extend(self.leaves[self._frontier.size : checkpoint.size])
        return (self._frontier.size, self._frontier.root()) == (checkpoint.size, checkpoint.root)


async def recorded(agency: DistributedAgency, trust: Trust) -> Recorded:
    """What the agency's store holds. Raises DataLoss and NoteInvalid when it did not sign that, and Unavailable."""
    store = PostgresStore(agency.origin, PostgresAccess(agency.store_url()))
    try:
        note = await store.checkpoint()  # before the entries: what is recorded meanwhile is no contradiction
        leaves: list[bytes] = []
        while entries := await store.read(len(leaves), BATCH):
            leaves += [leaf_hash(entry.body) for entry in entries]
    finally:
        await store.close()
    found = Recorded(agency.origin, leaves, vouched=note is not None)
    if note is not None:
        verify(note, trust.verifier(agency.origin, stated(note).size))
        if not found.gives(note):
            raise _altered(agency.origin, "its store does not hold what it signed")
    return found


def held_against(cluster: Cluster, topic: LogTopic, agency: DistributedAgency, trust: Trust) -> list[str]:
    """What on the topic is not what the agency recorded, while it runs too. Raises as its parts do.

    A service publishes only what its store holds. So the store is read after it is settled how far the topics go.
    """
    with _reading(cluster, topic) as (consumer, partition):
        end = _end(consumer, partition)
        others = [LogTopic(topic.origin, reader) for reader in trust.origins() if reader != topic.reader]
        there = consumer.topics()
        signed = {other.name: _newest(consumer, other, trust) for other in others if other.name in there}
    right = asyncio.run(recorded(agency, trust))
    contradicted(signed, right)
    with _reading(cluster, topic) as (consumer, partition):
        return differences(_each(consumer, partition, end), right, trust)


def contradicted(signed: Mapping[str, str], right: Recorded) -> None:
    """Raise DataLoss STORE_ALTERED where a topic's newest checkpoint of the agency's is not over what its store holds.

    ``signed`` has checkpoints by the names of topics; an empty one is none.
    """
    for topic, note in signed.items():
        if note and not right.gives(note):
            what = f"the {stated(note).size:,} entries that it signed on {topic}"
            raise _altered(right.origin, f"its store does not hold {what}")


def signed_sizes(cluster: Cluster, trust: Trust) -> dict[str, int]:
    """How much of each log its agency has signed, as its own topic says. Raises TopicRefused and Unavailable."""
    return {origin: _signed_size(cluster, LogTopic(origin, origin), trust) for origin in trust.origins()}


def _signed_size(cluster: Cluster, topic: LogTopic, trust: Trust) -> int:
    with _reading(cluster, topic) as (consumer, _):
        note = _newest(consumer, topic, trust)
    return stated(note).size if note else 0


def _newest(consumer: KafkaConsumer, topic: LogTopic, trust: Trust) -> str:
    """The newest checkpoint on the topic that a trusted key signed; empty where there is none."""
    partition = TopicPartition(topic.name, PARTITION)
    consumer.assign([partition])
    first, end = consumer.beginning_offsets([partition])[partition], _end(consumer, partition)
    while end > first:
        begin = max(first, end - TAIL)
        consumer.seek(partition, begin)
        notes = [note for raw in _each(consumer, partition, end) if (note := _note(raw, topic.origin, trust))]
        if notes:
            return notes[-1]
        end = begin
    return ""


def _note(raw: ConsumerRecord, origin: str, trust: Trust) -> str:
    """The checkpoint, if the record is one that a trusted key signed."""
    try:
        record = read(origin, raw.headers, raw.value, trust)
    except Unreadable:
        return ""
    return record.note if isinstance(record, Signed) else ""


def differences(records: Iterable[ConsumerRecord], right: Recorded, trust: Trust) -> list[str]:
    """What in these records is not what the agency recorded, in their order; their end may lag.

    Raises DataLoss STORE_ALTERED for a checkpoint that a trusted key signed over other entries than the store's, and
    for any difference from a store that nothing vouches for.
    """
    told: list[str] = []
    seen: dict[int, bytes] = {}
    for raw in records:
        try:
            record = read(right.origin, raw.headers, raw.value, trust)
        except Unreadable as why:
            told.append(f"offset {raw.offset}: {why}")
            continue
        match record:
            case Body(position=position, body=body):
                told += _compared(raw.offset, position, [leaf_hash(body)], right, seen)
            case Run(first=first, leaves=leaves):
                told += _compared(raw.offset, first, leaves, right, seen)
            case Signed(note=note) if not right.gives(note):
                what = f"the {stated(note).size:,} entries that it signed in the checkpoint at offset {raw.offset}"
                raise _altered(right.origin, f"its store does not hold {what}")
    reached = max((position for position in seen if position < len(right.leaves)), default=0)  # beyond is forged
    told += [f"position {position} is missing" for position in range(reached) if position not in seen]
    if told and not right.vouched:
        raise _altered(right.origin, "its store keeps no checkpoint that it signed, and the topic says otherwise")
    return told


def _altered(origin: str, what: str) -> DataLoss:
    text = f"{origin}: {what}, so nothing can be filled from it. The topic may be the better copy. "
    return DataLoss("STORE_ALTERED", f"{text}Nothing was changed. Run `nrm audit verify` and call the auditor.")


def _compared(
    offset: int, first: int, leaves: Sequence[bytes], right: Recorded, seen: dict[int, bytes]
) -> Iterator[str]:
    for position, leaf in enumerate(leaves, start=first):
        seen[position] = leaf
        if position >= len(right.leaves):
            yield f"offset {offset}: an entry at position {position}, where the store has none"
        elif leaf != right.leaves[position]:
            yield f"offset {offset}: another entry at position {position} than the store's"


def kept(cluster: Cluster, topic: LogTopic, evidence: Path) -> int:
    """Write every record of the topic to a new file, one a line, safe on the disk; gives how many. Unavailable.

    It holds what the reader may read, so nobody but the operator who asked gets into the file.
    """
    count = 0
    with _reading(cluster, topic) as (consumer, partition), _own_file(evidence) as lines:
        for raw in _each(consumer, partition, _end(consumer, partition)):
            lines.write(json.dumps(_line(raw)) + "\n")
            count += 1
        lines.flush()
        os.fsync(lines.fileno())
    return count


def _own_file(path: Path) -> TextIO:
    return open(path, "x", encoding="ascii", opener=lambda name, flags: os.open(name, flags, 0o600))


def _line(raw: ConsumerRecord) -> dict[str, object]:
    return {
        "offset": raw.offset,
        "timestamp_ms": raw.timestamp,
        "key": _text(raw.key),
        "headers": [[name, _text(value)] for name, value in raw.headers],
        "value": _text(raw.value),
    }


def _text(value: bytes | None) -> str | None:
    """Whatever the bytes are: base64."""
    return None if value is None else base64.b64encode(value).decode("ascii")


def made_anew(cluster: Cluster, topic: LogTopic, trust: Trust) -> None:
    """Delete the topic and make it as it should be, empty; who may write and read it stays. Raises Unavailable."""
    try:
        admin = KafkaAdminClient(**cluster.options(), request_timeout_ms=TIMEOUT_S * 1_000)
        try:
            admin.delete_topics([topic.name], timeout_ms=TIMEOUT_S * 1_000)
            _wait_until_gone(admin, topic)
        finally:
            admin.close()
    except (KafkaError, OSError) as fault:
        raise topics.away(cluster, fault) from fault
    missing = topics.plan(topics.Wanted.of(trust.origins()), topics.look(cluster))
    only = {name: settings for name, settings in missing.topics.items() if name == topic.name}
    topics.apply(cluster, topics.Plan(only, replicas=missing.replicas))


def _wait_until_gone(admin: KafkaAdminClient, topic: LogTopic) -> None:
    for _ in range(TIMEOUT_S * 10):
        if topic.name not in admin.list_topics():
            return
        time.sleep(0.1)
    raise TopicRefused("TOPIC_NOT_DELETED", f"Kafka took the deletion of {topic.name} and still shows it. Ask again.")


@contextmanager
def _reading(cluster: Cluster, topic: LogTopic) -> Iterator[tuple[KafkaConsumer, TopicPartition]]:
    """Whoever reads that topic, at its beginning. Raises TopicRefused when there is none, Unavailable."""
    try:
        cluster.reached()
        consumer = KafkaConsumer(**cluster.options(), group_id=None, enable_auto_commit=False)
        try:
            if topic.name not in consumer.topics():
                raise TopicRefused("TOPIC_UNKNOWN", f"There is no topic {topic.name}. Run `nrm admin topics apply`.")
            partition = TopicPartition(topic.name, PARTITION)
            consumer.assign([partition])
            consumer.seek_to_beginning(partition)
            yield consumer, partition
        finally:
            consumer.close()
    except (KafkaError, OSError) as fault:
        raise topics.away(cluster, fault) from fault
    except UnicodeDecodeError as fault:
        text = f"{topic.name} holds a record with a header whose name is no text. Nothing was changed. Keep the topic "
        text += "with Kafka's own tools, delete it with them, and run `nrm admin topics apply`: its agency fills it."
        raise TopicRefused("TOPIC_UNREADABLE", text) from fault


def _end(consumer: KafkaConsumer, partition: TopicPartition) -> int:
    return int(consumer.end_offsets([partition])[partition])


def _each(consumer: KafkaConsumer, partition: TopicPartition, end: int) -> Iterator[ConsumerRecord]:
    """Every record up to that offset."""
    silent = 0
    while consumer.position(partition) < end:
        found = consumer.poll(POLL_S * 1_000).get(partition, ())
        silent = 0 if found else silent + 1
        if silent > SILENT_MAX:
            raise TopicRefused(
                "TOPIC_UNREADABLE", f"Kafka gives nothing more of {partition.topic}. Nothing was changed."
            )
        yield from (record for record in found if record.offset < end)
