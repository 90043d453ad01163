"""Writes the history: every step of the world through the agencies' own methods, in the order of its days."""

import gc
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from google.protobuf.message import Message

from nrm.agency import settle
from nrm.demo import money
from nrm.demo.acts import funding as act
from nrm.demo.agencies import FUND
from nrm.demo.desk import Desks
from nrm.demo.inside import Inside
from nrm.demo.known import Claim, Known
from nrm.demo.pace import Pace
from nrm.demo.settling import Settling
from nrm.demo.step import Step, Thread
from nrm.demo.times import HistoryClock
from nrm.demo.world import World
from nrm.embedded import House
from nrm_kernel.errors import Unavailable

DAYS_AT_ONCE = 14
"""What happens within so many days is recorded together; notices of it are reacted to before the next ones."""

SWITCH_S = 0.000_05
"""How long a thread keeps the interpreter from another one while the history is written."""

PATIENCE = timedelta(days=90)
"""A story that waits longer for something waits for ever: the script is wrong."""


@dataclass(frozen=True)
class Told:
    """What came of writing the history."""

    known: Known
    sent: int
    faults: Sequence[BaseException]
    stuck: Sequence[str]

    @property
    def unplanned(self) -> Sequence[str]:
        """What went otherwise than the script says."""
        return [*map(str, self.faults), *(f"{what}: waits for something that never came" for what in self.stuck)]


Reached = Callable[[date, int], Awaitable[None]]
"""Told the day that was reached and how many entries there are."""


async def write(house: House, clock: HistoryClock, world: World, seed: int, reached: Reached) -> Told:
    """Write the whole history into the stores of a house that was just opened, and bring every view up.

    Raises Unavailable as soon as a store cannot be written.
    """
    known, pace = Known(), Pace()
    desks = Desks(Inside(house).call, known, f"demo-{seed}")
    for agency in house.agencies:
        agency.append()
    with _in_haste(), clock.playing():
        settling = Settling(house.agencies, known)
        _begin(world, pace, desks)
        for day in _days(world):
            clock.play(day)
            await pace.advance(day)
            for fault in pace.faults:
                if isinstance(fault, Unavailable):
                    raise fault
            await settling.settle()
            await reached(day, known.entries)
        told = Told(known, desks.sent, pace.faults, pace.waiting_since(world.end - PATIENCE))
        await pace.stop()
        await settle(house.agencies)
        return told


@contextmanager
def _in_haste() -> Iterator[None]:
    """No collecting: cycles that a history leaves are a few megabytes; to look for them takes a tenth of its time.

    And threads take turns at once: those that write for the disk wait for the interpreter otherwise, up to 5 ms a time.
    """
    before_s = sys.getswitchinterval()
    gc.disable()
    sys.setswitchinterval(SWITCH_S)
    try:
        yield
    finally:
        sys.setswitchinterval(before_s)
        gc.enable()


def _days(world: World) -> Iterator[date]:
    """The days on which things are recorded; some are added at the end for what only then was told."""
    day = world.start
    while day < world.end:
        yield day
        day += timedelta(days=DAYS_AT_ONCE)
    yield world.end


def _begin(world: World, pace: Pace, desks: Desks) -> None:
    for thread in world.threads:
        pace.begin(_lived(thread, pace, desks))
    for billing in world.billings:
        pace.begin(_billed(billing, pace, desks))


async def _lived(thread: Thread, pace: Pace, desks: Desks) -> None:
    known = desks.known
    for step in thread.steps:

        def ready(step: Step = step) -> Message | None:
            return known.filled(thread.agency, step.request) if step.after in known.marks else None

        what = f"{thread.agency}: {step.method} on {step.on}"
        request = await pace.until(step.on + timedelta(days=thread.lag_days), ready, what)
        await desks.send(thread.agency, step, request)


async def _billed(billing: money.Billing, pace: Pace, desks: Desks) -> None:
    """Verify a quarter's deliveries, and once that is told, let the shelter invoice them and the fund pay."""
    known = desks.known
    contract = await pace.until(billing.on, lambda: known.find(FUND, billing.contract), billing.contract)
    claims: list[Claim] = list(known.unverified(contract))[:200]
    if not claims:
        return
    verifying = [act.verify(contract, claim.claim_id, billing.on) for claim in claims]
    await desks.send_all(FUND, verifying, [step.request for step in verifying])
    for claim in claims:
        claim.verified = True
    await pace.until(billing.on + timedelta(days=5), lambda: pace)
    for step in _paid(billing, contract, [claim for claim in claims if claim.payable]):
        request = known.filled(FUND, step.request)
        assert request is not None, "every label stands for something as soon as the step before is done"
        await desks.send(FUND, step, request)


def _paid(billing: money.Billing, contract: str, claims: Sequence[Claim]) -> Iterator[Step]:
    on, amount = billing.on + timedelta(days=5), sum(claim.amount_minor for claim in claims)
    ids = [claim.claim_id for claim in claims]
    invoice = f"{billing.contract}-invoice-{billing.number}"
    submitted = act.invoice(contract, on, billing.number, ids, amount, billing.shelter)
    yield Step(on, submitted.request, {"invoice_id": invoice}, by=billing.shelter)
    yield act.match(contract, invoice, on)
    yield act.approve(contract, invoice, on)
    yield act.order(contract, invoice, on, amount)
    yield act.pay(contract, invoice, on, amount)
