"""The broker settings that containers get, run as plain processes: one node, and three of which one is lost."""

import asyncio
import re
import shutil
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError
from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType
from tests.servers.kafka import required

from nrm import certs, topics
from nrm.founding_distributed import KEYSTORE, Surrounds, found
from nrm.servers.kafka import KafkaCluster, Node, new_cluster
from nrm_kernel.log_topics import ClientTls, Cluster, LogTopic

ROOT = Path(__file__).parents[2]
PROPERTIES = ROOT / "deploy" / "kafka" / "server.properties"
HEALTH = PROPERTIES.with_name("health.properties")
THREE = ROOT / "deploy" / "compose.three-brokers.yml"
HOSTS = ("kafka", "kafka-2", "kafka-3")
DAWN, HARBOUR = "demo/assistance/ngo-dawn", "demo/assistance/ngo-harbour"
PATIENCE = 60
NOT_SETTINGS = {"CLUSTER_ID", "KAFKA_HEAP_OPTS"}
pytestmark = pytest.mark.slow


@dataclass
class Deployed(KafkaCluster):
    """Nodes with the deployed settings; only hosts, ports and places of files are this machine's."""

    installation: Path = Path()
    inner: dict[int, int] = field(default_factory=dict)
    """The port of each node's listener for those who are in containers too."""

    def _settings(self, node: Node) -> Mapping[str, str]:
        said = self._moved("\n".join(deployed(HOSTS[node.number], three=len(self.nodes) == 3)), node)
        return dict(line.split("=", 1) for line in said.splitlines())

    def _moved(self, text: str, node: Node) -> str:
        places = {"/var/lib/kafka/data": str(node.folder / "data")}
        for other in self.nodes:
            places[f"@{HOSTS[other.number]}:9093"] = f"@localhost:{other.controller_port}"
            places[f"{HOSTS[other.number]}:9092"] = f"localhost:{self.inner[other.number]}"
            places[f"localhost:{9094 + other.number}"] = f"localhost:{other.port}"
        own = ((":9092", self.inner[node.number]), (":9093", node.controller_port), (":9094", node.port))
        places |= {f"//{was}": f"//localhost:{port}" for was, port in own}
        places["/run/secrets/broker.keystore"] = str(self.installation / "certs" / KEYSTORE)
        places["/run/secrets/authority.pem"] = str(self.installation / "certs" / "authority.pem")
        for was, stands in places.items():
            text = text.replace(was, stands)
        return text

    def seen_by_its_health_check(self) -> Cluster:
        """The brokers, as the program that containers are checked by is told to reach them."""
        given = self.installation / "certs"
        settings = dict(line.split("=", 1) for line in HEALTH.read_text("utf-8").splitlines() if "=" in line)
        assert {settings[name] for name in ("ssl.keystore.type", "ssl.truststore.type")} == {"PEM"}
        assert settings["security.protocol"] == "SSL"
        own, authority = (given / Path(settings[f"ssl.{name}.location"]).name for name in ("keystore", "truststore"))
        return Cluster(self.bootstrap, ClientTls(own, own, authority))

    def seen_as(self, name: str) -> Cluster:
        """The brokers, as whoever has the certificate of that name reaches them."""
        own = self.installation / "certs" / f"{name}.pem"
        return Cluster(self.bootstrap, ClientTls(own, own.with_suffix(".key"), own.with_name("authority.pem")))


def deployed(host: str, *, three: bool) -> list[str]:
    """The settings of that container: the file's, and over them what the override gives in the environment."""
    lines = [line for line in PROPERTIES.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    settings = dict(line.split("=", 1) for line in lines)
    if three:
        environment = yaml.safe_load(THREE.read_text("utf-8"))["services"][host]["environment"]
        for name, value in as_the_image_takes_it(environment).items():
            if name not in NOT_SETTINGS:
                settings[name.removeprefix("KAFKA_").lower().replace("_", ".")] = str(value)
    return [f"{name}={value}" for name, value in settings.items()]


def as_the_image_takes_it(environment: Mapping[str, str]) -> Mapping[str, str]:
    """Where it is not told on what a node listens, it makes that of how the node is reached."""
    reached = environment.get("KAFKA_ADVERTISED_LISTENERS")
    made = {"KAFKA_LISTENERS": re.sub("//[^:]*:", "//:", reached)} if reached else {}
    return made | dict(environment)


@contextmanager
def running(folder: Path, nodes: int) -> Iterator[Deployed]:
    found(folder / "i", [DAWN, HARBOUR], ROOT / "policies" / "gb.toml", Surrounds(["kafka:9092"], "localhost:5432"))
    with required():
        plain = new_cluster(folder / "kafka", nodes)
        cluster = Deployed(folder / "kafka", plain.jars, plain.nodes, plain.cluster_id, installation=folder / "i")
        cluster.inner = {node.number: free_port() for node in cluster.nodes}
        cluster.administrator = cluster.seen_as(certs.ADMINISTRATOR)
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.stop()
            shutil.rmtree(folder / "kafka", ignore_errors=True)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("localhost", 0))
        return int(taken.getsockname()[1])


