"""Every agency a process of its own on real servers, and whatever can happen to processes and servers; then everything
must hold, see :mod:`tests.faults.closing`.

Nothing here is timed: what is waited for has minutes to come, and is named when it does not.
"""

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from urllib.request import urlopen

import pytest
import pytest_asyncio
from kafka import KafkaAdminClient
from tests.faults import joining
from tests.faults.closing import everything_holds
from tests.faults.collecting import Collector, collecting
from tests.faults.conftest import Zygote
from tests.faults.matrix import WHOLE, rounds
from tests.faults.nation import Nation, founded
from tests.faults.processes import Up, until
from tests.kafka.logs import records_of
from tests.pathways.deployment import COORDINATOR, NGO, POLICE
from tests.pathways.stories import person
from tests.servers.kafka import required
from typer.testing import CliRunner

from nrm.cli import app
from nrm.servers.installing import Servers, provide
from nrm.servers.kafka import KafkaCluster, new_cluster
from nrm.servers.postgres import PostgresServer
from nrm_kernel.log_topics import LogTopic

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.asyncio(loop_scope="module")]
ROUNDS = rounds()
MODES = ("fast", "immediate") if WHOLE else ("immediate",)
"""How PostgreSQL is restarted: in order, or as by a crash."""
STOPS = ("append.before_commit:2:STOP", *(("relay.after_sign:1:STOP",) if WHOLE else ()))
LATE, SECOND = "demo/prosecution/late", "demo/coordinator/second"
"""Those who join."""


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaCluster]:
    """A Kafka that these tests kill."""
    with required():
        cluster = new_cluster(tmp_path_factory.mktemp("kafka"))
        cluster.start()
    with ExitStack() as until_the_end:
        until_the_end.callback(cluster.stop)
        yield cluster


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def collector() -> AsyncIterator[Collector]:
    async with collecting() as one:
        yield one


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def nation(
    tmp_path_factory: pytest.TempPathFactory,
    broker: KafkaCluster,
    postgres_server: PostgresServer,
    collector: Collector,
    up_zygote: Zygote,
) -> AsyncIterator[Nation]:
    """Everybody runs, and one person's story was told."""
    folder = tmp_path_factory.mktemp("nation")
    nation = await founded(folder, Servers(broker.cluster, postgres_server), up_zygote, collector.address)
    try:
        await nation.open()
        await nation.tell()
        yield nation
    finally:
        await nation.close()


@pytest.mark.parametrize("places", ROUNDS.values(), ids=ROUNDS)
async def test_every_service_is_killed_at_a_failpoint(nation: Nation, places: Mapping[str, str]) -> None:
    processes = {agency: nation.processes[agency] for agency in places}
    await asyncio.gather(*(process.end(signal.SIGKILL) for process in processes.values()))
    await asyncio.gather(*(processes[agency].start(place) for agency, place in places.items()))
    living = dict(places)
    telling = asyncio.create_task(nation.tell(2))

    async def all_died() -> bool:
        if telling.done():
            telling.result()
        for agency in [agency for agency in living if processes[agency].status is not None]:
            assert processes[agency].status == -signal.SIGKILL, "\n".join(processes[agency].lines("err"))
            await processes[agency].start()
            living.pop(agency)
        return not living

    await until(lambda: f"these die at these places: {living}", all_died)
    await telling
    await everything_holds(nation)


async def test_while_the_broker_is_dead_commands_are_taken_and_the_queue_is_told_of(
    nation: Nation, broker: KafkaCluster
) -> None:
    before = {agency: len(process.events()) for agency, process in nation.processes.items()}

    def told(agency: str) -> list[str]:
        events = nation.processes[agency].events()[before[agency] :]
        return [event for event in events if event in ("kafka_away", "kafka_back")]

    async def police_are_done() -> bool:
        requests = await nation.story.recorded(POLICE, "identification.AssistanceRequested")
        return len(requests) == nation.people

    async def everybody_told() -> bool:
        return all(told(agency) for agency in nation.agencies)

    await asyncio.to_thread(broker.kill)
    telling = asyncio.create_task(nation.tell())
    await until("the police's commands are acknowledged", police_are_done)
    await until("every process says that Kafka is away", everybody_told)
    findings = await asyncio.to_thread(doctors_findings, nation, nation.processes[POLICE])
    assert any("wait to be published" in one["text"] for one in findings), findings
    assert any("nrm_kafka_away" in one["text"] for one in findings), findings
    await asyncio.to_thread(broker.start)
    await telling
    await everything_holds(nation)

    async def everybody_told_that_it_is_back() -> bool:
        return all(told(agency)[-1] == "kafka_back" for agency in nation.agencies)

    await until("every process says that Kafka is back", everybody_told_that_it_is_back)
    for agency in nation.agencies:  # a line for each change of state, however often it was tried
        changes = told(agency)
        assert all(one != next_one for one, next_one in pairwise(changes)), nation.processes[agency].lines("err")


