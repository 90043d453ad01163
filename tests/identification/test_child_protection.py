"""Children: referred without consent, treated as children while in doubt, never without a proper guardian.

Invariants 3, 4 and 5.
"""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.identification.scene import AUTHORITY, FUND, POLICE, SHELTER, UK, with_deadline
from tests.identification.story import World, kinds_due

from nrm_contracts.codes import code_list
from nrm_contracts.identification.events import (
    AgeAssessed,
    DeadlineSet,
    GuardianAppointed,
    GuardianConflictFound,
    ReferralReceived,
    ReferralSent,
    ReferralSubmitted,
)
from nrm_identification.domain.child import (
    AppointGuardian,
    AssessAge,
    DisputeAge,
    PresumeMinor,
    RecordGuardianConflict,
)
from nrm_identification.domain.consent import RefuseConsent, RevokeConsent
from nrm_identification.domain.referral import SubmitReferral

BANDS = sorted(code_list("age_band"))
GROUPS = {band: code_list("age_band").attribute(band, "group") for band in BANDS}


@given(st.sampled_from(BANDS), st.booleans(), st.booleans(), st.booleans())
def test_an_adult_needs_live_consent_and_a_child_a_best_interest_note(
    band: str, claimed: bool, consents: bool, noted: bool
) -> None:
    world = World()
    person_ref = world.screened(age_band=band, minor_claimed=claimed)
    child = claimed or GROUPS[band] != "adult"
    if consents and not child:
        world.consent(person_ref, "referral")
    note = "change_care" if noted else None
    asked = {"person_ref": person_ref, "to": AUTHORITY, "best_interest_note": note}
    if child and not noted:
        assert world.police.refused(SubmitReferral, **asked) == "BEST_INTEREST_NOTE_MISSING"
    elif not child and not consents:
        assert world.police.refused(SubmitReferral, **asked) == "CONSENT_MISSING"
    else:
        world.police.do(SubmitReferral, **asked)
        (submitted,) = world.police.events(person_ref, ReferralSubmitted)
        assert (submitted.consent_id is None) == child
        assert (submitted.child_exemption is not None) == child
        guardians_due = [one for one in world.police.events(person_ref, DeadlineSet) if "guardian" in one.kind]
        assert bool(guardians_due) == child


@given(st.lists(st.sampled_from(["presume", "dispute", *BANDS]), max_size=6), st.sampled_from(BANDS))
def test_whoever_may_be_a_child_is_treated_as_one_until_the_age_is_assessed(steps: list[str], band: str) -> None:
    world = World()
    person_ref = world.detected(age_band=band)
    certain = GROUPS[band] if GROUPS[band] != "unknown" else "doubt"
    for step in steps:
        doubted = {"person_ref": person_ref, "reason": "appearance"}
        if step in {"presume", "dispute"}:
            command = PresumeMinor if step == "presume" else DisputeAge
            if certain == "doubt":
                assert world.police.refused(command, **doubted) == "AGE_IN_DOUBT"
            else:
                world.police.do(command, **doubted)
                certain = "doubt"
        else:
            world.police.do(AssessAge, person_ref=person_ref, method="social_work", result_band=step)
            certain = GROUPS[step] if GROUPS[step] != "unknown" else "doubt"
        assert world.police.person(person_ref).childhood.is_child == (certain != "adult")
        due = kinds_due(world.police, person_ref)
        assert ("age_assessment" in due) == (certain == "doubt")
        assert ("guardian_appointment" in due) == (certain != "adult")


def test_given_a_referred_child_when_it_arrives_then_the_authority_treats_it_as_one() -> None:
    world = World()
    person_ref = world.screened(age_band="18-20", minor_claimed=True)
    world.police.do(SubmitReferral, person_ref=person_ref, to=AUTHORITY, best_interest_note="change_care")
    world.deliver()
    assert world.told(AUTHORITY, ReferralSent)[0].minor
    (there,) = world.authority.persons()
    assert world.authority.person(there).childhood.is_child
    assert {"guardian_appointment", "age_assessment"} <= kinds_due(world.authority, there)


def test_given_an_adults_referral_when_the_person_proves_a_child_then_a_no_does_not_end_it() -> None:
    world = World()
    world.referred()
    at_police = world.at_referrer()
    world.police.do(AssessAge, person_ref=at_police, method="documents", result_band="9-17")
    world.police.do(RevokeConsent, person_ref=at_police, scope="referral")
    assert world.police.person(at_police).referrals.open is not None
    world.police.do(AssessAge, person_ref=at_police, method="documents", result_band="18-20")
    world.police.do(RefuseConsent, person_ref=at_police, scope="referral")
    assert world.police.person(at_police).referrals.open is None


