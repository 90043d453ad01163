"""What was granted lasts as long as the policy of its day says; no officer types its last day."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.identification.scene import DAY, UK, after, with_deadline
from tests.identification.story import World, kinds_due

from nrm_contracts.identification.events import (
    ExitPeriodStarted,
    ResidencePermitEnded,
    ResidencePermitIssued,
    StatusExpired,
    StatusNotified,
)
from nrm_contracts.policy import NationalPolicy, Period, Unit
from nrm_identification.domain.aftermath import ExpireStatus, RevokeStatus
from nrm_identification.domain.permits import EndResidencePermit, IssueResidencePermit

CONFIRMED_ON = 31
"""Days after the first one on which the story's status is confirmed."""


def with_term(days: int | None) -> NationalPolicy:
    return replace(UK, status_term=None if days is None else Period(days, Unit.CALENDAR_DAYS))


def test_given_a_term_when_the_status_is_confirmed_then_its_last_day_is_due() -> None:
    world = World(with_term(90))
    person_ref, referral_id = world.confirmed()
    term = world.authority.person(person_ref).deadlines["status_end", referral_id]
    assert (term.due_on, term.rule_id) == (after(CONFIRMED_ON + 90), f"{UK.version}/status_term")


def test_given_no_term_then_the_status_ends_by_no_lapse_of_time() -> None:
    world = World(with_term(None))
    person_ref, referral_id = world.confirmed()
    assert "status_end" not in kinds_due(world.authority, person_ref)
    world.go_to(date(2099, 1, 1))
    given = {"person_ref": person_ref, "referral_id": referral_id}
    assert world.authority.refused(ExpireStatus, **given) == "STATUS_WITHOUT_TERM"


def test_given_a_term_that_has_passed_then_the_status_expires_and_support_runs_out() -> None:
    world = World(with_term(90))
    person_ref, referral_id = world.confirmed()
    given = {"person_ref": person_ref, "referral_id": referral_id}
    world.go_to(after(CONFIRMED_ON + 90))
    assert world.authority.refused(ExpireStatus, **given) == "STATUS_RUNS"
    world.go_to(after(CONFIRMED_ON + 91))
    world.authority.do(ExpireStatus, **given)
    world.deliver()
    assert world.authority.events(person_ref, StatusExpired)
    assert world.authority.events(person_ref, ExitPeriodStarted)[-1].after == "negative"
    assert "status_end" not in kinds_due(world.authority, person_ref)
    assert [one.outcome for one in world.told(world.police.origin, StatusNotified)][-1] == "expired"
    assert world.police.person(world.at_referrer()).phase == "expired"
    assert world.authority.refused(ExpireStatus, **given) == "NOT_DECIDED_SO"


def test_given_a_status_that_is_revoked_then_its_term_is_due_no_more() -> None:
    world = World(with_term(90))
    person_ref, referral_id = world.confirmed()
    world.authority.do(RevokeStatus, person_ref=person_ref, referral_id=referral_id, ground="decided_in_error")
    assert "status_end" not in kinds_due(world.authority, person_ref)


@given(then=st.none() | st.integers(1, 500), now=st.none() | st.integers(1, 500), waited=st.integers(0, 600))
def test_the_rule_of_its_day_alone_says_when_a_status_ends(then: int | None, now: int | None, waited: int) -> None:
    world = World(with_term(then))
    person_ref, referral_id = world.confirmed()
    world.authority.policy = with_term(now)
    world.go_to(after(CONFIRMED_ON + waited))
    command = world.authority.command(ExpireStatus, person_ref=person_ref, referral_id=referral_id)
    may = world.authority.accepts(command, world.authority.person(person_ref))
    assert may == (then is not None and waited > then)


def test_given_a_presumed_victim_then_a_permit_lasts_as_the_policy_says_and_another_renews_it() -> None:
    world = World(with_deadline(UK, "residence_permit_end", 180))
    person_ref, referral_id = world.recovering()
    given = {"person_ref": person_ref, "referral_id": referral_id}
    world.authority.do(IssueResidencePermit, ground="personal", **given)
    [issued] = world.authority.events(person_ref, ResidencePermitIssued)
    assert (issued.starts_on, issued.ends_on) == (DAY, after(180))
    assert world.authority.person(person_ref).deadlines["residence_permit_end", person_ref].due_on == after(180)
    world.go_to(after(170))
    world.authority.do(IssueResidencePermit, ground="cooperation", **given)
    assert world.authority.person(person_ref).deadlines["residence_permit_end", person_ref].due_on == after(350)


def test_given_no_time_in_the_policy_then_the_permit_is_open_until_it_is_ended() -> None:
    world = World()
    person_ref, referral_id = world.recovering()
    world.authority.do(IssueResidencePermit, person_ref=person_ref, referral_id=referral_id, ground="personal")
    assert world.authority.person(person_ref).deadlines["residence_permit_end", person_ref].due_on is None
    assert world.authority.refused(EndResidencePermit, person_ref=person_ref, reason="elapsed") == "PERMIT_RUNS"
    world.authority.do(EndResidencePermit, person_ref=person_ref, reason="own_request")
    assert world.authority.events(person_ref, ResidencePermitEnded)
    assert "residence_permit_end" not in kinds_due(world.authority, person_ref)
    assert world.authority.refused(EndResidencePermit, person_ref=person_ref, reason="law") == "PERMIT_MISSING"


@pytest.mark.parametrize("story", ["pending", "negative"])
def test_given_no_positive_decision_then_no_permit(story: str) -> None:
    world = World()
    person_ref, referral_id = getattr(world, story)()
    given = {"person_ref": person_ref, "referral_id": referral_id, "ground": "personal"}
    assert world.authority.refused(IssueResidencePermit, **given) == "NO_POSITIVE_STAGE"


def test_a_permit_does_not_begin_before_its_decision_nor_end_before_it_began() -> None:
    world = World()
    person_ref, referral_id = world.confirmed()
    given = {"person_ref": person_ref, "referral_id": referral_id, "ground": "personal"}
    early = after(CONFIRMED_ON - 1)
    assert world.authority.refused(IssueResidencePermit, occurred_on=early, **given) == "BEFORE_LAST_STEP"
    world.authority.do(IssueResidencePermit, **given)
    ends = {"person_ref": person_ref, "reason": "law", "occurred_on": early}
    assert world.authority.refused(EndResidencePermit, **ends) == "BEFORE_LAST_STEP"


def test_a_permit_ends_for_a_lost_status_only_once_it_is_lost_and_by_time_only_after_its_last_day() -> None:
    world = World(with_deadline(UK, "residence_permit_end", 10))
    person_ref, referral_id = world.confirmed()
    world.authority.do(IssueResidencePermit, person_ref=person_ref, referral_id=referral_id, ground="personal")
    assert world.authority.refused(EndResidencePermit, person_ref=person_ref, reason="status_lost") == "STATUS_STANDS"
    world.go_to(after(CONFIRMED_ON + 10))
    assert world.authority.refused(EndResidencePermit, person_ref=person_ref, reason="elapsed") == "PERMIT_RUNS"
    world.go_to(after(CONFIRMED_ON + 11))
    world.authority.do(RevokeStatus, person_ref=person_ref, referral_id=referral_id, ground="decided_in_error")
    for reason in ("status_lost", "elapsed"):
        command = world.authority.command(EndResidencePermit, person_ref=person_ref, reason=reason)
        assert world.authority.accepts(command, world.authority.person(person_ref))
