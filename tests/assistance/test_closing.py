"""The ends of a case, and handing a person on with their consent."""

import pytest
from tests.assistance.story import (
    ACCEPTED,
    ANNA,
    AUTHORITY,
    CASE,
    CHILD,
    DAY,
    HANDOVER,
    OTHER_NGO,
    PLANNED_CARE,
    POLICE,
    REGISTERED,
    REQUESTED,
    US,
    World,
    asks,
    lived,
    ref,
)

from nrm_assistance.domain import closing
from nrm_assistance.domain.care import AssessBestInterest, ReachGoal
from nrm_assistance.domain.closing import CloseCase, NoteTransferAnswer, SuggestReferral, TransferCase
from nrm_assistance.domain.consents import GiveConsent, RevokeConsent
from nrm_assistance.domain.intake import OpenCase
from nrm_assistance.domain.person import PERSON
from nrm_assistance.domain.placement import StartPlacement
from nrm_contracts.assistance.events import (
    AssistanceAnswered,
    CaseClosed,
    ReferralSuggested,
    ReferralSuggestionMade,
    TransferAnswered,
    TransferOffered,
    TransferRequested,
)
from nrm_contracts.record.events import HandoverMinted
from nrm_kernel.decider import Notice
from nrm_kernel.testing.spec import Spec

close = Spec(PERSON, closing.close_case)
transfer = Spec(PERSON, closing.transfer_case)
suggest = Spec(PERSON, closing.suggest_referral)
FRESH = ref("fresh handover")
SHARING = (*ACCEPTED, asks(GiveConsent, scope="share_with", share_with=OTHER_NGO, consent_id=ref("sharing")))
WILLING = (*ACCEPTED, asks(GiveConsent, scope="referral", consent_id=ref("willing")))
TO_NGO, TO_AUTHORITY = asks(TransferCase, to=OTHER_NGO), asks(SuggestReferral, to=AUTHORITY)


def test_a_case_closes_with_its_outcome_and_nothing_stays_due() -> None:
    world = World().do(*PLANNED_CARE, asks(ReachGoal), asks(CloseCase, outcome="goal_met"))
    assert CaseClosed(ANNA, CASE, "goal_met", ("safe_housing",), DAY) in world.events()
    assert not world.person().deadlines


@pytest.mark.parametrize("before", [PLANNED_CARE, ACCEPTED])
def test_goals_are_met_when_they_were_reached(before: tuple[object, ...]) -> None:
    close.given(*lived(*before)).when(asks(CloseCase, outcome="goal_met")).then_refused("GOALS_NOT_REACHED")


def test_nobody_is_closed_out_of_a_bed() -> None:
    housed = lived(*ACCEPTED, asks(StartPlacement))
    close.given(*housed).when(asks(CloseCase, outcome="withdrew")).then_refused("PLACEMENT_OPEN")


def test_a_case_closes_once() -> None:
    closed = lived(*ACCEPTED, asks(CloseCase, outcome="withdrew"))
    close.given(*closed).when(asks(CloseCase, outcome="withdrew")).then_refused("CASE_NOT_OPEN")


def test_who_asked_and_had_no_answer_gets_one_when_the_case_closes() -> None:
    decided = close.given(*lived(*REQUESTED)).when(asks(CloseCase, outcome="other"))
    assert decided.notices == (Notice(POLICE, HANDOVER, AssistanceAnswered(HANDOVER, "declined", DAY)),)


def test_a_transfer_asks_the_other_agency_under_a_fresh_handover() -> None:
    decided = transfer.given(*lived(*SHARING)).when(TO_NGO)
    assert decided.events[:2] == (
        HandoverMinted(ANNA, OTHER_NGO, FRESH),
        TransferOffered(ANNA, OTHER_NGO, ref("sharing"), DAY),
    )
    asked = TransferRequested(FRESH, "KZ-75", "27-29", "female", "kaz", False, DAY)
    assert decided.notices == (Notice(OTHER_NGO, FRESH, asked),)


def test_a_transfer_rests_on_consent_to_share_with_that_very_agency() -> None:
    transfer.given(*lived(*ACCEPTED)).when(TO_NGO).then_refused("CONSENT_NOT_LIVE")
    revoked = asks(RevokeConsent, consent_id=ref("sharing"))
    transfer.given(*lived(*SHARING, revoked)).when(TO_NGO).then_refused("CONSENT_NOT_LIVE")


