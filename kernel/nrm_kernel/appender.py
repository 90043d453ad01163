"""The one way into a log: gather the commands that wait, decide them under the head's lock, record them together.

Every command is decided on the states that hold when it is recorded. One that is refused, stale or wrong fails alone;
what is recorded becomes durable with everything that belongs to it (reply, cursor, sealed data, handovers).
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from nrm_kernel.clock import Clock
from nrm_kernel.decider import At, Decision
from nrm_kernel.errors import Invalid, RequestReused, Stale, Unavailable
from nrm_kernel.recording import Context, Recorded, Recording, Stream, StreamMissing
from nrm_kernel.store import Batch, Cursor, Reply, Store, Wanted, Writing
from nrm_kernel.testing.failpoints import failpoint
from nrm_kernel.views import Add

ANY_VERSION = -1
"""For commands that no caller read a version for: reactions, and what the kernel itself records."""
BATCH_MAX = 256
STREAMS_MAX = 20_000


@dataclass(frozen=True, slots=True)
class Order:
    """A command on its way into the log. ``streams`` are read to decide; the first is the command's own.

    ``request_hash`` covers the request and its caller, not the command, whose clock differs on a retry. ``reply``
    makes the answer that is kept and given again.
    """

    request_id: str
    request_hash: bytes
    command: object
    decide: Callable[..., Decision]
    streams: Sequence[At[Any, Any]]
    context: Context
    reply: Callable[[Recorded], bytes]
    expected_version: int | None = None
    cursor: Cursor | None = None
    rows: Sequence[Add] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a caller gets: the reply, and whether it is the first one again."""

    reply: bytes
    replayed: bool


@dataclass(slots=True)
class _Waiting:
    order: Order
    done: asyncio.Future[Answer]


@dataclass(slots=True)
class _Group:
    """A batch in the making: what is recorded so far and whom to answer when it is durable."""

    recording: Recording
    batch: Batch = field(default_factory=Batch)
    answers: list[tuple[_Waiting, Answer]] = field(default_factory=list)
    in_batch: dict[str, Reply] = field(default_factory=dict)


