"""What a person's safety is known to be: what was told of it and still lasts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from immutables import Map

from nrm_contracts.identification.joined_events import (
    OtherHearingCallOffReceived,
    OtherHearingReceived,
    OtherOffenderReleaseReceived,
    OtherProtectionChangeReceived,
)
from nrm_contracts.identification.person_events import PersonRecordReleased, PersonRecordsUnmerged
from nrm_contracts.identification.sharing_events import (
    HearingCallOffReceived,
    HearingReceived,
    OffenderReleaseReceived,
    ProtectionChangeReceived,
)
from nrm_kernel.changing import replace
from nrm_kernel.identity import service_of

WEEK = timedelta(days=6)
"""From the Monday by which the end of a measure is told to the last day on which that may be."""

Fact = OffenderReleaseReceived | HearingReceived | HearingCallOffReceived | ProtectionChangeReceived
Topic = tuple[str, str, date]
"""A release by its day, a hearing by kind and day, a measure by its kind and first week."""


@dataclass(frozen=True, slots=True)
class Safety:
    """The last word on each topic, by the record of the person it was told of ("" for this one) and by who told it.

    What was called off or ended is kept: somebody may have heard of it, and not of its end.
    """

    last: Map[tuple[str, str, Topic], Fact] = Map()

    @property
    def releases(self) -> list[date]:
        """Days on which an offender became free."""
        return sorted({one.released_on for one in self.last.values() if isinstance(one, OffenderReleaseReceived)})

    def hearings_from(self, on: date) -> list[tuple[str, date]]:
        """Hearings that are not over on that day."""
        set_for = (one for one in self.last.values() if isinstance(one, HearingReceived))
        return sorted({(one.kind, one.hearing_on) for one in set_for if one.hearing_on >= on})

    def called_off_from(self, on: date) -> list[tuple[str, date]]:
        """Hearings that would not be over on that day, and do not take place."""
        called_off = (one for one in self.last.values() if isinstance(one, HearingCallOffReceived))
        days = {(one.kind, one.hearing_on) for one in called_off if one.hearing_on >= on}
        return sorted(days - set(self.hearings_from(on)))

    def protection_on(self, on: date) -> list[ProtectionChangeReceived]:
        """Measures that may stand on that day."""
        granted = (one for one in self._measures() if one.change != "ended")
        return _in_order(one for one in granted if one.ends_on is None or one.ends_on + WEEK >= on)

    def protection_ended(self) -> list[ProtectionChangeReceived]:
        """Measures of which the last word is that they ended."""
        return _in_order(one for one in self._measures() if one.change == "ended" and not self.stands(one))

    def own(self, on: date) -> list[Fact]:
        """What was told of this very record and is not over on that day."""
        standing = (fact for (about, _, _), fact in self.last.items() if not about and not ends(fact))
        return sorted((fact for fact in standing if _last_day(fact) >= on), key=lambda one: (one.sender, _topic(one)))

    def stands(self, fact: Fact, by: str = "") -> HearingReceived | ProtectionChangeReceived | None:
        """What somebody else told on the same topic, and did not take back; ``by``: an agency of that kind alone."""
        same = (key for key in self.last if key[2] == _topic(fact) and key != _key(fact))
        told = (self.last[key] for key in sorted(same) if by in ("", service_of(key[1])))
        lasting = (one for one in told if isinstance(one, HearingReceived | ProtectionChangeReceived))
        return next((one for one in lasting if not ends(one)), None)

    def _measures(self) -> Iterator[ProtectionChangeReceived]:
        return (one for one in self.last.values() if isinstance(one, ProtectionChangeReceived))


_IN_ANOTHER: Mapping[type[Fact], type[Fact]] = {
    OffenderReleaseReceived: OtherOffenderReleaseReceived,
    HearingReceived: OtherHearingReceived,
    HearingCallOffReceived: OtherHearingCallOffReceived,
    ProtectionChangeReceived: OtherProtectionChangeReceived,
}
_Other = (
    OtherOffenderReleaseReceived | OtherHearingReceived | OtherHearingCallOffReceived | OtherProtectionChangeReceived
)


def in_another(fact: Fact, person_ref: str, told_for: str) -> Fact:
    """The same fact in the record ``person_ref`` of the person; it was told of the record ``told_for``."""
    return _IN_ANOTHER[type(fact)](**asdict(fact) | {"person_ref": person_ref, "told_for": told_for})


def ends(fact: Fact) -> bool:
    """Whether it takes back what was told before."""
    return isinstance(fact, HearingCallOffReceived) or (
        isinstance(fact, ProtectionChangeReceived) and fact.change == "ended"
    )


def _last_day(fact: Fact) -> date:
    match fact:
        case HearingReceived() | HearingCallOffReceived():
            return fact.hearing_on
        case ProtectionChangeReceived(ends_on=date() as ends_on):
            return ends_on + WEEK
        case _:
            return date.max


def _topic(fact: Fact) -> Topic:
    match fact:
        case OffenderReleaseReceived():
            return "release", "", fact.released_on
        case ProtectionChangeReceived():
            return "protection", fact.measure, fact.starts_on
        case _:
            return "hearing", fact.kind, fact.hearing_on


def _key(fact: Fact) -> tuple[str, str, Topic]:
    told_for = fact.told_for if isinstance(fact, _Other) else ""
    return told_for, fact.sender, _topic(fact)


def _in_order(changes: Iterable[ProtectionChangeReceived]) -> list[ProtectionChangeReceived]:
    return sorted(changes, key=lambda one: (one.measure, one.starts_on, one.sender))


def evolve(safety: Safety, event: object) -> Safety:
    """What is known after an event; most events leave it as it is."""
    match event:
        case (
            OffenderReleaseReceived() | HearingReceived() | HearingCallOffReceived() | ProtectionChangeReceived()
        ) as fact:
            return Safety(safety.last.set(_key(fact), fact))
        case PersonRecordsUnmerged(absorbed_ref=other, unmerged_on=on):
            return _without(safety, other, on)
        case PersonRecordReleased(from_ref=other, released_on=on):
            return _without(safety, other, on)
        case _:
            return safety


def _without(safety: Safety, other: str, on: date) -> Safety:
    """Nothing told of the other record stands here any more: it is another person's."""
    last = safety.last
    for key, fact in safety.last.items():
        if key[0] == other:
            taken_back = _taken_back(fact, on)
            last = last.set(key, taken_back) if taken_back else last.delete(key)
    return Safety(last)


def _taken_back(fact: Fact, on: date) -> Fact | None:
    match fact:
        case OtherHearingReceived():
            return OtherHearingCallOffReceived(**asdict(fact))
        case ProtectionChangeReceived():
            return fact if ends(fact) else replace(fact, change="ended", ends_on=on)
        case OffenderReleaseReceived():
            return None
        case _:
            return fact
