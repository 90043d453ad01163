"""The part of a life in the records of a shelter: offered help, taken or not, given, ended, followed up."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from nrm.demo import shares
from nrm.demo.acts import assistance as act
from nrm.demo.acts import identification as identify
from nrm.demo.acts.assistance import Unit
from nrm.demo.acts.funding import PRICES_MINOR, contract_label
from nrm.demo.agencies import AUTHORITY, POLICE
from nrm.demo.lives import finding
from nrm.demo.lives.fate import Fate
from nrm.demo.people import Invented
from nrm.demo.shares import after
from nrm.demo.step import Step, Thread, thread

FOLLOW_UP_MONTHS = (1, 3, 6, 12)
GOALS = ("safe_housing", "support_network")
HOUSED = 0.7
"""Of those who accept, the share who move in. Without a source."""
SUGGESTED = 0.15
"""Of those who came on their own and accept, the share who are willing to be referred. Without a source."""


@dataclass(frozen=True, slots=True)
class Helped:
    """The shelter's part of a life; ``units`` is what it may ask money for."""

    threads: tuple[Thread, ...]
    units: tuple[Unit, ...] = ()


@dataclass(frozen=True, slots=True)
class _Stay:
    """Who is in whose care, with what units of help, planned on a day, and left on a day."""

    who: Invented
    shelter: str
    units: tuple[Unit, ...]
    planned_on: date
    left_on: date

    @property
    def over_on(self) -> date:
        """The day of the last thing that was given."""
        return max([self.left_on, self.planned_on, *(unit.last for unit in self.units)])


def walked_in(chance: Random, fate: Fate) -> Helped:
    """Somebody came on their own."""
    who = fate.who
    channel = shares.drawn(chance, shares.CHANNELS["ngo"])
    first = act.register(who, fate.found_on, channel)
    accepts = chance.random() < shares.UPTAKE
    given = helped(chance, who, fate.shelter, fate.found_on, accepts=accepts)
    steps = (first, *given.threads[0].steps)
    if not accepts or who.is_child or chance.random() >= SUGGESTED:
        return Helped((thread(fate.shelter, steps),), given.units)
    accepted_on = next(step.on for step in steps if step.method == "AcceptAssistance")
    return Helped((thread(fate.shelter, steps), *_suggested(chance, fate, accepted_on)), given.units)


def _suggested(chance: Random, fate: Fate, on: date) -> Iterator[Thread]:
    """With the person's consent the police ask them, and they are referred after all."""
    who, accepted = fate.who, f"accepted-{fate.who.number}"
    willing = act.consent(who, on, "referral").waiting(accepted)
    yield thread(fate.shelter, (willing, act.suggest(who, on, POLICE)))
    asked_on = after(chance, on, 3, 14)
    referred = (
        identify.screen(who, asked_on, "indicated", ("deception",)),
        identify.consent(who, asked_on, "referral"),
        identify.refer(who, asked_on),
    )
    yield thread(POLICE, referred)
    yield thread(AUTHORITY, finding.deciding(chance, who, asked_on))


def helped(chance: Random, who: Invented, shelter: str, asked_on: date, *, accepts: bool) -> Helped:
    """From the offer on."""
    offered_on = after(chance, asked_on, 1, 4)
    answered_on = after(chance, offered_on, 0, 9)
    steps = [act.offer(who, offered_on)]
    if not accepts:
        return Helped(
            (thread(shelter, [*steps, act.decline(who, answered_on, shares.drawn(chance, shares.DECLINED))]),)
        )
    steps.append(act.accept(who, answered_on).marked(f"accepted-{who.number}"))
    planned_on = after(chance, answered_on, 3, 14)
    stay_days = max(10, min(170, shares.wait_days(chance, 45, 0.7)))
    left_on = answered_on + timedelta(days=stay_days)
    units = _units(chance, shelter, answered_on, left_on, housed=chance.random() < HOUSED)
    steps += _planned(who, answered_on, planned_on, left_on)
    stay = _Stay(who, shelter, units, planned_on, left_on)
    steps += _lost(chance, stay) if chance.random() < shares.LOST else _cared_for(chance, stay)
    return Helped((thread(shelter, steps),), units)


