"""What is missing and what differs, from what is wanted and what is there."""

import tempfile
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kafka.admin import ACL, ACLOperation, ACLPermissionType, ACLResourcePatternType, ResourcePattern, ResourceType
from typer.testing import CliRunner

from nrm import cli_topics, topics
from nrm.errors_shown import NO, YES
from nrm.servers import kafka as servers
from nrm.servers.kafka import KafkaMissing, found_jars
from nrm.topics import Found, Rule, Wanted, _rule, is_shown, plan
from nrm_kernel.ledger.note import SigningKey
from nrm_kernel.ledger.trust import Trust, TrustedKey, TrustedOrigin
from nrm_kernel.log_topics import Cluster, LogTopic, beat_topic, log_prefix, parked_topic

ORIGINS = ("demo/identification/police", "demo/assistance/ngo-dawn", "demo/coordinator/national")
WANTED = Wanted.of(ORIGINS)
PART = st.from_regex(r"[a-z0-9-]{1,12}", fullmatch=True)
ORIGIN = st.tuples(PART, PART, PART).map("/".join)


def everything(brokers: int = 1) -> Found:
    """A Kafka on which everything is as it should be."""
    replicas = min(3, brokers)
    kept = {"min.insync.replicas": str(max(1, replicas - 1))}
    topics = {name: {**settings, **kept} for name, settings in WANTED.topics.items()}
    return Found(topics, dict.fromkeys(topics, 1), dict.fromkeys(topics, replicas), WANTED.rules, brokers)


@given(ORIGIN, ORIGIN)
def test_names_of_topics_map_one_to_one(origin: str, reader: str) -> None:
    topic = LogTopic(origin, reader)
    assert LogTopic.parse(topic.name) == topic
    assert topic.name.startswith(log_prefix(origin))
    assert LogTopic.parse(beat_topic(origin)) is None
    assert LogTopic.parse(parked_topic(reader)) is None


@pytest.mark.parametrize("brokers", [1, 2, 3, 5])
def test_where_everything_is_as_it_should_be_nothing_is_planned(brokers: int) -> None:
    assert plan(WANTED, everything(brokers)).is_done


def test_a_fresh_kafka_gets_a_topic_for_each_origin_and_reader() -> None:
    missing = plan(WANTED, Found({}, {}, {}, frozenset(), 3))
    assert len(missing.topics) == 3 * 3 + 2 * 3
    assert missing.replicas == 3
    for name, settings in missing.topics.items():
        assert settings["min.insync.replicas"] == "2"
        assert settings.get("retention.ms", "-1") == "-1"
        assert settings["cleanup.policy"] == ("delete" if LogTopic.parse(name) else "compact")
    assert frozenset(missing.rules) == WANTED.rules


def test_while_a_broker_is_away_nobody_is_told_to_ask_for_fewer_copies() -> None:
    assert plan(WANTED, replace(everything(3), brokers=2)).is_done


def test_an_agency_that_joins_while_a_broker_is_away_is_to_get_as_many_copies_as_all() -> None:
    joined = Wanted.of((*ORIGINS, "demo/assistance/ngo-harbour"))
    missing = plan(joined, replace(everything(3), brokers=2))
    assert missing.replicas == 3
    assert {settings["min.insync.replicas"] for settings in missing.topics.values()} == {"2"}


def test_an_agency_that_joins_changes_nothing_for_the_others() -> None:
    joined = Wanted.of((*ORIGINS, "demo/assistance/ngo-harbour"))
    missing = plan(joined, everything())
    assert not missing.drift
    assert all("ngo-harbour" in name for name in missing.topics)
    assert WANTED.rules < joined.rules


def test_an_agency_may_write_only_its_own_and_read_only_what_is_made_for_it() -> None:
    police, dawn = (f"User:{origin}" for origin in ORIGINS[:2])
    for rule in WANTED.rules:
        if rule.principal == police and rule.operation == "WRITE":
            assert ".identification.police" in rule.name
        if rule.principal == police and rule.operation == "READ" and ".log." in rule.name:
            assert rule.name.endswith("identification.police") or rule.name == log_prefix(ORIGINS[0])
    own = log_prefix(ORIGINS[1])
    assert Rule(dawn, "WRITE", own, is_prefix=True) in WANTED.rules
    assert own.endswith(".")  # else the rule would also be for ngo-dawn-2


def test_what_differs_is_told_and_not_changed() -> None:
    found = everything(3)
    name = LogTopic(ORIGINS[0], ORIGINS[1]).name
    topics = {**found.topics, name: {**found.topics[name], "retention.ms": "604800000"}}
    extra = Rule("User:somebody", "READ", "nrm.", is_prefix=True)
    drifted = Found(topics, {**found.partitions, name: 2}, {**found.replicas, name: 1}, WANTED.rules | {extra}, 3)
    told = plan(WANTED, drifted)
    assert not told.topics
    assert not told.rules
    assert told.drift == [
        f"{name} has 2 partitions, not 1: make it anew and it is filled again",
        f"{name} is kept on 1 of 3 brokers",
        f"{name} has retention.ms=604800000, not -1",
        "nobody asked for the rule: User:somebody may read nrm.*",
    ]


