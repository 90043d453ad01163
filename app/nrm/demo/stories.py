"""Lives and cases that are planted, so that what the system is for can be found and looked at."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from nrm.demo.acts import assistance as help_act
from nrm.demo.acts import identification as act
from nrm.demo.acts import prosecution as court_act
from nrm.demo.acts.assistance import Unit
from nrm.demo.acts.funding import contract_label
from nrm.demo.agencies import AUTHORITY, BORDER, CROWN, DAWN, HARBOUR, POLICE
from nrm.demo.lives import cases, finding, helping, safety
from nrm.demo.lives.finding import RECOVERY_DAYS
from nrm.demo.people import Invented, invented
from nrm.demo.shares import working
from nrm.demo.step import Step, Thread, thread

BOAT_VICTIMS = 24
COUNT = BOAT_VICTIMS + 8
"""How many invented persons the stories take."""


@dataclass(frozen=True)
class Story:
    """A planted story: what to look for, and the label of what shows it at that agency."""

    name: str
    title: str
    agency: str
    label: str
    threads: tuple[Thread, ...]
    units: tuple[Unit, ...] = ()


@dataclass(frozen=True, slots=True)
class Times:
    """When the stories happen: the last day of the history, and the December in which a ceiling is hit."""

    end: date
    december: int

    def ago(self, days: int) -> date:
        """A working day so many days before the end."""
        return working(self.end - timedelta(days=days))


def planted(seed: int, first_number: int, times: Times) -> list[Story]:
    """All stories; their people are numbered from ``first_number`` on."""
    chance = Random(f"{seed}/stories")
    people = [_adult(chance, first_number + nth) for nth in range(COUNT)]
    single, crew = people[:-BOAT_VICTIMS], people[-BOAT_VICTIMS:]
    tellers = (
        _nobody_picked_up, _duplicate, _overspent, _revoked, _refuses_but_shelter, _charged, _six_months, _reconsidered,
    )  # fmt: skip
    return [*(tell(who, times) for tell, who in zip(tellers, single, strict=True)), _boat(crew, times)]


def _adult(chance: Random, number: int) -> Invented:
    """Nobody in a story is a child or in Scotland: each tells one thing."""
    drawn = invented(chance, number)
    band = "27-29" if drawn.is_child else drawn.age_band
    return replace(drawn, age_band=band, region="GB-KEN" if drawn.region == "GB-SCT" else drawn.region)


def _to_referral(who: Invented, on: date, channel: str) -> list[Step]:
    return [
        act.detect(who, on, channel, named=True),
        act.screen(who, on, "indicated", ("deception", "threat")),
        act.consent(who, on, "referral"),
        act.refer(who, on),
    ]


def _to_presumed(who: Invented, on: date) -> list[Step]:
    first_on = working(on + timedelta(days=6))
    return [
        act.acknowledge(who, working(on + timedelta(days=1))),
        act.decide(who, first_on, 1, "positive").marked(f"presumed-{who.number}"),
        act.start_recovery(who, first_on),
    ]


def _to_final(who: Invented, on: date, outcome: str) -> list[Step]:
    rest_over_on = working(on + timedelta(days=RECOVERY_DAYS[False] + 9))
    return [act.end_recovery(who, rest_over_on), act.decide(who, rest_over_on + timedelta(days=21), 2, outcome)]


def _nobody_picked_up(who: Invented, times: Times) -> Story:
    on = times.ago(41)
    steps = _to_referral(who, on, "asylum")
    title = f"a referral that nobody picked up since {on}"
    return Story("nobody_picked_up", title, BORDER, who.label, (thread(BORDER, steps),))


def _duplicate(who: Invented, times: Times) -> Story:
    again, year = f"{who.label}-again", times.december
    first_on, again_on, merged_on = date(year, 11, 12), date(year, 12, 9), date(year + 1, 1, 15)
    first = thread(POLICE, _to_referral(who, first_on, "raid"))
    twice = [
        act.detect(who, again_on, "health", again),
        act.screen(who, again_on, "inconclusive", label=again),
        act.merge(who.label, again, merged_on),
        act.confirm(who.label, again, merged_on),
    ]
    authority = thread(AUTHORITY, _to_presumed(who, first_on))
    title = f"one person in two records until {merged_on}, after the quarter was closed: compare --as-of"
    return Story("duplicate", title, POLICE, who.label, (first, thread(POLICE, twice), authority))


def _overspent(who: Invented, times: Times) -> Story:
    year = times.december
    contract = contract_label(HARBOUR, year)
    weeks = [date(year, 12, day) for day in (1, 8, 15, 22)]
    units = [
        Unit("crisis_accommodation", "bed_night", 7, first, first + timedelta(days=6), contract) for first in weeks
    ]
    came_on = date(year, 11, 26)
    steps = [
        help_act.register(who, came_on, "self"),
        help_act.offer(who, came_on, ("crisis_accommodation",)),
        help_act.accept(who, came_on),
        help_act.house(who, HARBOUR, came_on, "crisis_room", 60),
        *(help_act.deliver(who, unit) for unit in units),
        help_act.leave(who, date(year, 12, 29)),
        help_act.close(who, date(year + 1, 1, 5), "other"),
    ]
    title = f"a contract that hit its ceiling in December {year}: crisis care goes on, unpaid"
    return Story("overspent", title, HARBOUR, who.label, (thread(HARBOUR, steps),), tuple(units))


def _revoked(who: Invented, times: Times) -> Story:
    on = times.ago(210)
    revoked_on = working(on + timedelta(days=28))
    steps = [
        *_to_referral(who, on, "raid"),
        *finding.asking(who, HARBOUR, on),
        act.revoke(who, revoked_on, "referral").waiting(f"presumed-{who.number}"),
    ]
    title = f"consent to the referral taken back on {revoked_on}, between two decisions"
    declined = helping.helped(Random(who.number), who, HARBOUR, on, accepts=False)
    threads = (thread(POLICE, steps), thread(AUTHORITY, _to_presumed(who, on)), *declined.threads)
    return Story("revoked", title, POLICE, who.label, threads)


def _refuses_but_shelter(who: Invented, times: Times) -> Story:
    on = times.ago(330)
    moved_in_on, moved_out_on = working(on + timedelta(days=4)), working(on + timedelta(days=64))
    left = help_act.leave(who, moved_out_on, "returned")
    returns = help_act.goes_abroad(who, "RO", moved_out_on - timedelta(days=20))
    finder = [
        act.detect(who, on, "police", named=True),
        act.screen(who, on, "indicated", ("threat",)),
        act.refuse(who, on, "referral"),
        act.notify(who, on),
        *finding.asking(who, DAWN, on),
    ]
    units = tuple(helping.nights(DAWN, moved_in_on, moved_out_on))
    shelter = [
        help_act.offer(who, moved_in_on),
        help_act.accept(who, moved_in_on),
        help_act.house(who, DAWN, moved_in_on),
        *sorted((*(help_act.deliver(who, unit) for unit in units), left, *returns), key=lambda step: step.on),
        help_act.close(who, moved_out_on + timedelta(days=3), "returned"),
    ]
    title = "an adult who refuses the referral and takes the shelter: help needs no status; and goes home in the end"
    threads = (thread(POLICE, finder), thread(DAWN, shelter))
    return Story("refuses_but_shelter", title, POLICE, who.label, threads, units)


def _charged(who: Invented, times: Times) -> Story:
    on = times.ago(260)
    steps = [
        *_to_referral(who, on, "raid"),
        act.consent(who, on, "proceedings"),
        act.report(who, on, CROWN, ""),
    ]
    crown = [
        court_act.charge_victim(who, on + timedelta(days=30)),
        court_act.review_charge(who, on + timedelta(days=75), "dropped"),
    ]
    authority = [*_to_presumed(who, on), *_to_final(who, on + timedelta(days=6), "positive")]
    title = "a victim charged with an offence; the charge is dropped after the review"
    threads = (thread(POLICE, steps), thread(CROWN, crown), thread(AUTHORITY, authority))
    return Story("charged", title, POLICE, who.label, threads)


def _six_months(who: Invented, times: Times) -> Story:
    came_on = times.ago(720)
    left_on = working(came_on + timedelta(days=182))
    units = tuple(helping.nights(DAWN, came_on, left_on))
    steps = [
        help_act.register(who, came_on, "outreach"),
        help_act.offer(who, came_on),
        help_act.accept(who, came_on),
        help_act.assess(who, came_on),
        help_act.plan(who, came_on, left_on, helping.GOALS),
        help_act.house(who, DAWN, came_on, max_days=200),
        *(help_act.deliver(who, unit) for unit in units),
        help_act.leave(who, left_on),
        help_act.phase(who, left_on, "follow_up"),
        *helping.followed_up(Random(who.number), who, left_on, reached=1.0),
    ]
    title = "a shelter paid for six months that follows the person for twelve more"
    return Story("six_months", title, DAWN, who.label, (thread(DAWN, steps),), units)


def _reconsidered(who: Invented, times: Times) -> Story:
    on = times.ago(420)
    again_on = working(on + timedelta(days=45))
    authority = [
        act.acknowledge(who, working(on + timedelta(days=1))),
        act.decide(who, working(on + timedelta(days=8)), 1, "negative"),
        act.ask_again(who, working(on + timedelta(days=20))),
        act.decide(who, again_on, 1, "positive"),
        act.start_recovery(who, again_on),
        *_to_final(who, again_on, "positive"),
    ]
    title = "a negative decision, reconsidered, positive in the end"
    threads = (thread(BORDER, _to_referral(who, on, "border")), thread(AUTHORITY, authority))
    return Story("reconsidered", title, BORDER, who.label, threads)


def _boat(crew: list[Invented], times: Times) -> Story:
    """One incident, one case, 24 victims, 3 defendants, 1 convicted."""
    on, incident, case = times.ago(600), "@incident-boat", "@case-boat"
    men = [replace(who, sex="male", form="forced_labour", industry="A", region="GB-ESS") for who in crew]
    helped = {who.number: _helped_off_the_boat(who, on) for who in men if _asks_for_help(who)}
    court = thread(CROWN, _boat_case(case, incident, on))
    threads = [
        *(one for who in men for one in _of_the_boat(who, on, incident, case, first=who is men[0])),
        *(one for each in helped.values() for one in each.threads),
        court,
    ]
    victims = [safety.Victim(who, helped[who.number].threads if who.number in helped else ()) for who in men]
    threads += safety.watched(Random("boat"), case, court.steps, victims)
    units = tuple(unit for each in helped.values() for unit in each.units)
    title = f"a fishing boat: one case, {len(men)} victims, 3 defendants, 1 convicted"
    return Story("boat", title, BORDER, men[0].label, tuple(threads), units)


def _of_the_boat(who: Invented, on: date, incident: str, case: str, *, first: bool) -> Iterator[Thread]:
    known = act.open_incident(0, who, on)
    steps = [
        act.detect(who, on, "labour_inspection", named=True),
        act.screen(who, on, "indicated", ("payments", "coercion")),
        act.consent(who, on, "referral"),
        *([replace(known, gives={"incident_id": incident})] if first else []),
        act.link(who, on, incident),
        act.refer(who, on, (incident,)),
        act.consent(who, on, "proceedings"),
        act.report(who, on, CROWN, incident),
        *(finding.asking(who, HARBOUR, on) if _asks_for_help(who) else ()),
    ]
    yield thread(BORDER, steps)
    yield thread(AUTHORITY, [*_to_presumed(who, on), *_to_final(who, on + timedelta(days=6), "positive")])
    yield thread(CROWN, _in_the_boat_case(who, case, on, claims=who.number % 4 == 0))


def _in_the_boat_case(who: Invented, case: str, on: date, *, claims: bool) -> Iterator[Step]:
    """All are victims in it; some claim compensation, which the skipper pays in part."""
    yield court_act.link(who, case, working(on + timedelta(days=20)))
    if claims:
        yield court_act.claim(who, case, working(on + timedelta(days=120)), 900_000)
        yield court_act.award(who, working(on + timedelta(days=320)), 600_000)
        yield court_act.compensate(who, working(on + timedelta(days=400)), 250_000)


def _asks_for_help(who: Invented) -> bool:
    return who.number % 2 == 1


def _helped_off_the_boat(who: Invented, on: date) -> helping.Helped:
    return helping.helped(Random(who.number), who, HARBOUR, on, accepts=who.number % 4 == 1)


def _boat_case(case: str, incident: str, on: date) -> Iterator[Step]:
    skipper, mate, owner = (f"@defendant-boat-{nth}" for nth in range(1, 4))
    began_on = working(on + timedelta(days=10))
    yield from cases.opened(case, (incident,), began_on, ("documents", "financial", "digital"), proactive=True)
    for one, role in ((skipper, "Exploiter"), (mate, "Transporter"), (owner, "RecruiterOrIntermediary")):
        yield court_act.suspect(case, one, began_on + timedelta(days=14), "male", "39-47", role)
    yield court_act.follow_money(case, began_on + timedelta(days=20))
    yield court_act.trace(case, "@asset-boat", began_on + timedelta(days=40), 18_000_000)
    yield court_act.freeze(case, "@asset-boat", began_on + timedelta(days=45))
    charged_on = working(began_on + timedelta(days=90))
    yield from (court_act.charge(case, one, charged_on) for one in (skipper, mate, owner))
    yield court_act.end_proceedings(case, owner, charged_on + timedelta(days=60), "absconded")
    indicted_on = working(charged_on + timedelta(days=90))
    yield from cases.in_court(case, {skipper: "convicted", mate: "acquitted"}, indicted_on, 84)
