"""Who decides which stage, when, and what follows. Invariants 6, 7 and 18."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.identification.scene import (
    AGENCIES,
    AUTHORITY,
    KZ,
    POLICE,
    SIGNS,
    UK,
    after,
    with_deadline,
    with_second_officer,
)
from tests.identification.story import World, decisions, kinds_due

from nrm_contracts.codes import code_list
from nrm_contracts.identification.events import (
    DecisionTold,
    ExitPeriodStarted,
    ReferralReceived,
    StageDecided,
    StageProposed,
    StatusNotified,
)
from nrm_identification.domain.aftermath import DisqualifyPerson, RequestReconsideration, RevokeStatus
from nrm_identification.domain.deciding import ConfirmStage, DecideStage, TellDecision
from nrm_identification.domain.detection import Screen
from nrm_identification.domain.recovery import StartRecovery
from nrm_identification.domain.referral import AcknowledgeReferral, SubmitReferral

POSITIVE = {"outcome": "positive", "grounds": ("indicators_present",)}
NEGATIVE = {"outcome": "negative", "grounds": ("elements_not_met",)}
ROLES = sorted(code_list("access_role"))


def test_given_two_stages_when_the_first_is_positive_then_the_next_one_is_due() -> None:
    world = World()
    person_ref, referral_id = world.pending()
    world.decide(person_ref, referral_id, 1, "positive")
    (decided,) = decisions(world.authority, person_ref)
    assert (decided.final, decided.rule_id) == (False, f"{UK.version}/stages.1")
    assert kinds_due(world.authority, person_ref) == {"final_decision"}
    assert world.authority.person(person_ref).deadlines["final_decision", referral_id].due_on is None


def test_given_one_stage_when_positive_then_it_is_final() -> None:
    """In a single-stage country the police may refer to itself and decide."""
    world = World(KZ)
    person_ref = world.screened(region="KZ-10")
    world.consent(person_ref, "referral")
    referral_id = world.police.do(SubmitReferral, person_ref=person_ref, to=POLICE).referral_id
    assert world.police.events(person_ref, ReferralReceived)
    world.police.do(AcknowledgeReferral, person_ref=person_ref, referral_id=referral_id)
    world.police.do(DecideStage, person_ref=person_ref, referral_id=referral_id, stage=1, **POSITIVE)
    assert world.police.person(person_ref).phase == "confirmed"
    assert not world.sent, "nobody else has to do with it"


@given(st.sampled_from([POLICE, AUTHORITY]), st.sets(st.sampled_from(ROLES)), st.sampled_from([1, 2]))
def test_only_the_organisation_and_role_that_the_policy_names_decide(origin: str, roles: set[str], stage: int) -> None:
    world = World()
    person_ref, referral_id = world.pending()
    agency = world.authority
    asked = {"person_ref": person_ref, "referral_id": referral_id, "stage": stage, "roles": frozenset(roles)}
    if stage == 2:
        world.decide(person_ref, referral_id, 1, "positive")
        agency.do(StartRecovery, person_ref=person_ref, referral_id=referral_id)
        world.go_to(after(40))
    allowed = {(one.org_kind, one.role) for one in UK.stages[stage - 1].deciders}
    if any((AGENCIES[origin], role) in allowed for role in roles):
        agency.do(DecideStage, agency=origin, **asked, **POSITIVE)
    else:
        assert agency.refused(DecideStage, agency=origin, **asked, **POSITIVE) == "NOT_A_DECIDER"


@given(st.sampled_from(sorted(code_list("org_kind"))))
def test_what_an_agency_is_the_trust_file_says_and_its_name_does_not(kind: str) -> None:
    world = World()
    person_ref, referral_id = world.pending()
    asked = {"person_ref": person_ref, "referral_id": referral_id, "stage": 1, "roles": frozenset({"identifier"})}
    told = AGENCIES | {AUTHORITY: kind}
    if kind in {one.org_kind for one in UK.stages[0].deciders}:
        world.authority.do(DecideStage, agencies=told, **asked, **POSITIVE)
        assert decisions(world.authority, person_ref)
    else:
        assert world.authority.refused(DecideStage, agencies=told, **asked, **POSITIVE) == "NOT_A_DECIDER"
    referring = {"person_ref": world.screened(), "to": AUTHORITY}
    world.consent(referring["person_ref"], "referral")
    told = AGENCIES | {POLICE: kind}
    if kind in UK.first_responders:
        assert world.police.do(SubmitReferral, agencies=told, **referring).agencies == told
    else:
        assert world.police.refused(SubmitReferral, agencies=told, **referring) == "NOT_A_FIRST_RESPONDER"


def test_given_stage_one_pending_when_stage_two_is_decided_then_refused() -> None:
    world = World()
    person_ref, referral_id = world.pending()
    asked = {"person_ref": person_ref, "referral_id": referral_id, "stage": 2}
    assert world.authority.refused(DecideStage, **asked, **POSITIVE) == "STAGE_NOT_NEXT"


def test_given_an_unanswered_referral_when_decided_then_refused() -> None:
    world = World()
    person_ref, referral_id = world.referred()
    asked = {"person_ref": person_ref, "referral_id": referral_id, "stage": 1}
    assert world.authority.refused(DecideStage, **asked, **POSITIVE) == "REFERRAL_NOT_PENDING"


def test_given_no_grounds_when_decided_then_refused() -> None:
    world = World()
    person_ref, referral_id = world.pending()
    asked = {"person_ref": person_ref, "referral_id": referral_id, "stage": 1, "outcome": "positive", "grounds": ()}
    assert world.authority.refused(DecideStage, **asked) == "GROUNDS_MISSING"


def test_given_two_officers_wanted_when_one_decides_then_nothing_follows_until_another_confirms() -> None:
    world = World(with_second_officer(UK))
    person_ref, referral_id = world.pending()
    asked = {"person_ref": person_ref, "referral_id": referral_id, "stage": 1}
    assert world.authority.refused(ConfirmStage, **asked) == "NOTHING_PROPOSED"
    world.authority.do(DecideStage, **asked, **POSITIVE)
    assert world.authority.events(person_ref, StageProposed)
    assert not world.told(POLICE, StatusNotified)
    assert kinds_due(world.authority, person_ref) == {"stage_decision"}

    assert world.authority.refused(ConfirmStage, **asked) == "SECOND_OFFICER_REQUIRED"
    world.authority.do(ConfirmStage, officer="officer-2", **asked)
    (decided,) = decisions(world.authority, person_ref)
    assert (decided.officer, decided.second_officer) == ("officer-1", "officer-2")
    assert world.told(POLICE, StatusNotified)


@given(st.integers(0, 60), st.booleans(), st.sampled_from([None, False, True]))
def test_the_last_stage_waits_for_the_recovery_minimum_unless_the_person_may_hasten_it(
    days: int, asks: bool, may_hasten: bool | None
) -> None:
    last = replace(UK.stages[1], person_may_hasten=may_hasten)
    world = World(replace(UK, stages=(UK.stages[0], last)))
    person_ref, referral_id = world.recovering()
    world.go_to(after(days))
    asked = {"person_ref": person_ref, "referral_id": referral_id, "stage": 2, "person_asks": asks, **POSITIVE}
    if days > 30 or (asks and may_hasten):
        world.authority.do(DecideStage, **asked)
        assert decisions(world.authority, person_ref)[-1].asked_early is asks
    else:
        assert world.authority.refused(DecideStage, **asked) == "RECOVERY_RUNNING"


def test_given_no_recovery_period_when_the_last_stage_is_decided_then_refused() -> None:
    world = World()
    person_ref, referral_id = world.pending()
    world.decide(person_ref, referral_id, 1, "positive")
    asked = {"person_ref": person_ref, "referral_id": referral_id, "stage": 2}
    assert world.authority.refused(DecideStage, **asked, **POSITIVE) == "RECOVERY_NOT_STARTED"


@given(st.one_of(st.none(), st.integers(1, 90)))
def test_a_negative_decision_opens_an_exit_period_from_the_policy(days: int | None) -> None:
    policy = with_deadline(UK, "exit_negative", days) if days else replace(UK, deadlines={})
    world = World(policy)
    person_ref, referral_id = world.negative()
    (exit_period,) = world.authority.events(person_ref, ExitPeriodStarted)
    assert (exit_period.after, exit_period.ends_on) == ("negative", after(days) if days else None)
    assert kinds_due(world.authority, person_ref) == set(), "it is nobody's task here that support runs out"
    assert world.told(POLICE, StatusNotified)[0].exit_on == exit_period.ends_on
    assert world.told(POLICE, StatusNotified)[0].final
    assert world.authority.person(person_ref).referrals.by_id[referral_id].phase == "not_confirmed"


def test_given_a_missing_person_when_decided_against_then_refused_but_not_for_them() -> None:
    world = World()
    person_ref, referral_id = world.pending()
    world.lose(person_ref)
    asked = {"person_ref": person_ref, "referral_id": referral_id, "stage": 1}
    assert world.authority.refused(DecideStage, **asked, **NEGATIVE) == "PERSON_MISSING"
    world.authority.do(DecideStage, **asked, **POSITIVE)


def test_given_a_negative_decision_when_reconsidered_then_the_stage_is_open_and_can_turn_positive() -> None:
    world = World()
    person_ref, referral_id = world.negative()
    asked = {"person_ref": person_ref, "referral_id": referral_id, "requested_by": "self"}
    assert world.authority.refused(RequestReconsideration, grounds=(), **asked) == "GROUNDS_MISSING"
    world.authority.do(RequestReconsideration, grounds=("new_information",), **asked)
    assert kinds_due(world.authority, person_ref) == {"reconsideration_decision"}
    world.decide(person_ref, referral_id, 1, "positive")
    assert [one.outcome for one in decisions(world.authority, person_ref)] == ["negative", "positive"]
    assert kinds_due(world.authority, person_ref) == {"final_decision"}
    assert [one.outcome for one in world.told(POLICE, StatusNotified)] == ["negative", "positive"]


@given(st.integers(1, 60), st.integers(0, 90))
def test_a_reconsideration_is_late_only_after_the_time_of_the_policy(window: int, days: int) -> None:
    world = World(with_deadline(UK, "reconsideration_request", window))
    person_ref, referral_id = world.negative()
    world.go_to(after(days))
    asked = {"person_ref": person_ref, "referral_id": referral_id, "requested_by": "self", "grounds": ("rule_error",)}
    if days <= window:
        world.authority.do(RequestReconsideration, **asked)
    else:
        assert world.authority.refused(RequestReconsideration, **asked) == "RECONSIDERATION_LATE"


def test_given_nothing_decided_when_reconsideration_is_asked_then_refused() -> None:
    world = World()
    person_ref, referral_id = world.pending()
    asked = {"person_ref": person_ref, "referral_id": referral_id, "requested_by": "self", "grounds": ("rule_error",)}
    assert world.authority.refused(RequestReconsideration, **asked) == "NOT_DECIDED_SO"


def test_given_a_positive_stage_when_disqualified_then_only_after_weighing_the_harm() -> None:
    world = World()
    person_ref, referral_id = world.pending()
    asked = {"person_ref": person_ref, "referral_id": referral_id, "ground": "public_order"}
    assert world.authority.refused(DisqualifyPerson, harm_weighed=True, **asked) == "NO_POSITIVE_STAGE"
    world.decide(person_ref, referral_id, 1, "positive")
    assert world.authority.refused(DisqualifyPerson, **asked) == "HARM_NOT_WEIGHED"
    world.authority.do(DisqualifyPerson, harm_weighed=True, **asked)
    world.deliver()
    assert world.authority.person(person_ref).phase == "disqualified"
    assert world.authority.events(person_ref, ExitPeriodStarted)[0].after == "negative"
    assert kinds_due(world.authority, person_ref) == set()
    assert world.told(POLICE, StatusNotified)[-1].outcome == "disqualified"
    assert world.police.person(world.at_referrer()).phase == "disqualified"


def test_given_a_confirmed_status_when_revoked_then_support_runs_out_and_it_can_be_reconsidered() -> None:
    world = World()
    person_ref, referral_id = world.confirmed()
    asked = {"person_ref": person_ref, "referral_id": referral_id}
    world.authority.do(RevokeStatus, ground="obtained_by_fraud", **asked)
    assert world.authority.refused(RevokeStatus, ground="obtained_by_fraud", **asked) == "NOT_DECIDED_SO"
    assert [one.after for one in world.authority.events(person_ref, ExitPeriodStarted)] == ["positive", "negative"]
    world.authority.do(RequestReconsideration, requested_by="representative", grounds=("fact_error",), **asked)


def test_given_a_decision_when_the_person_is_told_then_recorded_and_not_before() -> None:
    world = World()
    person_ref, referral_id = world.pending()
    asked = {"person_ref": person_ref, "referral_id": referral_id, "stage": 1, "means": "in_person"}
    assert world.authority.refused(TellDecision, **asked) == "STAGE_NOT_DECIDED"
    world.decide(person_ref, referral_id, 1, "negative")
    world.authority.do(TellDecision, **asked)
    assert world.authority.events(person_ref, DecisionTold)


def test_every_decision_names_the_policy_version_it_was_made_under() -> None:
    world = World()
    person_ref, _ = world.confirmed()
    assert {one.rule_id.split("/")[0] for one in world.authority.events(person_ref, StageDecided)} == {UK.version}


def test_given_an_open_referral_when_screened_again_then_refused() -> None:
    world = World()
    person_ref, _ = world.pending()
    assert world.authority.refused(Screen, person_ref=person_ref, **SIGNS) == "REFERRAL_OPEN"


@given(st.integers(1, 20), st.sampled_from(["acknowledge", "decide", "recover", "confirm", "revoke"]))
def test_no_step_is_dated_before_the_one_it_follows(days: int, step: str) -> None:
    """Else a recovery period could run out on paper, on one afternoon."""
    world = World(with_second_officer(UK))
    person_ref, referral_id = world.referred()
    asked = {"person_ref": person_ref, "referral_id": referral_id}
    steps: tuple[tuple[str, type[object], dict[str, object]], ...] = (
        ("acknowledge", AcknowledgeReferral, {}),
        ("decide", DecideStage, {"stage": 1, **POSITIVE}),
        ("confirm", ConfirmStage, {"stage": 1, "officer": "officer-2"}),
        ("recover", StartRecovery, {}),
        ("revoke", DisqualifyPerson, {"ground": "public_order", "harm_weighed": True}),
    )
    for name, command, more in steps:
        if name == step:
            early = {"occurred_on": world.authority.on - timedelta(days)}
            assert world.authority.refused(command, **asked, **more, **early) == "BEFORE_LAST_STEP"
            return
        world.authority.do(command, **asked, **more)


def test_given_an_older_rule_when_the_policy_changes_then_the_time_to_ask_stays() -> None:
    world = World(with_deadline(UK, "reconsideration_request", 30))
    person_ref, referral_id = world.negative()
    world.authority.policy = with_deadline(UK, "reconsideration_request", 5)
    world.go_to(after(20))
    asked = {"person_ref": person_ref, "referral_id": referral_id, "requested_by": "self", "grounds": ("rule_error",)}
    world.authority.do(RequestReconsideration, **asked)
