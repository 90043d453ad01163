"""Each agency is a principal of its own, on a real broker: what it may not, Kafka refuses."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import TopicAuthorizationFailedError
from kafka import KafkaAdminClient
from kafka.admin import (
    ACL,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ConfigResource,
    ConfigResourceType,
    ResourcePattern,
    ResourceType,
)
from tests.kafka.logs import READERS, history, published, read_to
from tests.servers.kafka import required
from typer.testing import CliRunner

from nrm import certs, cli_audit, cli_topics
from nrm.config_distributed import DistributedConfig
from nrm.doctor.findings import State
from nrm.doctor.kafka import of_kafka
from nrm.servers.kafka import BrokerTls, KafkaCluster, new_cluster
from nrm_kernel.adapters.log_kafka import KafkaLog
from nrm_kernel.clock import SystemClock
from nrm_kernel.errors import Unavailable
from nrm_kernel.ledger.note import SigningKey
from nrm_kernel.ledger.trust import Trust, TrustedKey, TrustedOrigin
from nrm_kernel.log_topics import ClientTls, Cluster, LogTopic, beat_topic, parked_topic
from nrm_kernel.testing.log_contract import COORDINATOR, KEY, ORIGIN, OTHER, signed

pytestmark = pytest.mark.slow
PARTITION = 0
REFUSED_S = 3
READ_S = 120


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificates, as an operator makes them for trying things out, and the trust file."""
    folder = tmp_path_factory.mktemp("rights")
    wanted = certs.Wanted("toy", READERS, {certs.BROKER: certs.LOCAL}, administrator=True)
    certs.make(folder, wanted, SystemClock().now())
    other = certs.Wanted("toy", [ORIGIN], administrator=True)
    certs.make(folder / "impostor", other, SystemClock().now())
    both = (folder / "broker.key").read_bytes() + (folder / "broker.pem").read_bytes()
    (folder / "broker.both").write_bytes(both)
    keys = {origin: TrustedKey(SigningKey.generate(origin).verifier(), 0, None) for origin in READERS}
    trust = Trust("toy", tuple(TrustedOrigin(origin, (key,), {}) for origin, key in keys.items()))
    (folder / "trust.toml").write_text(trust.render())
    return folder


@pytest.fixture(scope="module")
def secured(folder: Path) -> Iterator[KafkaCluster]:
    """A broker that takes TLS alone and checks everybody's rights, with the topics and rules of these agencies."""
    administrator = Cluster("", tls_of(folder, certs.ADMINISTRATOR))
    with required():
        cluster = new_cluster(
            folder / "kafka", 1, BrokerTls(folder / "broker.both", folder / "authority.pem"), administrator
        )
        cluster.start()
    try:
        done = CliRunner().invoke(cli_topics.topics, ["apply", *options(cluster, folder)])
        assert done.exit_code == 0, done.output
        yield cluster
    finally:
        cluster.stop()


def tls_of(folder: Path, name: str) -> ClientTls:
    own = certs.dotted(name)
    return ClientTls(folder / f"{own}.pem", folder / f"{own}.key", folder / "authority.pem")


def options(cluster: KafkaCluster, folder: Path) -> list[str]:
    return [f"--kafka={cluster.bootstrap}", f"--trust={folder / 'trust.toml'}", f"--certs={folder}"]


def seen_as(secured: KafkaCluster, folder: Path, origin: str) -> Cluster:
    return Cluster(secured.bootstrap, tls_of(folder, origin))


async def write(cluster: Cluster, topic: str) -> None:
    async with AIOKafkaProducer(**asked(cluster), enable_idempotence=True) as producer:
        await producer.send_and_wait(topic, b"mine")


async def read(cluster: Cluster, topic: str, patience_s: float) -> None:
    async with AIOKafkaConsumer(**asked(cluster), auto_offset_reset="earliest") as consumer:
        consumer.assign([TopicPartition(topic, PARTITION)])
        async with asyncio.timeout(patience_s):  # the client asks again and again, whatever it is told
            await consumer.getone()


def error_of(cluster: Cluster, topic: str) -> int:
    """What Kafka answers whoever asks about a topic: 0, or 29 for who may not even know of it."""
    admin = KafkaAdminClient(**cluster.options())
    try:
        (described,) = admin.describe_topics([topic])
        return int(described["error_code"])
    finally:
        admin.close()


def asked(cluster: Cluster) -> dict[str, Any]:
    return {"bootstrap_servers": cluster.servers, "security_protocol": "SSL", "ssl_context": cluster.ssl_context()}


