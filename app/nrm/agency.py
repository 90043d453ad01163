"""One running agency: its store and loops, put together from ports that its composition root chose."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from nrm.mirroring import Mirroring
from nrm.supervise import Loops, OnAlarm
from nrm.trust_file import Organisations
from nrm_kernel.appender import Appender
from nrm_kernel.clock import Clock
from nrm_kernel.errors import DataLoss, EventUnknown, Unavailable
from nrm_kernel.follow import Follower
from nrm_kernel.hearing import Hearing
from nrm_kernel.lease import Leases, Turn, alone
from nrm_kernel.ledger.merkle import Frontier
from nrm_kernel.ledger.trust import Trusted
from nrm_kernel.log import SharedLog
from nrm_kernel.policy import PolicyHistory
from nrm_kernel.projecting import LogSource, OwnSource, Projecting, ViewStore
from nrm_kernel.reactions import Reacting, StoreAsking
from nrm_kernel.relay import BATCH_MAX, CURSOR, Relay
from nrm_kernel.service import Service
from nrm_kernel.store import Store
from nrm_kernel.telemetry import Telemetry

Run = Callable[[], Coroutine[None, None, None]]
LAST_ROUND_S = 5.0
"""How long an agency that ends gives its relay for what is not published yet, and before that another process."""
LOOKS_S = 0.1
Watch = Callable[[Callable[[], None]], Coroutine[None, None, None]]
"""Calls what it is given whenever the store has more entries, for ever."""


@dataclass(frozen=True)
class Surroundings:
    """What an agency finds around it: the log that all share, whom to trust, the country's policy, time, telemetry."""

    log: SharedLog
    trust: Trusted
    policies: PolicyHistory
    clock: Clock
    telemetry: Telemetry

    @property
    def agencies(self) -> Mapping[str, str]:
        """Every trusted agency and the kind of organisation that it is."""
        return Organisations(self.trust)


@dataclass
class Agency:
    """An agency that is open: :meth:`start` its loops, or let it :meth:`settle` step by step."""

    store: Store
    views: ViewStore
    service: Service
    appender: Appender
    relay: Relay
    asking: StoreAsking
    loops: Loops
    reacting: list[Reacting] = field(default_factory=list)
    projecting: list[Projecting] = field(default_factory=list)
    hearing: Hearing | None = None
    appending: bool = False
    running: set[str] = field(default_factory=set)
    copying: list[Mirroring] = field(default_factory=list)
    """An auditor's copies of the logs."""
    turn: Turn | None = None
    """Where several processes run the agency: what one of them does alone, it does in its turn."""
    watch: Watch | None = None
    on_growth: list[Callable[[], None]] = field(default_factory=list)
    """Called when the store has more entries."""
    on_halt: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    """Called when the agency's own log was found to contradict what was signed: it then records nothing more."""

    @property
    def origin(self) -> str:
        """The name of its log."""
        return self.store.origin

    @property
    def alarms(self) -> Sequence[DataLoss]:
        """Contradictions that were met; the loops that met them have stopped."""
        return self.loops.alarms

    @property
    def halted(self) -> bool:
        """Whether its own log contradicts what was signed of it, so that nothing is recorded any more."""
        return self.appender.halted

    @property
    def is_active(self) -> bool:
        """Whether it is this process that relays and reacts."""
        return self.turn is None or self.turn.is_had

    def share(self, leases: Leases, watch: Watch) -> None:
        """Other processes run this agency too: relay and react in turn, and look for what they recorded."""
        self.turn, self.watch = Turn(leases, "loops"), watch

    def append(self) -> None:
        """Run the appender alone: commands are recorded, and nothing else moves but step by step."""
        if not self.appending:
            self.appending = True
            self.loops.start("appender", self.appender.run())

    def start(self) -> None:
        """Run every loop that does not run yet."""
        self.append()
        for name, run, on_alarm in self._all_loops():
            if name not in self.running:
                self.running.add(name)
                self.loops.start(name, run(), on_alarm)

    def _all_loops(self) -> Iterator[tuple[str, Run, OnAlarm | None]]:
        if self.turn and self.watch:
            yield "turn", self.turn.run, None
            yield "watching", partial(self.watch, self._grown), None
        yield "relay", self._in_turn("relay", self._take_over), self._halt
        for number, reacting in enumerate(self.reacting):
            yield f"reacting-{number}", self._in_turn(f"reacting-{number}", reacting.run), self._pass_on
        for number, projecting in enumerate(self.projecting):
            yield f"projecting-{number}", projecting.run, None
        for number, copying in enumerate(self.copying):
            yield f"copying-{number}", copying.run, None
        if self.hearing:
            yield "hearing", self.hearing.run, None

    def _in_turn(self, name: str, run: Run) -> Run:
        return partial(alone, self.turn, name, run) if self.turn else run

    async def _take_over(self) -> None:
        cursor = await self.store.cursor(CURSOR) if self.turn else None
        if cursor and cursor.frontier.size > self.relay.size:  # another process relayed meanwhile
            await self.relay.start()
        await self.relay.run()

    def _grown(self) -> None:
        for wake in self.on_growth:
            wake()

    async def _halt(self, alarm: DataLoss) -> None:
        """Another process takes the turn: it finds the same and halts too, or is of the release that can go on."""
        self.appender.halt(alarm)
        if self.turn:
            self.turn.give_up()
        for told in self.on_halt:
            await told()

    async def _pass_on(self, alarm: DataLoss) -> None:
        """Another process may be of the release that knows what this one does not."""
        if self.turn and isinstance(alarm, EventUnknown):
            self.turn.pass_on()

    async def publish(self) -> bool:
        """Relay everything that was recorded so far; False when nothing was new."""
        before = self.relay.size
        while await self.relay.relay() == BATCH_MAX:
            pass
        return self.relay.size > before

    async def show(self) -> None:
        """Bring the views up to everything that was published, each log beside the others."""
        await asyncio.gather(*map(_caught_up, self.projecting))

    async def stop(self) -> None:
        """End the loops, the relay last: what was acknowledged is stored, and signed and published where the shared log
        can be reached. What was not acknowledged is not stored."""
        await self.loops.stop(but=("turn", "appender", "relay"))
        self.relay.end()
        with suppress(TimeoutError, Unavailable):
            async with asyncio.timeout(LAST_ROUND_S):
                await self._published_by_somebody()
        if self.is_active:
            await self.loops.ended("relay", LAST_ROUND_S)
        await self.loops.stop()
        self.running.clear()

    async def _published_by_somebody(self) -> None:
        """Until it is this process's turn, or all that it acknowledged was published by the one whose turn it is: that
        one may be ending too, and have read the store for the last time."""
        if self.turn is None or self.halted or "relay" not in self.running:
            return
        acknowledged = await self.store.size()
        while not self.is_active:
            cursor = await self.store.cursor(CURSOR)
            if (cursor.frontier.size if cursor else 0) >= acknowledged:
                return
            await asyncio.sleep(LOOKS_S)


