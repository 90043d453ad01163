"""What is measured of loops that read: how many entries they are behind, and since when."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import cast

from prometheus_client import CollectorRegistry

from nrm.figures import Figures
from nrm.house import House
from nrm_kernel.ledger.note import Heartbeat, SigningKey, sign
from nrm_kernel.ledger.trust import Trust, TrustedKey, TrustedOrigin
from nrm_kernel.testing.serving import SetClock

HERE, THERE = "demo/coordinator/national", "demo/identification/police"
KEY = SigningKey.generate(THERE)
TRUST = Trust("demo", (TrustedOrigin(THERE, (TrustedKey(KEY.verifier()),)),))
NOW = datetime(2026, 1, 2, tzinfo=UTC)


@dataclass
class Said:
    """A log of which only its newest heartbeat is heard."""

    size: int = 0
    at: datetime = NOW

    async def last_beat(self, origin: str) -> str | None:
        return sign(Heartbeat(origin, self.size, self.at), KEY)


@dataclass
class Store:
    """A store of so many entries."""

    entries: int = 0

    async def size(self) -> int:
        return self.entries


@dataclass
class Reader:
    """A loop that has come so far in the log of that origin."""

    origin: str
    size: int = 0


@dataclass
class Measured:
    """One agency with one view loop, as it is measured at moments that a test sets."""

    log: Said = field(default_factory=Said)
    reader: Reader = field(default_factory=lambda: Reader(THERE))
    store: Store = field(default_factory=Store)
    clock: SetClock = field(default_factory=lambda: SetClock(NOW))
    figures: Figures = field(default_factory=Figures)
    relay: Reader = field(default_factory=lambda: Reader(HERE))

    def __post_init__(self) -> None:
        none: Sequence[Reader] = ()
        agency = SimpleNamespace(
            origin=HERE, store=self.store, relay=self.relay, is_active=True, alarms=none, halted=False,
            reacting=none, projecting=[self.reader], copying=none,
        )  # fmt: skip
        around = SimpleNamespace(log=self.log, trust=TRUST, clock=self.clock)
        config = SimpleNamespace(agency=[SimpleNamespace(origin=HERE)])
        house = SimpleNamespace(around=around, config=config, housed=[SimpleNamespace(agency=agency, around=around)])
        self.figures.watch(cast(House, house))
        self.registry = CollectorRegistry()
        self.registry.register(self.figures)

    def at(self, seconds: int) -> tuple[float | None, float | None, float | None]:
        """Lag in entries, lag in seconds and the age of the newest signed word, that long after the beginning."""
        self.clock.moment = NOW + timedelta(seconds=seconds)
        asyncio.run(self.figures.look())
        reads = {"origin": THERE, "reader": HERE}
        loop = {**reads, "loop": "views"}
        value = self.registry.get_sample_value
        return (
            value("nrm_lag_entries", loop),
            value("nrm_lag_seconds", loop),
            value("nrm_checkpoint_age_seconds", reads),
        )

    def own(self, name: str) -> float | None:
        """A figure of the agency alone, as it was seen last."""
        return self.registry.get_sample_value(name, {"origin": HERE})


def test_a_loop_is_so_many_entries_behind_since_it_had_read_everything() -> None:
    seen = Measured()
    assert seen.at(0) == (0, 0, 0)
    seen.log.size, seen.log.at = 7, NOW + timedelta(seconds=10)
    seen.reader.size = 3
    assert seen.at(15) == (4, 15, 5)
    seen.reader.size = 6
    assert seen.at(40) == (1, 40, 30)
    seen.reader.size = 7
    assert seen.at(50) == (0, 0, 40)
    assert seen.at(60) == (0, 0, 50), "nothing is behind, and the word grows old: that agency is cut off"


def test_what_waits_to_be_published_is_counted_and_since_when() -> None:
    seen = Measured()
    seen.at(0)
    assert (seen.own("nrm_queue_entries"), seen.own("nrm_published_age_seconds")) == (0, 0)
    seen.store.entries = 5
    seen.at(20)
    assert (seen.own("nrm_queue_entries"), seen.own("nrm_published_age_seconds")) == (5, 20)
    seen.relay.size = 5
    seen.at(30)
    assert (seen.own("nrm_queue_entries"), seen.own("nrm_published_age_seconds")) == (0, 0)
