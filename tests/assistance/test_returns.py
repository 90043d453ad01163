"""A return to another country: by the person's own will, into no danger, to somebody who receives them."""

from dataclasses import fields, is_dataclass
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.assistance.story import (
    ACCEPTED,
    ANNA,
    CASE,
    CHILD,
    DAY,
    OFFERED,
    US,
    World,
    asks,
    lived,
    ref,
)

from nrm_assistance.domain import care, returns
from nrm_assistance.domain.care import AssessBestInterest, DetermineBestInterest, RaiseRiskAlert
from nrm_assistance.domain.closing import CloseCase
from nrm_assistance.domain.consents import GiveConsent, RevokeConsent
from nrm_assistance.domain.person import PERSON
from nrm_assistance.domain.returns import (
    AssessReturnRisk,
    CallOffReturn,
    ConfirmReintegration,
    ConsentToReturn,
    OpenReturn,
    RecordReceiverAnswer,
    RecordReturn,
    ReferAbroad,
)
from nrm_assistance.domain.safety import NoteOffenderRelease
from nrm_contracts.assistance import events
from nrm_contracts.assistance.events import (
    BestInterestDetermined,
    CaseClosed,
    DeadlineMet,
    DeadlineSet,
    PersonReturned,
    ReintegrationHandoverConfirmed,
    ReturnCalledOff,
    ReturnConsented,
    ReturnOpened,
    ReturnRiskAssessed,
    TransnationalReferralAnswered,
    TransnationalReferralSent,
)
from nrm_contracts.codes import code_list
from nrm_coordinator.timeline import DETAILS
from nrm_kernel.testing.spec import Spec

RETURN, RECEIVER, WILL = ref("return"), ref("receiver abroad"), ref("will")
LATER = DAY + timedelta(days=1)
CONSENT = asks(ConsentToReturn, consent_id=WILL)
REVOKED = asks(RevokeConsent, consent_id=WILL)
ANSWERED = asks(RecordReceiverAnswer, answer="accepted")

OPENED = (*ACCEPTED, asks(OpenReturn))
ASSESSED = (*OPENED, asks(AssessReturnRisk))
CONSENTED = (*ASSESSED, CONSENT)
ASKED = (*CONSENTED, asks(ReferAbroad))
AGREED = (*ASKED, ANSWERED)
LEFT = (*AGREED, asks(RecordReturn))
ARRIVED = (*LEFT, asks(ConfirmReintegration))
CHILDS = (*CHILD, *OPENED[len(ACCEPTED) :], asks(AssessReturnRisk), CONSENT)

open_one = Spec(PERSON, returns.open_return)
assess = Spec(PERSON, returns.assess_return_risk)
consent = Spec(PERSON, returns.consent_to_return)
refer = Spec(PERSON, returns.refer_abroad)
answer = Spec(PERSON, returns.record_receiver_answer)
leave = Spec(PERSON, returns.record_return)
confirm = Spec(PERSON, returns.confirm_reintegration)
call_off = Spec(PERSON, returns.call_off_return)
determine = Spec(PERSON, care.determine_best_interest)


def test_a_return_goes_from_the_wish_to_the_confirmation_abroad() -> None:
    told = [one for one in lived(*ARRIVED)[len(lived(*ACCEPTED)) :] if not isinstance(one, DeadlineSet | DeadlineMet)]
    assert [one for one in told if not isinstance(one, events.ConsentGiven)] == [
        ReturnOpened(ANNA, RETURN, "MD", US, DAY),
        ReturnRiskAssessed(ANNA, RETURN, "safe", DAY),
        ReturnConsented(ANNA, RETURN, WILL, DAY),
        TransnationalReferralSent(ANNA, RETURN, "MD", RECEIVER, "ngo", 1, DAY),
        TransnationalReferralAnswered(ANNA, RETURN, RECEIVER, "accepted", DAY),
        PersonReturned(ANNA, RETURN, "MD", DAY),
        ReintegrationHandoverConfirmed(ANNA, RETURN, RECEIVER, DAY),
    ]


@pytest.mark.parametrize(
    ("story", "due"),
    [
        (OPENED, {"return_step"}),
        (ASSESSED, {"return_step"}),
        (CONSENTED, {"return_step"}),
        (ASKED, {"receiver_answer"}),
        (AGREED, {"return_step"}),
        (LEFT, {"reintegration_handover"}),
        (ARRIVED, set()),
    ],
)
def test_an_open_return_has_one_owner_and_something_due(story: tuple[object, ...], due: set[str]) -> None:
    """Invariant 20."""
    person = World().do(*story).person()
    own = {key[0]: one for key, one in person.deadlines.items() if key[0] in {"return_step", *due}}
    assert set(own) == due
    assert {one.anchor for one in own.values()} <= {type(one).__name__ for one in lived(*story)}
    assert all(one.owner == US and one.due_on for one in own.values())


