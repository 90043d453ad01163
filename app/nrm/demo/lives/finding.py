"""The first part of a life in the records: found, screened, asked, referred, by police or border guard."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from nrm.demo import shares
from nrm.demo.acts import identification as act
from nrm.demo.agencies import AUTHORITY, BORDER, CROWN, POLICE
from nrm.demo.lives.fate import NOT_INDICATED, REFERRED, REFUSES, Fate, Incident
from nrm.demo.people import Invented
from nrm.demo.shares import after
from nrm.demo.step import Step, Thread, thread

NAMED = 0.6
"""Of those found, the share who say a name. Without a source."""
ASKED_FOR_HELP = 0.5
"""Of those referred, the share for whom a shelter is asked. Without a source."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the later parts of a life begin with."""

    threads: tuple[Thread, ...]
    asked_on: date | None = None
    reported_on: date | None = None


def found(chance: Random, fate: Fate, incident: Incident | None) -> Found:
    """The finder's thread and, for those who were referred, the authority's."""
    who, screened_on = fate.who, after(chance, fate.found_on, 0, 6)
    channel = shares.drawn(chance, shares.CHANNELS["police" if fate.finder == POLICE else "border"])
    first = act.detect(who, fate.found_on, channel, named=chance.random() < NAMED)
    if fate.way == NOT_INDICATED:
        outcome = "inconclusive" if chance.random() < 0.05 else "not_indicated"
        return Found((thread(fate.finder, [first, act.screen(who, screened_on, outcome)], fate.lag_days),))
    steps = [first, *_indicated(chance, who, screened_on)]
    if fate.way == REFUSES:
        asked_on = after(chance, screened_on, 0, 2)
        steps += [act.refuse(who, asked_on, "referral"), act.notify(who, asked_on)]
        return Found((thread(fate.finder, steps, fate.lag_days),))
    assert fate.way == REFERRED
    return _referred(chance, fate, incident, steps, max(after(chance, screened_on, 0, 3), steps[-1].on))


def _indicated(chance: Random, who: Invented, on: date) -> Iterator[Step]:
    yield act.screen(who, on, "indicated", shares.several(chance, shares.MEANS, 3))
    if who.is_child:
        yield act.guardian(who, after(chance, on, 0, 2))


def _referred(chance: Random, fate: Fate, incident: Incident | None, steps: list[Step], on: date) -> Found:
    who = fate.who
    revokes = not incident and not who.is_child and chance.random() < shares.REVOKED / 0.6
    helped = bool(incident) or chance.random() < ASKED_FOR_HELP
    incidents = (incident.label,) if incident else ()
    steps += [] if who.is_child else [act.consent(who, on, "referral")]
    steps += _incident(fate, incident, on)
    steps += [act.refer(who, on, incidents)]
    steps += list(asking(who, fate.shelter, on)) if helped else []
    steps += list(_reporting(who, incident, on))
    revoked_on = after(chance, on, 14, 45)
    if revokes:
        steps.append(act.revoke(who, revoked_on, "referral").waiting(f"taken-up-{who.number}"))
    authority = thread(AUTHORITY, deciding(chance, who, on, decides=not revokes))
    return Found(
        (thread(fate.finder, steps, fate.lag_days), authority),
        asked_on=on if helped else None,
        reported_on=on if incident else None,
    )


def asking(who: Invented, shelter: str, on: date) -> Iterator[Step]:
    """A shelter is asked, with the consent of an adult."""
    if not who.is_child:
        yield act.consent(who, on, "assistance")
    yield act.ask_for_help(who, on, shelter)


def _incident(fate: Fate, incident: Incident | None, on: date) -> Iterator[Step]:
    if incident:
        if fate.who.number == incident.victims[0].who.number:
            yield act.open_incident(incident.number, fate.who, on)
        yield act.link(fate.who, on, incident.label)


def _reporting(who: Invented, incident: Incident | None, on: date) -> Iterator[Step]:
    if incident:
        if not who.is_child:
            yield act.consent(who, on, "proceedings")
        yield act.report(who, on, CROWN, incident.label)


def deciding(chance: Random, who: Invented, referred_on: date, *, decides: bool = True) -> Iterator[Step]:
    """The authority's steps. Waits of the first stage are without a source; the others are."""
    taken_up_on = after(chance, referred_on, 1, 3)
    yield act.acknowledge(who, taken_up_on).marked(f"taken-up-{who.number}")
    if not decides or chance.random() < shares.NEVER_DECIDED:
        return
    first_on = after(chance, taken_up_on, 1, 1 + shares.wait_days(chance, 9, 0.9))
    if chance.random() < shares.GROUNDS_FOUND:
        yield from _presumed(chance, who, first_on)
        return
    yield act.decide(who, first_on, 1, "negative")
    if chance.random() < shares.RECONSIDERED:
        asked_on = after(chance, first_on, 8, 25)
        yield act.ask_again(who, asked_on)
        yield from _presumed(chance, who, after(chance, asked_on, 10, 40))


def _presumed(chance: Random, who: Invented, on: date) -> Iterator[Step]:
    rest_over_on = on + timedelta(days=RECOVERY_DAYS[who.region == "GB-SCT"] + 1)
    yield act.decide(who, on, 1, "positive").marked(f"presumed-{who.number}")
    yield act.start_recovery(who, on)
    yield act.end_recovery(who, after(chance, rest_over_on, 0, 3))
    final_on = shares.working(max(on + timedelta(days=shares.final_wait_days(chance)), rest_over_on))
    outcome = "positive" if chance.random() < shares.CONFIRMED else "negative"
    yield act.decide(who, after(chance, final_on, 0, 3), 2, outcome).marked(f"decided-{who.number}")


RECOVERY_DAYS = {False: 30, True: 90}
"""Elsewhere and in Scotland, by the policy of the United Kingdom."""


AGAIN_DAYS, MERGED_DAYS = (5, 60), (10, 120)
"""How long until somebody is recorded a second time, and then until that is found out. Without a source."""


def may_be_twice(fate: Fate, end: date) -> bool:
    """Whether a second record would have been found out by the end."""
    quickly = fate.lag_days < AGAIN_DAYS[0]
    found_out_on = fate.found_on + timedelta(days=AGAIN_DAYS[1] + MERGED_DAYS[1] + 30)
    return quickly and fate.finder in (POLICE, BORDER) and found_out_on <= end


def twice(chance: Random, fate: Fate) -> Thread:
    """A second record of the same person at the same agency, found out and merged later."""
    who, label = fate.who, f"{fate.who.label}-again"
    again_on = after(chance, fate.found_on, *AGAIN_DAYS)
    channel = "police" if fate.finder == POLICE else "border"
    merged_on = after(chance, again_on, *MERGED_DAYS)
    merged = (act.merge(who.label, label, merged_on), act.confirm(who.label, label, merged_on))
    return thread(fate.finder, (act.detect(who, again_on, channel, label), *merged))
