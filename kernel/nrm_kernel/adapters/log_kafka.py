"""The shared log on Kafka: a topic for each origin and reader, through FastStream's broker.

Kafka is transport and second copy: it never says how far a reader came (the cursor is in the reader's store, an offset
only tells where to look), no transaction of its own is used, and whatever it lost is filled in from the stores. While
it is away everything raises Unavailable; the log has one line when it goes and one when it is back.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Final

from aiokafka.errors import KafkaError
from faststream.kafka import KafkaBroker
from opentelemetry.trace import TracerProvider
from prometheus_client import CollectorRegistry
from structlog.typing import FilteringBoundLogger

from nrm_kernel.adapters.log_kafka_broker import CLOSE_TIMEOUT_S, broker_for, publish
from nrm_kernel.adapters.log_kafka_outbox import Outbox, TopicsMissing
from nrm_kernel.adapters.log_kafka_parked import ParkedRecords
from nrm_kernel.adapters.log_kafka_probe import Probe
from nrm_kernel.adapters.log_kafka_reach import Reach
from nrm_kernel.adapters.log_kafka_window import Window
from nrm_kernel.errors import NrmError, Unavailable
from nrm_kernel.ledger.trust import Trusted
from nrm_kernel.log import Published, Record
from nrm_kernel.log_records import Sent
from nrm_kernel.log_topics import Cluster, LogTopic, beat_topic
from nrm_kernel.telemetry import log_to

WINDOWS_MAX: Final = 3
"""Places in one origin's log that can be read at once without looking for them again."""
CATCH_UP_S: Final = 5.0
IDLE_S: Final = 60.0


class KafkaLog:
    """The shared log as one agency gets it.

    ``readers`` says for whom every origin's log is published: all trusted agencies, itself among them. It is asked each
    time, so that an agency that joins gets everything from the beginning. A checkpoint that no key of ``trust`` signed
    is parked like any other record that is none of the log's; left out, whoever reads finds it.
    """

    def __init__(
        self,
        cluster: Cluster,
        agency: str,
        readers: Callable[[], Collection[str]],
        log: FilteringBoundLogger | None = None,
        tracers: TracerProvider | None = None,
        registry: CollectorRegistry | None = None,
        trust: Trusted | None = None,
    ) -> None:
        self._cluster = cluster
        self._agency = agency
        self._readers = readers
        self._log = (log or log_to(None)).bind(agency=agency)  # agencies may share a process, and its lines
        self._tracers = tracers
        self._registry = registry
        self._trust = trust
        self._parked = ParkedRecords(agency, self._log)
        self._connection: _Connection | None = None
        self._connecting = asyncio.Lock()
        self._closing: set[asyncio.Task[None]] = set()
        self._closed = False
        self._reach = Reach(self._log, cluster.bootstrap)

    @property
    def is_away(self) -> bool:
        """Whether something that is asked of Kafka gets no answer."""
        return self._reach.is_away

    @property
    def parked(self) -> int:
        """How many records could not be taken and wait to be looked at, as far as is known."""
        return self._parked.count

    async def look_at_parked(self) -> int:
        """How many do now: some may have been released, or been there before this process began. Raises Unavailable."""
        async with self._reaching() as connection:
            await self._parked.look(connection.probe)
        return self._parked.count

    async def publish(self, origin: str, entries: Sequence[Published], note: str) -> None:
        """See :meth:`nrm_kernel.log.SharedLog.publish`."""
        async with self._reaching(f"publish {origin}") as connection:
            await connection.outbox(origin).publish(entries, note)

    async def size(self, origin: str) -> int:
        """See :meth:`nrm_kernel.log.SharedLog.size`."""
        async with self._reaching(f"publish {origin}") as connection:
            return await connection.outbox(origin).size()

    async def read(self, origin: str, reader: str, after: int, limit: int) -> Sequence[Record]:
        """See :meth:`nrm_kernel.log.SharedLog.read`. Raises Fork when another entry came to a place that was taken."""
        async with self._reaching(f"read {origin}") as connection:
            topic = LogTopic(origin, reader)
            window = await connection.window(topic, after)
            if window is None:
                return []
            if records := window.stretch(after, limit):
                return records
            await connection.catch_up(window)
            return window.stretch(after, limit)

    async def wait(self, origin: str, size: int, timeout_s: float) -> bool:
        """See :meth:`nrm_kernel.log.SharedLog.wait`."""
        deadline = asyncio.get_running_loop().time() + timeout_s
        async with self._reaching(f"read {origin}") as connection:
            window = await connection.window(LogTopic(origin, self._agency), size)
        while window is None or window.covered <= size:
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                return False
            await (window.wait(left) if window else asyncio.sleep(left))
        return True

    async def checkpoint(self, origin: str) -> str | None:
        """See :meth:`nrm_kernel.log.SharedLog.checkpoint`."""
        async with self._reaching(f"publish {origin}") as connection:
            topic = LogTopic(origin, origin)
            return await connection.probe.newest(topic) if topic.name in await connection.probe.existing() else None

    async def beat(self, origin: str, note: str) -> None:
        """See :meth:`nrm_kernel.log.SharedLog.beat`. Raises Behind when a topic has lost entries."""
        async with self._reaching(f"beat {origin}") as connection:
            topic = beat_topic(origin)
            if topic not in await connection.probe.existing():
                raise TopicsMissing(origin, [topic])
            await publish(connection.broker, topic, [Sent(note.encode(), [], origin.encode())])
            await connection.tidy()
            await connection.outbox(origin).check()

    async def last_beat(self, origin: str) -> str | None:
        """See :meth:`nrm_kernel.log.SharedLog.last_beat`."""
        async with self._reaching() as connection:
            topic = beat_topic(origin)
            if topic not in await connection.probe.existing():
                return None
            value = await connection.probe.last(topic)
            return value.decode(errors="replace") if value else None

    async def close(self) -> None:
        """Let go, for good. What was not acknowledged is published again by whoever comes next."""
        self._closed = True
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()
        await asyncio.gather(*self._closing)

    @asynccontextmanager
    async def _reaching(self, asked: str = "") -> AsyncIterator["_Connection"]:
        """A connection to ask something of, by which is also told whether Kafka is within reach, see :class:`Reach`."""
        began, connection = self._reach.begin(), None
        try:
            connection = await self._connected()
            yield connection
        except (KafkaError, OSError, TimeoutError, asyncio.CancelledError) as fault:
            if isinstance(fault, asyncio.CancelledError) and _is_told_to_end():
                raise
            if _ends_connection(fault):
                await self._let_go_of(connection)
            self._reach.failed(asked, began, type(fault).__name__)
            raise Unavailable(
                "LOG_AWAY",
                f"Kafka at {self._cluster.bootstrap} cannot be reached ({type(fault).__name__}). What was recorded "
                "waits in the agency's store and is published when it is back.",
            ) from fault
        except NrmError:
            self._reach.went_well(asked, began)  # it is there, and something else is wrong
            raise
        self._reach.went_well(asked, began)

    async def _let_go_of(self, connection: "_Connection | None") -> None:
        """A producer that was refused never recovers; the next call connects anew.

        It is closed to the end, also when this caller is told to end meanwhile.
        """
        if connection is not None and connection is self._connection:
            self._connection = None
            closing = asyncio.create_task(connection.close())
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)
            await asyncio.shield(closing)

    async def _connected(self) -> "_Connection":
        async with self._connecting:
            if self._connection is None and not self._closed:
                broker = broker_for(self._cluster, self._agency, self._tracers, self._registry)
                connection = _Connection(broker, self._readers, self._parked, self._log, self._trust)
                try:
                    await connection.open()
                except BaseException:
                    await connection.close()
                    raise
                self._connection = connection
            if self._closed or self._connection is None:  # it may have been closed meanwhile
                await self.close()
                raise KafkaError("the log was closed")
            return self._connection