def test_a_return_is_opened_for_somebody_who_accepted_help() -> None:
    open_one.given(*lived(*OFFERED)).when(asks(OpenReturn)).then_refused("NOT_ACCEPTED")
    unwilling = lived(*ACCEPTED, asks(RevokeConsent, consent_id=ref("consent")))
    open_one.given(*unwilling).when(asks(OpenReturn)).then_refused("CONSENT_NOT_LIVE")


@pytest.mark.parametrize("country", ["KZ", "stateless", "unknown", "not_asked"])
def test_a_return_leads_to_another_country(country: str) -> None:
    open_one.given(*lived(*ACCEPTED)).when(asks(OpenReturn, to_country=country)).then_refused("COUNTRY_UNSUITABLE")


def test_one_return_is_open_at_a_time() -> None:
    open_one.given(*lived(*OPENED)).when(asks(OpenReturn)).then_refused("RETURN_OPEN")
    open_one.given(*lived(*LEFT)).when(asks(OpenReturn)).then_refused("RETURN_OPEN")
    assert World().do(*ARRIVED).refuses(asks(OpenReturn, to_country="RO")) is None


def test_a_return_that_is_called_off_is_over_and_another_may_begin() -> None:
    world = World().do(*AGREED, asks(CallOffReturn, reason="own_choice"))
    assert ReturnCalledOff(ANNA, RETURN, "own_choice", DAY) in world.events()
    assert not {key[0] for key in world.person().deadlines} & {"return_step", "receiver_answer"}
    assert world.refuses(asks(RecordReturn)) == "RETURN_MISSING"
    assert world.refuses(asks(OpenReturn, to_country="RO")) is None
    assert world.refuses(CONSENT) == "RETURN_RISK_NOT_ASSESSED", "nothing of the one before counts"


@pytest.mark.parametrize("story", [ACCEPTED, LEFT])
def test_what_is_not_open_goes_no_further(story: tuple[object, ...]) -> None:
    past = lived(*story)
    assess.given(*past).when(asks(AssessReturnRisk)).then_refused("RETURN_MISSING")
    consent.given(*past).when(CONSENT).then_refused("RETURN_MISSING")
    refer.given(*past).when(asks(ReferAbroad)).then_refused("RETURN_MISSING")
    answer.given(*past).when(ANSWERED).then_refused("RETURN_MISSING")
    leave.given(*past).when(asks(RecordReturn)).then_refused("RETURN_MISSING")
    call_off.given(*past).when(asks(CallOffReturn, reason="other")).then_refused("RETURN_MISSING")


def test_the_person_consents_once_the_risk_is_known() -> None:
    consent.given(*lived(*OPENED)).when(CONSENT).then_refused("RETURN_RISK_NOT_ASSESSED")
    consent.given(*lived(*CONSENTED)).when(CONSENT).then_refused("RETURN_CONSENTED")
    few = asks(ConsentToReturn, consent_id=WILL, informed_points=("purpose",))
    consent.given(*lived(*ASSESSED)).when(few).then_refused("CONSENT_NOT_INFORMED")
    guardian = asks(ConsentToReturn, consent_id=WILL, given_by="guardian")
    consent.given(*lived(*ASSESSED)).when(guardian).then_refused("GUARDIAN_FOR_ADULT")


@pytest.mark.parametrize("risk", ["not_safe", "unknown"])
def test_nobody_is_asked_or_sent_into_danger(risk: str) -> None:
    found = asks(AssessReturnRisk, risk=risk)
    consent.given(*lived(*OPENED, found)).when(CONSENT).then_refused("RETURN_NOT_SAFE")
    refer.given(*lived(*CONSENTED, found)).when(asks(ReferAbroad)).then_refused("RETURN_NOT_SAFE")
    leave.given(*lived(*AGREED, found)).when(asks(RecordReturn)).then_refused("RETURN_NOT_SAFE")


def test_each_assessment_asks_for_a_consent_of_its_own() -> None:
    world = World().do(*AGREED, asks(AssessReturnRisk, risk="safe_with_measures"))
    assert world.refuses(asks(RecordReturn)) == "CONSENT_NOT_LIVE"
    world.do(asks(ConsentToReturn, consent_id=ref("will again")))
    assert world.refuses(asks(RecordReturn)) is None


