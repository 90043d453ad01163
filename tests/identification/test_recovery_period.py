"""The recovery and reflection period: at least 30 days, whatever a policy or an officer says. Invariant 8."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.identification.scene import DAY, KZ, POLICE, SHELTER, SIGNS, UK, after
from tests.identification.story import World, kinds_due

from nrm_contracts.identification.events import (
    RecoveryChangeReceived,
    RecoveryNotified,
    RecoveryPeriodEnded,
    RecoveryPeriodExtended,
    RecoveryPeriodStarted,
    RemovalSuspended,
    RemovalSuspensionEnded,
)
from nrm_contracts.policy import NationalPolicy, Period, Unit
from nrm_identification.domain.deciding import DecideStage
from nrm_identification.domain.detection import Screen
from nrm_identification.domain.recovery import EndRecovery, ExtendRecovery, StartRecovery
from nrm_identification.domain.referral import AcknowledgeReferral, SubmitReferral
from nrm_identification.domain.sharing import RequestAssistance

POSITIVE = {"outcome": "positive", "grounds": ("indicators_present",)}


def _with_minimum(days: int | None) -> NationalPolicy:
    """The policy as no validator would let it pass: the rules hold the floor by themselves."""
    return replace(UK, recovery_min=Period(days, Unit.CALENDAR_DAYS) if days is not None else None)


def _positive(world: World) -> tuple[str, str]:
    person_ref, referral_id = world.pending()
    world.decide(person_ref, referral_id, 1, "positive")
    return person_ref, referral_id


@given(st.one_of(st.none(), st.integers(0, 120)), st.one_of(st.none(), st.integers(-5, 200)))
def test_it_never_lasts_under_30_days(minimum: int | None, wanted: int | None) -> None:
    world = World(_with_minimum(minimum))
    person_ref, referral_id = _positive(world)
    ends_on = None if wanted is None else after(wanted)
    asked = {"person_ref": person_ref, "referral_id": referral_id, "ends_on": ends_on}
    least = max(30, minimum or 0)
    if wanted is not None and wanted < least:
        assert world.authority.refused(StartRecovery, **asked) == "RECOVERY_TOO_SHORT"
        return
    world.authority.do(StartRecovery, **asked)
    (started,) = world.authority.events(person_ref, RecoveryPeriodStarted)
    assert started.minimum_on == after(least)
    assert started.ends_on >= started.starts_on + timedelta(days=30)


def test_a_region_may_have_a_longer_minimum() -> None:
    world = World()
    person_ref, referral_id = world.pending(region="GB-GLG")
    world.decide(person_ref, referral_id, 1, "positive")
    world.authority.do(StartRecovery, person_ref=person_ref, referral_id=referral_id)
    (started,) = world.authority.events(person_ref, RecoveryPeriodStarted)
    assert (started.ends_on, started.rule_id) == (after(90), f"{UK.version}/recovery_regions.GB-SCT")


def test_given_two_stages_when_the_first_is_open_then_it_cannot_start() -> None:
    world = World()
    person_ref, referral_id = world.pending()
    asked = {"person_ref": person_ref, "referral_id": referral_id}
    assert world.authority.refused(StartRecovery, **asked) == "NO_POSITIVE_STAGE"


def test_given_one_stage_when_the_referral_is_taken_up_then_it_may_start_by_the_floor_of_law() -> None:
    world = World(KZ)
    person_ref = world.detected(region="KZ-10")
    world.police.do(Screen, person_ref=person_ref, **SIGNS)
    world.consent(person_ref, "referral")
    referral_id = world.police.do(SubmitReferral, person_ref=person_ref, to=POLICE).referral_id
    asked = {"person_ref": person_ref, "referral_id": referral_id}
    assert world.police.refused(StartRecovery, **asked) == "REFERRAL_NOT_PENDING"
    world.police.do(AcknowledgeReferral, **asked)
    world.police.do(StartRecovery, **asked)
    (started,) = world.police.events(person_ref, RecoveryPeriodStarted)
    assert (started.ends_on, started.rule_id) == (after(30), f"{KZ.version}/coe_197.13")


def test_given_a_period_begun_under_older_rules_then_its_own_minimum_holds() -> None:
    world = World(_with_minimum(45))
    person_ref, referral_id = world.recovering()
    world.authority.policy = UK
    asked = {"person_ref": person_ref, "referral_id": referral_id, "stage": 2, **POSITIVE}
    world.go_to(after(45))
    assert world.authority.refused(DecideStage, **asked) == "RECOVERY_RUNNING"
    world.go_to(after(46))
    world.authority.do(DecideStage, **asked)


def test_given_a_running_period_when_started_again_then_refused() -> None:
    world = World()
    person_ref, referral_id = world.recovering()
    asked = {"person_ref": person_ref, "referral_id": referral_id}
    assert world.authority.refused(StartRecovery, **asked) == "RECOVERY_RUNNING"


@given(st.integers(-40, 200), st.sampled_from([None, 60, 100]), st.sampled_from([None, True, False]))
def test_an_extension_is_later_and_within_what_the_policy_allows(
    days: int, longest: int | None, extendable: bool | None
) -> None:
    maximum = Period(longest, Unit.CALENDAR_DAYS) if longest else None
    world = World(replace(UK, recovery_max=maximum, recovery_extendable=extendable))
    person_ref, _ = world.recovering()
    asked = {"person_ref": person_ref, "ends_on": after(days), "reason": "health"}
    if extendable is False:
        assert world.authority.refused(ExtendRecovery, **asked) == "RECOVERY_NOT_EXTENDABLE"
    elif days <= 30:
        assert world.authority.refused(ExtendRecovery, **asked) == "NOT_AN_EXTENSION"
    elif longest and days > longest:
        assert world.authority.refused(ExtendRecovery, **asked) == "RECOVERY_TOO_LONG"
    else:
        world.authority.do(ExtendRecovery, **asked)
        assert world.told(POLICE, RecoveryNotified)[-1].ends_on == after(days)


@given(st.integers(0, 60), st.sampled_from(["elapsed", "final_decision", "own_request", "public_order"]))
def test_it_ends_early_only_on_own_request_or_a_ground_of_law(days: int, reason: str) -> None:
    world = World()
    person_ref, _ = world.recovering()
    world.go_to(after(days))
    asked = {"person_ref": person_ref, "reason": reason}
    if days <= 30 and reason in {"elapsed", "final_decision"}:
        assert world.authority.refused(EndRecovery, **asked) == "RECOVERY_FLOOR"
    else:
        world.authority.do(EndRecovery, **asked)
        assert "recovery_end" not in kinds_due(world.authority, person_ref)
        assert world.authority.refused(EndRecovery, **asked) == "RECOVERY_NOT_RUNNING"


def test_given_a_period_when_it_changes_then_the_referrer_hears_and_tells_whom_it_brought_in() -> None:
    world = World()
    person_ref, referral_id = world.pending()
    at_police = world.at_referrer()
    world.consent(at_police, "assistance")
    world.police.do(RequestAssistance, person_ref=at_police, to=SHELTER)
    world.decide(person_ref, referral_id, 1, "positive")
    world.authority.do(StartRecovery, person_ref=person_ref, referral_id=referral_id)
    world.deliver()
    (recorded,) = world.police.events(at_police, RecoveryChangeReceived)
    assert (recorded.change, recorded.starts_on, recorded.ends_on) == ("started", DAY, after(30))
    (told,) = world.told(SHELTER, RecoveryNotified)
    assert told.handover_id == world.police.person(at_police).handovers[SHELTER]


def test_given_a_bar_on_removal_when_the_period_starts_grows_and_ends_then_it_is_suspended_all_the_while() -> None:
    world = World()
    person_ref, _ = world.recovering()
    world.authority.do(ExtendRecovery, person_ref=person_ref, ends_on=after(60), reason="health")
    world.go_to(after(61))
    world.authority.do(EndRecovery, person_ref=person_ref, reason="elapsed")
    rule = f"{UK.version}/removal_barred_in_recovery"
    recorded = world.authority.events(
        person_ref,
        RecoveryPeriodStarted,
        RecoveryPeriodExtended,
        RecoveryPeriodEnded,
        RemovalSuspended,
        RemovalSuspensionEnded,
    )
    assert [type(event) for event in recorded[::2]] == [
        RecoveryPeriodStarted,
        RecoveryPeriodExtended,
        RecoveryPeriodEnded,
    ]
    assert recorded[1::2] == [
        RemovalSuspended(person_ref, after(30), rule),
        RemovalSuspended(person_ref, after(60), rule),
        RemovalSuspensionEnded(person_ref, after(61)),
    ]


def test_given_no_bar_on_removal_when_a_period_runs_then_nothing_is_suspended_or_ended() -> None:
    world = World(replace(UK, removal_barred_in_recovery=False))
    person_ref, _ = world.recovering()
    world.authority.do(EndRecovery, person_ref=person_ref, reason="own_request")
    assert not world.authority.events(person_ref, RemovalSuspended, RemovalSuspensionEnded)


def test_given_a_removal_suspended_when_later_rules_bar_none_then_its_end_is_still_recorded() -> None:
    world = World()
    person_ref, _ = world.recovering()
    world.authority.policy = replace(UK, removal_barred_in_recovery=False)
    world.authority.do(EndRecovery, person_ref=person_ref, reason="own_request")
    assert world.authority.events(person_ref, RemovalSuspensionEnded)
