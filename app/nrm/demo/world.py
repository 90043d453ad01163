"""The invented world: who lives in it and what happens, drawn from a seed alone. Nothing here is recorded yet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from nrm.demo import money, shares, stories
from nrm.demo.acts.assistance import Unit
from nrm.demo.agencies import CROWN, SHELTERS
from nrm.demo.lives import cases, finding, helping, safety
from nrm.demo.lives.fate import WALK_IN, Fate, Incident, fate, with_incidents
from nrm.demo.money import Billing
from nrm.demo.step import Thread
from nrm.demo.stories import Story, Times

DAYS = 3 * 365


@dataclass(frozen=True)
class World:
    """Three years up to ``end``: what each agency's officers do, what is invoiced, and what to look for."""

    start: date
    end: date
    persons: int
    threads: tuple[Thread, ...]
    billings: tuple[Billing, ...]
    stories: tuple[Story, ...]


def world(seed: int, persons: int, end: date) -> World:
    """The same seed, number of persons and last day always give the same world."""
    start = end - timedelta(days=DAYS)
    times = Times(end, _december(end))
    told = stories.planted(seed, persons - stories.COUNT + 1, times)
    lives = _lives(seed, persons - stories.COUNT, start)
    units = _units(lives, told)
    plan = money.budget(start, end, units, times.december)
    threads = [
        *money.funded(plan, start, end),
        *(one for life in lives for one in life.threads),
        *_watched(seed, lives),
        *(one for story in told for one in story.threads),
    ]
    return World(start, end, persons, tuple(threads), money.billings(plan, start, end), tuple(told))


@dataclass(frozen=True, slots=True)
class _Life:
    fate: Fate
    threads: tuple[Thread, ...]
    units: tuple[Unit, ...]


def _lives(seed: int, count: int, start: date) -> list[_Life]:
    days = shares.arrivals(Random(f"{seed}/arrivals"), start, DAYS, count)
    fates = [fate(seed, number, day, start + timedelta(days=DAYS)) for number, day in enumerate(days, start=1)]
    fates, incidents = with_incidents(seed, fates)
    by_victim = {victim.who.number: one for one in incidents for victim in one.victims}
    return [_life(seed, one, by_victim.get(one.who.number), start + timedelta(days=DAYS)) for one in fates]


def _life(seed: int, one: Fate, incident: Incident | None, end: date) -> _Life:
    chance = Random(f"{seed}/life/{one.who.number}")
    if one.way == WALK_IN:
        came = helping.walked_in(chance, one)
        return _Life(one, came.threads, came.units)
    known = finding.found(chance, one, incident)
    threads, units = list(known.threads), tuple[Unit, ...]()
    if known.asked_on:
        helped = helping.helped(chance, one.who, one.shelter, known.asked_on, accepts=chance.random() < shares.UPTAKE)
        threads, units = [*threads, *helped.threads], helped.units
    if incident and known.reported_on and one.who.number == incident.victims[-1].who.number:
        threads += cases.prosecuted(chance, incident, known.reported_on)
    if finding.may_be_twice(one, end) and chance.random() < shares.DUPLICATED:
        threads.append(finding.twice(chance, one))
    return _Life(one, tuple(threads), units)


def _watched(seed: int, lives: Sequence[_Life]) -> Iterator[Thread]:
    """What follows from the cases for all of their victims; drawn apart, so that it changes nobody's life."""
    of_incident: dict[int, list[_Life]] = {}
    for life in lives:
        if life.fate.incident:
            of_incident.setdefault(life.fate.incident, []).append(life)
    for number, together in of_incident.items():
        court = [step for life in together for one in life.threads if one.agency == CROWN for step in one.steps]
        victims = [safety.Victim(life.fate.who, life.threads) for life in together]
        yield from safety.watched(Random(f"{seed}/safety/{number}"), Incident(number, ()).case, court, victims)


def _units(lives: Sequence[_Life], told: Sequence[Story]) -> money.Units:
    """What each shelter will deliver: a unit's contract names it."""
    found: dict[str, list[Unit]] = {}
    for unit in (*(one for life in lives for one in life.units), *(one for story in told for one in story.units)):
        found.setdefault(_shelter(unit), []).append(unit)
    return found


def _shelter(unit: Unit) -> str:
    return next(one for one in SHELTERS if f"-{one.rsplit('/', 1)[1]}-" in unit.contract)


def _december(end: date) -> int:
    """The newest year whose December is over for two months."""
    return (end - timedelta(days=60)).year - 1
