"""Walks the tour: sends a step when what it needs is known, and keeps count of what was called."""

import asyncio
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

from google.protobuf.message import Message

from nrm.demo.desk import Desks, Unplanned, method_of, officer
from nrm.demo.following import Following
from nrm.demo.people import Invented
from nrm.demo.step import Step
from nrm.demo.wire import Wire

M = TypeVar("M", bound=Message)
PATIENCE_S = 30.0
POLL_S = 0.05


class NeverTold(Exception):
    """What a step needs did not become known in time: a notice did not arrive, or its reaction was refused."""


@dataclass
class Guide:
    """What a tour needs at hand. ``number`` is where its invented people begin; ``today`` is the last day."""

    wire: Wire
    desks: Desks
    following: Following
    number: int
    today: date
    called: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    acted: str = ""

    def day(self, ago: int) -> date:
        """So many days ago."""
        return self.today - timedelta(days=ago)

    def somebody(self, nth: int, age_band: str = "27-29") -> Invented:
        """The tour's nth person."""
        return Invented(self.number + nth, "GB-KEN", "female", age_band, "eng", "forced_labour", "I", ("shelter",))

    async def do(self, agency: str, *steps: Step, refused: str = "") -> None:
        """Send these one after another, each as soon as it can be. With ``refused`` the rules must refuse it so.

        Before another agency acts, all that was said is heard: which of the two is quicker decides nothing.
        """
        if agency != self.acted:
            await self.following.rest()
        self.acted = agency
        for step in steps:
            await self._filled(agency, step)
            path = method_of(step.request).path
            self.called.add(path)
            try:
                await self.following.send(self.desks, agency, step)
            except Unplanned as unplanned:
                if unplanned.reason != refused:
                    raise
                self.refused.add(path)
                return
            assert not refused, f"{step.method} was not refused with {refused}"

    async def ask(self, agency: str, request: Message, answer: type[M], by: str = "") -> M:
        """Ask a question, its labels filled in."""
        full = await self._filled(agency, Step(self.today, request))
        method = method_of(full)
        self.called.add(method.path)
        caller = officer(by or agency, agency, method, 1)
        return answer.FromString(await self.wire.call(agency, method.path, full.SerializeToString(), caller))

    async def watch(self, agency: str, request: Message) -> bytes:
        """The first message of an answer that goes on."""
        method = method_of(request)
        self.called.add(method.path)
        async for message in self.wire.watch(agency, method.path, request, officer(agency, agency, method, 1)):
            return message
        raise NeverTold(f"{method.name} at {agency} ended before it began")

    async def ref(self, agency: str, label: str) -> str:
        """What a label stands for there, as soon as it is known."""
        async with asyncio.timeout(PATIENCE_S):
            while (found := self.desks.known.find(agency, label)) is None:
                await self.wait()
        return found

    async def wait(self) -> None:
        """A moment; then learn what came meanwhile."""
        await asyncio.sleep(POLL_S)
        await self.following.catch_up()

    async def _filled(self, agency: str, step: Step) -> Message:
        await self.following.catch_up()
        try:
            async with asyncio.timeout(PATIENCE_S):
                while (request := self.desks.known.filled(agency, step.request)) is None:
                    await self.wait()
        except TimeoutError:
            raise NeverTold(f"{step.method} at {agency} waits for {step.request}") from None
        return request
