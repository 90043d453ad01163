"""Staying in touch after help, and losing and finding a person again."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.assistance.story import (
    ACCEPTED,
    ANNA,
    CASE,
    DAY,
    DEAL,
    FOLLOWED_UP,
    FUND,
    HANDOVER,
    OTHER_NGO,
    POLICE,
    POLICY,
    PROSECUTOR,
    REGISTERED,
    REQUESTED,
    World,
    asks,
    lived,
    ref,
)
from tests.often import often

from nrm_assistance.domain import contact
from nrm_assistance.domain.care import EnterPhase, RaiseRiskAlert
from nrm_assistance.domain.closing import CloseCase
from nrm_assistance.domain.consents import NoteSharedConsent
from nrm_assistance.domain.contact import MissFollowUp, RecordFollowUp, ReportFound, ReportLost, VoidFollowUp
from nrm_assistance.domain.contract import RecordContract
from nrm_assistance.domain.delivery import DeliverServiceUnit
from nrm_assistance.domain.intake import OpenCase
from nrm_assistance.domain.person import PERSON
from nrm_assistance.domain.status import NoteStatus
from nrm_contracts.assistance.events import (
    ContactFound,
    ContactLost,
    DeadlineLifted,
    DeadlineMet,
    DeadlineSet,
    FollowUpContactMade,
    FollowUpMissed,
    FollowUpVoided,
    PersonLost,
)
from nrm_contracts.record.events import HandoverReceived
from nrm_kernel.decider import Notice
from nrm_kernel.errors import NotFound
from nrm_kernel.testing.spec import Spec

follow_up = Spec(PERSON, contact.record_follow_up)
void = Spec(PERSON, contact.void_follow_up)
miss = Spec(PERSON, contact.miss_follow_up)
lose = Spec(PERSON, contact.report_lost)
find = Spec(PERSON, contact.report_found)
AGAIN = ref("another case")
FARES = {"wellbeing": "good", "housing": "own_or_rented", "income": "employed", "safe": "yes"}


def test_a_contact_meets_its_month_and_makes_up_for_missed_ones() -> None:
    decided = follow_up.given(*lived(*FOLLOWED_UP)).when(asks(RecordFollowUp, month=6, **FARES))
    decided.then(
        FollowUpContactMade(ANNA, 6, "good", "own_or_rented", "employed", "yes", DAY),
        DeadlineMet(ANNA, "follow_up_contact", DAY, 6),
        DeadlineLifted(ANNA, "follow_up_contact", DAY, 1),
        DeadlineLifted(ANNA, "follow_up_contact", DAY, 3),
    )


def test_after_the_last_contact_the_case_is_to_be_reviewed() -> None:
    decided = follow_up.given(*lived(*FOLLOWED_UP)).when(asks(RecordFollowUp, month=12, **FARES))
    assert [event.kind for event in decided.events if isinstance(event, DeadlineSet)] == ["case_review"]


@pytest.mark.parametrize("month", [2, 24])
def test_a_contact_is_made_in_a_month_of_the_policy(month: int) -> None:
    follow_up.given(*lived(*FOLLOWED_UP)).when(asks(RecordFollowUp, month=month, **FARES)).then_refused(
        "FOLLOW_UP_NOT_DUE"
    )


def test_no_contact_is_due_before_follow_up_began() -> None:
    follow_up.given(*lived(*ACCEPTED)).when(asks(RecordFollowUp, month=1, **FARES)).then_refused("FOLLOW_UP_NOT_DUE")


def test_attempts_are_counted_and_the_contact_stays_due() -> None:
    world = World().do(*FOLLOWED_UP, asks(MissFollowUp, month=1), asks(MissFollowUp, month=1))
    assert world.events()[-2:] == (FollowUpMissed(ANNA, 1, 1, DAY), FollowUpMissed(ANNA, 1, 2, DAY))
    assert ("follow_up_contact", 1) in world.person().deadlines


def test_a_contact_recorded_in_error_is_due_again_by_its_day_and_the_review_waits() -> None:
    world = World().do(*FOLLOWED_UP, asks(RecordFollowUp, month=12, **FARES))
    [written] = [event for event in world.events() if isinstance(event, FollowUpContactMade)]
    [due] = [event for event in world.events() if isinstance(event, DeadlineSet) and event.month == 12]
    decided = void.given(*world.events()).when(asks(VoidFollowUp, month=12, reason="wrong_person"))
    decided.then(
        FollowUpVoided(ANNA, 12, world.events().index(written) + 1, "wrong_person", DAY),
        DeadlineLifted(ANNA, "case_review", DAY),
        due,
    )


def test_the_right_contact_takes_the_place_of_the_wrong_one() -> None:
    wrong, undone = asks(RecordFollowUp, month=1, **FARES), asks(VoidFollowUp, month=1, reason="typing_error")
    world = World().do(*FOLLOWED_UP, wrong, undone, asks(RecordFollowUp, month=1, **FARES | {"income": "none"}), undone)
    kept = [event for event in world.events() if isinstance(event, FollowUpContactMade)]
    voided = [event for event in world.events() if isinstance(event, FollowUpVoided)]
    assert [one.income for one in kept] == ["employed", "none"], "what was recorded stays on record"
    assert [world.events()[one.corrects - 1] for one in voided] == kept


def test_only_a_contact_that_stands_is_voided() -> None:
    undone = asks(VoidFollowUp, month=1, reason="wrong_person")
    void.given(*lived(*FOLLOWED_UP)).when(undone).then_refused("FOLLOW_UP_NOT_MADE")
    made = (*FOLLOWED_UP, asks(RecordFollowUp, month=1, **FARES))
    void.given(*lived(*made, undone)).when(undone).then_refused("FOLLOW_UP_NOT_MADE")


def test_who_is_no_longer_followed_up_is_owed_no_contact_by_a_correction() -> None:
    back = (*FOLLOWED_UP, asks(RecordFollowUp, month=1, **FARES), asks(EnterPhase, phase="reintegration"))
    decided = void.given(*lived(*back)).when(asks(VoidFollowUp, month=1, reason="wrong_person"))
    assert [type(event) for event in decided.events] == [FollowUpVoided]


def test_given_a_case_that_ended_when_its_contact_is_voided_then_the_case_stays_ended_with_nothing_due() -> None:
    closed = (*FOLLOWED_UP, asks(RecordFollowUp, month=12, **FARES), asks(CloseCase, outcome="other"))
    undone = asks(VoidFollowUp, month=12, reason="wrong_person")
    world = World().do(*closed)
    decided = void.given(*world.events()).when(undone)
    made = next(event for event in world.events() if isinstance(event, FollowUpContactMade))
    decided.then(FollowUpVoided(ANNA, 12, world.events().index(made) + 1, "wrong_person", DAY))
    assert world.do(undone).refuses(undone) == "FOLLOW_UP_NOT_MADE"
    assert world.refuses(asks(RecordFollowUp, month=12, **FARES)) == "CASE_NOT_OPEN"


def test_given_another_case_since_when_a_contact_is_voided_then_the_case_that_is_named_counts() -> None:
    first = (*FOLLOWED_UP, asks(RecordFollowUp, month=1, **FARES), asks(CloseCase, outcome="other"))
    world = World().do(*first, asks(OpenCase, case_id=AGAIN))
    before = world.person()
    assert world.refuses(asks(VoidFollowUp, month=1, reason="typing_error")) == "FOLLOW_UP_NOT_MADE"
    assert world.refuses(asks(VoidFollowUp, month=1, reason="typing_error", case_id=ref("nobody's"))) is not None
    world.do(asks(VoidFollowUp, month=1, reason="typing_error", case_id=CASE))
    assert isinstance(world.events()[-1], FollowUpVoided)
    assert (world.person().case, world.person().deadlines) == (before.case, before.deadlines)


def test_given_nobody_helped_here_when_a_contact_is_voided_then_not_found() -> None:
    with pytest.raises(NotFound):
        void.when(asks(VoidFollowUp, month=1, reason="typing_error"))


@settings(max_examples=often(40))
@given(
    made=st.lists(st.sampled_from([1, 3, 6, 12]), unique=True),
    ends=st.booleans(),
    again=st.booleans(),
    voided=st.lists(st.sampled_from([1, 3, 6, 12])),
)
def test_a_contact_is_voided_at_any_time_and_alone(made: list[int], ends: bool, again: bool, voided: list[int]) -> None:
    world = World().do(*FOLLOWED_UP, asks(RecordContract), asks(DeliverServiceUnit, contract_ref=DEAL))
    recorded = {month for month in sorted(made) if world.refuses(asks(RecordFollowUp, month=month, **FARES)) is None}
    if ends:
        world.do(asks(CloseCase, outcome="other"), *([asks(OpenCase, case_id=AGAIN)] if again else []))
    was, contracts, told = world.person(), dict(world.contracts), len(world.notices)
    for month in voided:
        reason = world.refuses(asks(VoidFollowUp, month=month, reason="wrong_person", case_id=CASE))
        assert reason == (None if month in recorded else "FOLLOW_UP_NOT_MADE")
        recorded.discard(month)
    now = world.person()
    assert {month for _, month in now.follow_ups.made} == recorded
    assert (now.case, now.deliveries) == (was.case, was.deliveries), "no case opens, and what is claimed is not touched"
    assert (world.contracts, len(world.notices)) == (contracts, told)
    if ends:
        assert now.deadlines == was.deadlines


@given(st.permutations([1, 3, 6, 12]), st.integers(0, 4))
def test_in_whatever_order_contacts_come_something_stays_due(months: list[int], made: int) -> None:
    world = World().do(*FOLLOWED_UP)
    for month in months[:made]:
        world.refuses(asks(RecordFollowUp, month=month, **FARES))
        assert world.person().deadlines


def test_a_loss_is_told_as_a_bare_fact_where_a_handover_exists() -> None:
    known = (
        *lived(*REQUESTED),
        HandoverReceived(ANNA, PROSECUTOR, ref("prosecutors")),
        HandoverReceived(ANNA, FUND, ref("funds")),
        HandoverReceived(ANNA, OTHER_NGO, ref("ngos")),
    )
    decided = lose.given(*known).when(asks(ReportLost, last_contact_on=DAY - timedelta(days=9)))
    assert decided.events[0] == PersonLost(ANNA, DAY - timedelta(days=9), DAY)
    assert decided.notices == (
        Notice(POLICE, HANDOVER, ContactLost(HANDOVER, DAY)),
        Notice(PROSECUTOR, ref("prosecutors"), ContactLost(ref("prosecutors"), DAY)),
    )


def test_nobody_is_told_where_no_handover_exists() -> None:
    assert lose.given(*lived(*ACCEPTED)).when(asks(ReportLost)).notices == ()


def test_who_may_not_be_told_is_not_told() -> None:
    revoked = asks(NoteSharedConsent, sender=POLICE, change="revoked")
    assert lose.given(*lived(*REQUESTED, revoked)).when(asks(ReportLost)).notices == ()


def test_lost_and_found_again_and_the_case_goes_on() -> None:
    world = World().do(*REQUESTED, asks(ReportLost), asks(ReportFound))
    assert world.notices[-1] == Notice(POLICE, HANDOVER, ContactFound(HANDOVER, DAY))
    assert not world.person().lost
    assert DeadlineMet(ANNA, "lost_contact_check", DAY) in world.events()


def test_only_who_is_in_touch_is_lost_and_only_who_is_lost_is_found() -> None:
    lose.given(*lived(*REGISTERED, asks(ReportLost))).when(asks(ReportLost)).then_refused("LOST_BEFORE")
    find.given(*lived(*REGISTERED)).when(asks(ReportFound)).then_refused("NOT_LOST")


def test_the_last_contact_was_before_the_loss() -> None:
    late = asks(ReportLost, last_contact_on=DAY + timedelta(days=1))
    lose.given(*lived(*REGISTERED)).when(late).then_refused("LAST_CONTACT_LATER")


def test_help_given_before_is_recorded_while_the_person_is_lost() -> None:
    World().do(*ACCEPTED, asks(ReportLost), asks(DeliverServiceUnit), asks(RaiseRiskAlert, kind="missing"))


def test_what_a_status_decision_says_does_not_matter_for_follow_up() -> None:
    told = asks(NoteStatus, outcome="negative")
    World().do(*FOLLOWED_UP, told, asks(RecordFollowUp, month=1, **FARES))


def test_the_policy_of_these_tests_names_these_months() -> None:
    assert POLICY.followup_months == (1, 3, 6, 12)
