"""`nrm audit verify --kafka`: the topics, read by another client, against checkpoints and trust file."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from kafka import KafkaProducer
from tests.kafka.logs import READERS, opened
from typer.testing import CliRunner

from nrm import cli_audit
from nrm_kernel.adapters.log_kafka import KafkaLog
from nrm_kernel.adapters.log_sqlite import SqliteLog
from nrm_kernel.entry import Entry, Json, canonical
from nrm_kernel.ledger.note import SigningKey
from nrm_kernel.ledger.trust import Trust, TrustedKey, TrustedOrigin
from nrm_kernel.log import Published
from nrm_kernel.log_records import records_for
from nrm_kernel.log_topics import Cluster, LogTopic
from nrm_kernel.testing.log_contract import COORDINATOR, KEY, ORIGIN, OTHER, signed

AN_ANSWER = 500
"""Records at most that the client gives out at a time, where nobody says otherwise."""


@pytest.fixture
def trust(tmp_path: Path) -> Path:
    path = tmp_path / "trust.toml"
    keys = {ORIGIN: KEY, OTHER: SigningKey.generate(OTHER), COORDINATOR: SigningKey.generate(COORDINATOR)}
    logs = [TrustedOrigin(origin, (TrustedKey(key.verifier(), 0, None),), {}) for origin, key in keys.items()]
    path.write_text(Trust("toy", tuple(logs)).render())
    return path


def chained(count: int) -> list[Published]:
    """One stream of entries, each of which names the one before."""
    entries: list[Published] = []
    for position in range(count):
        notice = position % 3 == 0
        envelope: dict[str, Json] = {"origin": ORIGIN, "position": position, "seq": position, "stream": "person-1"}
        if entries:
            envelope["prev"] = entries[-1].entry.leaf.hex()
        if notice:
            envelope["to"] = OTHER
        entry = Entry.of(ORIGIN, position, canonical(envelope))
        entries.append(Published(entry, "notice" if notice else "own", OTHER if notice else ""))
    return entries


def verified(cluster: Cluster, trust: Path, *more: str) -> tuple[int, Mapping[str, object]]:
    options = [f"--kafka={cluster.bootstrap}", f"--trust={trust}", "--json"]
    done = CliRunner().invoke(cli_audit.app, ["verify", *options, *more])
    return done.exit_code, json.loads(done.stdout)


async def publish(log: KafkaLog, entries: list[Published]) -> None:
    for at in range(0, len(entries), 10):
        await log.publish(ORIGIN, entries[at : at + 10], signed(entries[: at + 10]))
    await log.close()


async def test_every_readers_copy_comes_to_the_signed_root(cluster: Cluster, trust: Path, tmp_path: Path) -> None:
    entries = chained(30)
    await publish(opened(cluster), entries)
    code, report = verified(cluster, trust)
    assert code == 0, report
    copies = copies_of(report)
    assert {copy["holder"] for copy in copies} == {f"kafka {cluster.bootstrap} for {reader}" for reader in READERS}
    assert {copy["entries"] for copy in copies} == {30}
    assert len({copy["root"] for copy in copies}) == 1
    shared = SqliteLog(tmp_path / "log.sqlite")
    await shared.publish(ORIGIN, entries, signed(entries))
    await shared.close()
    code, report = verified(cluster, trust, str(tmp_path / "log.sqlite"))
    assert code == 0, report
    assert len(copies_of(report)) == 4
    assert len({copy["root"] for copy in copies_of(report)}) == 1


async def test_topics_that_end_where_the_client_ends_an_answer_are_read_again(cluster: Cluster, trust: Path) -> None:
    """What it has read and not given out yet, the client keeps when a topic waits its turn, and may never give."""
    entries = chained(AN_ANSWER - 1)
    log = opened(cluster)
    await log.publish(ORIGIN, entries, signed(entries))  # and a checkpoint
    await log.close()
    put(cluster, max(READERS, key=lambda reader: LogTopic(ORIGIN, reader).name), [], signed(entries))
    code, report = verified(cluster, trust)
    assert code == 0, report


@pytest.mark.parametrize("reader", [COORDINATOR, OTHER])
async def test_a_topic_with_another_history_is_found_out(cluster: Cluster, trust: Path, reader: str) -> None:
    entries = chained(20)
    log = opened(cluster)
    await log.publish(ORIGIN, entries[:10], signed(entries[:10]))
    await log.close()
    forged = chained(20)
    body = canonical({**forged[14].entry.envelope, "occurred_on": "2020-01-01"})
    forged[14] = Published(Entry.of(ORIGIN, 14, body), "own")
    for each in READERS:
        put(cluster, each, (forged if each == reader else entries)[10:], signed(entries))
    code, report = verified(cluster, trust)
    assert code == 1
    assert any(reader in str(finding) for finding in findings_of(report))


async def test_records_that_are_none_are_told(cluster: Cluster, trust: Path) -> None:
    entries = chained(10)
    await publish(opened(cluster), entries)
    producer = KafkaProducer(**cluster.options())
    producer.send(LogTopic(ORIGIN, COORDINATOR).name, b"\xff", headers=[("x", b"\xff")]).get(timeout=120)
    producer.close()
    code, report = verified(cluster, trust)
    assert code == 1
    assert any("11" in str(finding) for finding in findings_of(report))


def test_a_kafka_that_is_away_leaves_the_answer_open(trust: Path) -> None:
    code, report = verified(Cluster("localhost:1"), trust)
    assert (code, report["reason"]) == (2, "KAFKA_AWAY")


def put(cluster: Cluster, reader: str, entries: list[Published], note: str) -> None:
    """Write to one reader's topic alone."""
    producer = KafkaProducer(**cluster.options())
    for record in records_for(reader, ORIGIN, entries, note):
        producer.send(LogTopic(ORIGIN, reader).name, record.value, key=record.key, headers=record.headers)
    producer.close()


def copies_of(report: Mapping[str, object]) -> list[dict[str, object]]:
    copies = report["copies"]
    assert isinstance(copies, list)
    return [copy for copy in copies if copy["origin"] == ORIGIN]


def findings_of(report: Mapping[str, object]) -> list[object]:
    findings = report["findings"]
    assert isinstance(findings, list)
    return findings
