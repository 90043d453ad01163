"""How a person becomes known, and what a screening must name before it may say 'indicated'."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.identification.scene import KZ, SIGNS, UK, after, ref
from tests.identification.story import World, kinds_due

from nrm_contracts.identification.events import AnonymousNotificationMade, MinorPresumed, PersonDetected
from nrm_identification.domain.consent import RefuseConsent, RevokeConsent
from nrm_identification.domain.detection import DetectPerson, NotifyAnonymously, Screen
from nrm_kernel.errors import NotFound

ELEMENTS = ("indicators", "acts", "means", "purposes")


def test_given_somebody_new_when_detected_then_known_and_to_be_screened() -> None:
    world = World()
    person_ref = world.detected()
    assert world.police.person(person_ref).phase == "detected"
    assert len(world.police.events(person_ref, PersonDetected)) == 1
    due = world.police.person(person_ref).deadlines["screening", person_ref]
    assert due.due_on == after(7)  # five working days, a weekend between
    assert due.rule_id == f"{UK.version}/deadlines.screening"


def test_given_a_policy_without_a_time_when_detected_then_the_task_is_open_without_a_day() -> None:
    world = World(replace(UK, deadlines={**UK.deadlines, "screening": None}))
    person_ref = world.detected()
    assert world.police.person(person_ref).deadlines["screening", person_ref].due_on is None


@pytest.mark.parametrize(("band", "claimed"), [("unknown", False), ("not_asked", False), ("27-29", True)])
def test_given_a_doubtful_age_when_detected_then_presumed_a_child_with_a_guardian_due(band: str, claimed: bool) -> None:
    world = World()
    person_ref = world.detected(age_band=band, minor_claimed=claimed)
    assert world.police.events(person_ref, MinorPresumed)
    assert kinds_due(world.police, person_ref) == {"screening", "age_assessment", "guardian_appointment"}
    assert world.police.person(person_ref).childhood.is_child


def test_given_a_known_child_when_detected_then_a_guardian_is_due_and_no_age_is_in_doubt() -> None:
    world = World()
    person_ref = world.detected(age_band="9-17")
    assert kinds_due(world.police, person_ref) == {"screening", "guardian_appointment"}


def test_given_no_consent_yet_when_detected_on_that_basis_then_refused() -> None:
    world = World()
    usual = {"detection_channel": "raid", "region": "GB-LND", "age_band": "27-29", "sex": "male", "language": "ron"}
    assert world.police.refused(DetectPerson, legal_basis="consent", **usual) == "BASIS_UNFIT"


@given(st.lists(st.sampled_from(ELEMENTS), unique=True), st.sampled_from(["27-29", "9-17", "unknown"]))
def test_indicated_needs_act_and_purpose_and_for_adults_means(left_out: list[str], band: str) -> None:
    world = World()
    person_ref = world.detected(age_band=band)
    signs = {**SIGNS, **dict.fromkeys(left_out, ())}
    needed = set(ELEMENTS) - ({"means"} if band != "27-29" else set())
    if needed & set(left_out):
        assert world.police.refused(Screen, person_ref=person_ref, **signs) == "ELEMENTS_MISSING"
    else:
        world.police.do(Screen, person_ref=person_ref, **signs)
        assert world.police.person(person_ref).phase == "indicated"


def test_given_signs_when_screened_then_the_referral_is_due_next() -> None:
    world = World()
    assert kinds_due(world.police, world.screened()) == {"referral_submission"}


def test_given_no_signs_when_screened_then_nothing_is_due() -> None:
    world = World()
    person_ref = world.screened()
    world.police.do(Screen, person_ref=person_ref, tool="iom", tool_version="2024.1", outcome="not_indicated")
    assert world.police.person(person_ref).phase == "not_indicated"
    assert kinds_due(world.police, person_ref) == set()


def test_given_no_answer_when_screened_then_screening_is_due_again() -> None:
    world = World()
    person_ref = world.screened()
    world.police.do(Screen, person_ref=person_ref, tool="ilo", tool_version="1", outcome="inconclusive")
    assert kinds_due(world.police, person_ref) == {"screening"}


def test_given_somebody_unwilling_when_screened_then_refused() -> None:
    world = World()
    person_ref = world.detected()
    world.police.do(RefuseConsent, person_ref=person_ref, scope="interview")
    assert world.police.refused(Screen, person_ref=person_ref, **SIGNS) == "CONSENT_REFUSED"


def test_given_nobody_when_screened_then_not_found() -> None:
    assert World().police.refused(Screen, person_ref=ref(99), **SIGNS) == NotFound().reason


def test_given_an_adult_who_refused_when_notified_then_without_the_person_and_nothing_is_due() -> None:
    world = World()
    person_ref = world.screened()
    world.police.do(RefuseConsent, person_ref=person_ref, scope="referral")
    world.police.do(NotifyAnonymously, person_ref=person_ref)
    made = world.police.events(person_ref, AnonymousNotificationMade)[0]
    assert (made.region, made.exploitation_forms, made.age_band) == ("GB-LND", ("forced_labour",), "27-29")
    assert kinds_due(world.police, person_ref) == set()
    assert not world.sent, "nobody is told of the person"


def test_given_an_adult_who_took_consent_back_when_notified_then_recorded() -> None:
    world = World()
    person_ref = world.screened()
    world.consent(person_ref, "referral")
    assert world.police.refused(NotifyAnonymously, person_ref=person_ref) == "CONSENT_LIVE"
    world.police.do(RevokeConsent, person_ref=person_ref, scope="referral")
    world.police.do(NotifyAnonymously, person_ref=person_ref)


def test_given_nobody_asked_when_notified_then_refused() -> None:
    world = World()
    assert world.police.refused(NotifyAnonymously, person_ref=world.screened()) == "CONSENT_NOT_ASKED"


def test_given_a_child_when_notified_then_refused_because_children_are_referred() -> None:
    world = World()
    person_ref = world.screened(age_band="9-17")
    world.police.do(RefuseConsent, person_ref=person_ref, scope="referral")
    assert world.police.refused(NotifyAnonymously, person_ref=person_ref) == "CHILD_IS_REFERRED"


def test_given_a_policy_without_anonymous_notice_when_notified_then_refused() -> None:
    world = World(KZ)
    person_ref = world.screened()
    world.police.do(RefuseConsent, person_ref=person_ref, scope="referral")
    assert world.police.refused(NotifyAnonymously, person_ref=person_ref) == "NOTICE_NOT_FORESEEN"
