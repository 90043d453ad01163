"""What puts victims in danger or keeps them safe while those who exploited them are judged, and how helpers answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from nrm.demo.acts import assistance as help_act
from nrm.demo.acts import prosecution as act
from nrm.demo.agencies import CROWN
from nrm.demo.people import Invented
from nrm.demo.shares import working
from nrm.demo.step import Step, Thread, thread
from nrm_contracts.prosecution.v1.court_pb2 import EnterJudgmentRequest

PROTECTED = 0.3
"""Of victims whose case goes to court, the share whom a measure protects. Without a source."""
SERVED = 0.25
"""Of a sentence, the share that is served after the judgment: custody before it counts. Without a source."""
MONTH_DAYS = 30
TOLD_DAYS, PREPARED_DAYS, ANSWERED_DAYS = 42, 14, 16
"""How long before the hearing it is told and the person is prepared, and until a danger is answered: that late, because
agencies of the history hear of each other every fortnight."""


@dataclass(frozen=True, slots=True)
class Victim:
    """A victim, and everything that happens in their life otherwise."""

    who: Invented
    threads: Sequence[Thread]

    def helper(self, first: date, last: date) -> str:
        """The shelter that has accepted to help by the first of these days and still does on the last; else empty."""
        for one in self.threads:
            days = {step.method: step.on for step in one.steps}
            accepted_on, closed_on = days.get("AcceptAssistance", date.max), days.get("CloseCase", date.max)
            if accepted_on <= first and last < closed_on:
                return one.agency
        return ""

    def prepared(self, told_on: date, hearing_on: date) -> Iterator[Thread]:
        """Whoever helps goes through with the person what awaits them."""
        if shelter := self.helper(told_on, hearing_on):
            on = working(hearing_on - timedelta(days=PREPARED_DAYS))
            yield thread(shelter, [help_act.prepare(self.who, on, hearing_on)])

    def answered(self, on: date) -> Iterator[Thread]:
        """Whoever helps looks at the danger."""
        answered_on = working(on + timedelta(days=ANSWERED_DAYS))
        if shelter := self.helper(on, answered_on + timedelta(days=MONTH_DAYS)):
            yield thread(shelter, [help_act.assess(self.who, answered_on)])


def watched(chance: Random, case: str, court: Sequence[Step], victims: Sequence[Victim]) -> Iterator[Thread]:
    """In a case that comes to trial every victim hears of the hearing, some are protected, and releases are told."""
    trial_on = next((step.on for step in court if step.method == "OpenTrial"), None)
    if trial_on is None:
        return
    told_on = working(trial_on - timedelta(days=TOLD_DAYS))
    for victim in victims:
        steps = [act.schedule(victim.who, case, told_on, trial_on)]
        yield from victim.prepared(told_on, trial_on)
        if chance.random() < PROTECTED:
            steps.append(act.protect(victim.who, case, told_on, told_on + timedelta(days=180)))
            yield from victim.answered(told_on)
        yield thread(CROWN, steps)
    for step in court:
        if isinstance(step.request, EnterJudgmentRequest) and step.request.sentence_months:
            served_days = int(step.request.sentence_months * MONTH_DAYS * SERVED) + chance.randint(0, MONTH_DAYS)
            yield from _released(
                case, step.request.defendant_ref, working(step.on + timedelta(days=served_days)), victims
            )


def _released(case: str, defendant: str, on: date, victims: Sequence[Victim]) -> Iterator[Thread]:
    yield thread(CROWN, [act.release(case, defendant, on, [victim.who.label for victim in victims])])
    for victim in victims:
        yield from victim.answered(on)
