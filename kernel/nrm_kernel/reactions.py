"""The reaction loop: another agency's notices become commands of this one.

Each command's request id derives from its cause, and the reading cursor moves in the transaction of the last one, so a
notice has its effect once whatever happens in between. A refused reaction is recorded with its reason; the rest go on.
"""

import asyncio
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from nrm_contracts.policy import NationalPolicy
from nrm_contracts.record.events import ReactionRefused
from nrm_kernel.appender import ANY_VERSION, Appender, Order
from nrm_kernel.clock import Clock, stamp
from nrm_kernel.decider import At, Fold
from nrm_kernel.entry import Entry
from nrm_kernel.errors import NrmError, Unavailable
from nrm_kernel.follow import Covered, Follower
from nrm_kernel.ids import derived_request_id, new_ref
from nrm_kernel.policy import PolicyHistory
from nrm_kernel.recording import Context, Recorded
from nrm_kernel.service import Ask, Reaction
from nrm_kernel.store import Cursor, Store
from nrm_kernel.testing.failpoints import failpoint

S = TypeVar("S")
E = TypeVar("E")
LAG_MAX = 5_000
"""How far a cursor may stay behind while nothing that was read had an effect; reading it again is harmless."""
WAIT_S = 5.0
RETRY_S = 1.0
REFUSALS: Fold[None, ReactionRefused] = Fold("reaction", None, lambda state, _event: state)


@dataclass(frozen=True)
class StoreLookup:
    """What a service may look up in its own store."""

    store: Store

    async def state(self, fold: Fold[S, E], key: str) -> tuple[S, int]:
        """See :class:`nrm_kernel.service.Lookup`."""
        entries = await self.store.stream(fold.stream(key))
        return fold.state([entry.event for entry in entries]), len(entries)  # type: ignore[misc]

    async def person_behind(self, handover_id: str) -> str | None:
        """See :class:`nrm_kernel.service.Lookup`."""
        return await self.store.person_behind(handover_id)