async def written(secured: KafkaCluster, folder: Path) -> None:
    """The agency's own entries and heartbeat; what is there already is passed over."""
    log = KafkaLog(seen_as(secured, folder, ORIGIN), ORIGIN, lambda: READERS)
    await published(log, history(20))
    await log.beat(ORIGIN, "alive")
    await log.close()


async def test_agencies_write_their_own_topics_and_read_those_made_for_them(
    secured: KafkaCluster, folder: Path
) -> None:
    await written(secured, folder)
    for origin in READERS:
        log = KafkaLog(seen_as(secured, folder, origin), origin, lambda: READERS)
        assert len(await read_to(log, origin, 20)) == (7 if origin == OTHER else 20)
        assert await log.last_beat(ORIGIN) == "alive"
        assert not log.parked
        await log.close()


async def test_another_agency_can_neither_write_nor_read(secured: KafkaCluster, folder: Path) -> None:
    await written(secured, folder)
    other = seen_as(secured, folder, OTHER)
    log = KafkaLog(other, OTHER, lambda: READERS)
    with pytest.raises(Unavailable):
        await log.publish(ORIGIN, history(30), signed(history(30)))
    assert await log.read(ORIGIN, COORDINATOR, 0, 10) == []
    await log.close()
    for topic in (LogTopic(ORIGIN, COORDINATOR).name, LogTopic(ORIGIN, OTHER).name, beat_topic(ORIGIN)):
        with pytest.raises(TopicAuthorizationFailedError):
            await write(other, topic)
    for topic in (LogTopic(ORIGIN, COORDINATOR).name, LogTopic(ORIGIN, ORIGIN).name, parked_topic(ORIGIN)):
        assert error_of(other, topic) == TopicAuthorizationFailedError.errno
        with pytest.raises(TimeoutError):
            await read(other, topic, REFUSED_S)
    await read(other, LogTopic(ORIGIN, OTHER).name, READ_S)  # so it is not that nothing can be read


async def test_who_has_no_certificate_of_the_authority_is_refused(secured: KafkaCluster, folder: Path) -> None:
    forged = seen_as(secured, folder / "impostor", ORIGIN).tls
    assert forged is not None
    for cluster in (
        Cluster(secured.bootstrap),
        Cluster(secured.bootstrap, replace(forged, authority=folder / "authority.pem")),
    ):
        log = KafkaLog(cluster, ORIGIN, lambda: READERS)
        with pytest.raises(Unavailable):
            await log.size(ORIGIN)
        assert log.is_away
        await log.close()


async def test_the_auditors_own_client_verifies_with_its_certificate_and_not_without(
    secured: KafkaCluster, folder: Path, tmp_path: Path
) -> None:
    await written(secured, folder)
    trust = tmp_path / "trust.toml"
    trust.write_text(Trust("toy", (TrustedOrigin(ORIGIN, (TrustedKey(KEY.verifier(), 0, None),), {}),)).render())
    asked = ["verify", f"--kafka={secured.bootstrap}", f"--trust={trust}", "--json"]
    refused = await asyncio.to_thread(CliRunner().invoke, cli_audit.app, asked)
    assert (refused.exit_code, json.loads(refused.stdout)["reason"]) == (2, "KAFKA_AWAY")
    pem = folder / f"{certs.dotted(COORDINATOR)}.pem"
    let_in = await asyncio.to_thread(CliRunner().invoke, cli_audit.app, [*asked, f"--client={pem}"])
    copies = [one for one in json.loads(let_in.stdout)["copies"] if one["origin"] == ORIGIN]
    assert [(one["holder"], one["entries"]) for one in copies] == [
        (f"kafka {secured.bootstrap} for {COORDINATOR}", 20)  # it is shown no other reader's
    ]


def test_topics_and_rules_that_stand_are_left_alone(secured: KafkaCluster, folder: Path) -> None:
    assert told(secured, folder, "check") == (0, ["0 topics and 0 rules missing, 0 differ"])
    assert told(secured, folder, "plan") == (0, ["0 topics and 0 rules would be made, 0 differ"])


def told(secured: KafkaCluster, folder: Path, command: str) -> tuple[int, list[str]]:
    done = CliRunner().invoke(cli_topics.topics, [command, *options(secured, folder)])
    return done.exit_code, done.stdout.splitlines()