def _is_told_to_end() -> bool:
    """Whether it is the task itself that was cancelled, and not only what it waited for, with its connection."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _ends_connection(fault: BaseException) -> bool:
    """Whether nothing more is to be had through the connection."""
    return not fault.retriable if isinstance(fault, KafkaError) else isinstance(fault, asyncio.CancelledError)


async def _ended(*closing: Awaitable[None]) -> None:
    """Until all are closed or failed to. A consumer would wait half a minute for a Kafka that answers nothing."""
    with suppress(TimeoutError):
        async with asyncio.timeout(CLOSE_TIMEOUT_S):
            await asyncio.gather(*closing, return_exceptions=True)


class _Connection:
    """A connected broker with everything that is known through it."""

    def __init__(
        self,
        broker: KafkaBroker,
        readers: Callable[[], Collection[str]],
        parked: ParkedRecords,
        log: FilteringBoundLogger,
        trust: Trusted | None,
    ) -> None:
        self.broker = broker
        self.probe = Probe(trust)
        self._trust = trust
        self._readers = readers
        self._parked = parked
        self._log = log
        self._outboxes: dict[str, Outbox] = {}
        self._windows: dict[LogTopic, list[Window]] = {}
        self._opening = asyncio.Lock()

    async def open(self) -> None:
        """Connect. Raises KafkaError."""
        await self.probe.start(self.broker)

    async def close(self) -> None:
        """Let everything go: one part that cannot be closed keeps no other open, and nobody waiting."""
        windows = [window.close() for windows in self._windows.values() for window in windows]
        outboxes = [outbox.close() for outbox in self._outboxes.values()]
        await _ended(*outboxes, *windows)
        await _ended(self.probe.stop())
        await asyncio.gather(self.broker.stop(), return_exceptions=True)  # which knows how long to wait

    def outbox(self, origin: str) -> Outbox:
        """The way out of that origin."""
        if origin not in self._outboxes:
            self._outboxes[origin] = Outbox(origin, self._readers, self.broker, self.probe, self._log)
        return self._outboxes[origin]

    async def window(self, topic: LogTopic, position: int) -> Window | None:
        """What is at hand from that position on; None while there is no such topic."""
        async with self._opening:
            windows = self._windows.setdefault(topic, [])
            found = next((window for window in windows if window.has(position)), None)
            if found is None:
                if topic.name not in await self.probe.existing():
                    return None
                found = Window(topic, position, self._parked, self._log, self._trust)
                await found.open(self.broker, self.probe)
            else:
                windows.remove(found)
            windows.append(found)  # the last one is the one that was read last
            found.used_at = asyncio.get_running_loop().time()
            if len(windows) > WINDOWS_MAX:
                await windows.pop(0).close()
            return found

    async def tidy(self) -> None:
        """Close what nobody reads any more."""
        before = asyncio.get_running_loop().time() - IDLE_S
        async with self._opening:
            for topic, windows in self._windows.items():
                idle = [window for window in windows if window.used_at < before]
                self._windows[topic] = [window for window in windows if window not in idle]
                await asyncio.gather(*(window.close() for window in idle))

    async def catch_up(self, window: Window) -> None:
        """Until the window has seen everything that the topic holds now, is full, or nothing comes any more."""
        end = await window.end()
        while window.offset < end and not window.is_full and await window.wait(CATCH_UP_S):
            pass