def doctors_findings(nation: Nation, process: Up) -> list[dict[str, str]]:
    """What `nrm doctor` finds with the agency of that process."""
    settings = (nation.folder / f"{process.name}.toml").read_text()
    asking = nation.folder / "doctor.toml"
    asking.write_text(settings.replace('http = "127.0.0.1:0"', f'http = "{process.addresses["http"]}"'))
    answer = CliRunner().invoke(app, ["doctor", "--config", str(asking), "--json"])
    findings: list[dict[str, str]] = json.loads(answer.stdout)["findings"]
    return findings


async def test_topics_that_are_made_anew_while_they_are_read_are_filled_and_read_again(
    nation: Nation, broker: KafkaCluster
) -> None:
    """Offsets begin at 0 again, below every reader's."""
    await everything_holds(nation)
    topic = LogTopic(nation.named(POLICE), nation.named(COORDINATOR)).name
    entries = len(await nation.entries(POLICE))
    await asyncio.to_thread(made_anew, nation, broker, POLICE, NGO)

    async def filled_again() -> bool:
        return len(await asyncio.to_thread(records_of, broker.cluster, topic)) > entries

    await until("the police's log is on Kafka again", filled_again)
    await nation.tell()
    await everything_holds(nation)


def made_anew(nation: Nation, broker: KafkaCluster, *agencies: str) -> None:
    """Delete every topic of these agencies' logs, and make them again."""
    everybody = [nation.named(agency) for agency in nation.agencies]
    topics = {LogTopic(nation.named(agency), reader).name for agency in agencies for reader in everybody}
    admin = KafkaAdminClient(**broker.cluster.options())
    try:
        admin.delete_topics(list(topics))
        while topics & set(admin.list_topics()):
            pass
    finally:
        admin.close()
    provide(broker.cluster, everybody)


async def test_databases_are_restarted_under_everybody(nation: Nation, postgres_server: PostgresServer) -> None:
    if postgres_server.folder is None:
        pytest.skip("the server is not ours to restart")
    for mode in MODES:
        size = len(await nation.entries(POLICE))

        async def went_on(size: int = size) -> bool:
            return len(await nation.entries(POLICE)) > size + 2

        telling = asyncio.create_task(nation.tell())
        await until("the police record more", went_on)
        await asyncio.to_thread(postgres_server.restart, mode)
        await telling
    await everything_holds(nation)


async def test_two_processes_write_to_one_store_and_two_read_one_log(nation: Nation) -> None:
    twice = (POLICE, NGO, COORDINATOR)
    for agency in twice:
        nation.replicas[agency] = [await again(nation, agency)]
    await nation.tell()
    await asyncio.gather(*(nation.processes[agency].end(signal.SIGKILL) for agency in twice))
    await nation.tell()
    await asyncio.gather(*(nation.processes[agency].start() for agency in twice))
    await nation.tell()
    for agency in twice:
        [replica] = nation.replicas.pop(agency)
        assert await replica.end(signal.SIGTERM) == 0
    await everything_holds(nation)


async def again(nation: Nation, agency: str) -> Up:
    """A second process of the agency, which serves."""
    process = nation.processes[agency]
    replica = process.replica(f"{process.name}-two")
    await replica.start()
    return replica


@pytest.mark.parametrize("place", STOPS)
async def test_a_writer_that_was_stopped_goes_on_after_others_took_its_place(nation: Nation, place: str) -> None:
    stopped = nation.processes[POLICE]
    await stopped.end(signal.SIGKILL)
    await stopped.start(place)
    telling = asyncio.create_task(nation.tell())
    await until(f"the police's process stands still at {place}", stopped.stands_still)
    nation.replicas[POLICE] = [await again(nation, POLICE)]
    await telling
    stopped.send(signal.SIGCONT)
    await nation.tell()
    [replica] = nation.replicas.pop(POLICE)
    assert await replica.end(signal.SIGTERM) == 0
    await everything_holds(nation)


