"""A wrong description of a person is put right, and whoever was told the wrong one hears the right one.

Whether somebody is a child is no slip of the pen: a band is corrected within childhood or within adulthood, and is
assessed between them. What ran from the day first written down goes on as it was started.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated

from nrm_contracts.fields import Code, Day
from nrm_contracts.identification.events import ProfileCorrectedNotified
from nrm_contracts.identification.person_events import DetectionCorrected, PersonDetected, ProfileCorrectionReceived
from nrm_contracts.identification.terms import AgeBand, Channel, Language, Region, Sex
from nrm_identification.domain.command import AboutPerson
from nrm_identification.domain.hearing import Heard
from nrm_identification.domain.standing import require_current
from nrm_identification.domain.state.childhood import age_group
from nrm_identification.domain.state.person import Person, profile_of
from nrm_identification.domain.telling import brought_in, tell
from nrm_kernel.decider import Decision, Notice
from nrm_kernel.errors import Refused
from nrm_kernel.identity import service_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectDetection(AboutPerson):
    """All that is right of how the person became known, also where it was right before."""

    reason: Annotated[str, Code("correction_reason")]
    happened_on: Day
    detection_channel: Channel
    region: Region
    age_band: AgeBand
    sex: Sex
    language: Language


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordProfileCorrection(Heard):
    notice: ProfileCorrectedNotified


def correct_detection(command: CorrectDetection, person: Person) -> Decision:
    """By the agency that detected the person; to a day that is not after what followed it."""
    require_current(command, person)
    written = _written(person)
    _require_difference(command, written)
    _require_known_age(command, person)
    _require_possible_day(command, person, written)
    corrected = DetectionCorrected(
        person_ref=command.person_ref,
        corrects=person.detected_at,
        reason=command.reason,
        happened_on=command.happened_on,
        detection_channel=command.detection_channel,
        region=command.region,
        age_band=command.age_band,
        sex=command.sex,
        minor_claimed=written.minor_claimed,
        language=command.language,
    )
    if _told(command) == _told(written):
        return [corrected]
    return [corrected, *_told_again(command, person, command)]


def record_profile_correction(command: RecordProfileCorrection, person: Person) -> Decision:
    """Passed on to those whom this agency asked to help. Of the age only a nearer band is taken over."""
    profile_of(person)
    known, right = person.childhood, command.notice
    if known.assessed or age_group(known.band) != age_group(right.age_band):
        right = replace(right, age_band=known.band)
    received = ProfileCorrectionReceived(
        person_ref=command.person_ref,
        sender=command.sender,
        region=right.region,
        age_band=right.age_band,
        sex=right.sex,
        language=right.language,
    )
    return [received, *_told_again(command, person, right)]


Described = CorrectDetection | PersonDetected | ProfileCorrectedNotified


def _told(one: Described) -> tuple[str, str, str, str]:
    """What other agencies hear of a person."""
    return one.region, one.age_band, one.sex, one.language


def _told_again(command: AboutPerson, person: Person, right: Described) -> Iterator[Notice]:
    """To authorities that were referred to and those who were asked to help; a prosecutor keeps no description."""
    authorities = {one.peer for one in person.referrals.by_id.values() if not one.here and one.phase != "ended"}
    helping = {one for one in brought_in(person, command.occurred_on) if service_of(one) == "assistance"}
    region, age_band, sex, language = _told(right)
    form = partial(ProfileCorrectedNotified, region=region, age_band=age_band, sex=sex, language=language)
    yield from tell(person, sorted(authorities | helping), form)


def _written(person: Person) -> PersonDetected:
    if person.detected is None:
        raise Refused(
            "DETECTION_ELSEWHERE",
            f"Person {person.person_ref} became known here by another agency's notice. Ask that agency to correct it.",
        )
    return replace(person.detected, age_band=person.childhood.band)


def _require_difference(command: CorrectDetection, written: PersonDetected) -> None:
    right = command.happened_on, command.detection_channel, *_told(command)
    if right == (written.detected_on, written.detection_channel, *_told(written)):
        raise Refused("NOTHING_CORRECTED", "Nothing was recorded: the detection reads so already.")


def _require_known_age(command: CorrectDetection, person: Person) -> None:
    """A band that was assessed stays; any other changes within childhood or within adulthood."""
    known = person.childhood
    if (known.assessed and command.age_band != known.band) or age_group(command.age_band) != age_group(known.band):
        raise Refused(
            "AGE_NEEDS_ASSESSMENT",
            f"The age band {known.band} was assessed, or {command.age_band} would tell a child from an adult "
            "otherwise. Record DisputeAge and then AssessAge.",
        )


def _require_possible_day(command: CorrectDetection, person: Person, written: PersonDetected) -> None:
    last = min(command.occurred_on, person.first_step_on or command.occurred_on)
    if command.happened_on != written.detected_on and command.happened_on > last:
        raise Refused(
            "DAY_IMPOSSIBLE",
            f"The person cannot have been detected on {command.happened_on}: something was done for them, or this is "
            f"corrected, on {last}. Correct the day.",
            last_on=last.isoformat(),
        )
