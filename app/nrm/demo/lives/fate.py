"""What is settled about somebody before their way is drawn in detail."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from nrm.demo import shares
from nrm.demo.agencies import BORDER, DAWN, HARBOUR, POLICE
from nrm.demo.people import Invented, invented

WALK_IN, NOT_INDICATED, REFUSES, REFERRED = "walk_in", "not_indicated", "refuses", "referred"


STEPS_DAYS = 75
"""Within so many days all is said that the agency which found somebody has to say: by the end it is on record."""


@dataclass(frozen=True, slots=True)
class Fate:
    """Who is found by which agency on which day, and how far they go. ``incident`` is 0 for one nobody prosecutes."""

    who: Invented
    finder: str
    found_on: date
    way: str
    shelter: str
    incident: int = 0
    lag_days: int = 0


def fate(seed: int, number: int, found_on: date, end: date) -> Fate:
    """Draw what is settled first; each person has chances of their own, so that one more changes nobody else's.

    Everybody is on record by the ``end``, however late it is recorded.
    """
    chance = Random(f"{seed}/fate/{number}")
    who = invented(chance, number)
    kind = shares.drawn(chance, shares.FINDERS)
    shelter = chance.choice((DAWN, HARBOUR))
    finder = {"police": POLICE, "border": BORDER, "ngo": shelter}[kind]
    way = WALK_IN if kind == "ngo" else _way(chance, who)
    day = min(shares.working(found_on), end)
    lag_days = min(shares.lag_days(chance), max(0, (end - day).days - STEPS_DAYS))
    return Fate(who, finder, day, way, shelter, lag_days=lag_days)


def _way(chance: Random, who: Invented) -> str:
    if chance.random() >= shares.INDICATED:
        return NOT_INDICATED
    refuses = not who.is_child and chance.random() < shares.REFERRAL_REFUSED
    return REFUSES if refuses else REFERRED


@dataclass(frozen=True, slots=True)
class Incident:
    """What was done to several people, and is prosecuted."""

    number: int
    victims: tuple[Fate, ...]

    @property
    def label(self) -> str:
        return f"@incident-{self.number}"

    @property
    def case(self) -> str:
        """The label of its criminal case."""
        return f"@case-{self.number}"


PROSECUTED = 0.30
"""Of those referred, the share whose exploiters are prosecuted. Without a source."""


def with_incidents(seed: int, fates: Sequence[Fate]) -> tuple[list[Fate], list[Incident]]:
    """Some of those referred one after another by the same agency are victims of the same people."""
    chance = Random(f"{seed}/incidents")
    incidents: list[Incident] = []
    for finder in (POLICE, BORDER):
        referred = [one for one in fates if one.way == REFERRED and one.finder == finder]
        for victims in _groups(chance, referred):
            number = len(incidents) + 1
            together = tuple(replace(one, incident=number, lag_days=0) for one in victims)
            incidents.append(Incident(number, together))
    known = {victim.who.number: victim for incident in incidents for victim in incident.victims}
    return [known.get(one.who.number, one) for one in fates], incidents


def _groups(chance: Random, referred: Sequence[Fate]) -> Iterator[Sequence[Fate]]:
    start = 0
    while start < len(referred):
        size = shares.drawn(chance, {1: 50, 2: 25, 3: 15, 4: 10})
        group = referred[start : start + size]
        start += size
        if chance.random() < PROSECUTED:
            yield group