@dataclass(frozen=True)
class StoreAsking(StoreLookup):
    """What a reaction has at hand."""

    clock: Clock
    agency: str
    policies: PolicyHistory
    agencies: Mapping[str, str] = field(default_factory=dict)

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
    ) -> None:
        self._follower = follower
        self._reactions = {reaction.notice: reaction for reaction in reactions}
        self._appender = appender
        self._asking = asking
        self._admitted_at = admitted_at
        self._cursor_size = follower.frontier.size

    @property
    def origin(self) -> str:
        """The agency whose notices are read."""
        return self._follower.origin

    @staticmethod
    def cursor_name(origin: str) -> str:
        """The name of the cursor over that origin's log."""
        return f"react:{origin}"

    async def run(self) -> None:
        """React for ever. A contradiction in the log raises; an unreachable store or log is waited for."""
        while True:
            try:
                if not await self.step():
                    await self._follower.wait(WAIT_S)
            except Unavailable:
                await asyncio.sleep(RETRY_S)

    async def step(self) -> bool:
        """React to the next verified stretch; False when there is nothing to read."""
        before = self._follower.frontier
        covered = await self._follower.next()
        if covered is None:
            return False
        try:
            await self._react(covered)
        except BaseException:
            self._follower.frontier = before  # nothing of it is lost: it is read again
            raise
        return True

    async def _react(self, covered: Covered) -> None:
        due = [entry for entry in covered.entries if self._concerns(entry)]
        rounds = _rounds(due)
        for number, notices in enumerate(rounds, start=1):
            asked = [(notice, await self._asks(notice)) for notice in notices]
            orders = [order for notice, asks in asked for order in self._orders(notice, asks)]
            if number == len(rounds) and orders:
                orders[-1] = replace(orders[-1], cursor=self._cursor(covered))
                self._cursor_size = covered.frontier.size
            failpoint("react.before_submit")
            await self._submit(orders)
            failpoint("react.after_submit")
        self._appender.has_seen(covered.origin, covered.frontier.size)
        if covered.frontier.size - self._cursor_size > LAG_MAX:
            await self._asking.store.move(self._cursor(covered))
            self._cursor_size = covered.frontier.size

    def _concerns(self, entry: Entry) -> bool:
        """Whether the entry is a notice to this agency that came after its admission and that it reacts to."""
        return (
            entry.to == self._asking.agency
            and entry.position >= self._admitted_at
            and type(entry.event) in self._reactions
        )

    async def _asks(self, notice: Entry) -> Sequence[Ask] | str:
        """The commands that the reaction asks for, or the reason why it asks for none."""
        reaction = self._reactions[type(notice.event)]
        try:
            return await reaction.react(notice.event, notice, self._asking)
        except Unavailable:
            raise
        except NrmError as refusal:
            return refusal.reason
        except Exception as fault:  # noqa: BLE001 - a faulty reaction must not stop the notices behind it
            return f"FAULT_{type(fault).__name__.upper()}"

    def _orders(self, notice: Entry, asks: Sequence[Ask] | str) -> list[Order]:
        name = self._reactions[type(notice.event)].name
        if isinstance(asks, str):
            return [self._refusal(notice, name, asks)]
        cause = notice.text("id")
        context = self._context(notice)
        return [
            Order(
                request_id=derived_request_id(cause, name, nth),
                request_hash=_cause_hash(cause, name, nth),
                command=ask.command,
                decide=ask.decide,
                streams=ask.streams,
                context=context,
                reply=_no_reply,
                expected_version=ANY_VERSION,
            )
            for nth, ask in enumerate(asks)
        ]

    def _context(self, notice: Entry) -> Context:
        return Context(
            recorded_at=stamp(self._asking.now),
            occurred_at=notice.occurred_at,
            agency=self._asking.agency,
            basis=notice.text("basis"),
            policy={"version": self._asking.policy.version},
            causation_id=notice.text("id"),
        )

    async def _submit(self, orders: Sequence[Order]) -> None:
        """All of them; one that is refused is recorded as such."""
        outcomes = await asyncio.gather(*map(self._appender.submit, orders), return_exceptions=True)
        for order, outcome in zip(orders, outcomes, strict=True):
            if isinstance(outcome, NrmError) and not isinstance(outcome, Unavailable):
                await self._appender.submit(self._refused(order, outcome.reason))
            elif isinstance(outcome, BaseException):
                raise outcome

    def _refused(self, order: Order, code: str) -> Order:
        """The record that takes the place of a refused command, with the cursor that it would have moved."""
        origin = self._follower.origin
        event = ReactionRefused(origin, order.context.causation_id, type(order.command).__name__, code)
        return Order(
            request_id=derived_request_id(order.request_id, "refused", 0),
            request_hash=order.request_hash,
            command=event,
            decide=lambda refusal, _state: [refusal],
            streams=(At(REFUSALS, "refused"),),
            context=order.context,
            reply=_no_reply,
            expected_version=ANY_VERSION,
            cursor=order.cursor,
        )

    def _refusal(self, notice: Entry, name: str, code: str) -> Order:
        cause = notice.text("id")
        order = Order(
            request_id=derived_request_id(cause, name, 0),
            request_hash=_cause_hash(cause, name, 0),
            command=None,
            decide=lambda _command, _state: [],
            streams=(),
            context=self._context(notice),
            reply=_no_reply,
        )
        return self._refused(order, code)

    def _cursor(self, covered: Covered) -> Cursor:
        return Cursor(self.cursor_name(covered.origin), covered.frontier)


def _rounds(notices: Sequence[Entry]) -> list[list[Entry]]:
    """Notices of one stream one after another, those of different streams side by side."""
    rounds: list[list[Entry]] = []
    turn: dict[str, int] = {}
    for notice in notices:
        number = turn.get(notice.stream, 0)
        turn[notice.stream] = number + 1
        if number == len(rounds):
            rounds.append([])
        rounds[number].append(notice)
    return rounds


def _cause_hash(*parts: object) -> bytes:
    return hashlib.sha256(repr(parts).encode()).digest()


def _no_reply(_recorded: Recorded) -> bytes:
    return b""
