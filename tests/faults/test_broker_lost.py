"""One of three brokers dies under every agency's process: commands are taken, the log goes on, and everything holds.

Each topic has three copies, two of which must have an entry before it counts as published. Nothing here is timed.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack

import pytest
import pytest_asyncio
from tests.faults.closing import everything_holds
from tests.faults.collecting import collecting
from tests.faults.conftest import Zygote
from tests.faults.nation import Nation, founded
from tests.faults.processes import until
from tests.pathways.deployment import POLICE
from tests.servers.kafka import required

from nrm import topics
from nrm.doctor.findings import State
from nrm.doctor.kafka import of_kafka
from nrm.servers.installing import Servers
from nrm.servers.kafka import KafkaCluster, new_cluster
from nrm.servers.postgres import PostgresServer
from nrm_kernel.clock import SystemClock
from nrm_kernel.ledger.trust import Trust
from nrm_kernel.log_topics import Cluster

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.asyncio(loop_scope="module")]
BROKERS, LOST = 3, 1


@pytest.fixture(scope="module")
def brokers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaCluster]:
    with required(), ExitStack() as until_the_end:
        cluster = new_cluster(tmp_path_factory.mktemp("kafka"), BROKERS)
        until_the_end.callback(cluster.stop)
        cluster.start()
        yield cluster


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def nation(
    tmp_path_factory: pytest.TempPathFactory,
    brokers: KafkaCluster,
    postgres_server: PostgresServer,
    up_zygote: Zygote,
) -> AsyncIterator[Nation]:
    """Everybody runs."""
    async with collecting() as collector:
        folder = tmp_path_factory.mktemp("nation")
        nation = await founded(folder, Servers(brokers.cluster, postgres_server), up_zygote, collector.address)
        try:
            await nation.open()
            yield nation
        finally:
            await nation.close()


async def test_one_of_three_brokers_is_lost_and_comes_back(nation: Nation, brokers: KafkaCluster) -> None:
    there = await asyncio.to_thread(topics.look, brokers.cluster)
    assert set(there.replicas.values()) == {BROKERS}
    assert {settings["min.insync.replicas"] for settings in there.topics.values()} == {str(BROKERS - 1)}

    async def police_record() -> bool:
        return len(await nation.entries(POLICE)) > 2

    telling = asyncio.create_task(nation.tell())
    await until("the police record", police_record)
    await asyncio.to_thread(brokers.kill, LOST)
    ask_the_others(nation, brokers)
    await telling
    await everything_holds(nation)
    assert brokers.nodes[LOST].process is None, "all of it came about without that broker"
    told = await asyncio.to_thread(doctor_tells, nation, brokers.cluster)
    assert f"nobody answers at localhost:{brokers.nodes[LOST].port}" in told[0]
    assert f"{BROKERS - 1} of {BROKERS} copies" in told[1]
    assert not any("min.insync.replicas" in text for text in told), "nobody is to make do with fewer copies"

    async def every_copy_is_whole() -> bool:
        left = brokers.cluster.without(brokers.cluster.silent())
        found = await asyncio.to_thread(topics.look, left)
        return set(found.in_sync.values()) == {BROKERS}

    await asyncio.to_thread(brokers.start)
    await until("the broker that came back has caught up on every topic", every_copy_is_whole)
    await nation.tell()
    await everything_holds(nation)


def ask_the_others(nation: Nation, brokers: KafkaCluster) -> None:
    """This process verifies by what the brokers have that are left; the agencies' processes go by all three as ever.

    The auditor's client leaves a socket behind for each address at which it begins and nobody answers.
    """
    left = tuple(f"localhost:{node.port}" for node in brokers.nodes if node.process is not None)
    kafka = nation.config.kafka.model_copy(update={"bootstrap": left})
    nation.config = nation.config.model_copy(update={"kafka": kafka})


def doctor_tells(nation: Nation, cluster: Cluster) -> list[str]:
    """What the doctor says of Kafka that is not as it should be."""
    trust = Trust.load(nation.config.trust)
    found = of_kafka(nation.config, trust, cluster, SystemClock().now())
    return [finding.text for finding in found if finding.state is State.ACT]