def provided(cluster: Cluster) -> topics.Found:
    """The agencies' topics and rules made, and what is there then."""
    wanted = topics.Wanted.of([DAWN, HARBOUR])
    topics.apply(cluster, topics.plan(wanted, topics.look(cluster)))
    there = topics.look(cluster)  # any of the brokers answers, and every one of them shows what was made
    lacks = topics.plan(wanted, there)
    assert lacks.is_done, lacks
    return there


async def sent(cluster: Cluster, topic: str) -> None:
    """A record that every copy in sync has. Raises KafkaError."""
    async with AIOKafkaProducer(**options(cluster), acks="all", request_timeout_ms=10_000) as producer:
        await producer.send_and_wait(topic, b"x")


async def held(cluster: Cluster, topic: str) -> int:
    """How many records a reader finds there."""
    async with AIOKafkaConsumer(**options(cluster)) as consumer:
        partition = TopicPartition(topic, 0)
        consumer.assign([partition])
        return int((await consumer.end_offsets([partition]))[partition])


def options(cluster: Cluster) -> dict[str, Any]:
    return {
        "bootstrap_servers": cluster.bootstrap,
        "security_protocol": "SSL",
        "ssl_context": cluster.ssl_context(),
    }


async def test_one_node_keeps_for_ever_and_lets_in_by_certificate_alone(tmp_path: Path) -> None:
    with running(tmp_path, 1) as kafka:
        there = await asyncio.to_thread(provided, kafka.cluster)
        assert (there.brokers, there.rules is not None) == (1, True)
        admin = KafkaAdminClient(**kafka.cluster.options())
        broker = ConfigResource(ConfigResourceType.BROKER, "1")
        [settings] = admin.describe_configs([broker], config_filter="all")["broker"].values()
        admin.close()
        for name, value in (("log.retention.ms", "-1"), ("unclean.leader.election.enable", "false")):
            assert settings[name]["value"] == value
        dawn, own = kafka.seen_as(certs.dotted(DAWN)), LogTopic(DAWN, HARBOUR).name
        await taken_in_the_end(dawn, own)
        assert await held(kafka.seen_as(certs.dotted(HARBOUR)), own) >= 1
        for topic in (LogTopic(HARBOUR, DAWN).name, "a-topic-that-nobody-made"):
            with pytest.raises(KafkaError):
                await sent(dawn, topic)
        with pytest.raises(ConnectionError, match="plain text"):
            Cluster(kafka.bootstrap).reached()
        assert topics.look(kafka.seen_by_its_health_check()).brokers == 1


async def test_one_of_three_nodes_is_lost_and_records_are_taken_all_the_same(tmp_path: Path) -> None:
    with running(tmp_path, 3) as kafka:
        there = await asyncio.to_thread(provided, kafka.cluster)
        assert (there.brokers, set(there.replicas.values())) == (3, {3})
        assert {settings["min.insync.replicas"] for settings in there.topics.values()} == {"2"}
        dawn, own = kafka.seen_as(certs.dotted(DAWN)), LogTopic(DAWN, DAWN).name
        await taken_in_the_end(dawn, own)
        kafka.kill(2)
        await taken_in_the_end(dawn, own)
        assert await held(dawn, own) >= 2


async def taken_in_the_end(cluster: Cluster, topic: str) -> None:
    """As soon as every node knows the rules, and another one leads where the one that was lost did."""
    for _ in range(PATIENCE):
        try:
            return await sent(cluster, topic)
        except KafkaError:
            await asyncio.sleep(0.5)
    raise AssertionError
