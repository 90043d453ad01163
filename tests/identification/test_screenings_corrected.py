"""What a screening found is put right in a new entry, as long as nobody was told of it. Invariant 27."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.identification.scene import AUTHORITY, SIGNS, after
from tests.identification.story import World

from nrm_contracts.identification.events import ScreeningCompleted, ScreeningCorrected
from nrm_identification.domain.consent import RefuseConsent
from nrm_identification.domain.describing import CorrectDetection
from nrm_identification.domain.detection import NotifyAnonymously, Screen
from nrm_identification.domain.findings import CorrectScreening
from nrm_identification.domain.referral import SubmitReferral
from nrm_identification.domain.state.person import PERSON

FOUND = {name: codes for name, codes in SIGNS.items() if name != "outcome"}


def right(person_ref: str, on: int = 0, **given: object) -> dict[str, object]:
    return {"person_ref": person_ref, "reason": "typing_error", "happened_on": after(on), **FOUND, **given}


def test_given_wrong_findings_when_corrected_then_the_new_entry_names_the_old_one_and_deadlines_stay() -> None:
    world = World()
    person_ref = world.screened()
    due = world.police.person(person_ref).deadlines
    world.police.do(CorrectScreening, **right(person_ref, means=("fraud",)))
    [written] = world.police.events(person_ref, ScreeningCompleted)
    [corrected] = world.police.events(person_ref, ScreeningCorrected)
    assert world.police.streams[PERSON.stream(person_ref)][corrected.corrects - 1] is written
    person = world.police.person(person_ref)
    assert person.screening is not None
    assert (person.screening.means, person.screening.outcome, person.deadlines) == (("fraud",), "indicated", due)
    assert world.police.refused(CorrectScreening, **right(person_ref, means=("fraud",))) == "NOTHING_CORRECTED"
    world.police.do(CorrectScreening, **right(person_ref))
    assert world.police.events(person_ref, ScreeningCorrected)[-1].corrects > corrected.corrects


def test_given_findings_put_right_when_referred_then_the_authority_is_sent_what_is_right() -> None:
    world = World()
    person_ref = world.screened()
    world.police.do(CorrectScreening, **right(person_ref, exploitation_forms=("forced_begging",)))
    world.consent(person_ref, "referral")
    world.police.do(SubmitReferral, person_ref=person_ref, to=AUTHORITY)
    [referral] = [one for _, one in world.sent if one.to == AUTHORITY]
    assert referral.event.exploitation_forms == ("forced_begging",)  # type: ignore[attr-defined]  # a referral


@pytest.mark.parametrize("notified", [True, False])
def test_given_who_was_told_of_a_screening_then_it_is_not_corrected_but_the_next_one_is(notified: bool) -> None:
    world = World()
    person_ref = world.screened()
    if notified:
        world.police.do(RefuseConsent, person_ref=person_ref, scope="referral")
        world.police.do(NotifyAnonymously, person_ref=person_ref)
    else:
        world.consent(person_ref, "referral")
        world.police.do(SubmitReferral, person_ref=person_ref, to=AUTHORITY)
    changed = right(person_ref, means=("fraud",))
    assert world.police.refused(CorrectScreening, **changed) == "SCREENING_TOLD"
    if notified:
        world.police.do(Screen, person_ref=person_ref, **SIGNS)
        world.police.do(CorrectScreening, **changed)


def test_given_no_screening_then_there_is_nothing_to_correct() -> None:
    world = World()
    assert world.police.refused(CorrectScreening, **right(world.detected())) == "NOT_SCREENED"


@pytest.mark.parametrize("element", ["indicators", "acts", "means", "purposes"])
def test_signs_of_trafficking_are_never_corrected_to_lack_an_element(element: str) -> None:
    world = World()
    adult = world.screened()
    assert world.police.refused(CorrectScreening, **right(adult) | {element: ()}) == "ELEMENTS_MISSING"


@given(st.integers(-20, 20))
def test_a_screening_is_moved_only_to_a_day_that_it_could_have_had(days: int) -> None:
    world = World()
    person_ref = world.detected()
    world.go_to(after(5))
    world.police.do(Screen, person_ref=person_ref, **SIGNS)
    world.go_to(after(9))
    moved = right(person_ref, days, means=("fraud",))
    if not 0 <= days <= 9:
        assert world.police.refused(CorrectScreening, **moved) == "DAY_IMPOSSIBLE"
        return
    world.police.do(CorrectScreening, **moved)
    later = {"person_ref": person_ref, "reason": "typing_error", "happened_on": after(days + 1), "language": "vie"}
    as_before = {"detection_channel": "police", "region": "GB-LND", "age_band": "27-29", "sex": "female"}
    assert world.police.refused(CorrectDetection, **later, **as_before) == "DAY_IMPOSSIBLE"
