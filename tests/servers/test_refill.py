"""An entry altered on Kafka stops its reader; the operator sees what differs and has the topic made anew."""

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from kafka import KafkaAdminClient, KafkaProducer
from kafka.consumer.fetcher import ConsumerRecord
from tests.app.running import nrm
from tests.distributed.country import KINDS, NATIONAL, address_of, detected, founded, running, shown, until
from tests.kafka.logs import records_of

from nrm.config_distributed import DistributedConfig
from nrm.servers.installing import Servers, provide
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


def alter(cluster: Cluster, topic: LogTopic, origins: list[str]) -> None:
    """Somebody who may do everything there puts the same records back, but for a word in the first."""
    records = records_of(cluster, topic.name)
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
    code, told = await nrm(*command)
    assert (code, "another entry at position 0" in told, "Nothing was changed" in told) == (1, True, True), told
    assert [record.value for record in records_of(servers.kafka, topic.name)] == before

    evidence = tmp_path / "evidence.jsonl"
    code, told = await nrm(*command, "--evidence", str(evidence))
    assert code == 0, told
    assert [line["offset"] for line in map(json.loads, evidence.read_text().splitlines())] == list(range(len(before)))
    assert records_of(servers.kafka, topic.name) == []
    async with running(config) as house:
        assert await shown(address_of(house, topic.reader), topic.reader, 1) == 1
        assert house.at(topic.reader).agency.alarms == []
    code, told = await nrm(*command)
    assert (code, "0 differences" in told) == (0, True), told
    code, told = await nrm(*command[:3], f"{topic.origin}-x", *command[4:])
    assert (code, "configures no agency" in told) == (3, True), told
