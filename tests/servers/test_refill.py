"""An entry altered on Kafka stops its reader; the operator sees what differs and has the topic made anew."""

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
import pytest_asyncio
from kafka import KafkaAdminClient, KafkaProducer
from kafka.consumer.fetcher import ConsumerRecord
from tests.app.running import answered
from tests.distributed.country import KINDS, NATIONAL, address_of, detected, founded, running, shown, until
from tests.kafka.logs import records_of

from nrm import refill
from nrm.config_distributed import DistributedAgency, DistributedConfig
from nrm.distributed import DistributedHouse
from nrm.servers.installing import Servers, provide
from nrm_kernel.ledger.trust import Trust
from nrm_kernel.log_topics import Cluster, LogTopic

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Altered:
    """A country in which the police's first entry says something else on the coordinator's topic."""

    path: Path
    topic: LogTopic

    @property
    def config(self) -> DistributedConfig:
        return DistributedConfig.load(self.path)


@pytest_asyncio.fixture
async def altered(tmp_path: Path, servers: Servers) -> Altered:
    path = await founded(tmp_path / "country", servers, KINDS[0], NATIONAL)
    config = DistributedConfig.load(path)
    police, national = [section.origin for section in config.agency]
    async with running(config.model_copy(update={"agency": config.agency[:1]})) as house:
        await detected(address_of(house, police), police)
        agency = house.at(police).agency
        await until(lambda: agency.relay.size > 0)
    topic = LogTopic(police, national)
    await asyncio.to_thread(alter, servers.kafka, topic, [police, national])
    return Altered(path, topic)


def alter(cluster: Cluster, topic: LogTopic, origins: list[str], first: int | None = None) -> None:
    """Somebody who may do everything there puts the same records back, or the first so many, but for a word."""
    records = records_of(cluster, topic.name)[:first]
    admin = KafkaAdminClient(**cluster.options())
    admin.delete_topics([topic.name])
    while topic.name in admin.list_topics():
        pass
    admin.close()
    provide(cluster, origins)
    put(cluster, topic, records)


def put(cluster: Cluster, topic: LogTopic, records: list[ConsumerRecord]) -> None:
    producer = KafkaProducer(**cluster.options())
    for nth, record in enumerate(records):
        value = record.value if nth else record.value.replace(b'"raid"', b'"hotline"')
        assert nth or value != record.value
        producer.send(topic.name, value, key=record.key, headers=record.headers).get(timeout=120)
    producer.close()


async def test_a_topic_is_held_against_its_store_kept_as_evidence_and_filled_again(
    altered: Altered, servers: Servers, tmp_path: Path
) -> None:
    config, topic = altered.config, altered.topic
    async with running(config) as house:
        national = house.at(topic.reader).agency
        await until(lambda: bool(national.alarms))
        assert [alarm.reason for alarm in national.alarms] == ["LOG_CONTRADICTS"]
    before = [record.value for record in records_of(servers.kafka, topic.name)]
    command = ("admin", "topics", "refill", topic.origin, topic.reader, "--config", str(altered.path))
    code, told = await answered(*command)
    assert (code, "another entry at position 0" in told, "Nothing was changed" in told) == (1, True, True), told
    assert [record.value for record in records_of(servers.kafka, topic.name)] == before

    evidence = tmp_path / "evidence.jsonl"
    code, told = await answered(*command, "--evidence", str(evidence))
    assert code == 0, told
    assert evidence.stat().st_mode & 0o077 == 0, "it holds entries' bodies"
    assert [line["offset"] for line in map(json.loads, evidence.read_text().splitlines())] == list(range(len(before)))
    assert records_of(servers.kafka, topic.name) == []
    async with running(config) as house:
        assert await shown(address_of(house, topic.reader), topic.reader, 1) == 1
        assert house.at(topic.reader).agency.alarms == []
    code, told = await answered(*command)
    assert (code, "0 differences" in told) == (0, True), told
    code, told = await answered(*command[:3], f"{topic.origin}-x", *command[4:])
    assert (code, "configures no agency" in told) == (3, True), told


async def recorded_and_published(house: DistributedHouse, police: str) -> int:
    """One person more; gives the size of the log, all of which is signed and published."""
    agency = house.at(police).agency
    await detected(address_of(house, police), police)
    size = await agency.store.size()
    await until(lambda: agency.relay.size >= size)
    return size


async def restored(servers: Servers, agency: DistributedAgency, size: int) -> None:
    """The database as a backup had it when its log was of that size."""
    database = urlsplit(servers.postgres.admin_url)._replace(path=urlsplit(agency.store).path)
    connection = await asyncpg.connect(database.geturl())
    await connection.execute(
        f"SET session_replication_role = replica; DELETE FROM entry WHERE position >= {size}; "
        f"DELETE FROM checkpoint WHERE size > {size}"
    )
    await connection.close()


@pytest.mark.parametrize("proves", ["it", "another reader's"])
async def test_a_topic_is_never_deleted_while_one_proves_its_store_rolled_back(
    tmp_path: Path, servers: Servers, proves: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = await founded(tmp_path / "country", servers, KINDS[0], NATIONAL)
    config = DistributedConfig.load(path)
    police, national = [section.origin for section in config.agency]
    async with running(config.model_copy(update={"agency": config.agency[:1]})) as house:
        backed_up = await recorded_and_published(house, police)
        await recorded_and_published(house, police)
    await restored(servers, config.agency[0], backed_up)
    topic, evidence = LogTopic(police, national), tmp_path / "evidence.jsonl"
    if proves != "it":
        monkeypatch.setattr(refill, "TAIL", 1)
        await asyncio.to_thread(alter, servers.kafka, topic, [police, national], 1)
    before = [record.value for record in records_of(servers.kafka, topic.name)]
    code, told = await answered(
        *("admin", "topics", "refill", police, national, "--config", str(path), "--evidence", str(evidence))
    )
    assert (code, "STORE_ALTERED" in told, "--evidence" in told) == (1, True, False), told
    assert not evidence.exists()
    assert [record.value for record in records_of(servers.kafka, topic.name)] == before


async def test_what_is_published_while_it_is_held_against_the_store_is_no_difference(
    tmp_path: Path, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = DistributedConfig.load(await founded(tmp_path / "country", servers, KINDS[0], NATIONAL))
    police, national = [section.origin for section in config.agency]
    loop, read = asyncio.get_running_loop(), refill.recorded
    async with running(config.model_copy(update={"agency": config.agency[:1]})) as house:
        await recorded_and_published(house, police)

        async def meanwhile(agency: DistributedAgency, trust: Trust) -> refill.Recorded:
            found = await read(agency, trust)
            more = recorded_and_published(house, police)
            await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(more, loop))
            return found

        monkeypatch.setattr(refill, "recorded", meanwhile)
        topic, trust = LogTopic(police, national), Trust.load(config.trust)
        found = await asyncio.to_thread(refill.held_against, servers.kafka, topic, config.agency[0], trust)
    assert found == []
