"""What stands on Kafka's topics is what the AsyncAPI document says of it: topics, keys, headers and values."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml
from jsonschema import Draft202012Validator
from kafka import KafkaConsumer, TopicPartition
from kafka.consumer.fetcher import ConsumerRecord
from tests.distributed.country import (
    KINDS,
    NATIONAL,
    POISON,
    address_of,
    detected,
    founded,
    poisoned,
    running,
    shown,
    until,
)
from tests.kafka.logs import records_of

from nrm.config import KINDS as SERVICES
from nrm.config_distributed import DistributedConfig
from nrm.servers.installing import Servers
from nrm_kernel.adapters.log_kafka import KafkaLog
from nrm_kernel.adapters.log_kafka_described import described
from nrm_kernel.log_headers import KIND
from nrm_kernel.log_topics import Cluster, beat_topic, parked_topic

pytestmark = pytest.mark.slow
Json = Mapping[str, Any]


@pytest.fixture(scope="module")
def document() -> Json:
    return described(Cluster("localhost:9092"), SERVICES, "1")


def parts(origin: str) -> dict[str, str]:
    return dict(zip(("deployment", "kind", "agency"), origin.split("/"), strict=True))


def topics(document: Json, origins: list[str]) -> dict[str, str]:
    """The topics of these agencies by their names as the document makes them, each with its channel."""
    address = {name: channel["address"] for name, channel in document["channels"].items()}
    named: dict[str, str] = {}
    for origin in origins:
        own, kind = parts(origin), parts(origin)["kind"]
        named |= {address[channel].format(**own): channel for channel in ("heartbeats", "parked")}
        for reader in origins:
            of_reader = {"reader_kind": parts(reader)["kind"], "reader": parts(reader)["agency"]}
            named[address[kind].format(**own, **of_reader)] = kind
    return named


def held_to(document: Json, channel: str, record: ConsumerRecord) -> tuple[str, dict[str, str]]:
    """Which message of its channel the record is, and its headers. Raises ValidationError where it is otherwise."""
    headers = {name: value.decode() for name, value in record.headers}
    assert len(headers) == len(record.headers)
    [(name, message)] = [
        (name, document["components"]["messages"][name])
        for name in document["channels"][channel]["messages"]
        if KIND not in headers or name == headers[KIND]
    ]
    Draft202012Validator(message["headers"]).validate(headers)
    assert (record.key is not None) == ("bindings" in message)
    text = record.value.decode("latin-1" if message["contentType"].endswith("octet-stream") else "utf-8")
    value = orjson.loads(text) if message["contentType"] == "application/json" else text
    Draft202012Validator(message["payload"]).validate(value)
    return name, headers


async def test_each_record_is_as_described_and_each_description_is_of_a_record(
    document: Json, tmp_path: Path, servers: Servers
) -> None:
    config = DistributedConfig.load(await founded(tmp_path / "country", servers, KINDS[0], KINDS[2], NATIONAL))
    origins = [section.origin for section in config.agency]
    police, _, national = origins
    await asyncio.to_thread(poisoned, servers.kafka, police, national)
    async with running(config) as house:
        log = house.at(national).around.log
        assert isinstance(log, KafkaLog)
        await detected(address_of(house, police), police)
        await shown(address_of(house, national), national, 1)
        await until(lambda: log.parked == 1)
        for topic in (beat_topic(police), parked_topic(national)):
            await asyncio.to_thread(wait_for_one, servers.kafka, topic)
    seen: dict[str, set[str]] = defaultdict(set)
    types: set[str] = set()
    for topic, channel in topics(document, origins).items():
        for record in await asyncio.to_thread(records_of, servers.kafka, topic):
            if record.key != POISON:
                name, headers = held_to(document, channel, record)
                seen[name].update(headers)
                types |= {said for header, said in headers.items() if header == "ce_type"}
                assert headers.get("ce_subject", "") == (record.key.decode() if name == "entry" else "")
    messages = document["components"]["messages"]
    assert seen == {name: set(message["headers"].get("properties", ())) for name, message in messages.items()}
    contract = yaml.safe_load((files("nrm_contracts") / "asyncapi.yaml").read_text("utf-8"))
    assert types <= contract["components"]["messages"].keys()


def wait_for_one(cluster: Cluster, topic: str) -> None:
    """Until something is there."""
    consumer = KafkaConsumer(**cluster.options(), group_id=None, enable_auto_commit=False)
    try:
        partition = TopicPartition(topic, 0)
        consumer.assign([partition])
        consumer.seek_to_beginning(partition)
        assert consumer.poll(120_000)
    finally:
        consumer.close()
