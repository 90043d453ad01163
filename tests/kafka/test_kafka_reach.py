"""A line for each change of state and none for each try: told by everything that is asked of Kafka, side by side."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kafka.logs import Lines, opened

from nrm_kernel.adapters import log_kafka
from nrm_kernel.adapters.log_kafka_probe import Probe
from nrm_kernel.adapters.log_kafka_reach import FORGOTTEN_S, Reach
from nrm_kernel.errors import Unavailable
from nrm_kernel.log_topics import Cluster
from nrm_kernel.testing.log_contract import ORIGIN

NOWHERE = Cluster("localhost:9")


class Asked:
    """What is asked of a Kafka, at times that a test sets."""

    def __init__(self) -> None:
        self.now = 0.0
        self.lines = Lines()
        self.reach = Reach(self.lines.log, "localhost:9092", lambda: self.now)

    def fails(self, asked: str, began: float | None = None) -> None:
        self.now += 1
        self.reach.failed(asked, self.now if began is None else began, "KafkaError")

    def goes_well(self, asked: str, began: float | None = None) -> None:
        self.now += 1
        self.reach.went_well(asked, self.now if began is None else began)

    @property
    def told(self) -> list[str]:
        return [event.removeprefix("kafka_") for event in self.lines.events()]


def test_it_is_told_once_however_often_it_is_tried() -> None:
    asked = Asked()
    for what in ("publish", "read", "publish", "read", "read"):
        asked.fails(what)
    assert (asked.told, asked.reach.is_away) == (["away"], True)


def test_it_is_back_when_everything_that_failed_goes_well_again() -> None:
    asked = Asked()
    asked.fails("publish")
    asked.fails("read")
    asked.goes_well("beat")
    asked.goes_well("read")
    asked.fails("publish")
    assert (asked.told, asked.reach.is_away) == (["away"], True)
    asked.goes_well("publish")
    assert (asked.told, asked.reach.is_away) == (["away", "back"], False)


def test_what_began_before_it_was_back_and_fails_late_is_no_news() -> None:
    asked = Asked()
    asked.fails("read")
    began = asked.reach.begin()
    asked.goes_well("read")
    asked.fails("publish", began)
    assert (asked.told, asked.reach.is_away) == (["away", "back"], False)
    asked.fails("publish")
    assert asked.told == ["away", "back", "away"]


def test_what_began_before_it_failed_and_goes_well_late_is_no_news() -> None:
    asked = Asked()
    began = asked.reach.begin()
    asked.fails("read")
    asked.goes_well("read", began)
    assert asked.told == ["away"]


def test_what_somebody_happens_to_ask_tells_nothing() -> None:
    asked = Asked()
    asked.fails("")
    assert asked.told == []
    asked.fails("read")
    asked.fails("")
    asked.goes_well("")
    assert asked.told == ["away"]
    asked.goes_well("read")
    assert asked.told == ["away", "back"]


def test_what_nobody_tries_any_more_is_forgotten() -> None:
    asked = Asked()
    asked.fails("publish")
    asked.goes_well("read")
    assert asked.told == ["away"]
    asked.now += FORGOTTEN_S
    asked.goes_well("read")
    assert asked.told == ["away", "back"]


@given(st.lists(st.tuples(st.booleans(), st.sampled_from("abc"), st.integers(0, 5))))
def test_away_and_back_take_turns_whatever_happens(history: list[tuple[bool, str, int]]) -> None:
    asked = Asked()
    for well, what, before in history:
        (asked.goes_well if well else asked.fails)(what, max(0.0, asked.now + 1 - before))
    assert asked.told == list(itertools.islice(itertools.cycle(["away", "back"]), len(asked.told)))
    assert asked.reach.is_away == (asked.told[-1:] == ["away"])


async def test_a_log_that_was_closed_connects_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody may still ask for figures while a process ends."""
    made: list[object] = []
    monkeypatch.setattr(log_kafka, "broker_for", lambda *given: made.append(given))
    log = opened(NOWHERE)
    await log.close()
    with pytest.raises(Unavailable):
        await log.last_beat(ORIGIN)
    assert made == []


async def test_a_connection_that_comes_when_the_log_was_closed_is_closed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    log, closed = opened(NOWHERE), list[object]()

    async def opens(_: object) -> None:
        await log.close()

    async def closes(connection: object) -> None:
        closed.append(connection)

    async def existing(_: object) -> frozenset[str]:
        return frozenset()

    monkeypatch.setattr(log_kafka._Connection, "open", opens)
    monkeypatch.setattr(log_kafka._Connection, "close", closes)
    monkeypatch.setattr(Probe, "existing", existing)
    with pytest.raises(Unavailable):
        await log.last_beat(ORIGIN)
    assert len(closed) == 1
