"""One running agency: its store and loops, put together from ports that its composition root chose."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from nrm.supervise import Loops
from nrm_kernel.appender import Appender
from nrm_kernel.clock import Clock
from nrm_kernel.errors import DataLoss
from nrm_kernel.follow import Follower
from nrm_kernel.ledger.merkle import Frontier
from nrm_kernel.ledger.trust import Trust
from nrm_kernel.log import SharedLog
from nrm_kernel.policy import PolicyHistory
from nrm_kernel.projecting import LogSource, OwnSource, Projecting, ViewStore
from nrm_kernel.reactions import Reacting, StoreAsking
from nrm_kernel.relay import Relay
from nrm_kernel.service import Service
from nrm_kernel.store import Store
from nrm_kernel.telemetry import Telemetry


@dataclass(frozen=True)
class Surroundings:
    """What an agency finds around it: the log that all share, whom to trust, the country's policy, time, telemetry."""

    log: SharedLog
    trust: Trust
    policies: PolicyHistory
    clock: Clock
    telemetry: Telemetry

    @property
    def agencies(self) -> Mapping[str, str]:
        """Every trusted agency and its kind."""
        return {origin: origin.split("/")[1] for origin in self.trust.origins()}


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
    appending: bool = False
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

    def append(self) -> None:
        """Run the appender alone: commands are recorded, and nothing else moves but step by step."""
        if not self.appending:
            self.appending = True
            self.loops.start("appender", self.appender.run())

    def start(self) -> None:
        """Run every loop."""
        self.append()
        self.loops.start("relay", self.relay.run(), self._halt)
        for number, reacting in enumerate(self.reacting):
            self.loops.start(f"reacting-{number}", reacting.run())
        for number, projecting in enumerate(self.projecting):
            self.loops.start(f"projecting-{number}", projecting.run())

    async def _halt(self, alarm: DataLoss) -> None:
        self.appender.halt(alarm)
        for told in self.on_halt:
            await told()

    async def stop(self) -> None:
        """End the loops; what was acknowledged is stored, what was not is not."""
        await self.loops.stop()


async def opened(
    store: Store, views: ViewStore, service: Service, relay: Relay, appender: Appender, around: Surroundings
) -> Agency:
    """The agency with every loop at the place where it stopped last. Raises DataLoss if its store was rolled back."""
    await relay.start()
    asking = StoreAsking(store, around.clock, store.origin, around.policies, around.agencies)
    agency = Agency(store, views, service, appender, relay, asking, Loops(around.telemetry.log))
    appender.on_commit(relay.wake)
    await _add_reactions(agency, around)
    await _add_views(agency, around)
    return agency


async def _add_reactions(agency: Agency, around: Surroundings) -> None:
    if not agency.service.reactions:
        return
    admitted = around.trust.admitted_at(agency.origin)
    for origin in around.trust.origins():
        if origin == agency.origin:
            continue
        cursor = await agency.store.cursor(Reacting.cursor_name(origin))
        frontier = cursor.frontier if cursor else Frontier()
        if cursor:
            agency.appender.has_seen(origin, frontier.size)
        follower = Follower(around.log, around.trust, origin, agency.origin, frontier)
        agency.reacting.append(
            Reacting(follower, agency.service.reactions, agency.appender, agency.asking, admitted.get(origin, 0))
        )


async def _add_views(agency: Agency, around: Surroundings) -> None:
    if agency.service.views:
        own = OwnSource(agency.store, await agency.views.frontier(agency.origin))
        agency.appender.on_commit(own.wake)
        agency.projecting.append(Projecting(own, agency.service.views, agency.views, around.telemetry.tracer))
    for origin in around.trust.origins() if agency.service.national else ():
        frontier = await agency.views.frontier(origin)
        source = LogSource(Follower(around.log, around.trust, origin, agency.origin, frontier))
        agency.projecting.append(Projecting(source, agency.service.national, agency.views, around.telemetry.tracer))


async def settle(agencies: Sequence[Agency]) -> None:
    """Relay and react until nothing moves any more, then bring the views up. The appenders must be running."""
    while any(await asyncio.gather(*map(_relayed, agencies))):
        await asyncio.gather(*map(_reacted, agencies))
    await asyncio.gather(*map(_projected, agencies))


async def _relayed(agency: Agency) -> bool:
    moved = False
    while await agency.relay.relay():
        moved = True
    return moved


async def _reacted(agency: Agency) -> None:
    for reacting in agency.reacting:
        while await reacting.step():
            pass


async def _projected(agency: Agency) -> None:
    for projecting in agency.projecting:
        while await projecting.step():
            pass
