"""Processes that are there to be killed: two agencies that tell each other, or one writer on a store.

A zygote imports everything once and forks a child for each job, because starting a process costs seconds and this a few
hundredths of one. ``python -m tests.faults.driver zygote`` reads requests from its standard input, a line of JSON each.
``python -m tests.faults.driver '{"work": …}'`` does one job itself.
"""

import asyncio
import json
import os
import sys
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from nrm.agency import Agency, Surroundings, opened
from nrm.house import KeptViews
from nrm_contracts.policy import NationalPolicy
from nrm_kernel import failpoints
from nrm_kernel.adapters.log_sqlite import SqliteLog
from nrm_kernel.adapters.postgres_access import Patience
from nrm_kernel.adapters.store_postgres import PostgresStore
from nrm_kernel.adapters.store_sql import SqlStore
from nrm_kernel.adapters.views_postgres import PostgresViews
from nrm_kernel.adapters.views_sql import SqlViews
from nrm_kernel.appender import Answer, Appender, Order
from nrm_kernel.clock import SystemClock
from nrm_kernel.errors import NrmError, Unavailable
from nrm_kernel.identity import Caller
from nrm_kernel.ledger.merkle import Frontier
from nrm_kernel.ledger.note import SigningKey
from nrm_kernel.ledger.trust import Trust, TrustedKey, TrustedOrigin
from nrm_kernel.looks import Looks
from nrm_kernel.policy import PolicyHistory
from nrm_kernel.projecting import OwnSource, rebuild
from nrm_kernel.relay import Relay
from nrm_kernel.service import Service
from nrm_kernel.store import Store
from nrm_kernel.telemetry import silent
from nrm_kernel.testing import toy
from nrm_kernel.testing.toy import Raise

HERE, ELSEWHERE = PAIR = (toy.ORIGIN, toy.ELSEWHERE)
KEYS = {origin: SigningKey(origin, sha256(origin.encode()).digest()) for origin in PAIR}
TRUST = Trust("toy", tuple(TrustedOrigin(origin, (TrustedKey(key.verifier()),)) for origin, key in KEYS.items()))
POLICIES = PolicyHistory((cast(NationalPolicy, SimpleNamespace(version="toy-1", valid_from=date.min)),))
CALLERS = 3
POLL_S = 0.02
PATIENCE = Patience(idle_s=1.0, lock_s=5.0)
RETRY_S = 0.05
RUNS = 1_000
"""Told of a process that has not ended."""


@dataclass(frozen=True)
class Job:
    """``count`` commands, each with a request id that is the same in every run; ``name`` tells writers apart."""

    work: str
    folder: str
    count: int
    name: str = "one"
    failpoint: str = ""

    @property
    def place(self) -> Path:
        return Path(self.folder)


def short(origin: str) -> str:
    """The agency's own part of its origin, for its files."""
    return origin.rpartition("/")[2]


def database_of(place: Path, origin: str) -> str:
    """The database in which the agency keeps everything; empty when it keeps files."""
    named = place / f"{short(origin)}.url"
    return named.read_text() if named.exists() else ""


async def store_at(place: Path, origin: str) -> Store:
    """The agency's store."""
    if url := database_of(place, origin):
        return await PostgresStore.open(url, origin, patience=PATIENCE)
    return await SqlStore.open_sqlite(place / f"{short(origin)}.sqlite", origin)


async def views_at(place: Path, origin: str) -> KeptViews:
    """The agency's views."""
    if url := database_of(place, origin):
        return await PostgresViews.open(url, [toy.VIEW])
    return await SqlViews.open(place / f"{short(origin)}-views", [toy.VIEW])


def other(origin: str) -> str:
    """The agency that it tells."""
    (found,) = (one for one in PAIR if one != origin)
    return found


def order(origin: str, number: int) -> Order:
    """The origin's command of that number: every second one tells the other agency, about one of five people."""
    key = f"k{number % 5}"
    person = sha256(f"{origin} {key}".encode()).hexdigest()[:32]
    handover = sha256(person.encode()).hexdigest()[:32]
    told = (other(origin), handover) if number % 2 else ("", "")
    request_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{origin} {number}"))
    return toy.order(Raise(1 + number % 3, *told, person_ref=person), key, request_id=request_id)


def note(path: Path, line: str) -> None:
    """A line that is on disk when this returns."""
    with path.open("a") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())


async def given(appender: Appender, one: Order) -> Answer:
    """The answer, asked for until there is one."""
    while True:
        try:
            return await appender.submit(one)
        except Unavailable:
            await asyncio.sleep(RETRY_S)


