"""`nrm doctor`: looks at everything that an installation needs, from outside, and says what to do about each finding.

It changes nothing, and asks servers as the administrator where that certificate stands beside the configuration, else
as the agency itself.
"""

import asyncio
import json
import os
import platform
import shutil
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from importlib.metadata import version
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import urlopen

import asyncpg
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Connection

from nrm import certs, topics
from nrm.config_distributed import DistributedAgency, DistributedConfig
from nrm.distributed import KEPT
from nrm.fitness import is_for_trying_out, looked_at
from nrm.migration import needed
from nrm_kernel.adapters.migrating import stands_at
from nrm_kernel.adapters.postgres_access import PostgresAccess, for_the_operator
from nrm_kernel.adapters.store_postgres import PostgresStore
from nrm_kernel.clock import Clock
from nrm_kernel.errors import NrmError
from nrm_kernel.ledger.trust import Trust
from nrm_kernel.log_topics import Cluster
from nrm_kernel.relay import CURSOR

WORRIES: Final = {
    "nrm_alarms": (0, "Run nrm audit verify, and call the auditor. Restart nothing before."),
    "nrm_parked_entries": (0, "Look at them with nrm admin parked list."),
    "nrm_lag_seconds": (300, "See its log lines since: they say what it waits for."),
    "nrm_checkpoint_age_seconds": (120, "Ask that agency whether its service runs and reaches Kafka."),
    "nrm_kafka_away": (0, "See whether Kafka runs. What is recorded is published when it is back."),
    "nrm_store_away": (0, "See whether the database server runs."),
}
"""Figures of a running process, above what they are to be looked into, and how."""

HALTED: Final = (
    "Its log contradicts what was signed. Run nrm audit verify, with Kafka too, and call the auditor. Where the store "
    "is right, nrm admin topics refill makes the topic anew; then start the process again."
)
SKEW_MAX_S = 2.0
"""Clocks further apart than this make recorded times of one pathway look out of order."""

FREE_MIN_BYTES = 1_000_000_000
CONNECT_TIMEOUT_S = 5.0
UNREACHED = (OSError, TimeoutError, asyncpg.exceptions.PostgresError, asyncpg.exceptions.InterfaceError, NrmError)


