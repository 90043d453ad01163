"""What a process measures of its agencies, as Prometheus reads it. Labels are names of agencies and loops alone."""

import asyncio
from collections.abc import Awaitable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from prometheus_client import Metric
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.registry import Collector

from nrm import certs
from nrm.agency import Agency
from nrm.config import AgencySection
from nrm.config_distributed import DistributedAgency
from nrm.house import House, Housed
from nrm.store_reach import tried
from nrm_kernel.adapters.log_kafka import KafkaLog
from nrm_kernel.errors import NrmError, Unavailable
from nrm_kernel.ledger.note import Heartbeat, verify_heartbeat
from nrm_kernel.ledger.trust import Trusted
from nrm_kernel.log import SharedLog

T = TypeVar("T")
PATIENCE_S = 2.0
"""A server that answers no sooner counts as away; the figures are those of the time before."""

MEANINGS: Final = {
    "nrm_log_entries": "Entries that the agency has recorded.",
    "nrm_published_entries": "Entries of these that are signed and in the shared log.",
    "nrm_queue_entries": "Entries that wait to be published.",
    "nrm_published_age_seconds": "Seconds since everything recorded was published.",
    "nrm_lag_entries": "Entries of the origin that the reader's loop has still to read.",
    "nrm_lag_seconds": "Seconds since that loop had read everything.",
    "nrm_checkpoint_age_seconds": "Seconds since the newest signed word of the origin, as the reader hears it.",
    "nrm_parked_entries": "Records that the reader could not take and put aside.",
    "nrm_alarms": "Contradictions met; the loops that met them have stopped.",
    "nrm_halted": "1 when the agency records nothing any more, since an alarm about its own log.",
    "nrm_kafka_away": "1 while the agency cannot reach Kafka.",
    "nrm_store_away": "1 while the agency can record nothing in its store, or not reach it.",
    "nrm_certificate_days_left": "Whole days until a certificate ends.",
}
LABELS: Final = {
    "nrm_lag_entries": ("origin", "reader", "loop"),
    "nrm_lag_seconds": ("origin", "reader", "loop"),
    "nrm_checkpoint_age_seconds": ("origin", "reader"),
    "nrm_certificate_days_left": ("origin", "name"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One value, with the values of its labels in their order."""

    name: str
    labels: tuple[str, ...]
    value: float


@dataclass(frozen=True, slots=True)
class Reading:
    """How far a loop has come in an origin's log."""

    origin: str
    loop: str
    size: int


class Figures(Collector):
    """Looks at the agencies of a house when asked; what was seen last is what is collected."""

    def __init__(self) -> None:
        self._house: House | None = None
        self._seen: list[Figure] = []
        self._level_at: dict[tuple[str, ...], datetime] = {}
        self._beats: dict[tuple[str, str], Heartbeat] = {}
        self._sizes: dict[str, int] = {}

    def watch(self, house: House) -> None:
        """From now on, these agencies."""
        self._house = house

    def collect(self) -> Iterable[Metric]:
        """See :class:`Collector`."""
        for name, meaning in MEANINGS.items():
            family = GaugeMetricFamily(name, meaning, labels=LABELS.get(name, ("origin",)))
            for figure in self._seen:
                if figure.name == name:
                    family.add_metric(figure.labels, figure.value)
            yield family

    async def look(self) -> None:
        """Measure everything anew."""
        if self._house is None:
            return
        now = self._house.around.clock.now()
        sections = {section.origin: section for section in self._house.config.agency}
        found = await asyncio.gather(*(self._of(one, sections[one.agency.origin], now) for one in self._house.housed))
        self._seen = [figure for figures in found for figure in figures]

    async def _of(self, one: Housed, section: AgencySection, now: datetime) -> list[Figure]:
        agency, log = one.agency, one.around.log
        size = await soon(agency.store.size())
        self._sizes[agency.origin] = size if size is not None else self._sizes.get(agency.origin, 0)
        heard = await self._heard(one)
        if isinstance(log, KafkaLog):
            await soon(log.look_at_parked())
        return [
            *self._own(agency, self._sizes[agency.origin], now),
            *self._readings(agency, heard, now),
            Figure("nrm_store_away", (agency.origin,), size is None or await soon(tried(agency.store)) is None),
            *_of_kafka(agency.origin, log),
            *_certificates(section, now),
        ]

    def _own(self, agency: Agency, size: int, now: datetime) -> Iterator[Figure]:
        """Of what another process of the agency publishes, it tells; this one says nothing of its own."""
        own, queue = (agency.origin,), max(0, size - agency.relay.size) if agency.is_active else 0
        yield Figure("nrm_log_entries", own, size)
        if agency.is_active:
            yield Figure("nrm_published_entries", own, agency.relay.size)
        yield Figure("nrm_queue_entries", own, queue)
        yield Figure("nrm_published_age_seconds", own, self._since_level(("published", *own), queue, now))
        yield Figure("nrm_alarms", own, len(agency.alarms))
        yield Figure("nrm_halted", own, agency.halted)

    def _readings(self, agency: Agency, heard: dict[str, Heartbeat], now: datetime) -> Iterator[Figure]:
        for reading in readings(agency):
            beat = heard.get(reading.origin)
            lag = max(0, beat.size - reading.size) if beat else 0
            labels = (reading.origin, agency.origin, reading.loop)
            yield Figure("nrm_lag_entries", labels, lag)
            yield Figure("nrm_lag_seconds", labels, self._since_level(labels, lag, now))
        for origin, beat in heard.items():
            age = max(0.0, (now - beat.at).total_seconds())
            yield Figure("nrm_checkpoint_age_seconds", (origin, agency.origin), age)

    def _since_level(self, what: tuple[str, ...], behind: int, now: datetime) -> float:
        if not behind:
            self._level_at[what] = now
        return (now - self._level_at.setdefault(what, now)).total_seconds()

    async def _heard(self, one: Housed) -> dict[str, Heartbeat]:
        """The newest heartbeat of each origin that is read; those heard before while Kafka is away."""
        origins = sorted({reading.origin for reading in readings(one.agency)})
        beats = await asyncio.gather(*(soon(_beat(one.around.log, one.around.trust, origin)) for origin in origins))
        for origin, beat in zip(origins, beats, strict=True):
            if beat is not None:
                self._beats[origin, one.agency.origin] = beat
        return {origin: beat for (origin, reader), beat in self._beats.items() if reader == one.agency.origin}


def readings(agency: Agency) -> Iterator[Reading]:
    """Every loop of the agency that reads a log."""
    reacting = agency.reacting if agency.is_active else ()
    for loop, readers in (("reactions", reacting), ("views", agency.projecting), ("copies", agency.copying)):
        for reader in readers:
            yield Reading(reader.origin, loop, reader.size)


def _of_kafka(origin: str, log: SharedLog) -> Iterator[Figure]:
    if isinstance(log, KafkaLog):
        yield Figure("nrm_kafka_away", (origin,), log.is_away)
        yield Figure("nrm_parked_entries", (origin,), log.parked)


def _certificates(section: AgencySection, now: datetime) -> Iterator[Figure]:
    for path in section.certificates if isinstance(section, DistributedAgency) else ():
        with suppress(NrmError):  # `nrm doctor` tells of one that cannot be read
            [shown] = certs.show([path], now)
            yield Figure("nrm_certificate_days_left", (section.origin, path.name), shown.days_left)


async def _beat(log: SharedLog, trust: Trusted, origin: str) -> Heartbeat | None:
    note = await log.last_beat(origin)
    if note is None:
        return None
    with suppress(NrmError):  # nobody's word is no news
        return verify_heartbeat(note, trust.verifier(origin, _said_size(note)))
    return None


def _said_size(note: str) -> int:
    """The size that a heartbeat states, before anybody believes it: it tells which key must have signed it."""
    line = note.splitlines()[2:3]
    return int(line[0]) if line and line[0].isdecimal() else 0


async def soon(answer: Awaitable[T]) -> T | None:
    """What a server answers; None when it is away, or takes longer than ``PATIENCE_S``."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await answer
    except (Unavailable, TimeoutError):
        return None
