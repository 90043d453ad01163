"""Records that are none of the log's are parked with an alarm; what is right goes on."""

import asyncio

import pytest
from kafka import KafkaProducer
from tests.kafka.logs import Lines, history, made_anew, opened, outbox_of, published, read_to
from typer.testing import CliRunner

from nrm.cli_topics import parked as commands
from nrm.parked import listed
from nrm_kernel.entry import canonical
from nrm_kernel.errors import Invalid
from nrm_kernel.log_parked import Parked
from nrm_kernel.log_topics import Cluster, LogTopic, parked_topic
from nrm_kernel.testing.log_contract import COORDINATOR, ORIGIN, OTHER, signed

COPY = LogTopic(ORIGIN, COORDINATOR)
ENTRY = ("nrm-record", b"entry")
FOREIGN = canonical({"origin": OTHER, "position": 3})
TOO_LARGE = canonical({"origin": ORIGIN, "position": 3, "x": "y" * 70_000})
POISON: dict[str, tuple[bytes | None, list[tuple[str, bytes]]]] = {
    "no headers": (b"\xff\xfe", []),
    "a header that is no text": (b"x", [("nrm-record", b"\xff"), ("nrm-position", b"1")]),
    "no value": (None, [ENTRY, ("nrm-position", b"3")]),
    "no position": (canonical({"origin": ORIGIN, "position": 3}), [ENTRY, ("nrm-position", b"-3")]),
    "an endless position": (b"{}", [ENTRY, ("nrm-position", b"9" * 5_000)]),
    "no entry": (b'["not", "one"]', [ENTRY, ("nrm-position", b"3")]),
    "another origin's": (FOREIGN, [ENTRY, ("nrm-position", b"3")]),
    "too large": (TOO_LARGE, [ENTRY, ("nrm-position", b"3")]),
    "half a hash": (b"x" * 33, [("nrm-record", b"run"), ("nrm-position", b"3")]),
    "another log's checkpoint": (
        b"toy/other/log\n3\nAAAA\n\n- x",
        [("nrm-record", b"checkpoint"), ("nrm-position", b"3")],
    ),
}


def poison(cluster: Cluster) -> None:
    """Each of them, from somebody who could write there."""
    producer = KafkaProducer(**cluster.options())
    try:
        for value, headers in POISON.values():
            producer.send(COPY.name, value, key=b"somebody", headers=headers).get(timeout=120)
    finally:
        producer.close()


async def test_poison_is_parked_with_an_alarm_and_everything_else_goes_on(cluster: Cluster) -> None:
    lines = Lines()
    log = opened(cluster, lines=lines)
    entries = history(30)
    await published(log, entries[:10])
    poison(cluster)
    await published(log, entries, first=10)
    assert await read_to(log, COORDINATOR, 30) == [one.entry for one in entries]
    assert lines.events().count("record_parked") == log.parked == len(POISON)
    await log.close()
    found = listed(cluster, COORDINATOR)
    assert [one.offset for one in found] == list(range(11, 11 + len(POISON)))
    assert {one.topic for one in found} == {COPY.name}


