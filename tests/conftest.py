"""How tests are run: what all of them share, how often properties are tried, and what a process need not look at again.

`make check` tries each property a few times, `make test` as often as its test says. Nothing here is timed: a slow
machine must not fail a property.

`make test` runs three tests at a time on two cores, for those on servers wait a good part of their time, and hands out
whole files, so that what a file sets up is set up once.
"""

import gc
import os
import re

import pytest
from hypothesis import HealthCheck, settings

SHARED_OUT = "PYTEST_XDIST_WORKER"
"""Set where several processes share the tests."""
SEED = re.compile(r"NRM_SEED=\d+(?=\])")
"""As tests name it that try some of many places; where all are tried something follows."""
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
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What starts a database server or a broker is slow. Files with slow tests come first, so that all end together."""
    for item in items:
        if needs_a_server(item):
            item.add_marker(pytest.mark.slow)
    if SHARED_OUT in os.environ:
        on_servers = {item.path for item in items if needs_a_server(item)}
        slow = {item.path for item in items if item.get_closest_marker("slow")}
        items.sort(key=lambda item: (item.path not in on_servers, item.path not in slow))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """By which seed places were sampled stands in the names of those tests, and is said also when they pass."""
    names = {getattr(report, "nodeid", "") for found in terminalreporter.stats.values() for report in found}
    for seed in sorted({said[0] for name in names if (said := SEED.search(name))}):
        terminalreporter.write_line(f"Failpoints were sampled by {seed}, which repeats it; `make test-all` tries all.")


def needs_a_server(item: pytest.Item) -> bool:
    """Whether one must run for it."""
    return not {"kafka_broker", "postgres_server"}.isdisjoint(getattr(item, "fixturenames", ()))
