"""Which topics and rules the shared log needs on Kafka, what is there, and the difference.

Every agency is a principal of its own. It writes its own origin's topics and reads those that are made for it, and
nothing else; every agency reads heartbeats. What is missing is made; what differs is told, and nothing is ever taken
away: topics and rules that nobody asked for are the operator's to judge.
"""

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from kafka import KafkaAdminClient
from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ConfigResource,
    ConfigResourceType,
    ResourcePattern,
    ResourcePatternFilter,
    ResourceType,
)
from kafka.errors import KafkaError, SecurityDisabledError

from nrm_kernel.errors import NrmError, Unavailable
from nrm_kernel.log_topics import PREFIX, Cluster, LogTopic, beat_topic, log_prefix, parked_topic, principal

FOR_EVER: Final = {
    "cleanup.policy": "delete",
    "retention.ms": "-1",
    "retention.bytes": "-1",
    "compression.type": "uncompressed",  # whatever a cluster packs by default, not every reader can unpack
    "max.message.bytes": "1048588",  # Kafka's own, whatever a cluster's: BATCH_BYTES of log_kafka_broker is within it
}
NEWEST: Final = {"cleanup.policy": "compact"}
REPLICAS: Final = 3
TIMEOUT_S: Final = 30
EVERYBODY: Final = "*"
TOPIC: Final = ResourceType.TOPIC.name
RULES_AT_ONCE: Final = 500


class TopicsRefused(NrmError):
    """Kafka refused to make what is wanted."""


class Rule(NamedTuple):
    """Who may do what with topics: of this name, or of names that begin so. Other kinds of things nobody asks for."""

    principal: str
    operation: str
    name: str
    is_prefix: bool = False
    kind: str = TOPIC

    def is_about(self, topic: str) -> bool:
        """Whether it lets somebody do something with that topic."""
        return self.kind == TOPIC and (topic.startswith(self.name) if self.is_prefix else topic == self.name)

    def text(self) -> str:
        """For people."""
        what = self.name if self.kind == TOPIC else f"{self.kind.lower()} {self.name}"
        return f"{self.principal} may {self.operation.lower()} {what}{EVERYBODY if self.is_prefix else ''}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Everything that the shared log of these agencies needs."""

    topics: Mapping[str, Mapping[str, str]]
    rules: frozenset[Rule]

    @classmethod
    def of(cls, origins: Collection[str]) -> "Wanted":
        """For the agencies of one deployment."""
        logs = {LogTopic(origin, reader).name: FOR_EVER for origin in origins for reader in origins}
        others = {topic: NEWEST for origin in origins for topic in (beat_topic(origin), parked_topic(origin))}
        return cls({**logs, **others}, frozenset(rule for origin in origins for rule in _rules(origin, origins)))


