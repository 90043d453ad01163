"""What `nrm doctor` finds on Kafka: as the administrator all of it, as an agency what that agency may see."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from nrm import topics
from nrm.config_distributed import DistributedConfig
from nrm.doctor.certificates import shown_by_brokers
from nrm.doctor.findings import Finding, State, told
from nrm_kernel.errors import NrmError
from nrm_kernel.ledger.trust import Trust
from nrm_kernel.log_topics import Cluster

VERSION_MIN: Final = (4, 0)
"""The oldest release for which the settings in deploy/kafka are; it is tried with the one that is in compose."""

FREE_MIN_BYTES: Final = 1_000_000_000


def of_kafka(config: DistributedConfig, trust: Trust, administrator: Cluster | None, now: datetime) -> list[Finding]:
    """What is found there; each agency asks for itself where there is no administrator."""
    if administrator is not None:
        return list(_asked(administrator, "", trust, now))
    return [finding for one in config.agency for finding in _asked(config.cluster(one), one.origin, trust, now)]


def _asked(cluster: Cluster, origin: str, trust: Trust, now: datetime) -> Iterator[Finding]:
    """What the administrator finds, or the agency of that origin."""
    who = f"{origin}: " if origin else ""
    where = f"{who}Kafka at {cluster.bootstrap}"
    try:
        silent = cluster.silent()
        cluster = cluster.without(silent)
        yield from _of_addresses(where, silent)
        yield from _of_brokers(where, topics.brokers(cluster))
        yield from shown_by_brokers(where, cluster, now)
        if origin:
            yield _of_own_topics(f"{who}topics", topics.shown_to(cluster, origin, trust.origins()))
        else:
            yield from _of_topics(topics.look(cluster), trust)
    except (NrmError, OSError) as fault:
        action = "See whether it runs and is reached from here, and whose certificate this was. Commands are recorded "
        yield Finding(where, State.UNSEEN, told(fault), f"{action}meanwhile; what waits is published by itself.")


def _of_addresses(where: str, silent: Mapping[str, OSError]) -> Iterator[Finding]:
    """One of several brokers that does not answer is hidden by the answers of the others."""
    for address, fault in silent.items():
        action = "Start that broker, or see why it is not reached from here. The others go on while enough are left."
        yield Finding(where, State.ACT, f"nobody answers at {address} ({told(fault)})", action)


def _of_brokers(where: str, found: topics.Brokers) -> Iterator[Finding]:
    version = ".".join(map(str, found.version))
    if found.version < VERSION_MIN:
        oldest = ".".join(map(str, VERSION_MIN))
        yield Finding(where, State.ACT, f"its release is {version}, older than {oldest}", "Upgrade it.")
    yield Finding(where, State.OK, f"release {version} answers, brokers: {found.count}")
    for place, free in found.free_bytes.items():
        text = f"{free / 1e9:,.1f} GB free in {place}"
        if free < FREE_MIN_BYTES:
            yield Finding(where, State.ACT, text, "Make room: a broker whose disk is full ends.")
        else:
            yield Finding(where, State.OK, text)


def _of_topics(found: topics.Found, trust: Trust) -> Iterator[Finding]:
    lagging = [name for name, whole in found.in_sync.items() if whole < found.replicas[name]]
    if lagging:
        worst = min(lagging, key=lambda name: found.in_sync[name])
        copies = f"{found.in_sync[worst]} of {found.replicas[worst]} copies of {worst}"
        text = f"{len(lagging)} topics are not whole on every broker that keeps them: {copies} are"
        yield Finding("topics", State.ACT, text, "Start the broker that is missing; it catches up by itself.")
    plan = topics.plan(topics.Wanted.of(trust.origins()), found)
    if plan.topics or plan.rules:
        text = f"{len(plan.topics)} topics and {len(plan.rules)} rules are missing"
        yield Finding("topics", State.ACT, text, "Run nrm admin topics apply.")
    for drift in plan.drift:
        yield Finding(
            "topics", State.ACT, drift, "Nothing is changed by itself: judge it, and change it with Kafka's tools."
        )
    if plan.is_done:
        yield Finding("topics", State.OK, f"{len(found.topics)} topics as they should be")


def _of_own_topics(subject: str, found: topics.Shown) -> Finding:
    """Kafka shows nobody a topic that no rule lets it use, so either may be missing."""
    if not found.missing:
        text = f"all {found.count} that it writes or reads are there; settings and rules the administrator alone sees"
        return Finding(subject, State.OK, text)
    text = f"{len(found.missing)} of {found.count} that it writes or reads are missing, or no rule lets it use them: "
    action = "Ask who administers Kafka to run nrm admin topics apply."
    return Finding(subject, State.ACT, f"{text}{found.missing[0]}{' …' * (len(found.missing) > 1)}", action)