class State(StrEnum):
    """How a thing is found: as it should be, wanting something to be done, or out of sight."""

    OK = "ok"
    ACT = "act"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. ``action`` says what to do about it; empty when nothing."""

    subject: str
    state: State
    text: str
    action: str = ""


def exit_code(findings: Sequence[Finding]) -> int:
    """0 nothing to do, 1 something to do, 2 something could not be looked at."""
    states = {finding.state for finding in findings}
    return 1 if State.ACT in states else 2 if State.UNSEEN in states else 0


async def examine(config: DistributedConfig, cluster: Cluster, clock: Clock) -> list[Finding]:
    """Everything, agency after agency."""
    found = [Finding("nrm", State.OK, f"version {version('nrm')}, Python {platform.python_version()}")]
    found += _of_trust(config)
    found += await asyncio.to_thread(lambda: list(_of_kafka(config, cluster)))
    if config.http:
        found += await asyncio.to_thread(lambda: list(of_process(str(config.http))))
    for agency in config.agency:
        found += await _of_store(agency, clock, trying_out=is_for_trying_out(config))
        found += _of_certificates(agency, clock.now())
        found.append(of_disk(agency))
    return found


def _of_trust(config: DistributedConfig) -> Iterator[Finding]:
    try:
        known = Trust.load(config.trust).origins()
    except (NrmError, OSError) as fault:
        yield Finding("trust file", State.ACT, str(fault), "Put the file right that the agencies agreed on.")
        return
    missing = [agency.origin for agency in config.agency if agency.origin not in known]
    if missing:
        text = f"{', '.join(missing)} not in {config.trust}"
        yield Finding(
            "trust file", State.ACT, text, "Add each agency's key, and the sizes of the logs at its admission."
        )
    else:
        yield Finding("trust file", State.OK, f"{len(known)} agencies")


def _of_kafka(config: DistributedConfig, cluster: Cluster) -> Iterator[Finding]:
    where = f"Kafka at {cluster.bootstrap}"
    try:
        cluster.reached()
        found = topics.look(cluster)
        plan = topics.plan(topics.Wanted.of(Trust.load(config.trust).origins()), found)
    except (NrmError, OSError) as fault:
        action = "See whether it runs and is reached from here, and whose certificate this was. Commands are recorded "
        yield Finding(where, State.UNSEEN, str(fault), f"{action}meanwhile; what waits is published by itself.")
        return
    yield Finding(where, State.OK, f"answers, brokers: {found.brokers}")
    if plan.topics or plan.rules:
        text = f"{len(plan.topics)} topics and {len(plan.rules)} rules are missing"
        yield Finding("topics", State.ACT, text, "Run nrm admin topics apply.")
    for drift in plan.drift:
        yield Finding(
            "topics", State.ACT, drift, "Nothing is changed by itself: judge it, and change it with Kafka's tools."
        )
    if plan.is_done:
        yield Finding("topics", State.OK, f"{len(found.topics)} topics as they should be")


async def _of_store(agency: DistributedAgency, clock: Clock, *, trying_out: bool) -> list[Finding]:
    where = f"{agency.origin}: store"
    try:
        async with _connected(agency) as connection:
            found = await _of_server(where, connection, clock)
            for lack in await looked_at(connection):
                state = State.OK if trying_out and lack.tolerable else State.ACT
                found.append(Finding(where, state, lack.text, lack.action if state is State.ACT else ""))
        return [*found, *await _of_tables(agency, where)]
    except UNREACHED as fault:
        text = f"{agency.store_address} does not let it in ({for_the_operator(fault)})"
        action = "See whether the server runs, whether the agency's role and certificate are right, and pg_hba.conf."
        return [Finding(where, State.UNSEEN, text, action)]


@asynccontextmanager
async def _connected(agency: DistributedAgency) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(agency.store_url(), timeout=CONNECT_TIMEOUT_S)
    try:
        yield connection
    finally:
        await connection.close()


async def _of_server(where: str, connection: asyncpg.Connection, clock: Clock) -> list[Finding]:
    server = connection.get_server_version()
    found = [Finding(where, State.OK, f"PostgreSQL {server.major}.{server.minor} answers")]
    before = clock.now()
    theirs: datetime = (await connection.fetchval("SELECT clock_timestamp()")).astimezone(UTC)
    nearest = min(max(theirs, before), clock.now())  # how long the answer took is no difference of clocks
    skew_s = (theirs - nearest).total_seconds()
    if abs(skew_s) > SKEW_MAX_S:
        text = f"its clock is {skew_s:+.1f} s off this machine's"
        found.append(Finding(where, State.ACT, text, "Let both follow the same time servers (NTP)."))
    return found


async def _of_tables(agency: DistributedAgency, where: str) -> list[Finding]:
    access = PostgresAccess(agency.store_url())
    try:
        stands = await access.run(_stands)
        if stands != needed():
            text = f"tables at {stands}, this release needs {dict(needed())}"
            return [Finding(where, State.ACT, text, "Run nrm admin migrate.")]
        return [Finding(where, State.OK, "tables as this release needs them"), await _of_queue(agency, where, access)]
    finally:
        await access.close()


def _stands(connection: Connection) -> dict[str, str]:
    return {str(metadata.info["kind"]): stands_at(connection, metadata) for metadata in KEPT}


async def _of_queue(agency: DistributedAgency, where: str, access: PostgresAccess) -> Finding:
    if not await access.rows("SELECT 1 FROM head"):
        return Finding(where, State.OK, "empty: its agency has not run yet")
    store = PostgresStore(agency.origin, access)
    size, cursor = await store.size(), await store.cursor(CURSOR)
    waiting = size - (cursor.frontier.size if cursor else 0)
    if not waiting:
        return Finding(where, State.OK, f"{size:,} entries, all published")
    action = "Nothing is lost. They go out by themselves once the agency runs and reaches Kafka."
    return Finding(where, State.ACT, f"{size:,} entries, of which {waiting:,} wait to be published", action)


def of_process(address: str) -> Iterator[Finding]:
    """What the process of this configuration says of itself, if it runs here."""
    subject, host = f"process at {address}", address.replace("0.0.0.0", "127.0.0.1")
    try:
        with urlopen(f"http://{host}/metrics", timeout=CONNECT_TIMEOUT_S) as answer:
            text = answer.read().decode()
    except OSError as fault:
        action = "Start it with nrm up, or look where it runs."
        yield Finding(subject, State.UNSEEN, f"does not answer ({getattr(fault, 'reason', fault)})", action)
        return
    told = [*_halted(subject, host), *_worrying(subject, text)]
    yield from told or [Finding(subject, State.OK, "serves, without alarms or lag")]


def _halted(subject: str, host: str) -> Iterator[Finding]:
    """Agencies of that process that record nothing any more, with why."""
    said = _ready(host)
    for origin, state in said.get("agencies", {}).items():
        if state == "halted":
            reasons = ", ".join(said["reasons"].get(origin, ())) or "an alarm"
            yield Finding(subject, State.ACT, f"{origin} has halted and records nothing any more ({reasons})", HALTED)


def _ready(host: str) -> Mapping[str, Any]:
    try:
        with urlopen(f"http://{host}/readyz", timeout=CONNECT_TIMEOUT_S) as answer:
            said: Mapping[str, Any] = json.load(answer)
    except HTTPError as not_ready:
        with not_ready:
            said = json.load(not_ready)
    return said


def _worrying(subject: str, text: str) -> Iterator[Finding]:
    for family in text_string_to_metric_families(text):
        most, action = WORRIES.get(family.name, (float("inf"), ""))
        for sample in family.samples:
            if sample.value > most:
                told = f"{family.name} is {sample.value:g} for {' '.join(sample.labels.values())}"
                yield Finding(subject, State.ACT, told, action)


def _of_certificates(agency: DistributedAgency, now: datetime) -> Iterator[Finding]:
    for path in agency.certificates:
        subject = f"{agency.origin}: certificate"
        try:
            [shown] = certs.show([path], now)
        except NrmError as fault:
            yield Finding(subject, State.ACT, fault.text, "Name a PEM file that holds one.")
            continue
        left = shown.days_left
        text = f"{path.name}: {left:,} days left" if left >= 0 else f"{path.name}: ended {-left:,} days ago"
        action = "Put a new one in its place; it is used from the next connection on." if shown.ends_soon else ""
        yield Finding(subject, State.ACT if shown.ends_soon else State.OK, text, action)


def of_disk(agency: DistributedAgency) -> Finding:
    subject = f"{agency.origin}: disk"
    try:
        free, flags = shutil.disk_usage(agency.folder).free, os.statvfs(agency.folder).f_flag
    except OSError as fault:
        return Finding(subject, State.ACT, f"{agency.folder}: {fault.strerror}", "Make the folder, for this user.")
    if flags & os.ST_RDONLY:
        action = "See why it was mounted so: an agency that cannot keep its checkpoint publishes nothing."
        return Finding(subject, State.ACT, f"{agency.folder} is on a disk that can only be read", action)
    text = f"{free / 1e9:,.1f} GB free in {agency.folder}"
    if free < FREE_MIN_BYTES:
        return Finding(
            subject, State.ACT, text, "Make room: an agency that cannot keep its checkpoint publishes nothing."
        )
    return Finding(subject, State.OK, text)
