"""The reaction loop: another agency's notices become commands of this one.

Each command's request id derives from its cause, and the reading cursor moves in the transaction of the last one, so a
notice has its effect once whatever happens in between. A refused reaction is recorded with its reason; the rest go on.
"""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from functools import partial
from typing import Annotated, Any, NotRequired, TypeVar, cast

from pydantic import Field, TypeAdapter
from typing_extensions import TypedDict

from nrm_contracts.catalogue import UnknownEvent
from nrm_contracts.fields import Ref
from nrm_contracts.policy import NationalPolicy
from nrm_contracts.record.events import ReactionRefused
from nrm_kernel.appender import ANY_VERSION, Appender, Order
from nrm_kernel.clock import Clock, stamp
from nrm_kernel.decider import At, Fold
from nrm_kernel.entry import Entry
from nrm_kernel.errors import EventUnknown, Invalid, NrmError, Refused, Unavailable
from nrm_kernel.failpoints import failpoint
from nrm_kernel.follow import Covered, Follower
from nrm_kernel.ids import derived_request_id, new_ref
from nrm_kernel.policy import PolicyHistory
from nrm_kernel.recording import DAY_CHARS, Context, Recorded
from nrm_kernel.service import Ask, Reaction
from nrm_kernel.store import Cursor, Store
from nrm_kernel.telemetry import Telemetry, silent

S = TypeVar("S")
E = TypeVar("E")
STATES_MAX = 10_000
"""How many states of streams are kept at hand for lookups."""
LAG_MAX = 5_000
"""How far a cursor may stay behind while nothing that was read had an effect; reading it again is harmless."""
WAIT_S = 5.0
RETRY_S = 1.0
REFUSALS: Fold[None, ReactionRefused] = Fold("reaction", None, lambda state, _event: state)
"""One stream for each notice that was refused, so that none grows long."""
UNREADABLE = "NOTICE_UNREADABLE"
"""The reason recorded for a notice that is none, whatever release reads it."""
FOREIGN = "NOTICE_FOREIGN"
"""The reason recorded for a notice that an agency of the sender's kind has no business to send."""
REF_CHARS = 32
_Short = Annotated[str, Field(max_length=64)]


class _Said(TypedDict):
    """What a notice's envelope must say for a reaction to take it over."""

    id: Ref
    stream: str
    occurred_at: _Short
    basis: NotRequired[_Short]


_SAID = TypeAdapter(_Said)


@dataclass(frozen=True)
class StoreLookup:
    """What a service may look up in its own store. States that were made up before are only brought up to date."""

    store: Store
    states: OrderedDict[str, tuple[Any, int]] = field(
        default_factory=OrderedDict, repr=False, compare=False, kw_only=True
    )

    async def state(self, fold: Fold[S, E], key: str) -> tuple[S, int]:
        """See :class:`nrm_kernel.service.Lookup`."""
        name = fold.stream(key)
        state, version = self.states.get(name, (fold.initial, 0))
        for entry in await self.store.stream(name, version):
            state, version = fold.evolve(state, cast(E, entry.event)), version + 1
        if version:
            self._keep(name, state, version)
        return state, version

    def _keep(self, name: str, state: object, version: int) -> None:
        if version >= self.states.get(name, (None, 0))[1]:
            self.states[name] = state, version
            self.states.move_to_end(name)
        while len(self.states) > STATES_MAX:
            self.states.popitem(last=False)


@dataclass(frozen=True)
class StoreAsking(StoreLookup):
    """What a reaction to a notice of ``sender`` has at hand. ``ahead`` are persons looked up for many at once."""

    clock: Clock
    agency: str
    policies: PolicyHistory
    agencies: Mapping[str, str] = field(default_factory=dict)
    ahead: Mapping[str, str | None] = field(default_factory=dict, kw_only=True)
    sender: str = field(default="", kw_only=True)

    async def looking_ahead(self, handover_ids: Collection[str], sender: str) -> "StoreAsking":
        """The same for notices of that agency, with who is behind these handovers now."""
        known = await self.store.people_behind(handover_ids, sender)
        return replace(self, ahead={one: known.get(one) for one in handover_ids}, sender=sender)

    async def person_behind(self, handover_id: str) -> str | None:
        """See :class:`nrm_kernel.service.Lookup`."""
        if handover_id in self.ahead:
            return self.ahead[handover_id]
        return (await self.store.people_behind((handover_id,), self.sender)).get(handover_id)

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @property
    def policy(self) -> NationalPolicy:
        return self.policies.at(self.now.date())

    def new_ref(self) -> str:
        """A fresh reference."""
        return new_ref()


