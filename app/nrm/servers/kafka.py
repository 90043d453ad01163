"""A real Apache Kafka: the one that ``NRM_KAFKA`` names, or one that is started here from the broker's own jars.

The jars are those of ``KAFKA_HOME``, or Maven brings them once into the user's cache. Nodes are broker and controller
in one, bind loopback only, and keep what they have in one folder; a node can be killed and started again, as tests do.
"""

import base64
import fcntl
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from nrm_kernel.errors import NrmError
from nrm_kernel.ids import new_ref
from nrm_kernel.log_topics import Cluster

RUNNING = "NRM_KAFKA"
HOME = "KAFKA_HOME"
VERSION = "4.3.1"
POM = Path("deploy/kafka/pom.xml")
JAVA_MIN = 17
START_TIMEOUT_S = 180.0
FIRST_PORT, PORTS, PORTS_OF_ONE = 20_000, 12_000, 32
HEAP = ("-Xms128m", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
QUIET = "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"
MAIN, FORMAT = "kafka.Kafka", "kafka.tools.StorageTool"
IDS, FEATURES = "meta.properties", "bootstrap.checkpoint"
"""What a node finds in its folder before its first start: who it is, and which features the cluster begins with."""
OWN_IDS = ("node.id=", "directory.id=")
ADMINISTRATOR = "administrator"
"""The principal that makes topics and rules; brokers run under ``broker``. Both may do everything."""

_ports = count()


class KafkaMissing(NrmError):
    """There is no Kafka here."""

    def __init__(self, why: str) -> None:
        super().__init__(
            "KAFKA_MISSING",
            f"No Kafka: {why}. Name a running one ({RUNNING}=host:port) or an unpacked distribution ({HOME}=/opt/kafka)"
            f", or install Java {JAVA_MIN}+ and Maven (Debian: apt-get install openjdk-17-jre-headless maven).",
        )


@dataclass(frozen=True)
class BrokerTls:
    """PEM files of a broker that takes TLS alone: its key with its certificate in one file, and the authority's."""

    key_and_certificate: Path
    authority: Path

    def settings(self) -> dict[str, str]:
        """What the broker must be told. Its principal is the name (CN) of a client's certificate."""
        return {
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": str(self.key_and_certificate),
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": str(self.authority),
            "ssl.client.auth": "required",
            "ssl.principal.mapping.rules": r"RULE:^CN=([^,]+).*$/$1/,DEFAULT",
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users": f"User:broker;User:{ADMINISTRATOR}",
        }


@dataclass
class Node:
    """One broker process."""

    number: int
    port: int
    controller_port: int
    folder: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def settings_file(self) -> Path:
        """Its settings."""
        return self.folder / "server.properties"

    @property
    def data(self) -> Path:
        """Where it keeps everything else."""
        return self.folder / "data"


@dataclass
class KafkaCluster:
    """Nodes that were started here. ``bootstrap`` stays the same when they are stopped and started again."""

    folder: Path
    jars: str
    nodes: Sequence[Node]
    cluster_id: str
    tls: BrokerTls | None = None
    administrator: Cluster | None = field(default=None)
    """How the administrator gets in; needed with TLS."""

    @property
    def bootstrap(self) -> str:
        """Where clients begin."""
        return ",".join(f"localhost:{node.port}" for node in self.nodes)

    @property
    def cluster(self) -> Cluster:
        """The same for clients of this project."""
        return self.administrator or Cluster(self.bootstrap)

    def start(self) -> None:
        """Start every node that does not run, and wait until they answer. Raises KafkaMissing when they do not."""
        for node in self.nodes:
            if not node.settings_file.exists():
                self._format(node)
        for node in self.nodes:
            if node.process is None:
                self._start(node)
        self.wait()

    def _start(self, node: Node) -> None:
        with (node.folder / "broker.log").open("ab") as output:
            node.process = subprocess.Popen(
                ["java", *HEAP, QUIET, "-cp", self.jars, MAIN, str(node.settings_file)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def stop(self) -> None:
        """End every node at once: what it has in its folder is needed no more."""
        for node in self.nodes:
            self.kill(node.number)

    def kill(self, number: int = 0) -> None:
        """End one node as a power cut would (SIGKILL)."""
        node = self.nodes[number]
        if node.process is not None:
            node.process.kill()
            node.process.wait()
            node.process = None

    def wait(self, timeout_s: float = START_TIMEOUT_S) -> None:
        """Until every running node has joined and answers: a port that accepts is not yet a broker that answers."""
        deadline = time.monotonic() + timeout_s
        due = sum(node.process is not None for node in self.nodes)
        while self._answering() < due:
            ended = [node for node in self.nodes if node.process is not None and node.process.poll() is not None]
            if ended or time.monotonic() > deadline:
                raise KafkaMissing(f"the broker in {self.folder} does not answer; see its broker.log")
            time.sleep(0.1)

    def _answering(self) -> int:
        if not all(_accepts(node.port) for node in self.nodes if node.process is not None):
            return 0
        try:
            client = KafkaAdminClient(**self.cluster.options(), request_timeout_ms=2_000, bootstrap_timeout_ms=2_000)
        except (KafkaError, OSError, ValueError):
            return 0
        try:
            return len(client.describe_cluster()["brokers"])
        except (KafkaError, OSError, ValueError):
            return 0
        finally:
            client.close()

    def _format(self, node: Node) -> None:
        """Make the node's folder ready. Those after the first differ in their ids alone, which saves a Java process."""
        settings = self._settings(node)
        node.folder.mkdir(parents=True, exist_ok=True)
        node.settings_file.write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
        first = self.nodes[0]
        if node is first:
            self._format_first(node)
            return
        node.data.mkdir()
        shutil.copy(first.data / FEATURES, node.data)
        others = [line for line in (first.data / IDS).read_text().splitlines() if not line.startswith(OWN_IDS)]
        own = [f"node.id={settings['node.id']}", f"directory.id={_fresh_id()}"]
        (node.data / IDS).write_text("\n".join([*others, *own, ""]))

    def _format_first(self, node: Node) -> None:
        # With "=": an id that begins with "-" would be taken for another option.
        told = [f"--cluster-id={self.cluster_id}", "-c", str(node.settings_file)]
        done = subprocess.run(
            ["java", "-Xmx128m", QUIET, "-cp", self.jars, FORMAT, "format", *told], capture_output=True, check=False
        )
        if done.returncode:
            raise KafkaMissing(f"{node.folder} cannot be made ready: {done.stderr.decode(errors='replace')[-500:]}")

    def _settings(self, node: Node) -> Mapping[str, str]:
        replicas = str(len(self.nodes))
        enough = str(max(1, len(self.nodes) - 1))
        protocol = "SSL" if self.tls else "PLAINTEXT"
        return {
            "process.roles": "broker,controller",
            "node.id": str(node.number),
            "controller.quorum.voters": ",".join(f"{one.number}@localhost:{one.controller_port}" for one in self.nodes),
            "controller.listener.names": "CONTROLLER",
            "listeners": f"CLIENTS://localhost:{node.port},CONTROLLER://localhost:{node.controller_port}",
            "advertised.listeners": f"CLIENTS://localhost:{node.port}",
            "listener.security.protocol.map": f"CLIENTS:{protocol},CONTROLLER:{protocol}",
            "inter.broker.listener.name": "CLIENTS",
            "log.dirs": str(node.data),
            "auto.create.topics.enable": "false",
            "default.replication.factor": replicas,
            "min.insync.replicas": enough,
            "offsets.topic.replication.factor": replicas,
            "offsets.topic.num.partitions": "1",
            "transaction.state.log.replication.factor": replicas,
            "transaction.state.log.min.isr": enough,
            "transaction.state.log.num.partitions": "1",
            "share.coordinator.state.topic.replication.factor": replicas,
            "share.coordinator.state.topic.min.isr": enough,
            "share.coordinator.state.topic.num.partitions": "1",
            "group.initial.rebalance.delay.ms": "0",
            "log.retention.ms": "-1",
            "broker.session.timeout.ms": "6000",
            "num.network.threads": "2",
            "num.io.threads": "4",
            "log.cleaner.dedupe.buffer.size": "2097152",
            **(self.tls.settings() if self.tls else {}),
        }


def new_cluster(
    folder: Path, nodes: int = 1, tls: BrokerTls | None = None, administrator: Cluster | None = None
) -> KafkaCluster:
    """A cluster that is not started yet. Raises KafkaMissing.

    With TLS, ``administrator`` says how the administrator gets in; its bootstrap is filled in here.
    """
    jars = found_jars()
    ports = free_ports(2 * nodes)
    made = [
        Node(number, ports[2 * number], ports[2 * number + 1], folder / f"node-{number}") for number in range(nodes)
    ]
    cluster = KafkaCluster(folder, jars, made, _fresh_id(), tls)
    if administrator is not None:
        cluster.administrator = Cluster(cluster.bootstrap, administrator.tls)
    return cluster


@contextmanager
def kafka(nodes: int = 1) -> Iterator[Cluster]:
    """A Kafka as long as the block: the running one that ``NRM_KAFKA`` names, else a fresh one. Raises KafkaMissing."""
    running = os.environ.get(RUNNING)
    if running:
        yield Cluster(running)
        return
    with fresh_folder() as folder:
        cluster = new_cluster(folder, nodes)
        try:
            cluster.start()
            yield cluster.cluster
        finally:
            cluster.stop()


@contextmanager
def fresh_folder() -> Iterator[Path]:
    """Where nodes keep what they have as long as the block; nothing of it is left, not even when none could start."""
    with tempfile.TemporaryDirectory(prefix="nrm-kafka-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def found_jars() -> str:
    """The class path of the broker. Raises KafkaMissing."""
    if shutil.which("java") is None:
        raise KafkaMissing("there is no java on the PATH")
    home = os.environ.get(HOME)
    if home:
        if not (Path(home) / "libs").is_dir():
            raise KafkaMissing(f"{HOME}={home} has no folder libs")
        return f"{home}/libs/*"
    return f"{_from_maven()}/*"


def _from_maven() -> Path:
    """The jars in the user's cache, brought there the first time; processes that start together wait for each other."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "nrm"
    jars = cache / f"kafka-{VERSION}"
    if jars.is_dir():
        return jars
    pom = next((parent / POM for parent in (Path.cwd(), *Path(__file__).parents) if (parent / POM).is_file()), None)
    if shutil.which("mvn") is None or pom is None:
        raise KafkaMissing("there is no mvn on the PATH" if pom else f"there is no {POM} to fetch it by")
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "kafka.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not jars.is_dir():
            _fetch(pom, jars)
    return jars


def _fetch(pom: Path, jars: Path) -> None:
    sys.stderr.write(f"fetching Kafka {VERSION} with Maven (43 MB, once) ...\n")
    partial = jars.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={partial}"]
    done = subprocess.run(["mvn", "-q", "-B", "-f", str(pom), *goal], capture_output=True, check=False)
    if done.returncode:
        raise KafkaMissing(f"Maven could not fetch it: {done.stdout.decode(errors='replace')[-500:]}")
    partial.rename(jars)


def _accepts(port: int) -> bool:
    try:
        socket.create_connection(("localhost", port), timeout=1).close()
    except OSError:
        return False
    return True


def _fresh_id() -> str:
    """Of a cluster, or of a node's folder."""
    return base64.urlsafe_b64encode(bytes.fromhex(new_ref())[:16]).decode().rstrip("=")


def free_ports(count: int) -> list[int]:
    """Ports that nothing listens on now, none of them given out twice by this process.

    They are below those that Linux gives to outgoing connections: a broker that is started again finds its own free.
    """
    ports = (FIRST_PORT + (PORTS_OF_ONE * os.getpid() + next(_ports)) % PORTS for _ in range(PORTS))
    return list(islice(filter(_is_free, ports), count))


def _is_free(port: int) -> bool:
    with socket.socket() as taking:
        try:
            taking.bind(("localhost", port))
        except OSError:
            return False
    return True
