"""A wrong description of a person is put right: in one new entry, and with everybody who was told the wrong one."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.identification.scene import AUTHORITY, PROSECUTOR, SHELTER, SIGNS, after
from tests.identification.story import World

from nrm_contracts.codes import code_list
from nrm_contracts.identification.events import (
    DetectionCorrected,
    PersonDetected,
    ProfileCorrectedNotified,
    ProfileCorrectionReceived,
)
from nrm_identification.domain.child import AssessAge, DisputeAge, PresumeMinor
from nrm_identification.domain.consent import RefuseConsent, RevokeConsent
from nrm_identification.domain.describing import CorrectDetection
from nrm_identification.domain.detection import Screen
from nrm_identification.domain.sharing import ReportVictim, RequestAssistance
from nrm_identification.domain.state.person import PERSON
from nrm_kernel.errors import Refused

BANDS = st.sampled_from(sorted(code_list("age_band")))


def read(world: World, person_ref: str) -> dict[str, object]:
    """All that the police may correct, as it reads now."""
    written = world.police.person(person_ref).detected
    assert written is not None
    names = ("detection_channel", "region", "age_band", "sex", "language")
    return {"person_ref": person_ref, "reason": "typing_error", "happened_on": written.detected_on} | {
        name: getattr(written, name) for name in names
    }


def refused(world: World, right: dict[str, object]) -> str:
    """Why the police may not correct it so; empty when they may."""
    try:
        world.police.do(CorrectDetection, **right)
    except Refused as refusal:
        return refusal.reason
    return ""


def test_given_a_wrong_description_when_corrected_then_the_new_entry_names_the_old_one_and_deadlines_stay() -> None:
    world = World()
    person_ref = world.detected()
    before = world.police.person(person_ref)
    right = read(world, person_ref) | {"region": "GB-MAN", "happened_on": after(-3)}
    world.police.do(CorrectDetection, **right)
    [written] = world.police.events(person_ref, PersonDetected)
    [corrected] = world.police.events(person_ref, DetectionCorrected)
    assert world.police.streams[PERSON.stream(person_ref)][corrected.corrects - 1] is written
    person = world.police.person(person_ref)
    assert person.profile is not None
    assert (person.profile.region, person.deadlines) == ("GB-MAN", before.deadlines)
    assert world.police.refused(CorrectDetection, **right) == "NOTHING_CORRECTED"
    world.police.do(CorrectDetection, **(right | {"sex": "male"}))
    assert world.police.events(person_ref, DetectionCorrected)[-1].corrects > corrected.corrects


def test_given_those_who_were_told_when_corrected_then_each_hears_it_and_prosecutors_who_keep_none_do_not() -> None:
    world = World()
    there, _ = world.pending()
    here = world.at_referrer()
    world.consent(here, "assistance")
    world.police.do(RequestAssistance, person_ref=here, to=SHELTER)
    world.police.do(ReportVictim, person_ref=here, to=PROSECUTOR, legal_basis="legal_obligation")
    world.police.do(CorrectDetection, **(read(world, here) | {"region": "GB-MAN", "sex": "male"}))
    world.deliver()
    for agency in (AUTHORITY, SHELTER):
        [told] = world.told(agency, ProfileCorrectedNotified)
        assert told.handover_id == world.police.person(here).handovers[agency]
        assert (told.region, told.sex) == ("GB-MAN", "male")
    assert world.told(PROSECUTOR, ProfileCorrectedNotified) == []
    profile = world.authority.person(there).profile
    assert profile is not None
    assert (profile.region, profile.sex) == ("GB-MAN", "male")
    assert len(world.authority.events(there, ProfileCorrectionReceived)) == 1


def test_given_no_more_consent_to_help_when_corrected_then_the_helper_is_told_nothing() -> None:
    world = World()
    here = world.detected()
    world.consent(here, "assistance")
    world.police.do(RequestAssistance, person_ref=here, to=SHELTER)
    world.police.do(RevokeConsent, person_ref=here, scope="assistance")
    world.police.do(CorrectDetection, **(read(world, here) | {"region": "GB-MAN"}))
    assert world.told(SHELTER, ProfileCorrectedNotified) == []


def test_given_what_no_other_agency_was_told_when_corrected_then_nobody_hears_it() -> None:
    world = World()
    world.pending()
    here = world.at_referrer()
    world.police.do(CorrectDetection, **(read(world, here) | {"detection_channel": "hotline"}))
    assert world.told(AUTHORITY, ProfileCorrectedNotified) == []


def test_given_a_person_from_another_agency_when_corrected_here_then_it_is_refused() -> None:
    world = World()
    there, _ = world.pending()
    right = read(world, world.at_referrer()) | {"person_ref": there, "sex": "male"}
    assert world.authority.refused(CorrectDetection, **right) == "DETECTION_ELSEWHERE"


@given(written=BANDS, right=BANDS)
def test_no_correction_makes_a_child_an_adult_or_an_adult_a_child(written: str, right: str) -> None:
    world = World()
    person_ref = world.detected(age_band=written)
    was_child = world.police.person(person_ref).childhood.is_child
    group = code_list("age_band").attribute
    refusal = refused(world, read(world, person_ref) | {"age_band": right, "sex": "male"})
    assert (refusal == "AGE_NEEDS_ASSESSMENT") == (group(written, "group") != group(right, "group"))
    assert world.police.person(person_ref).childhood.is_child == was_child


def test_given_an_assessed_age_when_corrected_then_the_band_stays_as_assessed() -> None:
    world = World()
    person_ref = world.detected(age_band="21-23")
    world.police.do(DisputeAge, person_ref=person_ref, reason="documents_doubtful")
    world.police.do(AssessAge, person_ref=person_ref, method="documents", result_band="9-17")
    right = read(world, person_ref) | {"region": "GB-MAN"}
    assert world.police.refused(CorrectDetection, **right) == "AGE_NEEDS_ASSESSMENT"
    world.police.do(CorrectDetection, **(right | {"age_band": "9-17"}))
    assert world.police.person(person_ref).childhood.is_child


@given(day=st.integers(-20, 12), screened=st.booleans())
def test_a_detection_is_moved_only_to_a_day_that_it_could_have_had(day: int, screened: bool) -> None:
    """Not after what followed it, and not after its correction."""
    world = World()
    person_ref = world.detected()
    if screened:
        world.go_to(after(4))
        world.police.do(Screen, person_ref=person_ref, **SIGNS)
    world.go_to(after(10))
    right = read(world, person_ref) | {"happened_on": after(day), "sex": "male"}
    refusal = refused(world, right)
    assert (refusal == "DAY_IMPOSSIBLE") == (day > (4 if screened else 10))


def again(world: World, first: Callable[[], object]) -> None:
    """The same step twice: what is known of it is the later one."""
    first()
    world.go_to(after(9))
    first()


def revoked(world: World, person_ref: str) -> None:
    """Agreed, and taken back later."""
    world.consent(person_ref, "interview")
    world.go_to(after(9))
    world.police.do(RevokeConsent, person_ref=person_ref, scope="interview")


def asked(world: World, person_ref: str) -> None:
    """An agency asked for help, and asked again."""
    ask = {"person_ref": person_ref, "to": SHELTER, "legal_basis": "vital_interest"}
    again(world, lambda: world.police.do(RequestAssistance, **ask))


def reported(world: World, person_ref: str) -> None:
    """A prosecutor told, and told again."""
    report = {"person_ref": person_ref, "to": PROSECUTOR, "legal_basis": "legal_obligation"}
    again(world, lambda: world.police.do(ReportVictim, **report))


FIRST_STEPS: dict[str, Callable[[World, str], object]] = {
    "screened": lambda world, ref: world.police.do(Screen, person_ref=ref, **SIGNS),
    "agreed twice": lambda world, ref: again(world, lambda: world.consent(ref, "interview")),
    "revoked": revoked,
    "refused": lambda world, ref: world.police.do(RefuseConsent, person_ref=ref, scope="referral"),
    "asked twice": asked,
    "reported twice": reported,
    "presumed": lambda world, ref: world.police.do(PresumeMinor, person_ref=ref, reason="appearance"),
    "disputed": lambda world, ref: world.police.do(DisputeAge, person_ref=ref, reason="appearance"),
    "linked": lambda world, ref: world.linked_incident(ref),
}


@pytest.mark.parametrize("step", FIRST_STEPS.values(), ids=FIRST_STEPS)
def test_no_detection_is_moved_past_the_first_step_whatever_replaced_it(step: Callable[[World, str], object]) -> None:
    world = World()
    person_ref = world.detected()
    world.go_to(after(4))
    step(world, person_ref)
    world.go_to(after(20))
    right = read(world, person_ref)
    assert refused(world, right | {"happened_on": after(5)}) == "DAY_IMPOSSIBLE"
    assert refused(world, right | {"happened_on": after(4)}) == ""


@pytest.mark.parametrize("found", [{"age_band": "unknown"}, {"minor_claimed": True}])
def test_a_doubt_that_came_with_the_detection_moves_with_it_and_the_steps_after_it_do_not(
    found: dict[str, Any],
) -> None:
    world = World()
    person_ref = world.detected(**found)
    world.go_to(after(8))
    world.police.do(AssessAge, person_ref=person_ref, method="documents", result_band="27-29")
    right = read(world, person_ref) | {"age_band": "27-29"}
    assert refused(world, right | {"happened_on": after(9)}) == "DAY_IMPOSSIBLE"
    assert refused(world, right | {"happened_on": after(8)}) == ""
