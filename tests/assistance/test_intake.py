"""How a case begins: with or without anybody's referral, and never two at once."""

from datetime import timedelta

import pytest
from tests.assistance.story import (
    ACCEPTED,
    ANNA,
    CASE,
    DAY,
    HANDOVER,
    OFFERED,
    POLICE,
    POLICY,
    REGISTERED,
    REQUESTED,
    US,
    World,
    asks,
    lived,
    ref,
)

from nrm_assistance.domain import intake
from nrm_assistance.domain.closing import CloseCase
from nrm_assistance.domain.consents import NoteSharedConsent
from nrm_assistance.domain.intake import (
    AcceptAssistance,
    DeclineAssistance,
    OfferAssistance,
    OpenCase,
    ReceiveRequest,
    RegisterPerson,
)
from nrm_assistance.domain.person import PERSON
from nrm_assistance.domain.placement import StartPlacement
from nrm_assistance.domain.status import NoteMerge
from nrm_contracts.assistance.events import (
    AssistanceAccepted,
    AssistanceAnswered,
    AssistanceDeclined,
    CaseOpened,
    ConsentGiven,
    DeadlineLifted,
    DeadlineMet,
    DeadlineSet,
    PersonRegistered,
    RequestReceived,
)
from nrm_contracts.record.events import HandoverReceived
from nrm_kernel.decider import Notice
from nrm_kernel.testing.spec import Spec

register = Spec(PERSON, intake.register_person)
receive = Spec(PERSON, intake.receive_request)
open_again = Spec(PERSON, intake.open_new_case)
offer = Spec(PERSON, intake.offer_assistance)
accept = Spec(PERSON, intake.accept_assistance)
decline = Spec(PERSON, intake.decline_assistance)

OFFER_DUE = DeadlineSet(
    ANNA,
    "assistance_offer",
    "CaseOpened",
    DAY,
    f"{POLICY.version}/deadlines.assistance_offer",
    US,
    due_on=POLICY.due("assistance_offer", DAY),
)


def answered(answer: str, reason: str | None = None) -> Notice:
    return Notice(POLICE, HANDOVER, AssistanceAnswered(HANDOVER, answer, DAY, reason))


def test_somebody_who_walks_in_gets_a_case_without_referral_or_status() -> None:
    register.when(asks(RegisterPerson)).then(
        PersonRegistered(ANNA, "KZ-75", "27-29", "female", "kaz", False, "self", DAY),
        CaseOpened(ANNA, CASE, "walk_in", ("shelter",), US, DAY),
        OFFER_DUE,
    )


def test_a_childs_case_has_its_best_interests_due_from_the_first_day() -> None:
    decided = register.when(asks(RegisterPerson, minor=True, age_band="9-17"))
    kinds = [event.kind for event in decided.events if isinstance(event, DeadlineSet)]
    assert kinds == ["assistance_offer", "best_interest_assessment"]


@pytest.mark.parametrize("age_band", ["0-8", "9-17", "child"])
def test_a_childs_age_band_and_an_adult_do_not_go_together(age_band: str) -> None:
    register.when(asks(RegisterPerson, minor=False, age_band=age_band)).then_refused("AGE_CONTRADICTORY")


def test_an_adults_age_band_in_doubt_is_a_childs_case() -> None:
    assert register.when(asks(RegisterPerson, minor=True, age_band="18-20")).refusal is None


def test_a_request_opens_a_case_under_our_own_reference() -> None:
    receive.when(asks(ReceiveRequest)).then(
        HandoverReceived(ANNA, POLICE, HANDOVER),
        PersonRegistered(ANNA, "KZ-75", "27-29", "female", "kaz", False, "unknown", DAY),
        CaseOpened(ANNA, CASE, "requested", ("shelter",), US, DAY),
        OFFER_DUE,
        RequestReceived(ANNA, HANDOVER, POLICE, ("shelter",), DAY),
    )


def test_a_request_for_somebody_in_a_childs_age_band_is_for_a_child() -> None:
    decided = receive.when(asks(ReceiveRequest, minor=False, age_band="9-17"))
    assert [event.minor for event in decided.events if isinstance(event, PersonRegistered)] == [True]
    assert "best_interest_assessment" in [one.kind for one in decided.events if isinstance(one, DeadlineSet)]


def test_a_second_request_joins_the_open_case_and_learns_how_far_it_is() -> None:
    second = asks(ReceiveRequest, handover_id=ref("second"), requester="test/identification/border-east")
    decided = receive.given(*lived(*ACCEPTED)).when(second)
    assert not any(isinstance(event, CaseOpened) for event in decided.events)
    told = AssistanceAnswered(ref("second"), "accepted", DAY)
    assert decided.notices == (Notice("test/identification/border-east", ref("second"), told),)


