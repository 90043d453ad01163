"""A checkpoint that no trusted key signed is parked with an alarm; readers and writers go on with the true ones."""

from collections.abc import Mapping

import pytest
from kafka import KafkaProducer
from tests.kafka.logs import READERS, Lines, history, published, read_to
from tests.servers.kafka import provide

from nrm.parked import listed
from nrm_kernel.adapters.log_kafka import KafkaLog
from nrm_kernel.ledger.note import Checkpoint, SigningKey, VerifierKey, sign
from nrm_kernel.ledger.trust import Trust, TrustedKey, TrustedOrigin
from nrm_kernel.log_topics import Cluster, LogTopic
from nrm_kernel.testing.log_contract import COORDINATOR, ORIGIN, TRUST, signed

IMPOSTOR = SigningKey.generate(ORIGIN)
OLDER = Trust("toy", (TrustedOrigin(ORIGIN, (TrustedKey(SigningKey.generate(ORIGIN).verifier()),)),))


class Rotating:
    """A trust file that is changed while it is in use; at first it has another key of the origin."""

    def __init__(self) -> None:
        self.now = OLDER

    def origins(self) -> tuple[str, ...]:
        return self.now.origins()

    def verifier(self, origin: str, size: int) -> VerifierKey:
        return self.now.verifier(origin, size)

    def admitted_at(self, origin: str) -> Mapping[str, int]:
        return self.now.admitted_at(origin)

    def organisation(self, origin: str) -> str:
        return self.now.organisation(origin)


@pytest.fixture
def cluster(fresh_topics: Cluster) -> Cluster:
    provide(fresh_topics, *READERS)
    return fresh_topics


def forge(cluster: Cluster, reader: str, size: int) -> None:
    """Put a checkpoint of that size on the reader's topic, signed by nobody who may."""
    note = sign(Checkpoint(ORIGIN, size, b"\x01" * 32), IMPOSTOR)
    headers = [("nrm-record", b"checkpoint"), ("nrm-position", b"%d" % size)]
    producer = KafkaProducer(**cluster.options())
    try:
        producer.send(LogTopic(ORIGIN, reader).name, note.encode(), headers=headers).get(timeout=120)
    finally:
        producer.close()


def opened(cluster: Cluster, lines: Lines) -> KafkaLog:
    return KafkaLog(cluster, COORDINATOR, lambda: READERS, lines.log, trust=TRUST)


@pytest.mark.parametrize("size", [5, 10, 11, 1_000_000])
async def test_a_forged_checkpoint_stops_no_reader(cluster: Cluster, size: int) -> None:
    lines, entries = Lines(), history(20)
    log = opened(cluster, lines)
    try:
        await published(log, entries[:10])
        forge(cluster, COORDINATOR, size)
        await published(log, entries, first=10)
        assert await read_to(log, COORDINATOR, 20) == [one.entry for one in entries]
        assert (lines.events().count("record_parked"), log.parked) == (1, 1)
    finally:
        await log.close()
    [parked] = listed(cluster, COORDINATOR)
    assert parked.why == "no key of the trust file signed this checkpoint"


async def test_a_true_checkpoint_that_came_before_its_key_was_trusted_is_taken_when_it_is(cluster: Cluster) -> None:
    """An agency that rotates its key may sign with the new one before every reader's trust file has it."""
    entries, trust = history(10), Rotating()
    log = KafkaLog(cluster, COORDINATOR, lambda: READERS, Lines().log, trust=trust)
    try:
        await published(log, entries)
        assert await log.read(ORIGIN, COORDINATOR, 0, 100) == []
        assert log.parked == 1
        trust.now = TRUST
        assert await read_to(log, COORDINATOR, 10) == [one.entry for one in entries]
    finally:
        await log.close()


async def test_a_forged_checkpoint_at_the_end_keeps_no_reader_from_what_is_published_next(cluster: Cluster) -> None:
    """Whoever comes to publish looks how far each topic reaches, and believes of that no forged word."""
    entries = history(20)
    first = opened(cluster, Lines())
    await published(first, entries[:10])
    await first.close()
    for reader in READERS:
        forge(cluster, reader, 1_000_000)
    second = opened(cluster, Lines())
    try:
        assert await second.size(ORIGIN) == 10
        await second.publish(ORIGIN, entries[10:], signed(entries))
        assert await read_to(second, COORDINATOR, 20) == [one.entry for one in entries]
    finally:
        await second.close()