async def test_what_was_parked_is_not_told_again_and_can_be_released(cluster: Cluster) -> None:
    log = opened(cluster)
    await published(log, history(10))
    poison(cluster)
    await log.publish(ORIGIN, history(11)[10:], signed(history(11)))
    await read_to(log, COORDINATOR, 11)
    await log.close()
    ask = [f"--kafka={cluster.bootstrap}", f"--reader={COORDINATOR}"]
    shown = CliRunner().invoke(commands, ["list", *ask])
    assert shown.exit_code == 1
    assert len(shown.output.splitlines()) == len(POISON)
    released = CliRunner().invoke(commands, ["release", COPY.name, "11", *ask])
    assert released.exit_code == 0
    assert len(CliRunner().invoke(commands, ["list", *ask]).output.splitlines()) == len(POISON) - 1
    everything = CliRunner().invoke(commands, ["list", "--all", *ask]).output.splitlines()
    assert [line.endswith("  released") for line in everything] == [True, *[False] * (len(POISON) - 1)]
    again_released = CliRunner().invoke(commands, ["release", COPY.name, "11", *ask])
    assert isinstance(again_released.exception, Invalid)
    assert again_released.exception.reason == "RECORD_NOT_PARKED"
    lines = Lines()
    again = opened(cluster, lines=lines)
    await read_to(again, COORDINATOR, 11)
    assert "record_parked" not in lines.events()
    assert again.parked == len(POISON) - 1
    await again.close()
    everything_else = CliRunner().invoke(commands, ["release", COPY.name, *ask])
    assert len(everything_else.output.splitlines()) == len(POISON) - 1
    assert CliRunner().invoke(commands, ["list", *ask]).exit_code == 0


async def test_who_runs_sees_what_is_released_and_what_was_parked_before_it_began(cluster: Cluster) -> None:
    log = opened(cluster)
    await published(log, history(10))
    poison(cluster)
    await log.publish(ORIGIN, history(11)[10:], signed(history(11)))
    await read_to(log, COORDINATOR, 11)
    assert await log.look_at_parked() == len(POISON)
    ask = [f"--kafka={cluster.bootstrap}", f"--reader={COORDINATOR}"]
    released = CliRunner().invoke(commands, ["release", COPY.name, "11", *ask])
    assert released.exit_code == 0
    assert await log.look_at_parked() == log.parked == len(POISON) - 1
    await log.close()
    again = opened(cluster)  # it reads on behind them, and knows of them all the same
    assert await again.look_at_parked() == len(POISON) - 1
    await again.close()


async def test_notes_that_were_seen_are_not_read_again_and_those_of_a_topic_made_anew_are(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever looks does so at every scrape of the figures."""
    log, parse, read = opened(cluster), Parked.parse, list[bytes]()

    def noticed(text: bytes) -> Parked:
        read.append(text)
        return parse(text)

    monkeypatch.setattr(Parked, "parse", noticed)
    await published(log, history(10))
    poison(cluster)
    await log.publish(ORIGIN, history(11)[10:], signed(history(11)))
    await read_to(log, COORDINATOR, 11)
    assert await log.look_at_parked() == len(read) == len(POISON)
    assert await log.look_at_parked() == len(read)
    made_anew(cluster, parked_topic(COORDINATOR))
    another = Parked.of(COPY.name, 3, "of another kind", b"x")
    await asyncio.to_thread(noted, cluster, another)
    assert await log.look_at_parked() == len(read) == len(POISON) + 1
    await log.close()


def noted(cluster: Cluster, parked: Parked) -> None:
    """As another process of the same agency does."""
    producer = KafkaProducer(**cluster.options())
    producer.send(parked_topic(COORDINATOR), parked.text(), key=parked.key.encode()).get(timeout=120)
    producer.close()


async def test_an_altered_entry_holds_its_log_up_until_the_agency_fills_it_in(cluster: Cluster) -> None:
    lines = Lines()
    log = opened(cluster, lines=lines)
    entries = history(10)
    await published(log, entries[:5])
    outbox = outbox_of(log)
    outbox._tails = {reader: tail.__class__(6, 0, 0) for reader, tail in outbox._tails.items()}  # as if the sixth stood
    await log.publish(ORIGIN, entries[6:], signed(entries))
    assert await read_to(log, COORDINATOR, 5) == [one.entry for one in entries[:5]]
    assert await log.read(ORIGIN, COORDINATOR, 5, 100) == []
    assert "log_gap" in lines.events()
    outbox._tails = {reader: tail.__class__(5, 5, 0) for reader, tail in outbox._tails.items()}
    await published(log, entries, first=5)
    assert await read_to(log, COORDINATOR, 10) == [one.entry for one in entries]
    await log.close()
