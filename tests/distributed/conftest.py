"""One Kafka and one PostgreSQL for all tests here."""

import pytest

from nrm.servers.installing import Servers
from nrm.servers.postgres import PostgresServer
from nrm_kernel.log_topics import Cluster


@pytest.fixture
def servers(kafka_broker: Cluster, postgres_server: PostgresServer) -> Servers:
    """Servers that run."""
    return Servers(kafka_broker, postgres_server)