async def test_a_slow_reader_holds_up_nobody_and_misses_nothing(nation: Nation) -> None:
    reader = nation.processes[COORDINATOR]
    reader.send(signal.SIGSTOP)
    await until("the coordinator's process stands still", reader.stands_still)
    size = len(await nation.entries(NGO))

    async def ngo_heard_of_its_money() -> bool:
        answers = await nation.story.recorded(NGO, "assistance.ClaimAnswerRecorded")
        return len(answers) == 2 * nation.people

    telling = asyncio.create_task(nation.tell(2))
    await until("everybody else has gone on", ngo_heard_of_its_money)
    assert len(await nation.entries(NGO)) > size
    while not telling.done():
        reader.send(signal.SIGCONT)
        await asyncio.sleep(0.02)
        reader.send(signal.SIGSTOP)
        await asyncio.sleep(0.1)
    reader.send(signal.SIGCONT)
    await telling
    await everything_holds(nation)


async def test_one_trace_goes_from_the_call_through_kafka_to_the_view(
    nation: Nation, broker: KafkaCluster, collector: Collector
) -> None:
    trace, span = f"{nation.people + 1:032x}", "c1" * 8
    first = len(await nation.entries(POLICE))
    nation.traceparent = f"00-{trace}-{span}-01"
    await nation.tell()
    nation.traceparent = ""
    await everything_holds(nation)
    detected = (await nation.entries(POLICE))[first]
    assert (detected.type, detected.text("trace_id")) == ("identification.PersonDetected", trace)

    topic = LogTopic(nation.named(POLICE), nation.named(COORDINATOR)).name
    [record] = [record for record in records_of(broker.cluster, topic) if record.value == detected.body]
    assert dict(record.headers)["traceparent"].decode().split("-")[1] == trace

    async def came_to_the_view() -> bool:
        return bool(collector.peers_of(trace, f"{topic} process") & collector.peers_of(trace, "project"))

    await until("the coordinator's process tells of that record, and of applying it to its views", came_to_the_view)
    called = [one for one in collector.spans[trace] if one.parent_span_id.hex() == span]
    assert called, "the call is the caller's child"
    assert {"append", "relay", "project"} <= {one.name for one in collector.spans[trace]}
    figures = await asyncio.to_thread(figures_of, nation.processes[COORDINATOR])
    assert any(line.startswith("nrm_kafka_received_messages_total{") and topic in line for line in figures)
    assert any(line.startswith("nrm_kafka_published_messages_total{") for line in figures)


def figures_of(process: Up) -> list[str]:
    """What the process says at /metrics."""
    with urlopen(f"http://{process.addresses['http']}/metrics", timeout=60) as answer:
        text: str = answer.read().decode()
    return text.splitlines()


async def test_agencies_join_and_nobody_is_restarted(nation: Nation, tmp_path: Path) -> None:
    await nation.tell()  # two people at least can be reported
    running = {agency: process.pid for agency, process in nation.processes.items()}
    before = {agency: process.events().count("agency_joined") for agency, process in nation.processes.items()}
    later = await joining.known(nation, tmp_path / "later", LATE, SECOND)

    async def everybody_knows() -> bool:
        told = {agency: process.events().count("agency_joined") for agency, process in nation.processes.items()}
        return all(told[agency] == before[agency] + 2 for agency in running)

    await until("every process that runs says that two agencies joined", everybody_knows)
    await reported(nation, 0)
    await joining.admitted(nation, later)
    await reported(nation, 1)
    await nation.tell()
    logs = await everything_holds(nation)
    notices = [entry for entry in logs[POLICE] if entry.to == nation.named(LATE)]
    heard = [entry for entry in logs[LATE] if entry.type == "prosecution.VictimReportReceived"]
    assert len(notices) == 2
    assert [entry.text("causation_id") for entry in heard] == [notices[1].text("id")]
    assert {agency: nation.processes[agency].pid for agency in running} == running
    assert all(nation.processes[agency].status is None for agency in running)


async def reported(nation: Nation, number: int) -> None:
    """The police report that person to the prosecutor who joins."""
    [*people] = await nation.story.recorded(POLICE, "identification.PersonDetected")
    about, to = person(str(people[number]["person_ref"])), nation.named(LATE)
    await nation.story.do(POLICE, "ReportVictim", **about, to=to, exploitation_forms=["forced_labour"])
