"""A Kafka for tests: one broker for all of a process's tests, names of topics of its own for each test."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import pytest

from nrm.servers.postgres import REQUIRED
from nrm_kernel import log_topics
from nrm_kernel.log_topics import Cluster

_numbers = count()


@contextmanager
def required() -> Iterator[None]:
    """Where there is no Kafka the tests are skipped, or fail if servers are required."""
    from nrm.servers.kafka import KafkaMissing  # other tests do not wait for it

    try:
        yield
    except KafkaMissing as missing:
        if os.environ.get(REQUIRED) == "1":
            raise
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def kafka_broker() -> Iterator[Cluster]:
    """The broker for all tests that only need one."""
    from nrm.servers.kafka import kafka

    with required(), kafka() as cluster:
        yield cluster


@pytest.fixture
def fresh_topics(kafka_broker: Cluster, monkeypatch: pytest.MonkeyPatch) -> Cluster:
    """The broker, where nobody has any topics yet that this test could see."""
    own_names(monkeypatch)
    return kafka_broker


def own_names(patch: pytest.MonkeyPatch) -> None:
    """From here on the log's topics have names that no test had before: other countries lie on the broker too."""
    patch.setattr(log_topics, "PREFIX", f"nrm-{os.getpid()}-{next(_numbers)}")
    patch.setattr("nrm.topics.PREFIX", log_topics.PREFIX)


def provide(cluster: Cluster, *origins: str, leave_out: frozenset[str] = frozenset()) -> None:
    """Make the topics of these agencies."""
    from nrm import topics

    wanted = topics.Wanted.of(origins)
    kept = {name: settings for name, settings in wanted.topics.items() if name not in leave_out}
    topics.apply(cluster, topics.plan(topics.Wanted(kept, frozenset()), topics.look(cluster)))