@dataclass(frozen=True, slots=True)
class Found:
    """What Kafka has of it. ``rules`` is None where it checks nobody's rights.

    Of ``replicas``, the copies of a topic, so many as ``in_sync`` says have everything.
    """

    topics: Mapping[str, Mapping[str, str]]
    partitions: Mapping[str, int]
    replicas: Mapping[str, int]
    rules: frozenset[Rule] | None
    brokers: int
    in_sync: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is missing, and what is otherwise than it should be."""

    topics: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    rules: Sequence[Rule] = ()
    drift: Sequence[str] = ()
    replicas: int = 1

    @property
    def is_done(self) -> bool:
        """Whether everything is as it should be."""
        return not (self.topics or self.rules or self.drift)


@dataclass(frozen=True, slots=True)
class Shown:
    """Of the topics that one agency writes or reads: how many there are to be, and which Kafka does not show it."""

    count: int
    missing: Sequence[str]


@dataclass(frozen=True, slots=True)
class Brokers:
    """The brokers themselves. ``free_bytes`` on each of their disks is told to the administrator alone."""

    version: tuple[int, ...]
    count: int
    free_bytes: Mapping[str, int]


def plan(wanted: Wanted, found: Found) -> Plan:
    """The difference between what is wanted and what is there."""
    replicas = min(REPLICAS, max(found.brokers, *found.replicas.values(), 1))  # a broker may be away now
    kept = _kept(replicas)
    missing = {name: {**settings, **kept} for name, settings in wanted.topics.items() if name not in found.topics}
    drift = [text for name in sorted(wanted.topics) for text in _drift(name, wanted.topics[name], found)]
    if found.rules is None:
        drift.append("Kafka checks nobody's rights: every client reads and writes everything")
        return Plan(missing, (), drift, replicas)
    drift += [f"nobody asked for the rule: {rule.text()}" for rule in sorted(_unasked(wanted, found.rules))]
    return Plan(missing, sorted(wanted.rules - found.rules), drift, replicas)


def look(cluster: Cluster) -> Found:
    """What Kafka has now. Raises Unavailable."""
    with _Admin(cluster) as admin:
        return admin.found()


def brokers(cluster: Cluster) -> Brokers:
    """How many there are, of which release, and the room they have. Raises Unavailable."""
    with _Admin(cluster) as admin:
        there = admin.client.describe_cluster()["brokers"]
        free = {
            f"{disk['log_dir']} of broker {one['broker']}": disk["usable_bytes"]
            for one in admin.client.describe_log_dirs()
            for disk in one["log_dirs"]
            if disk["usable_bytes"] >= 0  # brokers before release 3.3 do not say
        }
        version = admin.client.get_broker_version_data(there[0]["broker_id"]).broker_version
        return Brokers(tuple(version), len(there), free)


def shown_to(cluster: Cluster, origin: str, origins: Collection[str]) -> Shown:
    """What Kafka shows the agency with whose certificate it is asked. Raises Unavailable."""
    own = frozenset(_rules(origin, origins))
    used = {name for name in Wanted.of(origins).topics if any(rule.is_about(name) for rule in own)}
    with _Admin(cluster) as admin:
        return Shown(len(used), sorted(used - set(admin.client.list_topics())))


def apply(cluster: Cluster, missing: Plan) -> None:
    """Make what is missing, and wait until every broker shows it; nothing that is there is changed.

    Raises TopicsRefused and Unavailable.
    """
    if not (missing.topics or missing.rules):
        return
    with _Admin(cluster) as admin:
        if missing.topics:
            admin.client.create_topics(
                {
                    name: {"num_partitions": 1, "replication_factor": missing.replicas, "configs": dict(settings)}
                    for name, settings in missing.topics.items()
                },
                timeout_ms=TIMEOUT_S * 1_000,
                wait_for_metadata=True,
            )
        rules = [_acl(rule) for rule in missing.rules]
        for at in range(0, len(rules), RULES_AT_ONCE):
            if failed := admin.client.create_acls(rules[at : at + RULES_AT_ONCE])["failed"]:
                raise TopicsRefused("RULES_REFUSED", f"Kafka refused {len(failed)} rules: {failed[0].__name__}.")
        brokers = [one["broker_id"] for one in admin.client.describe_cluster()["brokers"] if not one.get("is_fenced")]
    for broker in brokers:  # each learns by itself of what is new
        with _Admin(cluster) as admin:
            if admin.reaches(broker):
                admin.wait_for(missing, broker)


def is_shown(missing: Plan, found: Found) -> bool:
    """Whether what was missing is there."""
    topics = (settings.items() <= found.topics.get(name, {}).items() for name, settings in missing.topics.items())
    return all(topics) and frozenset(missing.rules) <= (found.rules or frozenset())


def _rules(origin: str, origins: Collection[str]) -> Iterable[Rule]:
    own = principal(origin)
    for operation in ("WRITE", "READ"):  # it reads back what it wrote, to see whether Kafka lost it
        yield Rule(own, operation, log_prefix(origin), is_prefix=True)
        yield Rule(own, operation, parked_topic(origin))
    for other in origins:
        if other != origin:
            yield Rule(own, "READ", LogTopic(other, origin).name)
            yield Rule(own, "READ", beat_topic(other))
    for operation in ("WRITE", "READ"):
        yield Rule(own, operation, beat_topic(origin))


def _unasked(wanted: Wanted, rules: frozenset[Rule]) -> Iterable[Rule]:
    """Rules on our topics, and whatever else agencies may: who may alter the cluster may read and write everything."""
    agencies = {f"User:{EVERYBODY}", *(rule.principal for rule in wanted.rules)}
    return (rule for rule in rules - wanted.rules if rule.kind == TOPIC or rule.principal in agencies)


def _kept(replicas: int) -> Mapping[str, str]:
    """Of so many copies all but one have an entry before it counts as published: one may be lost without one lost."""
    return {"min.insync.replicas": str(max(1, min(REPLICAS, replicas) - 1))}


def _drift(name: str, settings: Mapping[str, str], found: Found) -> Iterable[str]:
    if name not in found.topics:
        return
    if found.partitions[name] != 1:
        yield f"{name} has {found.partitions[name]} partitions, not 1: make it anew and it is filled again"
    if found.replicas[name] < min(REPLICAS, found.brokers):
        yield f"{name} is kept on {found.replicas[name]} of {found.brokers} brokers"
    copies = max(found.replicas[name], found.brokers)  # one of its brokers may be away now
    for setting, value in {**settings, **_kept(copies)}.items():
        stands = found.topics[name].get(setting)
        if stands != value:
            yield f"{name} has {setting}={stands}, not {value}"


def _is_ours(name: str) -> bool:
    return name.startswith(f"{PREFIX}.")


class _Admin:
    """The administrator's client as long as a block; what fails is told as Unavailable."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def __enter__(self) -> "_Admin":
        try:
            self._cluster.reached()
            self.client = KafkaAdminClient(**self._cluster.options(), request_timeout_ms=TIMEOUT_S * 1_000)
        except (KafkaError, OSError) as fault:
            raise away(self._cluster, fault) from fault
        return self

    def __exit__(self, kind: object, fault: BaseException | None, trace: object) -> None:
        self.client.close()
        if isinstance(fault, KafkaError):
            raise away(self._cluster, fault) from fault

    def reaches(self, broker: int) -> bool:
        """Whether that broker is there. A new client asks it from then on: whom it is connected to comes first."""
        try:
            self.client.get_broker_version_data(broker)
        except KafkaError:
            return False
        return True

    def found(self, besides: Collection[str] = ()) -> Found:
        """What there is now of ours, and of topics with these names."""
        described = {
            one["name"]: one["partitions"]
            for one in self.client.describe_topics()
            if _is_ours(one["name"]) or one["name"] in besides
        }
        return Found(
            topics=self.settings(described),
            partitions={name: len(partitions) for name, partitions in described.items()},
            replicas=_fewest(described, "replica_nodes"),
            rules=self.rules(),
            brokers=len(self.client.describe_cluster()["brokers"]),
            in_sync=_fewest(described, "isr_nodes"),
        )

    def settings(self, names: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
        """What each topic is set to."""
        wanted = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
        if not wanted:
            return {}
        described: Mapping[str, Mapping[str, Any]] = self.client.describe_configs(wanted, config_filter="all")["topic"]
        return {
            name: {setting: str(config["value"]) for setting, config in configs.items()}
            for name, configs in described.items()
        }

    def wait_for(self, missing: Plan, broker: int) -> None:
        """Until the broker that is asked shows what was made: it learns of it a little later. Raises TopicsRefused."""
        for _ in range(TIMEOUT_S * 10):
            if is_shown(missing, self.found(missing.topics)):
                return
            time.sleep(0.1)
        raise TopicsRefused("TOPICS_NOT_SHOWN", f"Kafka took what is new, and broker {broker} does not show it.")

    def rules(self) -> frozenset[Rule] | None:
        """Every rule on our topics, and on what is no topic; None where rights are not checked."""
        pattern = ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY)
        every = ACLFilter(None, None, ACLOperation.ANY, ACLPermissionType.ANY, pattern)
        try:
            rules, _ = self.client.describe_acls(every)
        except SecurityDisabledError:
            return None
        return frozenset(rule for rule in map(_rule, rules) if _touches_ours(rule))


