"""The shared log on a real Kafka keeps to what every shared log must."""

from collections.abc import AsyncIterator

import pytest
from tests.servers.kafka import provide

from nrm_kernel.adapters.log_kafka import KafkaLog
from nrm_kernel.log_topics import Cluster
from nrm_kernel.testing.log_contract import COORDINATOR, ORIGIN, OTHER, THIRD, LogContract

READERS = (ORIGIN, OTHER, THIRD, COORDINATOR)


class TestKafkaLog(LogContract):
    @pytest.fixture
    async def log(self, fresh_topics: Cluster) -> AsyncIterator[KafkaLog]:
        provide(fresh_topics, *READERS)
        log = KafkaLog(fresh_topics, COORDINATOR, lambda: READERS)
        yield log
        await log.close()
