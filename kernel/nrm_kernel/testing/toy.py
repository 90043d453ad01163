"""The smallest service there is: a counter that can be raised, and told to another agency. For tests of the kernel."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from nrm_contracts.catalogue import Audience, event
from nrm_contracts.fields import Ref
from nrm_contracts.record.events import HandoverMinted
from nrm_kernel.appender import ANY_VERSION, Order
from nrm_kernel.clock import stamp
from nrm_kernel.decider import At, Decision, Fold, Notice
from nrm_kernel.errors import Refused
from nrm_kernel.recording import Context

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
    """Raise the counter; ``to`` is told under this handover, if there is one."""

    by: int
    to: str = ""
    handover_id: str = ""


@dataclass(frozen=True, slots=True)
class Announce:
    """Tell everybody how high the counter is."""


@dataclass(frozen=True, slots=True)
class Counter:
    """How high the counter is, and the handover under which another agency knows it."""

    value: int = 0
    handover_id: str = ""


def evolve(state: Counter, happened: object) -> Counter:
    """The counter after an event."""
    match happened:
        case Raised(by=by):
            return Counter(state.value + by, state.handover_id)
        case HandoverMinted(handover_id=handover_id):
            return Counter(state.value, handover_id)
        case _:
            return state


def decide(command: object, state: Counter, *_others: object) -> Decision:
    """What a command makes happen; a counter never goes beyond its limit."""
    match command:
        case Raise(by=by) if state.value + by > LIMIT:
            raise Refused("LIMIT_REACHED", f"The counter stands at {state.value}: {by} more is too many.")
        case Raise(by=by, to=to, handover_id=handover_id) if to:
            minted = [] if state.handover_id else [HandoverMinted("0" * 32, to, handover_id)]
            about = state.handover_id or handover_id
            return [Raised(by), *minted, Notice(to, about, RaisedNotified(about, by))]
        case Raise(by=by):
            return [Raised(by)]
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
