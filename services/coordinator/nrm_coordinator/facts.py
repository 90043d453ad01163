"""The one view of the coordinator: what each entry of any agency adds to its tables. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, cast

from nrm_contracts import catalogue
from nrm_coordinator import (
    casework,
    consents,
    help_given,
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
from nrm_coordinator.making import Build, Data
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
)


def _by_event() -> Mapping[type[Any], Sequence[Build]]:
    """Which topics an event adds to, worked out once: most events concern few."""
    builds: dict[type[Any], list[Build]] = defaultdict(list)
    for topic in _TOPICS:
        for form, build in topic.items():
            builds[form].append(build)
    return {form: tuple(of_form) for form, of_form in builds.items()}


BUILDS = _by_event()


def apply(entry: Entry) -> list[Add]:
    """Every fact that an entry gives. Raises UnknownEvent when a newer release wrote the entry."""
    envelope = entry.envelope
    form = catalogue.find(entry.type, cast(int, envelope["schema"])).form
    data = cast(Data, envelope["data"])
    if entry.to:
        return refusals.of_notice(entry, data)
    return [add for build in BUILDS.get(form, ()) for add in build(entry, data)]


NATIONAL = View(name="national", version=2, metadata=tables.metadata, apply=apply)