@pytest.mark.parametrize("danger", [asks(RaiseRiskAlert, kind="threat"), asks(NoteOffenderRelease)])
def test_a_danger_seen_since_undoes_assessment_and_consent(danger: object) -> None:
    world = World().do(*AGREED, danger)
    assert world.refuses(asks(RecordReturn)) == "RETURN_RISK_NOT_ASSESSED"
    world.do(asks(AssessReturnRisk, risk="safe_with_measures"))
    assert world.refuses(asks(RecordReturn)) == "CONSENT_NOT_LIVE"
    world.do(asks(ConsentToReturn, consent_id=ref("will again")))
    assert world.refuses(asks(RecordReturn)) is None


def test_a_danger_seen_after_the_person_left_does_not_unmake_that_day() -> None:
    world = World().do(*AGREED, asks(RaiseRiskAlert, kind="threat", occurred_on=LATER))
    assert world.refuses(asks(RecordReturn, occurred_on=LATER)) == "RETURN_RISK_NOT_ASSESSED"
    assert world.refuses(asks(RecordReturn, occurred_on=DAY)) is None


@pytest.mark.parametrize("basis", ["", "consent", "vital_interest", "legal_obligation", "public_task"])
def test_until_the_person_left_a_consent_taken_back_stops_the_return(basis: str) -> None:
    refer.given(*lived(*CONSENTED, REVOKED)).when(asks(ReferAbroad, legal_basis=basis)).then_refused("CONSENT_NOT_LIVE")
    leave.given(*lived(*AGREED, REVOKED)).when(asks(RecordReturn, legal_basis=basis)).then_refused("CONSENT_NOT_LIVE")
    anew = World().do(*AGREED, REVOKED, asks(ConsentToReturn, consent_id=ref("will again")))
    assert anew.refuses(asks(RecordReturn)) is None


def test_consent_to_a_return_is_given_with_the_risk_known_and_no_other_way() -> None:
    assert World().do(*ASSESSED).refuses(asks(GiveConsent, scope="return")) == "CONSENT_SCOPE_NOT_OURS"


def test_a_receiver_is_asked_one_at_a_time_and_may_still_say_no() -> None:
    refer.given(*lived(*ASSESSED)).when(asks(ReferAbroad)).then_refused("CONSENT_NOT_LIVE")
    refer.given(*lived(*ASKED)).when(asks(ReferAbroad)).then_refused("RECEIVER_ASKED")
    answer.given(*lived(*CONSENTED)).when(ANSWERED).then_refused("RECEIVER_NOT_ASKED")
    answer.given(*lived(*AGREED)).when(ANSWERED).then_refused("RECEIVER_ACCEPTED")
    world = World().do(*AGREED, asks(RecordReceiverAnswer, answer="declined"))
    assert world.refuses(asks(RecordReturn)) == "RECEIVER_NOT_ACCEPTED"
    assert world.refuses(asks(ReferAbroad, receiver_ref=ref("another"))) is None


def test_nobody_leaves_before_a_receiver_has_agreed() -> None:
    leave.given(*lived(*ASKED)).when(asks(RecordReturn)).then_refused("RECEIVER_NOT_ACCEPTED")
    late = lived(*ASKED, asks(RecordReceiverAnswer, answer="accepted", occurred_on=LATER))
    leave.given(*late).when(asks(RecordReturn, occurred_on=DAY)).then_refused("RECEIVER_NOT_ACCEPTED")


def test_a_receiver_confirms_once_and_only_whom_it_awaits() -> None:
    confirm.given(*lived(*AGREED)).when(asks(ConfirmReintegration)).then_refused("NOT_RETURNED")
    confirm.given(*lived(*ARRIVED)).when(asks(ConfirmReintegration)).then_refused("REINTEGRATION_CONFIRMED")


def test_a_child_goes_only_where_a_determination_says_so() -> None:
    refer.given(*lived(*CHILDS)).when(asks(ReferAbroad)).then_refused("BEST_INTEREST_UNDETERMINED")
    assessed = lived(*CHILDS, asks(AssessBestInterest))
    refer.given(*assessed).when(asks(ReferAbroad)).then_refused("BEST_INTEREST_UNDETERMINED")
    stays = lived(*CHILDS, asks(DetermineBestInterest, solution="local_care"))
    refer.given(*stays).when(asks(ReferAbroad)).then_refused("STAY_DETERMINED")
    world = World().do(*CHILDS, asks(DetermineBestInterest), asks(ReferAbroad), ANSWERED)
    late = DAY + timedelta(days=181)
    assert world.refuses(asks(RecordReturn, occurred_on=late)) == "BEST_INTEREST_UNDETERMINED"
    assert world.refuses(asks(RecordReturn)) is None


