"""Consent: seven points of information, one scope each, and a no that reaches everybody it concerns. Invariant 2."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.identification.scene import ALL_POINTS, AUTHORITY, OTHER_SHELTER, POLICE, PROSECUTOR, SHELTER, after
from tests.identification.story import World, kinds_due

from nrm_contracts.identification.events import (
    ConsentChangeReceived,
    ConsentNotified,
    ConsentRevoked,
    ReferralEnded,
    StatusNotified,
)
from nrm_identification.domain.child import AppointGuardian, AssessAge, DisputeAge, PresumeMinor
from nrm_identification.domain.consent import GiveConsent, RefuseConsent, RevokeConsent
from nrm_identification.domain.detection import Screen
from nrm_identification.domain.referral import AcknowledgeReferral, SubmitReferral
from nrm_identification.domain.sharing import ReportVictim, RequestAssistance

INFORMED = {"purpose": "referral", "informed_points": ALL_POINTS}


@given(st.sets(st.sampled_from(ALL_POINTS), max_size=6))
def test_a_consent_without_all_seven_points_is_none(points: set[str]) -> None:
    world = World()
    person_ref = world.detected()
    given_to = {"scope": "referral", "purpose": "referral", "informed_points": tuple(points)}
    assert world.police.refused(GiveConsent, person_ref=person_ref, **given_to) == "NOT_INFORMED"


def test_given_a_child_when_consenting_then_only_through_a_guardian() -> None:
    world = World()
    person_ref = world.detected(age_band="9-17")
    asked = {"person_ref": person_ref, "scope": "assistance", **INFORMED}
    assert world.police.refused(GiveConsent, **asked) == "WRONG_GIVER"
    assert world.police.refused(GiveConsent, given_by="guardian", **asked) == "GUARDIAN_MISSING"
    world.police.do(AppointGuardian, person_ref=person_ref, relation="state_guardian")
    world.police.do(GiveConsent, given_by="guardian", **asked)


def test_given_an_adult_when_a_guardian_consents_then_refused() -> None:
    world = World()
    asked = {"person_ref": world.detected(), "scope": "assistance", "given_by": "guardian", **INFORMED}
    assert world.police.refused(GiveConsent, **asked) == "WRONG_GIVER"


def test_given_a_guardians_consent_when_the_person_proves_an_adult_then_it_carries_nothing() -> None:
    world = World()
    person_ref = world.screened(age_band="unknown")
    world.police.do(AppointGuardian, person_ref=person_ref, relation="state_guardian")
    world.consent(person_ref, "assistance", given_by="guardian")
    world.police.do(AssessAge, person_ref=person_ref, method="multidisciplinary", result_band="21-23")
    assert world.police.refused(RequestAssistance, person_ref=person_ref, to=SHELTER) == "CONSENT_MISSING"


@pytest.mark.parametrize(
    ("doubted", "given"),
    [
        (DisputeAge, {"reason": "appearance"}),
        (PresumeMinor, {"reason": "appearance"}),
        (AssessAge, {"method": "social_work", "result_band": "unknown"}),
    ],
)
def test_given_an_adults_consents_when_treated_as_a_child_then_who_relies_on_them_hears_and_the_referral_goes_on(
    doubted: type[object], given: dict[str, str]
) -> None:
    world = World()
    there, _ = world.pending()
    here = world.at_referrer()
    for scope in ("assistance", "proceedings"):
        world.consent(here, scope)
    world.police.do(RequestAssistance, person_ref=here, to=SHELTER)
    world.police.do(ReportVictim, person_ref=here, to=PROSECUTOR)
    world.police.do(doubted, person_ref=here, **given)
    for agency, scope in ((SHELTER, "assistance"), (PROSECUTOR, "proceedings")):
        assert [(one.scope, one.change) for one in world.told(agency, ConsentNotified)] == [(scope, "revoked")]
    assert world.told(AUTHORITY, ConsentNotified) == []
    world.deliver()
    assert world.authority.person(there).referrals.open is not None


@pytest.mark.parametrize(("scope", "share_with"), [("share_with", None), ("referral", SHELTER)])
def test_only_the_scope_share_with_names_an_agency(scope: str, share_with: str | None) -> None:
    world = World()
    asked = {"person_ref": world.detected(), "scope": scope, "share_with": share_with, **INFORMED}
    assert world.police.refused(GiveConsent, **asked) == "SHARE_WITH_MISMATCH"


@pytest.mark.parametrize("word", [GiveConsent, RefuseConsent])
def test_a_return_is_asked_about_where_it_is_prepared(word: type[object]) -> None:
    world = World()
    asked = INFORMED if word is GiveConsent else {}
    refused = world.police.refused(word, person_ref=world.detected(), scope="return", **asked)
    assert refused == "CONSENT_SCOPE_NOT_OURS"


def test_given_an_unknown_agency_when_shared_with_then_refused() -> None:
    world = World()
    asked = {"person_ref": world.detected(), "scope": "share_with", "share_with": "test/assistance/ngo-nowhere"}
    assert world.police.refused(GiveConsent, **asked, **INFORMED) == "AGENCY_UNKNOWN"


def test_given_an_end_in_the_past_when_consenting_then_refused() -> None:
    world = World()
    asked = {"person_ref": world.detected(), "scope": "referral", "expires_on": after(-1), **INFORMED}
    assert world.police.refused(GiveConsent, **asked) == "EXPIRY_PAST"


@given(st.integers(1, 400), st.integers(0, 800))
def test_a_consent_carries_until_its_last_day_and_no_longer(lasts_days: int, used_after_days: int) -> None:
    world = World()
    person_ref = world.screened()
    world.consent(person_ref, "assistance", expires_on=after(lasts_days))
    world.go_to(after(used_after_days))
    if used_after_days <= lasts_days:
        world.police.do(RequestAssistance, person_ref=person_ref, to=SHELTER)
    else:
        assert world.police.refused(RequestAssistance, person_ref=person_ref, to=SHELTER) == "CONSENT_MISSING"


def test_given_a_consent_when_an_act_is_dated_before_it_then_refused() -> None:
    world = World()
    person_ref = world.screened()
    world.consent(person_ref, "assistance")
    asked = {"person_ref": person_ref, "to": SHELTER, "occurred_on": after(-1)}
    assert world.police.refused(RequestAssistance, **asked) == "CONSENT_MISSING"


def test_given_nothing_agreed_when_revoked_then_refused() -> None:
    world = World()
    assert world.police.refused(RevokeConsent, person_ref=world.detected(), scope="referral") == "CONSENT_NOT_GIVEN"


def test_given_a_live_consent_when_refused_then_it_has_to_be_revoked() -> None:
    world = World()
    person_ref = world.detected()
    world.consent(person_ref, "referral")
    assert world.police.refused(RefuseConsent, person_ref=person_ref, scope="referral") == "CONSENT_LIVE"


@pytest.mark.parametrize("command", [RefuseConsent, RevokeConsent])
def test_a_no_does_not_rest_on_consent(command: type[object]) -> None:
    world = World()
    asked = {"person_ref": world.detected(), "scope": "referral", "legal_basis": "consent"}
    assert world.police.refused(command, **asked) == "BASIS_UNFIT"


def test_given_no_live_consent_when_an_act_names_it_as_its_basis_then_refused() -> None:
    world = World()
    person_ref = world.detected()
    asked = {"person_ref": person_ref, "tool": "iom", "tool_version": "1", "outcome": "not_indicated"}
    assert world.police.refused(Screen, legal_basis="consent", **asked) == "CONSENT_MISSING"
    world.consent(person_ref, "interview")
    world.police.do(Screen, legal_basis="consent", **asked)


def test_given_a_referral_when_its_consent_is_revoked_then_it_ends_at_both_ends() -> None:
    world = World()
    person_ref, referral_id = world.pending()
    at_police = world.at_referrer()
    world.go_to(after(3))
    world.police.do(RevokeConsent, person_ref=at_police, scope="referral")
    world.deliver()

    assert world.police.events(at_police, ReferralEnded)[0].reason == "withdrawn"
    assert world.authority.events(person_ref, ReferralEnded)[0].referral_id == referral_id
    assert kinds_due(world.authority, person_ref) == set()
    assert world.authority.refused(AcknowledgeReferral, person_ref=person_ref, referral_id=referral_id)


def test_given_a_person_who_tells_the_authority_no_then_the_referral_ends_at_both_ends() -> None:
    world = World()
    person_ref, _ = world.pending()
    world.authority.do(RefuseConsent, person_ref=person_ref, scope="referral")
    world.deliver()
    assert world.authority.events(person_ref, ReferralEnded)
    assert world.police.events(world.at_referrer(), ReferralEnded)


def test_given_a_withdrawn_referral_when_a_late_answer_comes_then_it_stays_withdrawn() -> None:
    world = World()
    person_ref, referral_id = world.referred()
    world.authority.do(AcknowledgeReferral, person_ref=person_ref, referral_id=referral_id)
    at_police = world.at_referrer()
    world.police.do(RevokeConsent, person_ref=at_police, scope="referral")
    world.deliver()
    assert world.police.person(at_police).referrals.open is None


def test_given_a_childs_referral_when_a_guardian_says_no_then_it_goes_on() -> None:
    world = World()
    person_ref = world.screened(age_band="9-17")
    world.police.do(SubmitReferral, person_ref=person_ref, to=AUTHORITY, best_interest_note="change_care")
    world.police.do(RefuseConsent, person_ref=person_ref, scope="referral")
    assert world.police.person(person_ref).referrals.open is not None


def test_given_receivers_under_a_scope_when_revoked_then_each_is_told_and_nobody_else() -> None:
    world = World()
    person_ref = world.screened()
    world.consent(person_ref, "assistance")
    world.police.do(RequestAssistance, person_ref=person_ref, to=SHELTER)
    world.police.do(RequestAssistance, person_ref=person_ref, to=OTHER_SHELTER)
    world.police.do(RevokeConsent, person_ref=person_ref, scope="assistance")

    for shelter in (SHELTER, OTHER_SHELTER):
        (told,) = world.told(shelter, ConsentNotified)
        assert (told.scope, told.change) == ("assistance", "revoked")
        assert told.handover_id == world.police.person(person_ref).handovers[shelter]
    assert not world.told(AUTHORITY, ConsentNotified)


def test_given_a_revocation_told_elsewhere_then_own_consents_of_that_scope_end_and_it_is_passed_on_once() -> None:
    world = World()
    person_ref, _ = world.pending()
    at_police = world.at_referrer()
    world.consent(at_police, "assistance")
    world.police.do(RequestAssistance, person_ref=at_police, to=SHELTER)
    world.consent(person_ref, "assistance", world.authority)
    world.authority.do(RequestAssistance, person_ref=person_ref, to=OTHER_SHELTER)
    notified = ConsentNotified(world.police.person(at_police).handovers[AUTHORITY], "assistance", "revoked", after(2))
    world.authority.hear(POLICE, notified)

    assert world.authority.events(person_ref, ConsentChangeReceived)
    asked = {"person_ref": person_ref, "to": OTHER_SHELTER}
    assert world.authority.refused(RequestAssistance, **asked) == "CONSENT_MISSING"
    assert [one.change for one in world.told(OTHER_SHELTER, ConsentNotified)] == ["revoked"]
    assert not world.told(POLICE, ConsentNotified), "who told it is not told it again"


def test_given_a_consent_told_elsewhere_then_it_opens_nothing_here() -> None:
    world = World()
    person_ref, _ = world.pending()
    handover_id = world.authority.person(person_ref).handovers[POLICE]
    world.authority.hear(POLICE, ConsentNotified(handover_id, "assistance", "given", after(1)))
    assert world.authority.refused(RequestAssistance, person_ref=person_ref, to=SHELTER) == "CONSENT_MISSING"


def test_given_help_asked_under_a_consent_when_it_is_gone_then_no_news_of_status_follows() -> None:
    world = World()
    person_ref, referral_id = world.pending()
    world.consent(person_ref, "assistance", world.authority)
    world.authority.do(RequestAssistance, person_ref=person_ref, to=SHELTER)
    world.decide(person_ref, referral_id, 1, "positive")
    assert len(world.told(SHELTER, StatusNotified)) == 1
    world.authority.do(RevokeConsent, person_ref=person_ref, scope="assistance")
    world.decide_after_recovery(person_ref, referral_id)
    assert len(world.told(SHELTER, StatusNotified)) == 1
    assert len(world.told(POLICE, StatusNotified)) == 2


def test_given_a_renewed_consent_when_revoked_then_the_newest_is_named_and_none_is_left() -> None:
    world = World()
    person_ref = world.detected()
    world.consent(person_ref, "research")
    newest = world.consent(person_ref, "research").consent_id
    world.police.do(RevokeConsent, person_ref=person_ref, scope="research")
    assert world.police.events(person_ref, ConsentRevoked)[0].consent_id == newest
    assert world.police.refused(RevokeConsent, person_ref=person_ref, scope="research") == "CONSENT_NOT_GIVEN"
