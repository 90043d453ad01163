"""What is known of a person beyond references: coarse codes from what agencies described, and whether it is a child."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Select, select

from nrm_contracts.assistance import events as assistance
from nrm_contracts.codes import code_list
from nrm_contracts.identification import events as identification
from nrm_contracts.prosecution import events as prosecution
from nrm_coordinator import tables as t
from nrm_coordinator.corrections import stands
from nrm_coordinator.making import Build, Builds, Given
from nrm_coordinator.moment import AsOf
from nrm_coordinator.people import Names
from nrm_kernel.views import Add, ViewReader

DETECTED, DESCRIBED, AGE = "detected", "described", "age"
NOT_KNOWN = ("", "unknown", "not_asked")
_FIELDS = ("region", "sex", "age_band", "language", "detection_channel")


@dataclass(frozen=True, slots=True)
class Profile:
    """The newest that is known of each, and the channel by which the person was found first."""

    region: str = ""
    sex: str = ""
    age_band: str = ""
    language: str = ""
    detection_channel: str = ""
    minor: bool = False


@dataclass(frozen=True, slots=True)
class Description:
    """What one fact tells of a person."""

    person_ref: str
    source: str
    region: str
    sex: str
    age_band: str
    language: str
    detection_channel: str
    minor: bool
    occurred_on: str
    origin: str


async def descriptions(reader: ViewReader, as_of: AsOf, refs: Collection[str] | None = None) -> list[Description]:
    """What was told of the persons behind these references, or of all, in the order in which it was recorded."""
    query = _told(as_of)
    rows = await reader.rows(query if refs is None else query.where(t.profile.c.person_ref.in_(refs)))
    return [Description(*tuple(row)) for row in rows]


def _told(as_of: AsOf) -> Select[tuple[str, str, str, str, str, str, str, bool, str, str]]:
    c = t.profile.c
    told = (c.person_ref, c.source, c.region, c.sex, c.age_band, c.language, c.detection_channel, c.minor)
    return (
        select(*told, c.occurred_on, c.origin)
        .where(c.recorded_at <= as_of.moment, stands(t.profile, as_of))
        .order_by(c.recorded_at, c.origin, c.position)
    )


def profiles(told: Iterable[Description], names: Names) -> dict[str, Profile]:
    """The profile of each person."""
    of_persons: dict[str, list[Description]] = {}
    for one in told:
        of_persons.setdefault(names.name(one.person_ref), []).append(one)
    return {person: profile(of_person) for person, of_person in of_persons.items()}


def profile(told: Collection[Description]) -> Profile:
    """What descriptions of one person come to, the oldest first. "Unknown" takes the place of nothing that is known."""
    return Profile(
        region=_newest(one.region for one in told),
        sex=_newest(one.sex for one in told),
        age_band=_newest(one.age_band for one in sorted(told, key=lambda one: one.source == AGE)),
        language=_newest(one.language for one in told),
        detection_channel=_first_channel(told),
        minor=any(one.minor for one in _age_facts(told)),
    )


def _first_channel(told: Collection[Description]) -> str:
    """Of the first detection. What was passed on copies one, and is not put right with it."""
    detections = [one for one in told if one.source == DETECTED]
    by_day = sorted(detections or told, key=lambda one: one.occurred_on)
    return _newest(one.detection_channel for one in reversed(by_day))


def first_told_minor(told: Collection[Description]) -> Description | None:
    """Why the person counts as a child: the first of what still says so."""
    return next((one for one in _age_facts(told) if one.minor), None)


def _age_facts(told: Collection[Description]) -> list[Description]:
    """What counts on the age: the newest that was found out or doubted; failing that, whatever anybody described.

    One description of a child is enough: who may be one is treated as one (CoE convention 197, art. 10.3).
    """
    found_out = [one for one in told if one.source == AGE]
    return found_out[-1:] if found_out else list(told)


def _newest(codes: Iterable[str]) -> str:
    newest = ""
    for code in codes:
        if code not in NOT_KNOWN or newest in NOT_KNOWN:
            newest = code or newest
    return newest


def _is_child(band: str) -> bool:
    return code_list("age_band").attribute(band, "group") == "child"


def _row(given: Given, source: str, told: Mapping[str, str], *, minor: bool) -> tuple[Add]:
    cells = {name: told.get(name, "") for name in _FIELDS}
    more = {"person_ref": given.data["person_ref"], "source": source, "minor": minor, "occurred_on": given.on}
    return (given.adds(t.profile, cells | more),)


def _described(minor: str, source: str = DESCRIBED) -> Build:
    def build(given: Given) -> tuple[Add]:
        return _row(given, source, given.data, minor=given.data[minor] or _is_child(given.data["age_band"]))

    return build


def _registered(given: Given) -> Iterable[Add]:
    """Who came by themselves was found so; of whom an agency was asked to help it knows no channel."""
    source = DESCRIBED if given.data["detection_channel"] in NOT_KNOWN else DETECTED
    return _described("minor", source)(given)


def _redescribed(given: Given) -> tuple[Add]:
    """What another agency put right; whether it is a child was not in question."""
    return _row(given, DESCRIBED, given.data, minor=_is_child(given.data["age_band"]))


def _reported(given: Given) -> tuple[Add]:
    """What a prosecutor hears: whether it is a child, and no more."""
    return _row(given, DESCRIBED, {}, minor=given.data["minor"])


def _doubted(given: Given) -> tuple[Add]:
    return _row(given, AGE, {}, minor=True)


def _assessed(given: Given) -> tuple[Add]:
    """A result that leaves the doubt open keeps the person treated as a child."""
    band = given.data["result_band"]
    is_adult = code_list("age_band").attribute(band, "group") == "adult"
    return _row(given, AGE, {"age_band": band}, minor=not is_adult)


FACTS: Builds = {
    identification.PersonDetected: _described("minor_claimed", DETECTED),
    identification.DetectionCorrected: _described("minor_claimed", DETECTED),
    identification.ReferralReceived: _described("minor"),
    identification.SuggestionReceived: _described("minor"),
    identification.ProfileCorrectionReceived: _redescribed,
    assistance.ProfileCorrected: _redescribed,
    assistance.PersonRegistered: _registered,
    prosecution.VictimReportReceived: _reported,
    prosecution.VictimRegistered: _reported,
    identification.MinorPresumed: _doubted,
    identification.AgeDisputed: _doubted,
    identification.AgeAssessed: _assessed,
}
