"""On what ground a person's case may be shared with a shelter or a prosecutor, and what is heard back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.identification.scene import BASES, FUND, OTHER_SHELTER, PROSECUTOR, SHELTER, UK, after, with_deadline
from tests.identification.story import World, kinds_due

from nrm_contracts.assistance.events import AssistanceAnswered, ContactFound, ContactLost, ReferralSuggested
from nrm_contracts.identification.events import (
    AssistanceAnswerReceived,
    AssistanceAsked,
    AssistanceRequested,
    SuggestionReceived,
    VictimReported,
    VictimReportMade,
)
from nrm_contracts.prosecution.events import NonPunishmentNotified, VictimChargedNotified
from nrm_contracts.record.events import HandoverMinted, HandoverReceived
from nrm_identification.domain.consent import RefuseConsent, RevokeConsent
from nrm_identification.domain.referral import AcknowledgeReferral
from nrm_identification.domain.sharing import ReportVictim, RequestAssistance

HANDOVER = "f" * 32


@given(
    st.sampled_from(["27-29", "9-17"]),
    st.sampled_from(["asked", "given", "refused", "revoked"]),
    st.sampled_from([None, *BASES]),
)
def test_help_is_asked_with_consent_or_for_a_child_or_to_protect_life(band: str, word: str, basis: str | None) -> None:
    world = World()
    person_ref = world.detected(age_band=band)
    child = band == "9-17"
    if word in {"given", "revoked"} and not child:
        world.consent(person_ref, "assistance")
    if word == "revoked" and not child:
        world.police.do(RevokeConsent, person_ref=person_ref, scope="assistance")
    if word == "refused":
        world.police.do(RefuseConsent, person_ref=person_ref, scope="assistance")
    live, denied = word == "given" and not child, word in {"refused", "revoked"} and not child
    allowed = {
        None: live or child,
        "consent": live,
        "legal_obligation": child,
        "vital_interest": child or not denied,
        "public_task": False,
    }[basis]
    asked = {"person_ref": person_ref, "to": SHELTER, "legal_basis": basis}
    if not allowed:
        assert world.police.refused(RequestAssistance, **asked) in {
            "CONSENT_MISSING",
            "CONSENT_REFUSED",
            "BASIS_UNFIT",
        }
        return
    world.police.do(RequestAssistance, **asked)
    (made,) = world.police.events(person_ref, AssistanceAsked)
    assert (made.consent_id is not None) == (made.basis == "consent")
    assert made.needs == ("shelter",), "as detected, unless others are named"


@given(st.booleans(), st.sampled_from([None, *BASES]))
def test_a_victim_is_reported_with_consent_or_by_law_and_the_report_says_which(
    consents: bool, basis: str | None
) -> None:
    world = World()
    person_ref = world.screened()
    if consents:
        world.consent(person_ref, "proceedings")
    asked = {"person_ref": person_ref, "to": PROSECUTOR, "legal_basis": basis}
    if basis == "legal_obligation" or (consents and basis in {None, "consent"}):
        world.police.do(ReportVictim, **asked)
        (told,) = world.told(PROSECUTOR, VictimReported)
        assert told.participation_consented is consents
        assert world.police.events(person_ref, VictimReportMade)[0].basis == (basis or "consent")
    else:
        assert world.police.refused(ReportVictim, **asked) in {"CONSENT_MISSING", "BASIS_UNFIT"}


def test_given_two_persons_of_one_incident_when_reported_then_the_prosecutor_can_join_them_and_nobody_else() -> None:
    world = World()
    one, two = world.screened(), world.screened()
    incident_id = world.linked_incident(one)
    world.link(two, incident_id)
    for person_ref in (one, two):
        asked = {"person_ref": person_ref, "legal_basis": "legal_obligation", "incident_id": incident_id}
        world.police.do(ReportVictim, to=PROSECUTOR, **asked)
    shared = {told.incident_shared_ref for told in world.told(PROSECUTOR, VictimReported)}
    assert len(shared) == 1
    assert incident_id not in shared


def test_given_an_incident_of_others_when_reported_then_refused() -> None:
    world = World()
    one, two = world.screened(), world.screened()
    incident_id = world.linked_incident(one)
    asked = {"person_ref": two, "to": PROSECUTOR, "legal_basis": "legal_obligation", "incident_id": incident_id}
    assert world.police.refused(ReportVictim, **asked) == "INCIDENT_NOT_LINKED"


@pytest.mark.parametrize(("command", "to"), [(RequestAssistance, PROSECUTOR), (ReportVictim, SHELTER)])
def test_only_the_kind_of_agency_that_it_is_for_is_told(command: type[object], to: str) -> None:
    world = World()
    asked = {"person_ref": world.detected(), "legal_basis": "legal_obligation"}
    assert world.police.refused(command, to=to, **asked) == "RECEIVER_UNSUITABLE"
    assert world.police.refused(command, to=FUND, **asked) == "RECEIVER_UNSUITABLE"


def test_given_one_agency_told_twice_then_under_one_name_and_two_agencies_under_two() -> None:
    world = World()
    person_ref = world.detected()
    world.consent(person_ref, "assistance")
    for shelter in (SHELTER, SHELTER, OTHER_SHELTER):
        world.police.do(RequestAssistance, person_ref=person_ref, to=shelter)
    first, again = (told.handover_id for told in world.told(SHELTER, AssistanceRequested))
    (other,) = (told.handover_id for told in world.told(OTHER_SHELTER, AssistanceRequested))
    assert first == again != other
    assert len(world.police.events(person_ref, HandoverMinted)) == 2


def test_given_help_asked_when_answered_then_the_offer_is_no_longer_due() -> None:
    world = World()
    person_ref = world.detected()
    world.consent(person_ref, "assistance")
    world.police.do(RequestAssistance, person_ref=person_ref, to=SHELTER)
    assert "assistance_offer" in kinds_due(world.police, person_ref)
    handover_id = world.police.person(person_ref).handovers[SHELTER]
    world.police.hear(SHELTER, AssistanceAnswered(handover_id, "declined", after(1), "wants_home"))
    assert world.police.events(person_ref, AssistanceAnswerReceived)[0].reason == "wants_home"
    assert kinds_due(world.police, person_ref) == {"screening"}


def _suggested(minor: bool = False) -> ReferralSuggested:
    return ReferralSuggested(HANDOVER, "GB-LND", "27-29", "male", "ron", minor, after(0))


def test_given_a_suggestion_then_a_screening_is_prompted_and_nothing_forced() -> None:
    world = World()
    world.police.hear(SHELTER, _suggested())
    person_ref = world.at_referrer()
    assert world.police.events(person_ref, HandoverReceived)[0].sender == SHELTER
    assert world.police.person(person_ref).phase == "suggested"
    assert kinds_due(world.police, person_ref) == {"screening"}
    world.police.hear(SHELTER, _suggested())
    assert len(world.police.events(person_ref, HandoverReceived)) == 1
    assert len(world.police.events(person_ref, SuggestionReceived)) == 2


def test_given_an_open_referral_when_a_suggestion_comes_then_nothing_is_prompted() -> None:
    world = World()
    person_ref, _ = world.pending()
    world.consent(person_ref, "assistance", world.authority)
    world.authority.do(RequestAssistance, person_ref=person_ref, to=SHELTER)
    handover_id = world.authority.person(person_ref).handovers[SHELTER]
    world.authority.hear(SHELTER, ReferralSuggested(handover_id, "GB-LND", "9-17", "male", "ron", True, after(1)))
    assert not world.authority.events(person_ref, SuggestionReceived)


def test_given_a_charge_then_the_open_decision_is_due_before_its_review() -> None:
    """Invariant 11: a charge against a victim leads to a review in time."""
    world = World(with_deadline(UK, "non_punishment_review", 3))
    person_ref, referral_id = world.pending()
    handover_id = world.reported(person_ref)
    world.go_to(after(1))
    world.authority.hear(PROSECUTOR, VictimChargedNotified(handover_id, after(1)))
    due = world.authority.person(person_ref).deadlines
    assert due["stage_decision", referral_id].due_on == after(4)
    review = due["non_punishment_review", person_ref]
    assert (review.due_on, review.owner) == (after(4), PROSECUTOR)
    world.authority.hear(PROSECUTOR, NonPunishmentNotified(handover_id, "dropped", after(2)))
    assert kinds_due(world.authority, person_ref) == {"stage_decision"}


def test_given_a_charge_before_the_referral_is_taken_up_then_the_first_stage_is_on_the_fast_track() -> None:
    world = World(with_deadline(UK, "non_punishment_review", 2))
    person_ref, referral_id = world.referred()
    handover_id = world.reported(person_ref)
    world.authority.hear(PROSECUTOR, VictimChargedNotified(handover_id, after(0)))
    world.authority.do(AcknowledgeReferral, person_ref=person_ref, referral_id=referral_id)
    assert world.authority.person(person_ref).deadlines["stage_decision", referral_id].due_on == after(2)


def test_given_a_lost_person_when_found_then_nobody_has_to_look_any_more() -> None:
    world = World()
    person_ref = world.detected()
    world.consent(person_ref, "assistance")
    world.police.do(RequestAssistance, person_ref=person_ref, to=SHELTER)
    handover_id = world.police.person(person_ref).handovers[SHELTER]
    world.police.hear(SHELTER, ContactLost(handover_id, after(0)))
    assert "lost_contact_check" in kinds_due(world.police, person_ref)
    assert world.police.person(person_ref).missing_since == after(0)
    world.police.hear(SHELTER, ContactFound(handover_id, after(1)))
    assert "lost_contact_check" not in kinds_due(world.police, person_ref)
    assert world.police.person(person_ref).missing_since is None


def test_given_a_notice_about_nobody_known_then_refused_so_that_somebody_looks() -> None:
    world = World()
    world.police.hear(SHELTER, ContactLost(HANDOVER, after(0)))
    assert world.police.refusals == ["HANDOVER_UNKNOWN"]