async def calling(job: Job, origin: str, appender: Appender) -> None:
    """Several callers give all commands; what was answered is written down afterwards."""

    async def caller(first: int) -> None:
        for number in range(first, job.count, CALLERS):
            one = order(origin, number)
            answer = await given(appender, one)
            note(job.place / f"acknowledged-{job.name}", f"{origin} {one.request_id} {answer.reply.decode()}")

    await asyncio.gather(*map(caller, range(CALLERS)))


async def looking(job: Job, origin: str, appender: Appender) -> None:
    """Somebody looks; what is shown is written down after the look is on record."""
    looks = Looks(appender, SystemClock(), origin)
    for number in range(job.count // 10):
        subject = f"query-{job.count}-{number}"
        await looks.record(Caller(origin, "officer-7", frozenset({"coordinator"}), "audit"), subject, "T-1")
        note(job.place / f"shown-{job.name}", f"{origin} {subject}")


@asynccontextmanager
async def agencies(place: Path) -> AsyncIterator[list[Agency]]:
    """Both agencies, open, on one shared log."""
    log = SqliteLog(place / "log.sqlite")
    around = Surroundings(log, TRUST, POLICIES, SystemClock(), silent())
    service = Service("counting", (), (toy.REACTION,), (toy.VIEW,))
    pair: list[Agency] = []
    for origin in PAIR:
        store, views = await store_at(place, origin), await views_at(place, origin)
        relay = Relay(store, log, KEYS[origin], place / f"{short(origin)}.txt", SystemClock())
        pair.append(await opened(store, views, service, relay, Appender(store, SystemClock()), around))
    yield pair
    for agency in pair:
        await agency.stop()
        await cast(KeptViews, agency.views).close()
        await agency.store.close()
    await log.close()


async def settled(pair: Sequence[Agency]) -> None:
    """Until everything that was recorded is published, reacted to and shown."""
    quiet = 0
    while quiet < 3:
        await asyncio.sleep(POLL_S)
        sizes = [await agency.store.size() for agency in pair]
        relayed = [agency.relay.size for agency in pair]
        shown = [(await agency.views.frontier(agency.origin)).size for agency in pair]
        read = [agency.reacting[0]._follower.frontier.size for agency in reversed(pair)]
        quiet = quiet + 1 if sizes == relayed == shown == read else 0


async def run_agencies(job: Job) -> None:
    """Give all commands to both agencies, let everything come to rest, and make the views again."""
    async with agencies(job.place) as pair:
        for agency in pair:
            agency.start()
        await asyncio.gather(*(work(job, one.origin, one.appender) for one in pair for work in (calling, looking)))
        await settled(pair)
        for agency in pair:
            await rebuild(cast(KeptViews, agency.views), [(OwnSource(agency.store, Frontier()), [toy.VIEW])])


async def run_writer(job: Job) -> None:
    """Give all commands to one agency's store, on which other processes write too."""
    store = await store_at(job.place, HERE)
    appender = Appender(store, SystemClock())
    appending = asyncio.create_task(appender.run())
    await calling(job, HERE, appender)
    appending.cancel()
    with suppress(asyncio.CancelledError):
        await appending
    await store.close()


def do(job: Job) -> int:
    """Do the job; gives the exit status."""
    if job.failpoint:
        failpoints.arm(job.failpoint)
    work = {"agencies": run_agencies, "writer": run_writer}[job.work]
    try:
        asyncio.run(work(job))
    except NrmError as error:
        note(job.place / f"failed-{job.name}", error.reason)
        return 1
    return 0


def zygote(does: Callable[[Job], int] = do) -> None:
    """Fork a child for each job, and tell how it ended. Ends with its input, and its children with it."""
    children: set[int] = set()
    for line in sys.stdin:
        request = json.loads(line)
        if "stopped" in request:
            _, status = os.waitpid(request["stopped"], os.WUNTRACED)
            reply = os.WSTOPSIG(status)
        elif "wait" in request:
            pid, status = os.waitpid(request["wait"], os.WNOHANG if request.get("now") else 0)
            children.discard(pid)
            reply = os.waitstatus_to_exitcode(status) if pid else RUNS
        elif (reply := os.fork()) == 0:
            os._exit(does(Job(**request)))
        else:
            children.add(reply)
        sys.stdout.write(f"{reply}\n")
        sys.stdout.flush()
    for child in children:
        os.kill(child, 9)


if __name__ == "__main__":
    if sys.argv[1] == "zygote":
        zygote()
    else:
        sys.exit(do(Job(**json.loads(sys.argv[1]))))