def test_what_agencies_may_beyond_topics_is_told_and_what_strangers_may_there_is_not_ours() -> None:
    police = f"User:{ORIGINS[0]}"
    more = {
        Rule(police, "ALTER", "kafka-cluster", kind="CLUSTER"),
        Rule("User:*", "WRITE", "any", is_prefix=True, kind="TRANSACTIONAL_ID"),
        Rule("User:another-system", "ALTER", "kafka-cluster", kind="CLUSTER"),
    }
    found = everything()
    told = plan(WANTED, replace(found, rules=WANTED.rules | more))
    assert told.drift == [
        "nobody asked for the rule: User:* may write transactional_id any*",
        f"nobody asked for the rule: {police} may alter cluster kafka-cluster",
    ]


@pytest.mark.parametrize(
    ("host", "permission"), [("192.0.2.1", ACLPermissionType.ALLOW), ("*", ACLPermissionType.DENY)]
)
def test_a_rule_for_one_host_or_one_that_forbids_does_not_stand_for_the_one_that_is_wanted(
    host: str, permission: ACLPermissionType
) -> None:
    wanted = min(rule for rule in WANTED.rules if not rule.is_prefix)
    pattern = ResourcePattern(ResourceType.TOPIC, wanted.name, ACLResourcePatternType.LITERAL)
    there = _rule(ACL(wanted.principal, host, ACLOperation[wanted.operation], permission, pattern))
    told = plan(WANTED, replace(everything(), rules=WANTED.rules - {wanted} | {there}))
    assert (list(told.rules), len(told.drift)) == ([wanted], 1)
    assert ("from 192.0.2.1" in told.drift[0]) == (host != "*")


def test_what_was_made_is_waited_for_until_topics_settings_and_rules_are_all_shown() -> None:
    there = everything(3)
    missing = plan(WANTED, replace(there, topics={}, rules=frozenset()))
    name, rule = min(there.topics), min(WANTED.rules)
    assert is_shown(missing, there)
    assert is_shown(missing, replace(there, topics={**there.topics, "nrm.another": {}}))
    for behind in (
        replace(there, topics={other: settings for other, settings in there.topics.items() if other != name}),
        replace(there, topics={**there.topics, name: {}}),
        replace(there, rules=WANTED.rules - {rule}),
    ):
        assert not is_shown(missing, behind)
    unguarded = plan(WANTED, replace(there, topics={}, rules=None))
    assert is_shown(unguarded, replace(there, rules=None))


def test_a_kafka_that_checks_nobodys_rights_is_told() -> None:
    told = plan(WANTED, Found({}, {}, {}, None, 1))
    assert told.drift == ["Kafka checks nobody's rights: every client reads and writes everything"]
    assert not told.rules


def test_a_missing_broker_is_one_line_that_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(KafkaMissing) as missing:
        found_jars()
    assert "\n" not in missing.value.text
    for way in ("NRM_KAFKA=", "KAFKA_HOME", "apt-get install"):
        assert way in missing.value.text


def test_where_no_broker_can_be_had_nothing_is_left_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.delenv("NRM_KAFKA", raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(KafkaMissing), servers.kafka():
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_running_broker_is_taken_before_anything_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NRM_KAFKA", "kafka.example:9092")
    with servers.kafka() as cluster:
        assert cluster == Cluster("kafka.example:9092")


def test_the_version_is_that_of_the_pom_and_of_compose() -> None:
    pom = ET.parse(servers.POM).getroot()  # our own file
    versions = {found.text for found in pom.iter("{http://maven.apache.org/POM/4.0.0}version")}
    assert servers.VERSION in versions
    assert f"apache/kafka:{servers.VERSION}" in Path("docker-compose.yml").read_text("utf-8")


@pytest.fixture
def trust(tmp_path: Path) -> Path:
    logs = [TrustedOrigin(each, (TrustedKey(SigningKey.generate(each).verifier()),)) for each in ORIGINS]
    path = tmp_path / "trust.toml"
    path.write_text(Trust("demo", tuple(logs)).render())
    return path


@pytest.mark.parametrize(
    ("command", "there", "code", "told"),
    [
        ("plan", Found({}, {}, {}, frozenset(), 3), YES, "15 topics and 30 rules would be made, 0 differ"),
        ("plan", everything(3), YES, "0 topics and 0 rules would be made, 0 differ"),
        ("check", Found({}, {}, {}, frozenset(), 3), NO, "15 topics and 30 rules missing, 0 differ"),
        ("check", everything(3), YES, "0 topics and 0 rules missing, 0 differ"),
    ],
)
def test_plan_and_check_tell_what_is_missing_and_change_nothing(
    trust: Path, monkeypatch: pytest.MonkeyPatch, command: str, there: Found, code: int, told: str
) -> None:
    monkeypatch.setattr(topics, "look", lambda _: there)
    monkeypatch.delattr(topics, "apply")
    done = CliRunner().invoke(cli_topics.topics, [command, "--kafka=localhost:1", f"--trust={trust}"])
    first, *lines = done.stdout.splitlines()
    assert (done.exit_code, first) == (code, told)
    missing = plan(WANTED, there)
    named = [f"topic  {name}" for name in missing.topics] + [f"rule   {rule.text()}" for rule in missing.rules]
    assert lines == named
    assert ("nrm admin topics apply" in done.stderr) is (code == NO)


def test_plan_tells_what_differs(trust: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = everything(3)
    name = beat_topic(ORIGINS[0])
    monkeypatch.setattr(topics, "look", lambda _: replace(found, partitions={**found.partitions, name: 2}))
    done = CliRunner().invoke(cli_topics.topics, ["plan", "--kafka=localhost:1", f"--trust={trust}"])
    differs = f"differs: {name} has 2 partitions, not 1: make it anew and it is filled again"
    assert done.stdout.splitlines() == ["0 topics and 0 rules would be made, 1 differ", differs]