class Reacting:
    """Reacts to one other agency's notices, in the order of its log."""

    def __init__(
        self,
        follower: Follower,
        reactions: Iterable[Reaction],
        appender: Appender,
        asking: StoreAsking,
        admitted_at: int = 0,
        telemetry: Telemetry | None = None,
    ) -> None:
        self._follower = follower
        self._reactions = {reaction.notice: reaction for reaction in reactions}
        self._appender = appender
        self._asking = asking
        self._admitted_at = admitted_at
        self._log = (telemetry or silent()).log
        self._cursor_size = self._size = follower.frontier.size

    @property
    def origin(self) -> str:
        """The agency whose notices are read."""
        return self._follower.origin

    @property
    def size(self) -> int:
        """How far that agency's log was reacted to: what is read and has no effect yet does not count."""
        return self._size

    @staticmethod
    def cursor_name(origin: str) -> str:
        """The name of the cursor over that origin's log."""
        return f"react:{origin}"

    async def run(self) -> None:
        """React for ever. A contradiction in the log raises; an unreachable store or log is waited for."""
        resumed = False
        while True:
            try:
                if not resumed:
                    await self._resume()
                    resumed = True
                if not await self.step():
                    await self._follower.wait(WAIT_S)
            except Unavailable:
                await asyncio.sleep(RETRY_S)

    async def _resume(self) -> None:
        """Go on where the cursor stands: another process of this agency may have moved it."""
        cursor = await self._asking.store.cursor(self.cursor_name(self.origin))
        if cursor is not None and cursor.frontier.size > self.size:
            self._follower.frontier = cursor.frontier
            self._cursor_size = self._size = cursor.frontier.size
            self._appender.has_seen(self.origin, self.size)

    async def step(self) -> bool:
        """React to the next verified stretch; False when there is nothing to read.

        Raises EventUnknown at a notice that a newer release wrote, when all before it had its effect.
        """
        before = self._follower.frontier
        covered = await self._follower.next()
        if covered is None:
            return False
        newer = next((entry for entry in covered.entries if self._concerns(entry) and _is_newer(entry)), None)
        if newer is not None:
            covered = covered.until(newer.position)
        try:
            await self._react(covered)
        except BaseException:
            self._follower.frontier = before  # nothing of it is lost: it is read again
            raise
        self._size = covered.frontier.size
        if newer is not None:
            self._follower.frontier = covered.frontier
            raise EventUnknown(newer.origin, newer.position, f"{newer.type} is not known in that version")
        return True

    async def _react(self, covered: Covered) -> None:
        cursor = Cursor(self.cursor_name(covered.origin), covered.frontier)
        moved = False
        rounds = _rounds([entry for entry in covered.entries if self._concerns(entry)])
        for number, notices in enumerate(rounds, start=1):
            asking = await self._asking.looking_ahead([_about(notice) for notice in notices], self.origin)
            orders = [order for notice in notices for order in await self._orders(notice, asking)]
            if number == len(rounds) and orders:
                orders[-1] = replace(orders[-1], cursor=cursor)
                moved = True
            failpoint("react.before_submit")
            await self._submit(orders)
            failpoint("react.after_submit")
        self._appender.has_seen(covered.origin, covered.frontier.size)
        if not moved and (rounds or covered.frontier.size - self._cursor_size > LAG_MAX):
            # A notice that had no effect must have none later either, on another state: it is left behind for good.
            await self._asking.store.move(cursor)
            moved = True
        if moved:
            self._cursor_size = covered.frontier.size

    def _concerns(self, entry: Entry) -> bool:
        """Whether the entry is a notice to this agency that came after its admission and that it reacts to."""
        if entry.to != self._asking.agency or entry.position < self._admitted_at:
            return False
        return not _is_readable(entry) or type(entry.event) in self._reactions

    async def _orders(self, notice: Entry, asking: StoreAsking) -> list[Order]:
        """What the notice makes this agency do; when that cannot be found out, the record of why not."""
        if not _is_readable(notice):
            return [self._order(notice, UNREADABLE, 0, _refused(notice, UNREADABLE, Invalid(UNREADABLE, "")))]
        reaction = self._reactions[type(notice.event)]
        try:
            self._refuse_foreign(reaction, notice)
            asks = await reaction.react(notice.event, notice, asking)
        except Unavailable:
            raise
        except Exception as fault:  # noqa: BLE001 - a faulty reaction must not stop the notices behind it
            asks = [_refused(notice, reaction.name, fault)]
        return [self._order(notice, reaction.name, nth, ask) for nth, ask in enumerate(asks)]

    def _refuse_foreign(self, reaction: Reaction, notice: Entry) -> None:
        if not reaction.is_taken_from(notice.origin):
            self._log.error("notice_foreign", origin=notice.origin, position=notice.position, type=notice.type)
            raise Refused(
                FOREIGN,
                f"{notice.origin} at {notice.position}: {notice.type} is not for an agency of that kind to send. It "
                "has no effect. Ask that agency's operator how it came into the log, and tell the auditor.",
            )

    def _order(self, notice: Entry, name: str, nth: int, ask: Ask) -> Order:
        cause = _cause(notice)
        return Order(
            request_id=derived_request_id(cause, name, nth),
            request_hash=_cause_hash(cause, name, nth),
            command=ask.command,
            decide=ask.decide,
            streams=ask.streams,
            context=self._context(notice),
            reply=_no_reply,
            expected_version=ANY_VERSION,
            instead=partial(_refused, notice, name),
        )

    def _context(self, notice: Entry) -> Context:
        recorded_at = stamp(self._asking.now)
        readable = _is_readable(notice)
        return Context(
            recorded_at=recorded_at,
            occurred_at=notice.occurred_at if readable else recorded_at[:DAY_CHARS],
            agency=self._asking.agency,
            basis=notice.text("basis") if readable else "",
            policy={"version": self._asking.policy.version},
            causation_id=_cause(notice),
        )

    async def _submit(self, orders: Sequence[Order]) -> None:
        """All of them; one that moves the cursor, which is the last, when those before it are known to be durable."""
        moving = [order for order in orders if order.cursor is not None]
        await asyncio.gather(*(self._appender.submit(order) for order in orders if order.cursor is None))
        await asyncio.gather(*map(self._appender.submit, moving))