def _planned(who: Invented, accepted_on: date, planned_on: date, left_on: date) -> Iterator[Step]:
    if who.is_child:
        yield act.weigh(who, accepted_on)
    yield act.assess(who, planned_on)
    yield act.plan(who, planned_on, max(left_on, planned_on) + timedelta(days=30), GOALS)


def _units(chance: Random, shelter: str, first: date, last: date, *, housed: bool) -> tuple[Unit, ...]:
    """Nights, and some sessions or hours."""
    service = shares.drawn(chance, {("psychological", "session"): 5, ("legal_aid", "hour"): 3, ("medical", "visit"): 2})
    day = after(chance, first, 15, 30)
    others = Unit(*service, chance.randint(2, 8), day, day, contract_label(shelter, day.year))
    return (*(nights(shelter, first, last) if housed else ()), others)


def nights(shelter: str, first: date, last: date, service: str = "shelter") -> Iterator[Unit]:
    """One unit for each quarter of a stay: the shelter invoices by quarters."""
    start = first
    while start < last:
        quarter_ends = start.replace(month=(start.month - 1) // 3 * 3 + 3, day=28) + timedelta(days=4)
        end = min(quarter_ends.replace(day=1) - timedelta(days=1), last - timedelta(days=1))
        yield Unit(service, "bed_night", (end - start).days + 1, start, end, contract_label(shelter, start.year))
        start = end + timedelta(days=1)


def _cared_for(chance: Random, stay: _Stay) -> Iterator[Step]:
    yield from _given(chance, stay)
    yield act.phase(stay.who, stay.over_on, "follow_up")
    yield from followed_up(chance, stay.who, stay.over_on)


def _given(chance: Random, stay: _Stay) -> Iterator[Step]:
    who, units = stay.who, stay.units
    dated = [act.deliver(who, unit) for unit in units]
    dated += [act.void(who, unit, unit.last + timedelta(days=9)) for unit in units if chance.random() < shares.VOIDED]
    if any(unit.unit == "bed_night" for unit in units):
        moved_out_on = max(stay.left_on, stay.planned_on)
        dated += [act.house(who, stay.shelter, stay.planned_on), act.leave(who, moved_out_on)]
    yield from sorted(dated, key=lambda step: step.on)


def followed_up(chance: Random, who: Invented, since: date, *, reached: float = 0.85) -> Iterator[Step]:
    """Contacts at the months of the policy; the case is closed after the last one."""
    for month in FOLLOW_UP_MONTHS:
        on = after(chance, since, 30 * month, 30 * month + 9)
        if chance.random() < reached:
            yield act.follow_up(who, on, month)
        else:
            yield act.miss(who, on, month)
    closed_on = after(chance, since, 375, 400)
    if chance.random() < 0.6:
        yield from (act.reach(who, closed_on, goal) for goal in GOALS)
        yield act.close(who, closed_on, "goal_met")
    else:
        yield act.close(who, closed_on, "other")


def _lost(chance: Random, stay: _Stay) -> Iterator[Step]:
    yield from _given(chance, stay)
    lost_on = after(chance, stay.over_on, 60, 75)
    yield act.lose(stay.who, lost_on, stay.over_on)
    if chance.random() < 0.5:
        yield act.find(stay.who, after(chance, lost_on, 10, 90))
    else:
        yield act.close(stay.who, after(chance, lost_on, 90, 150), "withdrew")


def price_minor(unit: Unit) -> int:
    """What a unit costs, in minor units."""
    return PRICES_MINOR[unit.service_code, unit.unit] * unit.qty
