"""How tests are run: what all of them share, how often properties are tried, and what a process need not look at again.

`make check` tries each property a few times, `make test` as often as its test says. Nothing here is timed: a slow
machine must not fail a property.
"""

import gc
import os
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.docs.running_demo", "tests.servers.kafka", "tests.servers.postgres"]

settings.register_profile("full", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", settings.get_profile("full"), max_examples=10)
settings.load_profile(os.environ.get("NRM_PROPERTIES", "full"))

gc.disable()  # importing every test makes a million objects and drops next to none: a fifth of a quick run went there


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """What was imported stays; the collector looks only at what tests make."""
    gc.freeze()
    gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """What starts a database server or a broker is slow."""
    for item in items:
        if {"kafka_broker", "postgres_server"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)
