"""Lists of persons by filter: who they are to the system, where they stand, how many agencies know them."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nrm_coordinator.moment import AsOf
from nrm_coordinator.overdue import open_deadlines, overdue
from nrm_coordinator.people import Names, everybody
from nrm_coordinator.profiles import Profile, descriptions, profiles
from nrm_coordinator.standing import Standing, known_references, newest, standings
from nrm_kernel.views import ViewReader

References = Sequence[tuple[str, str]]
"""What agencies call one person: pairs of a reference and the agency."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which persons; an empty field lets everybody through."""

    region: str = ""
    sex: str = ""
    age_band: str = ""
    identification: str = ""
    assistance: str = ""
    overdue: bool = False

    def has_profile(self, profile: Profile) -> bool:
        """Whether a person of this profile is meant."""
        wanted = (self.region, profile.region), (self.sex, profile.sex), (self.age_band, profile.age_band)
        return all(not code or code == held for code, held in wanted)

    def has_standing(self, standing: Standing) -> bool:
        """Whether a person who stands there is meant."""
        wanted = (self.identification, standing.identification), (self.assistance, standing.assistance)
        return all(not code or code == held for code, held in wanted)


@dataclass(frozen=True, slots=True)
class Summary:
    """One person in a list: how many agencies know them, and how many of their deadlines have passed."""

    person: str
    profile: Profile
    standing: Standing
    agencies: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the persons who fit, by reference; ``total`` is how many fit, ``more`` whether any come after these."""

    summaries: Sequence[Summary]
    total: int
    more: bool


async def listed(reader: ViewReader, as_of: AsOf, wanted: Filter, after: str, size: int) -> Page:
    """The persons who fit and come after a reference. Only what the filter asks of is read of everybody."""
    names = await everybody(reader, as_of)
    references = await _references(reader, as_of, names)
    fitting = sorted(await _fitting(reader, as_of, wanted, names, set(references)))
    ahead = [person for person in fitting if person > after]
    page = {person: references[person] for person in ahead[:size]}
    return Page(await _summaries(reader, as_of, names, page), len(fitting), len(ahead) > len(page))


async def _references(reader: ViewReader, as_of: AsOf, names: Names) -> Mapping[str, References]:
    """Everybody whom any agency knows, and by what."""
    of_persons: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for ref, origin in await known_references(reader, as_of):
        of_persons[names.name(ref)].append((ref, origin))
    return of_persons


async def _fitting(reader: ViewReader, as_of: AsOf, wanted: Filter, names: Names, persons: set[str]) -> set[str]:
    if wanted.identification or wanted.assistance:
        held = standings(await newest(reader, as_of), names)
        persons &= {person for person, standing in held.items() if wanted.has_standing(standing)}
    if wanted.region or wanted.sex or wanted.age_band:
        known = profiles(await descriptions(reader, as_of), names)
        persons &= {person for person, profile in known.items() if wanted.has_profile(profile)}
    if wanted.overdue:
        persons &= {names.name(one.subject) for one in await overdue(reader, as_of, names) if one.subject}
    return persons


async def _summaries(
    reader: ViewReader, as_of: AsOf, names: Names, page: Mapping[str, References]
) -> Sequence[Summary]:
    refs = {ref for ref, person in names.smallest.items() if person in page} | page.keys()
    known = profiles(await descriptions(reader, as_of, refs), names)
    held = standings(await newest(reader, as_of, refs), names)
    deadlines = await open_deadlines(reader, refs, as_of, names)
    late = Counter(names.name(one.subject) for one in deadlines if one.days_late(as_of.day))
    return [
        Summary(
            person,
            known.get(person, Profile()),
            held.get(person, Standing()),
            len({origin for _, origin in references}),
            late[person],
        )
        for person, references in page.items()
    ]