def _fewest(described: Mapping[str, Sequence[Mapping[str, Sequence[int]]]], kind: str) -> Mapping[str, int]:
    """How many brokers of that kind each topic has, by its partition that has the fewest."""
    return {name: min((len(part[kind]) for part in parts), default=0) for name, parts in described.items()}


def _acl(rule: Rule) -> ACL:
    kind = ACLResourcePatternType.PREFIXED if rule.is_prefix else ACLResourcePatternType.LITERAL
    pattern = ResourcePattern(ResourceType.TOPIC, rule.name, kind)
    return ACL(rule.principal, EVERYBODY, ACLOperation[rule.operation], ACLPermissionType.ALLOW, pattern)


def _rule(acl: ACL) -> Rule:
    """A rule as it stands there. One that is for some hosts alone, or forbids, is another than any that is wanted."""
    pattern = acl.resource_pattern
    told = acl.operation.name if acl.permission_type is ACLPermissionType.ALLOW else f"not {acl.operation.name}"
    told += "" if acl.host == EVERYBODY else f" from {acl.host}"
    is_prefix = pattern.pattern_type is ACLResourcePatternType.PREFIXED
    return Rule(acl.principal, told, pattern.resource_name, is_prefix, pattern.resource_type.name)


def _touches_ours(rule: Rule) -> bool:
    mine = f"{PREFIX}."
    return (
        rule.kind != TOPIC
        or rule.name == EVERYBODY
        or rule.name.startswith(mine)
        or (rule.is_prefix and mine.startswith(rule.name))
    )


def away(cluster: Cluster, fault: BaseException) -> Unavailable:
    return Unavailable(
        "KAFKA_AWAY",
        f"Kafka at {cluster.bootstrap} did not do it ({type(fault).__name__}: {fault}). Nothing further was changed. "
        "See whether it runs and whether the certificate is the administrator's.",
    )