def test_given_an_assessed_age_when_another_agency_still_doubts_then_the_assessment_stands() -> None:
    world = World()
    there, referral_id = world.referred()
    world.authority.do(AssessAge, person_ref=there, method="documents", result_band="30-38")
    (received,) = world.authority.events(there, ReferralReceived)
    assert (received.age_band, referral_id) == ("27-29", received.referral_id)
    assert world.authority.events(there, AgeAssessed)[0].result_band == world.authority.person(there).childhood.band


def test_given_a_child_without_guardian_when_one_is_appointed_then_nothing_is_due() -> None:
    world = World(with_deadline(UK, "guardian_appointment", 3))
    person_ref = world.screened(age_band="9-17")
    world.police.do(AppointGuardian, person_ref=person_ref, relation="ngo_guardian", guardian_agency=SHELTER)
    (appointed,) = world.police.events(person_ref, GuardianAppointed)
    assert appointed.agency == SHELTER
    assert kinds_due(world.police, person_ref) == {"referral_submission"}


@pytest.mark.parametrize("agency", [AUTHORITY, POLICE, FUND])
def test_nobody_from_a_deciding_or_paying_body_is_a_guardian(agency: str) -> None:
    world = World()
    asked = {"person_ref": world.detected(age_band="0-8"), "relation": "state_guardian", "guardian_agency": agency}
    assert world.police.refused(AppointGuardian, **asked) == "GUARDIAN_CONFLICT"


@pytest.mark.parametrize(("role", "allowed"), [("associate", False), ("witness", True), ("victim", True)])
def test_nobody_who_had_a_part_in_exploiting_is_a_guardian(role: str, allowed: bool) -> None:
    world = World()
    relative = world.detected(age_band="39-47")
    world.linked_incident(relative, role=role)
    asked = {"person_ref": world.detected(age_band="9-17"), "relation": "relative", "guardian_person_ref": relative}
    if allowed:
        world.police.do(AppointGuardian, **asked)
    else:
        assert world.police.refused(AppointGuardian, **asked) == "GUARDIAN_CONFLICT"


def test_no_child_is_its_own_guardian_and_no_adult_has_one() -> None:
    world = World()
    child, adult = world.detected(age_band="9-17"), world.detected()
    own = {"person_ref": child, "relation": "relative", "guardian_person_ref": child}
    assert world.police.refused(AppointGuardian, **own) == "GUARDIAN_CONFLICT"
    assert world.police.refused(AppointGuardian, person_ref=adult, relation="relative") == "NOT_A_CHILD"


def test_given_an_unknown_agency_when_a_guardian_is_said_to_work_there_then_refused() -> None:
    world = World()
    asked = {"person_ref": world.detected(age_band="0-8"), "relation": "ngo_guardian"}
    assert world.police.refused(AppointGuardian, guardian_agency="test/assistance/ngo-x", **asked) == "AGENCY_UNKNOWN"


def test_given_a_guardian_when_a_conflict_is_found_then_another_one_is_due() -> None:
    world = World()
    person_ref = world.detected(age_band="9-17")
    assert world.police.refused(RecordGuardianConflict, person_ref=person_ref, conflict="suspect") == "GUARDIAN_MISSING"
    world.police.do(AppointGuardian, person_ref=person_ref, relation="relative")
    world.police.do(RecordGuardianConflict, person_ref=person_ref, conflict="suspect")
    assert world.police.events(person_ref, GuardianConflictFound)
    assert "guardian_appointment" in kinds_due(world.police, person_ref)


def test_given_a_country_that_asks_the_guardian_then_a_child_is_referred_with_note_and_consent() -> None:
    world = World(replace(UK, consent_child=True))
    child = world.screened(age_band="9-17")
    asked = {"person_ref": child, "to": AUTHORITY, "best_interest_note": "change_care"}
    assert world.police.refused(SubmitReferral, **asked) == "CONSENT_MISSING"
    world.police.do(AppointGuardian, person_ref=child, relation="state_guardian")
    consent = world.consent(child, "referral", given_by="guardian")
    assert world.police.refused(SubmitReferral, **asked | {"best_interest_note": None}) == "BEST_INTEREST_NOTE_MISSING"
    world.police.do(SubmitReferral, **asked)
    [submitted] = world.police.events(child, ReferralSubmitted)
    assert (submitted.consent_id, submitted.child_exemption) == (consent.consent_id, "child")
    world.police.do(RevokeConsent, person_ref=child, scope="referral")
    assert world.police.person(child).referrals.open, "a no for a child in danger is not the last word"
