"""What `nrm doctor` finds in an agency's database, asked as the agency itself."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import asyncpg
from sqlalchemy import Connection

from nrm.config import AUDIT
from nrm.config_distributed import DistributedAgency
from nrm.doctor.findings import Finding, State, told
from nrm.fitness import looked_at
from nrm.migration import KEPT, needed
from nrm.neighbours import Open, open_to
from nrm_kernel.adapters.migrating import RoleUnfit, require, require_no_more, revisions, stands_at
from nrm_kernel.adapters.postgres_access import PostgresAccess
from nrm_kernel.adapters.postgres_faults import for_the_operator
from nrm_kernel.adapters.store_postgres import PostgresStore
from nrm_kernel.adapters.views_postgres import require_room
from nrm_kernel.clock import Clock
from nrm_kernel.errors import NrmError
from nrm_kernel.relay import CURSOR

SKEW_MAX_S = 2.0
"""Clocks further apart than this make recorded times of one pathway look out of order."""

LOOKS, LOOK_S = 10, 0.2
"""So often, and so many seconds apart, is looked whether what waits to be published goes out."""

CONNECT_TIMEOUT_S = 5.0
UNREACHED = (OSError, TimeoutError, asyncpg.exceptions.PostgresError, asyncpg.exceptions.InterfaceError, NrmError)


async def of_store(agency: DistributedAgency, clock: Clock, *, trying_out: bool) -> list[Finding]:
    """Its server, its clock, its tables, and what waits there to be published."""
    where = f"{agency.origin}: store"
    try:
        url = agency.store_url()
    except OSError as fault:
        return [Finding(where, State.ACT, told(fault), "Put that file in its place, for this user to read.")]
    try:
        async with _connected(url) as connection:
            found = [*await _of_server(where, connection, clock), *await _of_writing(where, connection)]
            for lack in await looked_at(connection):
                accepted = trying_out and lack.tolerable
                text = f"{lack.text}{' (accepted: things are only tried out here)' * accepted}"
                state, action = (State.OK, "") if accepted else (State.ACT, lack.action)
                found.append(Finding(where, state, text, action))
            found += _of_neighbours(agency, where, await open_to(connection), trying_out=trying_out)
        return [*found, *await _of_tables(agency, where, url)]
    except UNREACHED as fault:
        text = f"{agency.store_address} is not reached, or does not let it in ({for_the_operator(fault)})"
        action = "See whether the server runs, whether the agency's role and certificate are right, and pg_hba.conf."
        return [Finding(where, State.UNSEEN, text, action)]


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url, timeout=CONNECT_TIMEOUT_S)
    try:
        yield connection
    finally:
        await connection.close()


async def _of_server(where: str, connection: asyncpg.Connection, clock: Clock) -> list[Finding]:
    release = str(await connection.fetchval("SELECT current_setting('server_version')")).partition(" ")[0]
    before = clock.now()
    theirs: datetime = (await connection.fetchval("SELECT clock_timestamp()")).astimezone(UTC)
    nearest = min(max(theirs, before), clock.now())  # how long the answer took is no difference of clocks
    skew_s = (theirs - nearest).total_seconds()
    if abs(skew_s) <= SKEW_MAX_S:
        return [Finding(where, State.OK, f"PostgreSQL {release} answers, and its clock is right")]
    text = f"its clock is {skew_s:+.1f} s off this machine's"
    return [
        Finding(where, State.OK, f"PostgreSQL {release} answers"),
        Finding(where, State.ACT, text, "Let both follow the same time servers (NTP)."),
    ]


async def _of_writing(where: str, connection: asyncpg.Connection) -> list[Finding]:
    if await connection.fetchval("SELECT current_setting('transaction_read_only')") == "off":
        return []
    action = "See whether it is a standby, or has default_transaction_read_only on: an agency records nothing there."
    return [Finding(where, State.ACT, "it can only be read", action)]


def _of_neighbours(
    agency: DistributedAgency, where: str, found: Sequence[Open], *, trying_out: bool
) -> Iterator[Finding]:
    """Other databases that its role gets into. Auditors are let into those that they audit by name."""
    for one in found:
        text = f"its role gets into databases that are not its own: {', '.join(one.names)}"
        if trying_out and one.is_shared:
            yield Finding(where, State.OK, f"{text} (accepted: things are only tried out here)")
        elif one.is_to_everybody or agency.kind != AUDIT:
            yield Finding(where, State.ACT, text, one.action)


async def _of_tables(agency: DistributedAgency, where: str, url: str) -> list[Finding]:
    access = PostgresAccess(url)
    try:
        if wrong := of_revisions(where, await access.run(_stands)):
            return [wrong]
        text, action = await access.run(_unfit)
        if text:
            return [Finding(where, State.ACT, text, action)]
        return [Finding(where, State.OK, "tables as this release needs them"), await _of_queue(agency, where, access)]
    finally:
        await access.close()


def _stands(connection: Connection) -> dict[str, str]:
    return {str(metadata.info["kind"]): stands_at(connection, metadata) for metadata in KEPT}


def _unfit(connection: Connection) -> tuple[str, str]:
    """What its role may not do and must, or may do and must not, and what to do; empty when all is well."""
    try:
        for metadata in KEPT:
            require(connection, metadata)
            require_no_more(connection, metadata)
        require_room(connection)
    except RoleUnfit as fault:
        text, _, action = fault.text.partition(" Nothing was started. ")
        return text, action
    return "", ""


def of_revisions(where: str, stands: Mapping[str, str]) -> Finding | None:
    """What is wrong with tables that stand at these revisions, by their kinds; None when nothing is."""
    known = {str(metadata.info["kind"]): revisions(metadata) for metadata in KEPT}
    if newer := [kind for kind, revision in stands.items() if revision and revision not in known[kind]]:
        text = f"tables of a newer release ({', '.join(newer)})"
        return Finding(where, State.ACT, text, "Run the release that migrated them; this one does not know them.")
    if missing := [kind for kind, revision in stands.items() if not revision]:
        return Finding(where, State.ACT, f"tables are missing ({', '.join(missing)})", "Run nrm admin migrate.")
    if older := [f"{kind} {stands[kind]}, not {need}" for kind, need in needed().items() if stands[kind] != need]:
        return Finding(where, State.ACT, f"tables of an older release ({', '.join(older)})", "Run nrm admin migrate.")
    return None


async def _of_queue(agency: DistributedAgency, where: str, access: PostgresAccess) -> Finding:
    owners = [str(owner) for (owner,) in await access.rows("SELECT origin FROM origin_id")]
    if not owners:
        return Finding(where, State.OK, "empty: its agency has not run yet")
    if owners != [agency.origin]:
        action = "See that the configuration names the agency's own database, and the agency as it always was called."
        return Finding(where, State.ACT, f"it holds the log of {', '.join(owners)}", action)
    store = PostgresStore(agency.origin, access)
    try:
        size, published = await store.size(), 0
    except ValueError:
        action = "Run nrm audit verify, with Kafka too, and call the auditor."
        return Finding(where, State.ACT, "the row that says how long its log is was altered or taken away", action)
    for _ in range(LOOKS):  # what was recorded just now is on its way
        cursor = await store.cursor(CURSOR)
        published = cursor.frontier.size if cursor else 0
        if published >= size:
            return Finding(where, State.OK, f"entries: {size:,}, all published")
        await asyncio.sleep(LOOK_S)
    action = "Nothing is lost. They go out by themselves once the agency runs and reaches Kafka."
    return Finding(where, State.ACT, f"entries: {size:,}, of which {size - published:,} wait to be published", action)
