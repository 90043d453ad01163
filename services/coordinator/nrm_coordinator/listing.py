"""Lists of persons by filter: who they are to the system, where they stand, how many agencies know them."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nrm_coordinator.moment import AsOf
from nrm_coordinator.overdue import overdue
from nrm_coordinator.people import Names, everybody
from nrm_coordinator.profiles import Profile, descriptions, profiles
from nrm_coordinator.standing import Newest, Standing, newest, standings
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
    """One person in a list: how many agencies know them, and how many of their deadlines have passed."""

    person: str
    profile: Profile
    standing: Standing
    agencies: int
    overdue: int


async def summaries(reader: ViewReader, as_of: AsOf, wanted: Filter) -> list[Summary]:
    """Every person who fits, by reference."""
    names = await everybody(reader, as_of)
    marks = await newest(reader, as_of)
    of_profiles = profiles(await descriptions(reader, as_of), names)
    late = Counter(names.name(one.subject) for one in await overdue(reader, as_of, names) if one.subject)
    agencies = _agencies(marks, names)
    found = (
        Summary(person, of_profiles.get(person, Profile()), standing, len(agencies[person]), late[person])
        for person, standing in sorted(standings(marks, names).items())
    )
    return [summary for summary in found if wanted.fits(summary)]


def _agencies(marks: Sequence[Newest], names: Names) -> Mapping[str, set[str]]:
    """Which agencies know each person: those that recorded anything that moves them."""
    known: dict[str, set[str]] = defaultdict(set)
    for mark in marks:
        known[names.name(mark.subject)].add(mark.origin)
    return known
