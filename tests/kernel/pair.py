"""Agencies of the toy service on one shared log, moved step by step by a test."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from nrm_contracts.policy import NationalPolicy
from nrm_kernel.appender import Answer, Appender
from nrm_kernel.clock import SystemClock
from nrm_kernel.entry import Entry, Json, canonical
from nrm_kernel.follow import Follower
from nrm_kernel.ledger.merkle import Frontier, root_of
from nrm_kernel.ledger.note import Checkpoint, SigningKey, sign
from nrm_kernel.ledger.trust import Trust, TrustedKey, TrustedOrigin
from nrm_kernel.log import Published, SharedLog
from nrm_kernel.policy import PolicyHistory
from nrm_kernel.reactions import Reacting, StoreAsking
from nrm_kernel.relay import Relay
from nrm_kernel.service import Reaction
from nrm_kernel.store import Store
from nrm_kernel.telemetry import Telemetry
from nrm_kernel.testing import toy

HERE, ELSEWHERE, THIRD = toy.ORIGIN, toy.ELSEWHERE, "toy/counting/third"
COORDINATOR = "toy/coordinator/national"
KEYS = {origin: SigningKey.generate(origin) for origin in (HERE, ELSEWHERE, THIRD)}
TRUST = Trust("toy", tuple(TrustedOrigin(origin, (TrustedKey(key.verifier()),)) for origin, key in KEYS.items()))
POLICIES = PolicyHistory((cast(NationalPolicy, SimpleNamespace(version="toy-1", valid_from=date.min)),))


@dataclass
class Side:
    """One agency: what it records, relays and reacts to."""

    store: Store
    log: SharedLog
    appender: Appender
    relay: Relay

    @property
    def origin(self) -> str:
        return self.store.origin

    async def give(self, command: object, key: str = "one") -> Answer:
        """A command on one of its counters."""
        return await self.appender.submit(toy.order(command, key))

    async def publish(self) -> None:
        """Relay everything."""
        while await self.relay.relay():
            pass

    def follower(self, origin: str, frontier: Frontier | None = None) -> Follower:
        """Its reader of another agency's log."""
        return Follower(self.log, TRUST, origin, self.origin, frontier or Frontier())

    async def reacting(
        self,
        origin: str,
        reactions: Sequence[Reaction] = (toy.REACTION,),
        admitted_at: int = 0,
        telemetry: Telemetry | None = None,
    ) -> Reacting:
        """Its reaction loop on another agency's log, where its cursor stands."""
        cursor = await self.store.cursor(Reacting.cursor_name(origin))
        asking = StoreAsking(self.store, SystemClock(), self.origin, POLICIES)
        follower = self.follower(origin, cursor.frontier if cursor else None)
        return Reacting(follower, reactions, self.appender, asking, admitted_at, telemetry)

    async def values(self) -> list[int]:
        """How much each raise was."""
        events = [entry.event for entry in await self.store.read(0, 100_000)]
        return [event.by for event in events if isinstance(event, toy.Raised)]

    async def refusals(self) -> list[tuple[str, str]]:
        """Reaction and reason of each refusal on record."""
        entries = await self.store.read(0, 100_000)
        return [
            (str(data["reaction"]), str(data["code"]))
            for entry in entries
            if entry.type == "record.ReactionRefused" and isinstance(data := entry.envelope["data"], dict)
        ]


@asynccontextmanager
async def opened(store: Store, log: SharedLog, folder: Path) -> AsyncIterator[Side]:
    """An agency with its appender at work and its relay checked."""
    relay = Relay(store, log, KEYS[store.origin], folder / f"{store.origin.rpartition('/')[2]}.txt", SystemClock())
    await relay.start()
    appender = Appender(store, SystemClock())
    running = asyncio.create_task(appender.run())
    try:
        yield Side(store, log, appender, relay)
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


def handover(number: int) -> str:
    """A handover's id."""
    return f"{number:032x}"


async def reacted(side: Side, reacting: Reacting | None = None) -> None:
    """Until there is nothing to react to."""
    reacting = reacting or await side.reacting(HERE)
    while await reacting.step():
        pass


async def forged(here: Side, *envelopes: dict[str, Json]) -> None:
    """Entries that no decision of the toy's would make, in the log under a right signature."""
    entries = [
        Entry.of(HERE, at, canonical({"origin": HERE, "position": at, "to": ELSEWHERE, **envelope}))
        for at, envelope in enumerate(envelopes)
    ]
    root = root_of([entry.leaf for entry in entries])
    note = sign(Checkpoint(HERE, len(entries), root), KEYS[HERE])
    await here.log.publish(HERE, [Published(entry, "notice", ELSEWHERE) for entry in entries], note)


def notice(number: int, by: int = 1) -> dict[str, Json]:
    """What a notice says."""
    return {
        "id": f"{number:032x}",
        "stream": f"notice-{handover(number)}",
        "occurred_at": "2026-01-01",
        "type": "testing.RaisedNotified",
        "schema": 1,
        "data": {"handover_id": handover(number), "by": by},
    }
