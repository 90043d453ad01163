"""Criminal cases: from the register to a court, or to an end before it."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from nrm.demo import shares
from nrm.demo.acts import prosecution as act
from nrm.demo.agencies import CROWN
from nrm.demo.lives.fate import Incident
from nrm.demo.people import Invented
from nrm.demo.shares import after
from nrm.demo.step import Step, Thread, thread

DISCONTINUED = 0.35
"""Of cases. Without a source."""
GUILTY = 0.5
"""Of those judged; with those who are never judged it comes near the published share of convictions."""


def prosecuted(chance: Random, incident: Incident, reported_on: date) -> Iterator[Thread]:
    """The case's own thread, and one for each victim in it."""
    registered_on = after(chance, reported_on, 4, 15)
    defendants = tuple(f"@defendant-{incident.number}-{nth}" for nth in range(1, 1 + chance.randint(1, 3)))
    yield thread(CROWN, _case(chance, incident, registered_on, defendants))
    for victim in incident.victims:
        on = after(chance, max(registered_on, victim.found_on), 5, 30)
        yield thread(CROWN, _victim(chance, victim.who, incident.case, on))


def opened(case: str, incidents: Sequence[str], on: date, kinds: Sequence[str], *, proactive: bool) -> Iterator[Step]:
    """The first steps of every case."""
    yield act.register(case, on, incidents, proactive=proactive)
    yield act.investigate(case, on + timedelta(days=3))
    yield act.evidence(case, on + timedelta(days=10), kinds)


def _case(chance: Random, incident: Incident, on: date, defendants: Sequence[str]) -> Iterator[Step]:
    case = incident.case
    kinds = shares.several(chance, {"digital": 3, "financial": 2, "victim_testimony": 4, "surveillance": 1}, 3)
    yield from opened(case, (incident.label,), on, kinds, proactive=chance.random() < 0.3)
    for defendant in defendants:
        sex, band = shares.drawn(chance, {"male": 72, "female": 28}), chance.choice(("27-29", "30-38", "39-47"))
        role = chance.choice(("RecruiterOrIntermediary", "Exploiter", "Transporter"))
        yield act.suspect(case, defendant, on + timedelta(days=14), sex, band, role)
    charged_on = after(chance, on, 100, 130)
    yield from (act.charge(case, defendant, charged_on) for defendant in defendants)
    ends_on = after(chance, charged_on, 40, 120)
    how = chance.random()
    if how < shares.SETTLED:
        yield act.settle(case, ends_on)
    elif how < shares.SETTLED + DISCONTINUED:
        yield act.discontinue(case, ends_on, chance.choice(("no_evidence", "victim_withdrew", "suspect_unknown")))
    else:
        outcomes = {one: "convicted" if chance.random() < GUILTY else "acquitted" for one in defendants}
        yield from in_court(case, outcomes, ends_on, chance.randint(18, 96))


def in_court(case: str, outcomes: dict[str, str], on: date, sentence_months: int) -> Iterator[Step]:
    """From the indictment to the end."""
    yield from (act.indict(case, one, on) for one in outcomes)
    trial_on = shares.working(on + timedelta(days=60))
    yield act.open_trial(case, trial_on)
    judged_on = shares.working(trial_on + timedelta(days=25))
    for one, outcome in outcomes.items():
        yield act.judge(case, one, judged_on, outcome, sentence_months if outcome == "convicted" else 0)
    final_on = shares.working(judged_on + timedelta(days=30))
    yield from (act.finalize(case, one, final_on) for one in outcomes)
    yield act.enforce(case, final_on + timedelta(days=14))


def _victim(chance: Random, who: Invented, case: str, on: date) -> Iterator[Step]:
    yield act.link(who, case, on)
    if not who.is_child and chance.random() < 0.6:
        yield act.take_part(who, case, on)
        yield act.hear(who, case, after(chance, on, 2, 20))
    yield act.inform(who, case, after(chance, on, 10, 30), "rights")