def test_a_request_after_the_case_ended_opens_a_new_one() -> None:
    ended = lived(*ACCEPTED, asks(CloseCase, outcome="withdrew"))
    decided = receive.given(*ended).when(asks(ReceiveRequest, case_id=ref("next")))
    assert [event.case_id for event in decided.events if isinstance(event, CaseOpened)] == [ref("next")]


def test_one_open_case_per_person() -> None:
    open_again.given(*lived(*REGISTERED)).when(asks(OpenCase)).then_refused("CASE_ALREADY_OPEN")


def test_who_comes_back_gets_a_new_case_with_nothing_of_the_old_one() -> None:
    world = World().do(*ACCEPTED, asks(CloseCase, outcome="withdrew"), asks(OpenCase, case_id=ref("next")))
    case = world.person().case
    assert case is not None
    assert (case.case_id, case.source, case.stage) == (ref("next"), "returned", "requested")
    assert list(world.person().deadlines) == [("assistance_offer", None)]


def test_a_merged_person_gets_their_case_at_the_first_of_the_records() -> None:
    second = asks(RegisterPerson, person_ref=ref("zoe"), case_id=ref("zoes"))
    closed = asks(CloseCase, person_ref=ref("zoe"), outcome="withdrew")
    world = World().do(*REGISTERED, second, closed, asks(NoteMerge, other_ref=ref("zoe"), change="merged"))
    given = open_again.given(*world.events(PERSON.stream(ref("zoe"))))
    given.when(asks(OpenCase, person_ref=ref("zoe"))).then_refused("RECORD_MERGED")


def test_an_offer_is_told_to_whoever_asked_for_help() -> None:
    decided = offer.given(*lived(*REQUESTED)).when(asks(OfferAssistance))
    assert decided.notices == (answered("offered"),)
    assert DeadlineMet(ANNA, "assistance_offer", DAY) in decided.events


def test_nothing_is_offered_to_who_has_accepted() -> None:
    offer.given(*lived(*ACCEPTED)).when(asks(OfferAssistance)).then_refused("ALREADY_ACCEPTED")


def test_accepting_is_consent_to_being_assisted() -> None:
    decided = accept.given(*lived(*REQUESTED, asks(OfferAssistance))).when(asks(AcceptAssistance))
    consent, accepted = decided.events[:2]
    assert isinstance(consent, ConsentGiven)
    assert (consent.scope, consent.consent_id) == ("assistance", ref("consent"))
    assert accepted == AssistanceAccepted(ANNA, ref("consent"), DAY)
    assert decided.notices == (answered("accepted"),)


def test_nobody_accepts_before_an_offer() -> None:
    accept.given(*lived(*REGISTERED)).when(asks(AcceptAssistance)).then_refused("NOT_OFFERED")


def test_nobody_accepts_twice() -> None:
    accept.given(*lived(*ACCEPTED)).when(asks(AcceptAssistance)).then_refused("NOT_OFFERED")


def test_declining_ends_the_case_with_its_reason() -> None:
    decline.given(*lived(*OFFERED)).when(asks(DeclineAssistance, reason="family")).then(
        AssistanceDeclined(ANNA, CASE, "family", DAY), DeadlineLifted(ANNA, "assistance_answer", DAY)
    )


@pytest.mark.parametrize(("reason", "told"), [("fears_police", None), ("no_suitable_place", "no_suitable_place")])
def test_a_requester_learns_what_was_wrong_with_the_offer_and_not_what_the_person_fears(
    reason: str, told: str | None
) -> None:
    decided = decline.given(*lived(*REQUESTED, asks(OfferAssistance))).when(asks(DeclineAssistance, reason=reason))
    assert decided.notices == (answered("declined", told),)


def test_nobody_is_declined_out_of_a_bed() -> None:
    sheltered = lived(*OFFERED, asks(StartPlacement, legal_basis="vital_interest"))
    decline.given(*sheltered).when(asks(DeclineAssistance, reason="family")).then_refused("PLACEMENT_OPEN")


@pytest.mark.parametrize(("days", "told"), [(-1, True), (0, False), (1, False)])
def test_a_requester_whose_consent_was_revoked_hears_no_more_from_that_day(days: int, *, told: bool) -> None:
    revoked = asks(
        NoteSharedConsent, sender=POLICE, change="revoked", scope="assistance", effective_on=DAY - timedelta(days=days)
    )
    decided = offer.given(*lived(*REQUESTED, revoked)).when(asks(OfferAssistance))
    assert bool(decided.notices) == told
