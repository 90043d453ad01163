"""What tests of the log on Kafka begin with."""

import pytest
from tests.kafka.logs import READERS
from tests.servers.kafka import provide

from nrm_kernel.log_topics import Cluster


@pytest.fixture
def cluster(fresh_topics: Cluster) -> Cluster:
    """The broker, with the topics of everybody who reads here."""
    provide(fresh_topics, *READERS)
    return fresh_topics
