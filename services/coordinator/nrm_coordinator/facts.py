"""The one view of the coordinator: what each entry of any agency adds to its tables. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, cast

from nrm_contracts import catalogue
from nrm_coordinator import (
    casework,
    consents,
    corrections,
    foreign,
    help_given,
    incidents,
    milestones,
    overdue,
    people,
    profiles,
    refusals,
    spending,
    standing,
    tables,
    timeline,
)
from nrm_coordinator.making import Build, Given
from nrm_kernel.entry import Entry
from nrm_kernel.views import Add, View

_TOPICS = (
    timeline.FACTS,
    standing.FACTS,
    milestones.FACTS,
    people.FACTS,
    profiles.FACTS,
    overdue.FACTS,
    consents.FACTS,
    help_given.FACTS,
    spending.FACTS,
    casework.FACTS,
    refusals.FACTS,
    corrections.FACTS,
    incidents.FACTS,
)


def _by_event() -> Mapping[tuple[str, int], Sequence[Build]]:
    """Which topics an event adds to, worked out once: most events concern few."""
    builds: dict[type[Any], list[Build]] = defaultdict(list)
    for topic in _TOPICS:
        for form, build in topic.items():
            builds[form].append(build)
    kinds = {form: catalogue.type_of(form) for form in builds}
    return {(kinds[form].name, kinds[form].version): tuple(of_form) for form, of_form in builds.items()}


BUILDS = _by_event()


def apply(entry: Entry) -> list[Add]:
    """Every fact that an entry gives; one that is not its agency's to record gives none. Raises UnknownEvent when a
    newer release wrote the entry."""
    name, version = entry.type, cast(int, entry.envelope["schema"])
    if entry.to:
        catalogue.find(name, version)
        return refusals.of_notice(Given.by(entry))
    builds = BUILDS.get((name, version))
    if builds is None:
        catalogue.find(name, version)
    if not foreign.is_own(entry.origin, name):
        return foreign.of_foreign(name, Given.by(entry))
    if not builds:
        return []
    given = Given.by(entry)
    return [add for build in builds for add in build(given)]


NATIONAL = View(name="national", version=11, metadata=tables.metadata, apply=apply)