class Appender:
    """Runs one writer loop over a store. Start it with :meth:`run` in a task; :meth:`submit` waits until durable."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._waiting: asyncio.Queue[_Waiting] = asyncio.Queue()
        self._streams: OrderedDict[str, Stream] = OrderedDict()
        self._size = 0
        self._seen: dict[str, int] = {}
        self._listeners: list[Callable[[], None]] = []

    async def submit(self, order: Order) -> Answer:
        """Record what the command makes happen. Raises Refused, Invalid, Stale, RequestReused or Unavailable."""
        waiting = _Waiting(order, asyncio.get_running_loop().create_future())
        self._waiting.put_nowait(waiting)
        return await waiting.done

    def on_commit(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` after each commit; it must not block."""
        self._listeners.append(listener)

    def has_seen(self, origin: str, size: int) -> None:
        """Another log was read up to that size; later entries name it in their ``deps``."""
        self._seen[origin] = size

    async def run(self) -> None:
        """Append for ever. Cancel to stop; what was not recorded by then is answered with Unavailable."""
        try:
            while True:
                await self._append([await self._waiting.get(), *self._at_hand()])
        finally:
            for waiting in self._at_hand():
                _fail(waiting, _stopping())

    def _at_hand(self) -> list[_Waiting]:
        """Everything that waits at this moment, up to a batch."""
        return [self._waiting.get_nowait() for _ in range(min(self._waiting.qsize(), BATCH_MAX - 1))]

    async def _append(self, group: list[_Waiting]) -> None:
        live = [waiting for waiting in group if not waiting.done.cancelled()]
        try:
            for waiting, answer in await self._record(live):
                if not waiting.done.done():
                    waiting.done.set_result(answer)
        except asyncio.CancelledError:
            self._fail_all(live, _stopping())
            raise
        except Exception as error:  # noqa: BLE001 - the transaction failed: whoever waits must hear of it
            self._fail_all(live, error)
        for listener in self._listeners:
            listener()

    def _fail_all(self, group: list[_Waiting], error: Exception) -> None:
        """The transaction did not commit: nothing of it may stay in memory either."""
        self._streams.clear()
        for waiting in group:
            _fail(waiting, error)

    async def _record(self, group: list[_Waiting]) -> list[tuple[_Waiting, Answer]]:
        names = {at.stream for waiting in group for at in waiting.order.streams}
        wanted = Wanted(
            request_ids=[waiting.order.request_id for waiting in group],
            streams=[name for name in names if name not in self._streams],
            changed_since=self._size,
        )
        async with self._store.writing(wanted) as writing:
            await self._load(writing, group, names)
            building = _Group(Recording(self._store.origin, writing.frontier.size, self._streams, dict(self._seen)))
            for waiting in group:
                await self._decide(waiting, writing, building)
            building.batch.entries = building.recording.entries
            building.batch.handovers = building.recording.handovers
            failpoint("append.before_commit")
            if building.batch.entries or building.batch.replies or building.batch.cursors:
                await writing.commit(building.batch)
            failpoint("append.after_commit")
        self._keep(building.recording)
        return building.answers

    async def _load(self, writing: Writing, group: list[_Waiting], names: set[str]) -> None:
        """Bring the cached streams up to what the store holds now: another process may have written."""
        if writing.frontier.size != self._size:
            for name in writing.changed:
                self._streams.pop(name, None)
        entries = dict(writing.streams)
        gone = [name for name in names if name in writing.changed and name not in entries]
        if gone:
            entries |= await writing.more_streams(gone)
        for at in {at.stream: at for waiting in group for at in waiting.order.streams}.values():
            if at.stream not in self._streams:
                self._streams[at.stream] = Stream.of(at.fold, entries.get(at.stream, ()))
            self._streams.move_to_end(at.stream)
        self._size = writing.frontier.size

    async def _decide(self, waiting: _Waiting, writing: Writing, group: _Group) -> None:
        """Decide one command and stage what it makes happen, or answer it alone with its error."""
        order = waiting.order
        known = writing.replies.get(order.request_id) or group.in_batch.get(order.request_id)
        try:
            answer = _again(order, known) if known else await self._stage_loaded(order, writing, group)
        except Exception as error:  # noqa: BLE001 - what a rule raises is its own failure, not its neighbours'
            _fail(waiting, error)
            return
        if order.cursor is not None:
            group.batch.cursors.append(order.cursor)
        group.answers.append((waiting, answer))

    async def _stage_loaded(self, order: Order, writing: Writing, group: _Group) -> Answer:
        """Stage a command; a stream of notices that it turns out to need is loaded first."""
        while True:
            try:
                return self._stage(order, group)
            except StreamMissing as missing:
                entries = await writing.more_streams([missing.stream])
                self._streams[missing.stream] = Stream.of(None, entries.get(missing.stream, ()))

    def _stage(self, order: Order, group: _Group) -> Answer:
        own = group.recording.stream(order.streams[0])
        _check_version(order, own)
        states = [group.recording.stream(at).state for at in order.streams]
        decision = order.decide(order.command, *states)
        recorded = group.recording.record(order.request_id, order.streams, decision, order.context)
        reply = Reply(order.request_id, order.request_hash, order.reply(recorded), order.context.recorded_at)
        group.batch.replies.append(reply)
        group.batch.rows.extend(order.rows)
        group.in_batch[order.request_id] = reply
        return Answer(reply.answer, replayed=False)

    def _keep(self, recording: Recording) -> None:
        """The commit went through: what was staged is what is."""
        self._streams.update(recording.staged)
        self._size = recording.size
        if recording.deps_written:
            for origin, size in recording.deps.items():
                if self._seen.get(origin) == size:
                    del self._seen[origin]
        while len(self._streams) > STREAMS_MAX:
            self._streams.popitem(last=False)


def _check_version(order: Order, own: Stream) -> None:
    if order.expected_version == ANY_VERSION:
        return
    if order.expected_version is None and own.version:
        raise Invalid(
            "EXPECTED_VERSION_MISSING",
            f"{order.streams[0].stream} exists, at version {own.version}: read it and send expected_version with the "
            "command, so that no change made meanwhile is overwritten. Nothing was saved.",
            {"expected_version": "is required once the stream exists"},
            current_version=own.version,
        )
    if (order.expected_version or 0) != own.version:
        raise Stale(order.streams[0].stream, order.expected_version or 0, own.version, own.changed_by, own.changed_at)


def _again(order: Order, known: Reply) -> Answer:
    if known.request_hash != order.request_hash:
        raise RequestReused(order.request_id, known.recorded_at)
    return Answer(known.answer, replayed=True)


def _stopping() -> Unavailable:
    return Unavailable("STOPPING", "The service is stopping. Nothing was saved. Send the same request again.")


def _fail(waiting: _Waiting, error: Exception) -> None:
    if not waiting.done.done():
        waiting.done.set_exception(error)
