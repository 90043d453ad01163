"""National policies: read from data, held against the floors of law, pinned to a version and a hash."""

import json
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from nrm_contracts.policy import FLOORS, Calendar, NationalPolicy
from nrm_kernel.calendar import national_calendar
from nrm_kernel.errors import Invalid
from nrm_kernel.policy_file import Head, PolicyRefused, Reading, Version, explained, open_file

_POLICY: Final = TypeAdapter(NationalPolicy)
_FOLLOWS: Final = ("version", "hash", "valid_from", "instrument", "sources")
"""Fields of a policy that follow from the file and are not written in it."""


@dataclass(frozen=True)
class PolicyHistory:
    """All versions of one country's policy, oldest first."""

    versions: tuple[NationalPolicy, ...]

    @property
    def newest(self) -> NationalPolicy:
        """The version that came last."""
        return self.versions[-1]

    def at(self, day: date) -> NationalPolicy:
        """The version in force on the day. Raises :class:`Invalid` for a day before the first version."""
        index = bisect_right(self.versions, day, key=lambda policy: policy.valid_from)
        if index:
            return self.versions[index - 1]
        first = self.versions[0]
        raise Invalid(
            "POLICY_NOT_IN_FORCE",
            f"No policy of {first.country} is held for {day.isoformat()}: the first one holds from "
            f"{first.valid_from.isoformat()}. Check the date, or add the older rules to the policy file.",
        )


def load_history(path: Path) -> PolicyHistory:
    """Every version of the policy in the file. Raises :class:`PolicyRefused` with all faults."""
    head, file = open_file(path)
    try:
        calendar = national_calendar(head.calendar)
    except NotImplementedError:
        raise PolicyRefused(path, [f"calendar: the holidays of {head.calendar!r} are not known."]) from None
    faults = [f"{key}: follows from the rest of the file. Leave it out." for key in _FOLLOWS if key in file]
    policies = []
    for version in sorted(head.versions, key=lambda each: each.since):
        reading = Reading(version.since, frozenset(each.since for each in head.versions))
        values = reading.read(file)
        try:
            policies.append(_policy(head, version, calendar, values, reading.sources))
        except ValidationError as wrong:
            faults += explained(wrong)
        faults += reading.faults
    faults += [fault for policy in policies for fault in floors_broken(policy)]
    if faults:
        raise PolicyRefused(path, faults)
    return PolicyHistory(tuple(policies))


def floors_broken(policy: NationalPolicy) -> list[str]:
    """One line for each floor of law that the policy goes under: what, the floor, its source, what to do."""
    return [
        f"{floor.key}: {policy.version} goes under the floor of {floor.source}, which demands {floor.demand}. "
        "Raise the value to the floor or above it."
        for floor in FLOORS
        if not floor.holds(policy)
    ]


def _policy(
    head: Head, version: Version, calendar: Calendar, values: object, sources: Mapping[str, object]
) -> NationalPolicy:
    name = f"{head.country.lower()}-{version.since.isoformat()}"
    assert isinstance(values, dict)
    canonical = json.dumps([name, head.calendar, values], sort_keys=True)
    return _POLICY.validate_python(
        values
        | {
            "country": head.country,
            "calendar": calendar,
            "version": name,
            "hash": sha256(canonical.encode()).hexdigest(),
            "valid_from": version.since,
            "instrument": version.instrument,
            "sources": sources,
        }
    )