def as_agency(folder: Path, secured: KafkaCluster, origin: str) -> Path:
    """A configuration of that agency alone, without the administrator's certificate beside it."""
    own = tls_of(folder, origin)
    home = folder / certs.dotted(origin)
    home.mkdir(exist_ok=True)
    (home / "nrm.toml").write_text(
        f'deployment = "toy"\npolicy = "p.toml"\ntrust = "../trust.toml"\nofficer_keys = "o.toml"\n'
        f'[kafka]\nbootstrap = ["{secured.bootstrap}"]\n'
        f'[[agency]]\norigin = "{origin}"\nfolder = "."\nlisten = "127.0.0.1:0"\n'
        f'store = "postgresql://a@localhost/b"\nsigning_key = "s"\nvault_key = "v"\n'
        f'[agency.tls]\ncertificate = "{own.certificate}"\nkey = "{own.key}"\nauthority = "{own.authority}"\n'
    )
    return home / "nrm.toml"


def test_an_agency_sees_for_itself_whether_its_topics_are_there(secured: KafkaCluster, folder: Path) -> None:
    config = DistributedConfig.load(as_agency(folder, secured, COORDINATOR))
    trust, now = Trust.load(folder / "trust.toml"), SystemClock().now()
    found = of_kafka(config, trust, None, now)
    assert {one.state for one in found} == {State.OK}
    assert any("its release" not in one.text and "release 4" in one.text for one in found)
    assert any("days left" in one.text for one in found)
    key = TrustedKey(SigningKey.generate("toy/toy/new").verifier(), 0, None)
    more = Trust("toy", (*trust.logs, TrustedOrigin("toy/toy/new", (key,), {})))
    [lack] = [one for one in of_kafka(config, more, None, now) if one.state is not State.OK]
    assert (lack.state, "missing, or no rule lets it use them" in lack.text) == (State.ACT, True)
    assert "nrm admin topics apply" in lack.action


def test_an_agency_lists_what_it_parked_and_no_other_agencys(secured: KafkaCluster, folder: Path) -> None:
    ask = ["list", "--config", str(as_agency(folder, secured, COORDINATOR)), "--reader"]
    own = CliRunner().invoke(cli_topics.parked, [*ask, COORDINATOR])
    assert (own.exit_code, own.stdout) == (0, "")
    assert own.stderr == f"Nothing that {COORDINATOR} parked waits to be looked at.\n"
    assert CliRunner().invoke(cli_topics.parked, [*ask, OTHER]).exit_code != 0


def test_drift_is_told_and_what_is_missing_is_made_and_nothing_is_taken_away(
    secured: KafkaCluster, folder: Path
) -> None:
    short, wide = LogTopic(ORIGIN, OTHER).name, beat_topic(OTHER)
    lost = ACL(f"User:{OTHER}", "*", ACLOperation.READ, ACLPermissionType.ALLOW, pattern(ResourceType.TOPIC, short))
    cluster = pattern(ResourceType.CLUSTER, "kafka-cluster")
    more = ACL(f"User:{OTHER}", "*", ACLOperation.ALTER, ACLPermissionType.ALLOW, cluster)
    admin = KafkaAdminClient(**secured.cluster.options())
    admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, short, {"retention.ms": "86400000"})])
    admin.create_partitions({wide: 2})
    admin.delete_acls([lost])
    admin.create_acls([more])
    differs = [
        f"differs: {wide} has 2 partitions, not 1: make it anew and it is filled again",
        f"differs: {short} has retention.ms=86400000, not -1",
        f"differs: nobody asked for the rule: User:{OTHER} may alter cluster kafka-cluster",
    ]
    rule = f"rule   User:{OTHER} may read {short}"
    wait_until(lambda: len(told(secured, folder, "plan")[1]) == 5)
    assert told(secured, folder, "check") == (1, ["0 topics and 1 rules missing, 3 differ", rule, *differs])
    assert told(secured, folder, "plan") == (0, ["0 topics and 1 rules would be made, 3 differ", rule, *differs])
    assert told(secured, folder, "apply") == (0, ["0 topics and 1 rules made, 3 differ", rule, *differs])
    wait_until(lambda: len(told(secured, folder, "check")[1]) == 4)
    assert told(secured, folder, "check") == (1, ["0 topics and 0 rules missing, 3 differ", *differs])
    admin.delete_acls([more])
    admin.close()


def pattern(kind: ResourceType, name: str) -> ResourcePattern:
    return ResourcePattern(kind, name, ACLResourcePatternType.LITERAL)


def wait_until(holds: Callable[[], bool]) -> None:
    """Brokers learn of settings and rules a little later."""
    for _ in range(600):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError
