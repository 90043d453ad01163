"""The smallest service there is: counters that can be raised, and told to another agency, which raises its own.

For tests of the kernel.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256

from sqlalchemy import BigInteger, Column, MetaData, String, Table

from nrm_contracts.catalogue import Audience, event
from nrm_contracts.fields import Ref
from nrm_contracts.record.events import HandoverMinted, HandoverReceived
from nrm_kernel.appender import ANY_VERSION, Order
from nrm_kernel.clock import stamp
from nrm_kernel.decider import At, Decision, Fold, Notice
from nrm_kernel.entry import Entry
from nrm_kernel.errors import Refused
from nrm_kernel.recording import Context
from nrm_kernel.service import Ask, Asking, Reaction
from nrm_kernel.views import Add, Change, Put, Remove, View

ORIGIN = "toy/counting/here"
ELSEWHERE = "toy/counting/elsewhere"
DAY_0 = datetime(2026, 1, 1, tzinfo=UTC)
LIMIT = 1_000


@event(version=1, audience=Audience.OWN, sensitivity=0)
@dataclass(frozen=True, slots=True)
class Raised:
    """The counter went up."""

    by: int


@event(version=1, audience=Audience.NOTICE, sensitivity=0)
@dataclass(frozen=True, slots=True)
class RaisedNotified:
    """Another agency is told that the counter went up."""

    handover_id: Ref
    by: int


@event(version=1, audience=Audience.ALL, sensitivity=0)
@dataclass(frozen=True, slots=True)
class Announced:
    """Everybody is told."""

    value: int


@dataclass(frozen=True, slots=True)
class Raise:
    """Raise the counter; ``to`` is told under this handover, unless it knows the counter under another one."""

    by: int
    to: str = ""
    handover_id: str = ""
    person_ref: str = "0" * 32


@dataclass(frozen=True, slots=True)
class Hear:
    """Another agency's counter went up: so does this one."""

    by: int
    person_ref: str
    sender: str
    handover_id: str


@dataclass(frozen=True, slots=True)
class Announce:
    """Tell everybody how high the counter is."""


@dataclass(frozen=True, slots=True)
class Counter:
    """How high the counter is, and the handover under which each other agency knows it."""

    value: int = 0
    handovers: Mapping[str, str] = field(default_factory=dict)


def evolve(state: Counter, happened: object) -> Counter:
    """The counter after an event."""
    match happened:
        case Raised(by=by):
            return replace(state, value=state.value + by)
        case HandoverMinted(to=other, handover_id=handover_id):
            return replace(state, handovers={**state.handovers, other: handover_id})
        case HandoverReceived(sender=other, handover_id=handover_id):
            return replace(state, handovers={**state.handovers, other: handover_id})
        case _:
            return state


def decide(command: object, state: Counter, *_others: object) -> Decision:
    """What a command makes happen; a counter never goes beyond its limit."""
    match command:
        case Raise(by=by) | Hear(by=by) if state.value + by > LIMIT:
            raise Refused("LIMIT_REACHED", f"The counter stands at {state.value}: {by} more is too many.")
        case Raise(by=by, to=to, handover_id=handover_id, person_ref=person_ref) if to:
            known = state.handovers.get(to)
            minted = [] if known else [HandoverMinted(person_ref, to, handover_id)]
            about = known or handover_id
            return [Raised(by), *minted, Notice(to, about, RaisedNotified(about, by))]
        case Raise(by=by):
            return [Raised(by)]
        case Hear(by=by, person_ref=person_ref, sender=sender, handover_id=handover_id):
            known = state.handovers.get(sender)
            return [*([] if known else [HandoverReceived(person_ref, sender, handover_id)]), Raised(by)]
        case Announce():
            return [Announced(state.value)]
    raise AssertionError(f"{command!r} is no command of the counter")


COUNTER: Fold[Counter, object] = Fold("counter", Counter(), evolve)


def order(
    command: object,
    key: str = "one",
    *,
    request_id: str = "",
    expected_version: int | None = ANY_VERSION,
    others: Sequence[str] = (),
) -> Order:
    """An order as it comes from a caller of this toy."""
    request_id = request_id or str(uuid.uuid4())
    return Order(
        request_id=request_id,
        request_hash=sha256(repr(command).encode()).digest(),
        command=command,
        decide=decide,
        streams=[At(COUNTER, name) for name in (key, *others)],
        context=Context(stamp(DAY_0), "2026-01-01", ORIGIN, actor="officer-7", purpose="identify"),
        reply=lambda recorded: f"{recorded.position} {recorded.version}".encode(),
        expected_version=expected_version,
    )


async def on_raised(notice: RaisedNotified, entry: Entry, asking: Asking) -> Sequence[Ask]:
    """The counter that this agency keeps for the same person goes up too."""
    person_ref = await asking.person_behind(notice.handover_id) or asking.new_ref()
    command = Hear(notice.by, person_ref, entry.origin, notice.handover_id)
    return [Ask(command, decide, [At(COUNTER, person_ref)])]


REACTION = Reaction("raised", RaisedNotified, on_raised, passed_on_by=frozenset({"counting"}))

metadata = MetaData()
raised = Table(
    "raised",
    metadata,
    Column("origin", String, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("stream", String, nullable=False),
    Column("by", BigInteger, nullable=False),
)
"""Every raise."""
unannounced = Table(
    "unannounced",
    metadata,
    Column("stream", String, primary_key=True),
    Column("last_by", BigInteger, nullable=False),
    Column("told_to", String),
)
"""Counters that went up after they were announced last."""


def rows(entry: Entry) -> Iterator[Change]:
    """What an entry changes in the toy's view."""
    match entry.event:
        case Raised(by=by):
            yield Add(raised, {"origin": entry.origin, "position": entry.position, "stream": entry.stream, "by": by})
            yield Put(unannounced, {"stream": entry.stream, "last_by": by})
        case HandoverMinted(to=to):
            yield Put(unannounced, {"stream": entry.stream, "last_by": 0, "told_to": to})
        case Announced():
            yield Remove(unannounced, {"stream": entry.stream})


VIEW = View("counting", 1, metadata, rows)
