"""How properties are tried: `make check` tries each a few times, `make test` as often as its test says.

Nothing here is timed: a slow machine must not fail a property.
"""

import os
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, settings
from tests.docs.running_demo import demo
from tests.servers.kafka import fresh_topics, kafka_broker
from tests.servers.postgres import database, postgres_server

__all__ = ["database", "demo", "fresh_topics", "kafka_broker", "postgres_server"]

settings.register_profile("full", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", settings.get_profile("full"), max_examples=10)
settings.load_profile(os.environ.get("NRM_PROPERTIES", "full"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """What starts a database server or a broker is slow."""
    for item in items:
        if {"kafka_broker", "postgres_server"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)
