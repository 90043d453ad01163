"""The shared log on Kafka as FastStream describes it (AsyncAPI 3): which topics there are, who sends and who receives.

What stands in the messages is described by contracts/nrm_contracts/asyncapi.yaml; channels have the same names there.
"""

from collections.abc import Collection
from typing import Any, cast

from faststream.kafka import TopicPartition
from faststream.specification.asyncapi import AsyncAPI

from nrm_kernel.adapters.log_kafka_broker import broker_for
from nrm_kernel.log_topics import PARTITION, Cluster, LogTopic

ANY_READER = "{deployment}/{kind}/{reader}"


def described(cluster: Cluster, kinds: Collection[str], version: str) -> dict[str, Any]:
    """The document: a channel for each kind of agency, whose topics are named by origin and reader."""
    broker = broker_for(cluster, "described")
    for kind in kinds:
        topic = LogTopic(f"{{deployment}}/{kind}/{{agency}}", ANY_READER).name
        broker.publisher(topic, title=kind, batch=True, schema=bytes)
        reader = broker.subscriber(partitions=[TopicPartition(topic, PARTITION)], title=f"{kind}-receive", batch=True)
        reader(_receive)
    document = AsyncAPI(broker, title="NRM shared log", version=version).to_specification().to_jsonable()
    return cast(dict[str, Any], document)


async def _receive(records: list[bytes]) -> None:
    """Stands for whoever reads: what is done with records is no part of the description."""
