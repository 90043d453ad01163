"""The one way into a log: gather the commands that wait, decide them under the head's lock, record them together.

Every command is decided on the states that hold when it is recorded. One that is refused, stale or wrong fails alone;
what is recorded becomes durable with everything that belongs to it (reply, cursor, sealed data, handovers).
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from nrm_kernel.clock import Clock
from nrm_kernel.company import SIBLINGS, gathered
from nrm_kernel.decider import Decision, Fold, Notice, Streams
from nrm_kernel.errors import DataLoss, Halted, Invalid, NotFound, RequestReused, Stale, Unavailable
from nrm_kernel.failpoints import failpoint
from nrm_kernel.recording import Context, Recorded, Recording, Stream, notice_stream
from nrm_kernel.service import Ask
from nrm_kernel.store import Batch, Cursor, Reply, Store, Wanted, Writing
from nrm_kernel.views import Change

ANY_VERSION = -1
"""For commands that no caller read a version for: reactions, and what the kernel itself records."""
BATCH_MAX = 256
STREAMS_MAX = 20_000


@dataclass(frozen=True, slots=True)
class Order:
    """A command on its way into the log. ``streams`` are read to decide; the first is the command's own.

    ``request_hash`` covers the request and its caller, not the command, whose clock differs on a retry. ``reply``
    makes the answer that is kept and given again. What ``instead`` asks for is recorded in its place when the rules
    refuse it; without it nothing is. The ``rows`` belong to what is sealed in its facts and stand or fall with them.
    """

    request_id: str
    request_hash: bytes
    command: object
    decide: Callable[..., Decision]
    streams: Streams
    context: Context
    reply: Callable[[Recorded], bytes]
    expected_version: int | None = None
    cursor: Cursor | None = None
    rows: Sequence[Change] = ()
    instead: Callable[[Exception], Ask] | None = None


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
    """A batch in the making: what is recorded so far and whom to tell what when it is durable."""

    wanted: Wanted
    writing: Writing
    recording: Recording
    batch: Batch = field(default_factory=Batch)
    outcomes: list[tuple[_Waiting, Answer | Exception]] = field(default_factory=list)
    in_batch: dict[str, Reply] = field(default_factory=dict)


class Appender:
    """Runs one writer loop over a store. Start it with :meth:`run` in a task; :meth:`submit` waits until durable."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._waiting: deque[_Waiting] = deque()
        self._arrived = asyncio.Event()
        self._stopping = False
        self._alarm: DataLoss | None = None
        self._streams: OrderedDict[str, Stream] = OrderedDict()
        self._size = 0
        self._seen: dict[str, int] = {}
        self._listeners: list[Callable[[], None]] = []

    async def submit(self, order: Order) -> Answer:
        """Record what the command makes happen.

        Raises Refused, Invalid, Stale, RequestReused, Unavailable, and Halted after an alarm.
        """
        if self._alarm:
            raise Halted(self._alarm)
        if self._stopping:
            raise _stopping()
        waiting = _Waiting(order, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._arrived.set()
        return await waiting.done

    def on_commit(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` after each commit; it must not block."""
        self._listeners.append(listener)

    def has_seen(self, origin: str, size: int) -> None:
        """Another log was read up to that size; later entries name it in their ``deps``."""
        self._seen[origin] = size

    @property
    def halted(self) -> bool:
        """Whether an alarm has ended all recording."""
        return self._alarm is not None

    def halt(self, alarm: DataLoss) -> None:
        """Record nothing from now on; what waits gets Halted. A batch that is being committed is not undone."""
        self._alarm = alarm
        while self._waiting:
            _tell(self._waiting.popleft(), Halted(alarm))

    async def run(self) -> None:
        """Append for ever. Cancel to stop: the batch under way is finished, what waits gets Unavailable."""
        batches = asyncio.create_task(self._batches())
        try:
            await asyncio.shield(batches)
        finally:
            self._stopping = True
            self._arrived.set()
            await batches

    async def _batches(self) -> None:
        together = 0
        try:
            while not self._stopping:
                self._arrived.clear()
                while self._waiting and not self._stopping:
                    if together >= SIBLINGS:
                        await gathered(self._waiting, BATCH_MAX)
                    group = self._at_hand()
                    together = len(group)
                    await self._append(group)
                await self._arrived.wait()
        finally:
            while self._waiting:
                _tell(self._waiting.popleft(), _stopping())

    def _at_hand(self) -> list[_Waiting]:
        """What waits at this moment, up to a batch; who has gone away meanwhile asks for nothing any more."""
        taken = [self._waiting.popleft() for _ in range(min(len(self._waiting), BATCH_MAX))]
        return [waiting for waiting in taken if not waiting.done.cancelled()]

    async def _append(self, group: list[_Waiting]) -> None:
        try:
            outcomes = await self._record(group)
        except Exception as error:  # noqa: BLE001 - the transaction failed: whoever waits must hear of it
            outcomes = [(waiting, error) for waiting in group]
        for waiting, outcome in outcomes:
            _tell(waiting, outcome)
        for listener in self._listeners:
            listener()

    async def _record(self, group: list[_Waiting]) -> list[tuple[_Waiting, Answer | Exception]]:
        names = {at.stream for waiting in group for at in waiting.order.streams}
        wanted = Wanted(
            request_ids=[waiting.order.request_id for waiting in group],
            streams={name for name in names if name not in self._streams},
            changed_since=self._size if self._streams else None,
        )
        async with self._store.writing(wanted) as writing:
            for name in writing.changed:  # by another process
                self._streams.pop(name, None)
            self._size = writing.frontier.size
            recording = Recording(self._store.origin, self._size, self._streams, dict(self._seen))
            building = _Group(wanted, writing, recording)
            for waiting in group:
                building.outcomes.append((waiting, await self._outcome(waiting.order, building)))
            building.batch.entries = recording.entries
            building.batch.handovers = recording.handovers
            failpoint("append.before_commit")
            if building.batch.entries or building.batch.replies or building.batch.cursors:
                await writing.commit(building.batch)
            failpoint("append.after_commit")
        self._keep(recording)
        return building.outcomes

    async def _outcome(self, order: Order, group: _Group) -> Answer | Exception:
        """What becomes of one command: staged, answered again, or its own failure, never its neighbours'."""
        known = group.writing.replies.get(order.request_id) or group.in_batch.get(order.request_id)
        try:
            answer = _again(order, known) if known else await self._staged(order, group)
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a rule raises
            return error
        if order.cursor is not None:
            group.batch.cursors.append(order.cursor)
        return answer

    async def _staged(self, order: Order, group: _Group) -> Answer:
        try:
            return await self._decided(order, Ask(order.command, order.decide, order.streams), group)
        except Unavailable:
            raise
        except Exception as refusal:
            if order.instead is None:
                raise
            return await self._decided(order, order.instead(refusal), group)

    async def _decided(self, order: Order, ask: Ask, group: _Group) -> Answer:
        """Stage what the rules make of a command, once every stream that it touches is loaded."""
        names = [at.stream for at in ask.streams]
        for name, at in zip(names, ask.streams, strict=True):
            await self._load(name, at.fold, group)
        streams = [group.recording.stream(name) for name in names]
        decision = _decision(order, ask, streams)
        for outcome in decision:
            if isinstance(outcome, Notice):
                await self._load(notice_stream(outcome.about), None, group)
        draft = group.recording.draft(order.request_id, names, decision, order.context)
        reply = Reply(order.request_id, order.request_hash, order.reply(draft.recorded), order.context.recorded_at)
        group.recording.stage(draft)
        group.batch.replies.append(reply)
        if draft.facts:
            group.batch.rows.extend(order.rows)
        group.in_batch[order.request_id] = reply
        return Answer(reply.answer, replayed=False)

    async def _load(self, name: str, fold: Fold[Any, Any] | None, group: _Group) -> None:
        if name not in self._streams:
            at_hand = name in group.wanted.streams
            held = group.writing.streams if at_hand else await group.writing.more_streams([name])
            self._streams[name] = Stream.of(fold, held.get(name, ()))
        self._streams.move_to_end(name)

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


def _decision(order: Order, ask: Ask, streams: Sequence[Stream]) -> Decision:
    """What the rules say. A stale version is told before a refusal, but not to whom there is nothing here."""
    try:
        decision = ask.decide(ask.command, *(stream.state for stream in streams))
    except NotFound:
        raise
    except Exception:
        _check_version(order, streams[0])
        raise
    _check_version(order, streams[0])
    return decision


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


def _tell(waiting: _Waiting, outcome: Answer | Exception) -> None:
    if waiting.done.done():
        return
    if isinstance(outcome, Exception):
        waiting.done.set_exception(outcome)
    else:
        waiting.done.set_result(outcome)