@pytest.mark.parametrize("to", [US, AUTHORITY, "test/assistance/unheard-of"])
def test_a_transfer_goes_to_another_assistance_agency(to: str) -> None:
    transfer.given(*lived(*SHARING)).when(asks(TransferCase, to=to)).then_refused("AGENCY_UNSUITABLE")


def test_given_a_transfer_when_the_person_comes_back_before_its_answer_then_it_is_awaited_still() -> None:
    world = World().do(*SHARING, TO_NGO, asks(CloseCase, outcome="withdrew"))
    assert not world.person().deadlines
    world.do(asks(OpenCase, case_id=ref("next case")))
    assert world.refuses(TO_NGO) == "TRANSFER_PENDING"
    assert world.person().taking_over == {OTHER_NGO}, "who may take over hears of dangers"
    assert ("transfer_answer", None) in world.person().deadlines
    world.do(asks(NoteTransferAnswer, sender=OTHER_NGO, answer="declined"))
    assert ("transfer_answer", None) not in world.person().deadlines
    assert world.refuses(TO_NGO) is None


def test_one_transfer_waits_for_its_answer_before_another_is_asked() -> None:
    world = World().do(*SHARING, TO_NGO)
    assert world.refuses(TO_NGO) == "TRANSFER_PENDING"
    world.do(asks(NoteTransferAnswer, sender=OTHER_NGO, answer="declined"))
    assert TransferAnswered(ANNA, OTHER_NGO, "declined", DAY) in world.events()
    assert world.refuses(TO_NGO) is None


def test_an_answer_that_nobody_asked_for_changes_nothing() -> None:
    answer = asks(NoteTransferAnswer, sender=OTHER_NGO, answer="accepted")
    assert World().do(*SHARING).refuses(answer) == "TRANSFER_NOT_PENDING"


def test_a_person_is_suggested_to_an_authority_with_their_consent() -> None:
    suggest.given(*lived(*WILLING)).when(TO_AUTHORITY).then(
        HandoverMinted(ANNA, AUTHORITY, FRESH),
        ReferralSuggestionMade(ANNA, AUTHORITY, DAY, ref("willing")),
        Notice(AUTHORITY, FRESH, ReferralSuggested(FRESH, "KZ-75", "27-29", "female", "kaz", False, DAY)),
    )


@pytest.mark.parametrize("legal_basis", ["", "consent", "legal_obligation", "vital_interest", "public_task"])
def test_no_basis_replaces_an_adults_consent_to_a_referral(legal_basis: str) -> None:
    asked = asks(SuggestReferral, to=AUTHORITY, legal_basis=legal_basis)
    suggest.given(*lived(*ACCEPTED)).when(asked).then_refused("CONSENT_NOT_LIVE")


def test_a_child_is_suggested_by_duty_once_its_best_interests_were_assessed() -> None:
    by_duty = asks(SuggestReferral, to=AUTHORITY, legal_basis="legal_obligation")
    suggest.given(*lived(*CHILD)).when(TO_AUTHORITY).then_refused("CONSENT_NOT_LIVE")
    suggest.given(*lived(*CHILD)).when(by_duty).then_refused("BEST_INTEREST_MISSING")
    decided = suggest.given(*lived(*CHILD, asks(AssessBestInterest))).when(by_duty)
    assert ReferralSuggestionMade(ANNA, AUTHORITY, DAY) in decided.events


def test_who_asked_for_help_for_a_person_knows_them() -> None:
    willing = lived(*REQUESTED, asks(GiveConsent, scope="referral"))
    suggest.given(*willing).when(asks(SuggestReferral, to=POLICE)).then_refused("KNOWN_THERE")


def test_suggestions_go_to_identification_agencies() -> None:
    suggest.given(*lived(*WILLING)).when(asks(SuggestReferral, to=OTHER_NGO)).then_refused("AGENCY_UNSUITABLE")


def test_without_a_case_there_is_nothing_to_close_or_hand_on() -> None:
    closing_it = asks(CloseCase, outcome="other")
    for command in (closing_it, TO_NGO, TO_AUTHORITY):
        assert World().refuses(command) == "NOT_FOUND"
        assert World().do(*REGISTERED, closing_it).refuses(command) == "CASE_NOT_OPEN"
