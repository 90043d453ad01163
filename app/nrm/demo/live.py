"""New events after the history: people found today, over real gRPC, one step every few seconds."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from nrm.demo import shares
from nrm.demo.acts import assistance as help_act
from nrm.demo.acts import identification as act
from nrm.demo.agencies import AUTHORITY, BORDER, DAWN, HARBOUR, POLICE, short
from nrm.demo.desk import Desks
from nrm.demo.following import Following
from nrm.demo.lives import finding
from nrm.demo.people import Invented, invented
from nrm.demo.step import Step, Thread, thread
from nrm_kernel.clock import Clock

EVERY_S = 3.0
PEOPLE_AT_ONCE = 4


@dataclass(slots=True)
class _Going:
    """A thread and how far it has come."""

    thread: Thread
    done: int = 0

    @property
    def step(self) -> Step | None:
        return self.thread.steps[self.done] if self.done < len(self.thread.steps) else None


class LiveFeed:
    """Goes on for ever. People are numbered after those of the history."""

    def __init__(
        self, desks: Desks, following: Following, clock: Clock, chance: Random, say: Callable[[str], None]
    ) -> None:
        self._desks = desks
        self._following = following
        self._clock = clock
        self._chance = chance
        self._say = say
        self._going: list[_Going] = []

    async def run(self) -> None:
        """One step, a pause, the next step. Cancel to stop. Raises Unplanned for a refusal."""
        while True:
            await self.step()
            await asyncio.sleep(EVERY_S)

    async def step(self) -> None:
        """Whatever can go on, by chance; somebody new when few are going or nothing can."""
        self._going = [one for one in self._going if one.step]
        self._chance.shuffle(self._going)
        if len({one.thread.steps[0].officer for one in self._going}) < PEOPLE_AT_ONCE:
            self._going += [_Going(one) for one in self._somebody()]
        for one in self._going:
            step = one.step
            if step and await self._following.send(self._desks, one.thread.agency, step):
                one.done += 1
                now = self._clock.now()
                self._say(f" {now:%H:%M:%S}  {short(one.thread.agency):<20} {step.method}")
                return

    def _somebody(self) -> Sequence[Thread]:
        number = self._chance.randint(10**6, 10**9)
        who = invented(self._chance, number)
        today = self._clock.now().date()
        return intake(self._chance, who, today)


def intake(chance: Random, who: Invented, today: date) -> Sequence[Thread]:
    """Found, screened, referred and offered help, all on one day."""
    finder, shelter = chance.choice((POLICE, BORDER)), chance.choice((DAWN, HARBOUR))
    channel = shares.drawn(chance, shares.CHANNELS["police" if finder == POLICE else "border"])
    indicated = chance.random() < 0.8
    found = [act.detect(who, today, channel, named=True)]
    if not indicated:
        return (thread(finder, [*found, act.screen(who, today, "not_indicated")]),)
    found += [act.screen(who, today, "indicated", ("deception",))]
    found += [act.guardian(who, today)] if who.is_child else [act.consent(who, today, "referral")]
    found += [act.refer(who, today), *finding.asking(who, shelter, today)]
    return (
        thread(finder, found),
        thread(AUTHORITY, [act.acknowledge(who, today)]),
        thread(shelter, _helped(chance, who, shelter, today)),
    )


def _helped(chance: Random, who: Invented, shelter: str, today: date) -> Iterator[Step]:
    yield help_act.offer(who, today)
    if chance.random() < shares.UPTAKE:
        yield help_act.accept(who, today)
        yield help_act.assess(who, today)
        yield help_act.house(who, shelter, today, "crisis_room", 30)
    else:
        yield help_act.decline(who, today, shares.drawn(chance, shares.DECLINED))