async def opened(
    store: Store, views: ViewStore, service: Service, relay: Relay, appender: Appender, around: Surroundings
) -> Agency:
    """The agency with every loop at the place where it stopped last. Raises DataLoss if its store was rolled back."""
    await relay.start()
    asking = StoreAsking(store, around.clock, store.origin, around.policies, around.agencies)
    agency = Agency(store, views, service, appender, relay, asking, Loops(around.telemetry.log))
    agency.on_growth.append(relay.wake)
    if service.views:
        own = OwnSource(store, await views.frontier(agency.origin))
        agency.on_growth.append(own.wake)
        agency.projecting.append(Projecting(own, service.views, views, around.telemetry.tracer))
    for wake in agency.on_growth:
        appender.on_commit(wake)
    for origin in around.trust.origins():
        await follow(agency, around, origin)
    return agency


async def follow(agency: Agency, around: Surroundings, origin: str) -> None:
    """Have the agency read that log from where it stopped: by its reactions, by its national views, or not at all."""
    if agency.service.reactions and origin != agency.origin:
        await _react_to(agency, around, origin)
    if agency.service.national:
        frontier = await agency.views.frontier(origin)
        source = LogSource(Follower(around.log, around.trust, origin, agency.origin, frontier))
        agency.projecting.append(Projecting(source, agency.service.national, agency.views, around.telemetry.tracer))


async def _react_to(agency: Agency, around: Surroundings, origin: str) -> None:
    cursor = await agency.store.cursor(Reacting.cursor_name(origin))
    frontier = cursor.frontier if cursor else Frontier()
    if cursor:
        agency.appender.has_seen(origin, frontier.size)
    follower = Follower(around.log, around.trust, origin, agency.origin, frontier)
    begins = around.trust.admitted_at(agency.origin).get(origin, 0)
    agency.reacting.append(
        Reacting(follower, agency.service.reactions, agency.appender, agency.asking, begins, around.telemetry)
    )


async def settle(agencies: Sequence[Agency]) -> None:
    """Relay and react until nothing moves any more, then bring the views up. The appenders must be running."""
    while any(await asyncio.gather(*(agency.publish() for agency in agencies))):
        await asyncio.gather(*(_caught_up(reacting) for agency in agencies for reacting in agency.reacting))
    await asyncio.gather(*(agency.show() for agency in agencies))


async def _caught_up(loop: Reacting | Projecting) -> None:
    while await loop.step():
        pass