def _refused(notice: Entry, name: str, fault: Exception) -> Ask:
    """The record that takes the place of what a reaction could not do."""
    code = fault.reason if isinstance(fault, NrmError) else f"FAULT_{type(fault).__name__.upper()}"
    cause = _cause(notice)
    event = ReactionRefused(notice.origin, cause, name, code)
    return Ask(event, lambda refusal, _state: [refusal], (At(REFUSALS, cause),))


def _is_readable(notice: Entry) -> bool:
    """Whether this release knows the event and the envelope says of it what a reaction needs."""
    try:
        _SAID.validate_python(notice.envelope)
        return notice.event is not None
    except (LookupError, TypeError, ValueError):
        return False


def _is_newer(notice: Entry) -> bool:
    """Whether only a newer release knows the event."""
    try:
        return notice.event is None
    except UnknownEvent:
        return True
    except (LookupError, TypeError, ValueError):
        return False


def _about(notice: Entry) -> str:
    """The handover or contract that the notice is about: it names the notice's stream."""
    return str(notice.stream).partition("-")[2]


def _cause(notice: Entry) -> str:
    """What names the notice: its id, or when it has none, its hash."""
    return notice.text("id") if _is_readable(notice) else notice.leaf.hex()[:REF_CHARS]


def _mentioned(notice: Entry) -> tuple[set[str], set[str]]:
    """What the notice changes, and what it shares with others of its kind.

    Claims under one contract do not depend on each other: the rules decide each on what those before it left. What is
    told of the contract itself does change it for them.
    """
    about = {_about(notice)}
    if not _is_readable(notice):
        return about, set()
    names = {each.name for each in fields(cast(Any, notice.event)) if each.name.endswith(("handover_id", "claim_id"))}
    named = {getattr(notice.event, name) for name in names}
    return (named, about - named) if "claim_id" in names else (about | named, set())


def _rounds(notices: Sequence[Entry]) -> list[list[Entry]]:
    """Notices of which one may change what another looks up one after another, the rest side by side, in order."""
    rounds: list[list[Entry]] = []
    unused_from: dict[str, int] = {}
    unchanged_from: dict[str, int] = {}
    for notice in notices:
        changed, shared = _mentioned(notice)
        turns = [unused_from.get(name, 0) for name in changed] + [unchanged_from.get(name, 0) for name in shared]
        number = max(turns)
        unchanged_from |= dict.fromkeys(changed, number + 1)
        unused_from |= {name: max(number + 1, unused_from.get(name, 0)) for name in changed | shared}
        if number == len(rounds):
            rounds.append([])
        rounds[number].append(notice)
    return rounds


def _cause_hash(*parts: object) -> bytes:
    return hashlib.sha256(repr(parts).encode()).digest()


def _no_reply(_recorded: Recorded) -> bytes:
    return b""
