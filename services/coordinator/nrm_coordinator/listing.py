"""Lists of persons by filter: who they are to the system, where they stand, how many agencies know them."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select

from nrm_coordinator import tables as t
from nrm_coordinator.moment import AsOf
from nrm_coordinator.overdue import overdue
from nrm_coordinator.pathway import Profile
from nrm_coordinator.people import People, everybody
from nrm_coordinator.standing import Fact, Standing, moving_facts, standing
from nrm_kernel.views import ViewReader


@dataclass(frozen=True, slots=True)
class Filter:
    """Which persons; an empty field lets everybody through."""

    region: str = ""
    sex: str = ""
    age_band: str = ""
    identification: str = ""
    assistance: str = ""
    overdue: bool = False

    def fits(self, summary: "Summary") -> bool:
        """Whether this person is meant."""
        wanted = (
            (self.region, summary.profile.region),
            (self.sex, summary.profile.sex),
            (self.age_band, summary.profile.age_band),
            (self.identification, summary.standing.identification),
            (self.assistance, summary.standing.assistance),
        )
        return all(not code or code == held for code, held in wanted) and (not self.overdue or summary.overdue > 0)


@dataclass(frozen=True, slots=True)
class Summary:
    """One person in a list."""

    person: str
    profile: Profile
    standing: Standing
    agencies: int
    overdue: int


async def summaries(reader: ViewReader, as_of: AsOf, wanted: Filter) -> list[Summary]:
    """Every person who fits, by reference."""
    people = await everybody(reader, as_of)
    facts: dict[str, list[Fact]] = defaultdict(list)
    for subject, *fact in [tuple(row) for row in await reader.rows(moving_facts(as_of))]:
        facts[people.name(subject)].append(Fact(*fact))
    profiles = await _profiles(reader, people, as_of)
    agencies = await _agencies(reader, people, as_of)
    late: dict[str, int] = defaultdict(int)
    for deadline in await overdue(reader, as_of):
        late[people.name(deadline.subject)] += 1
    found = (
        Summary(person, profiles.get(person, Profile()), standing(own), agencies.get(person, 0), late.get(person, 0))
        for person, own in sorted(facts.items())
    )
    return [summary for summary in found if wanted.fits(summary)]


async def _profiles(reader: ViewReader, people: People, as_of: AsOf) -> dict[str, Profile]:
    """The newest profile of each person."""
    c = t.profile.c
    rows = await reader.rows(
        select(c.person_ref, c.region, c.sex, c.age_band, c.language, c.detection_channel, c.minor)
        .where(c.recorded_at <= as_of.moment)
        .order_by(c.recorded_at, c.origin.desc(), c.position)
    )
    return {people.name(row.person_ref): Profile(*tuple(row)[1:]) for row in rows}


async def _agencies(reader: ViewReader, people: People, as_of: AsOf) -> dict[str, int]:
    """How many agencies know each person."""
    c = t.step.c
    known: dict[str, set[str]] = defaultdict(set)
    for row in await reader.rows(select(c.subject, c.origin).where(c.recorded_at <= as_of.moment).distinct()):
        known[people.name(row.subject)].add(row.origin)
    return {person: len(origins) for person, origins in known.items()}