def test_what_lasts_for_a_child_is_determined_by_several() -> None:
    child = lived(*CHILD)
    determine.given(*child).when(asks(DetermineBestInterest)).then(
        BestInterestDetermined(ANNA, "reunify", ("chair", "guardian"), True, DAY, DAY + timedelta(days=180))
    )
    determine.given(*child).when(asks(DetermineBestInterest, panel=("chair",))).then_refused("PANEL_OF_ONE")
    determine.given(*child).when(asks(DetermineBestInterest, panel=("chair", "chair"))).then_refused("LIST_NOT_PLAIN")
    determine.given(*child).when(asks(DetermineBestInterest, review_by=DAY)).then_refused("REVIEW_NOT_LATER")
    determine.given(*lived(*ACCEPTED)).when(asks(DetermineBestInterest)).then_refused("NOT_A_CHILD")


def test_an_assessment_that_asks_for_a_determination_makes_it_due() -> None:
    world = World().do(*CHILD, asks(AssessBestInterest, result="determination_needed"))
    assert ("best_interest_determination", None) in world.person().deadlines
    world.do(asks(DetermineBestInterest))
    assert ("best_interest_determination", None) not in world.person().deadlines


def test_nobody_is_closed_out_of_an_open_return() -> None:
    for story in (OPENED, AGREED):
        for outcome in ("returned", "withdrew", "other"):
            assert World().do(*story).refuses(asks(CloseCase, outcome=outcome)) == "RETURN_OPEN"


def test_a_case_closes_as_returned_once_the_person_was_received() -> None:
    world = World().do(*LEFT)
    assert world.refuses(asks(CloseCase, outcome="returned")) == "REINTEGRATION_UNCONFIRMED"
    world.do(asks(ConfirmReintegration), asks(CloseCase, outcome="returned"))
    assert CaseClosed(ANNA, CASE, "returned", (), DAY) in world.events()
    assert not world.person().deadlines


def test_a_case_closes_although_nobody_confirms_but_not_as_returned() -> None:
    assert World().do(*LEFT).refuses(asks(CloseCase, outcome="other")) is None


STEPS = st.sampled_from(
    [
        asks(OpenReturn),
        *(asks(AssessReturnRisk, risk=risk) for risk in code_list("return_risk_outcome")),
        CONSENT,
        REVOKED,
        asks(DetermineBestInterest),
        asks(ReferAbroad),
        ANSWERED,
        asks(RecordReceiverAnswer, answer="declined"),
        asks(RaiseRiskAlert, kind="threat"),
        asks(RecordReturn, legal_basis="vital_interest"),
        asks(RecordReturn),
        asks(CallOffReturn, reason="other"),
    ]
)


@given(begin=st.sampled_from([AGREED, CHILD]), steps=st.lists(STEPS, max_size=25))
def test_nobody_returns_without_will_safety_and_a_receiver(begin: tuple[object, ...], steps: list[object]) -> None:
    """Invariant 22, whatever is tried in whatever order on one day."""
    world = World().do(*begin)
    for step in steps:
        world.refuses(step)
    told = world.events()
    for nth, one in enumerate(told):
        if isinstance(one, PersonReturned):
            must_have_been_ready(told[:nth], child=begin is CHILD)


def must_have_been_ready(past: tuple[object, ...], *, child: bool) -> None:
    """Reckoned from the facts alone, backwards from the day of leaving."""
    begun = last(past, ReturnOpened)
    risk, will = last(past, ReturnRiskAssessed), last(past, ReturnConsented)
    assert begun < risk < will
    assert begun < last(past, TransnationalReferralSent) < last(past, TransnationalReferralAnswered)
    assessed, said = past[risk], past[last(past, TransnationalReferralAnswered)]
    assert isinstance(assessed, ReturnRiskAssessed)
    assert assessed.risk in ("safe", "safe_with_measures")
    assert isinstance(said, TransnationalReferralAnswered)
    assert said.answer == "accepted"
    assert last(past, events.RiskAlertRaised) < risk
    assert last(past, events.ConsentRevoked) < will
    assert not child or last(past, BestInterestDetermined) >= 0


def last(past: tuple[object, ...], form: type[object]) -> int:
    """Where the last fact of that form stands; -1 where there is none."""
    return max((nth for nth, one in enumerate(past) if isinstance(one, form)), default=-1)


def test_nothing_of_what_a_risk_was_found_to_be_is_shown_or_told() -> None:
    """Invariant 12: the fact that it was assessed is on the coordinator's timeline, its outcome is not; no notice."""
    assert is_dataclass(ReturnRiskAssessed)
    assert not {one.name for one in fields(ReturnRiskAssessed)} & set(DETAILS)
    assert World().do(*ARRIVED).notices == []
