"""A slip of the pen in a decision is put right by an entry that names the one it corrects; nothing else changes."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.identification.scene import AUTHORITY, DAY, POLICE, SHELTER, after
from tests.identification.story import World

from nrm_contracts.identification.events import ExitPeriodStarted, StageCorrected, StageDecided, StatusNotified
from nrm_identification.domain.aftermath import RevokeStatus
from nrm_identification.domain.correcting import CorrectStage
from nrm_identification.domain.permits import IssueResidencePermit
from nrm_identification.domain.sharing import RequestAssistance
from nrm_identification.domain.state.person import PERSON

DECIDED_ON = 31
"""Days after the first one on which the story's last stage is decided; its recovery minimum ends the day before."""
RIGHT = {"stage": 2, "reason": "typing_error", "grounds": ("court_finding",), "happened_on": after(DECIDED_ON)}


def told(world: World) -> dict[str, object]:
    person_ref, referral_id = world.confirmed()
    return {"person_ref": person_ref, "referral_id": referral_id}


def test_given_a_decision_written_down_wrongly_when_corrected_then_the_new_entry_names_the_old_one() -> None:
    world = World()
    who = told(world)
    person_ref, referral_id = str(who["person_ref"]), str(who["referral_id"])
    stream = world.authority.streams[PERSON.stream(person_ref)]
    written = world.authority.events(person_ref, StageDecided)[-1]
    world.authority.do(CorrectStage, **who, **RIGHT)
    [corrected] = world.authority.events(person_ref, StageCorrected)
    assert stream[corrected.corrects - 1] is written
    assert (corrected.outcome, corrected.final) == (written.outcome, written.final)
    referral = world.authority.person(person_ref).referrals.by_id[referral_id]
    assert referral.corrected
    assert referral.decided is not None
    assert referral.decided.grounds == ("court_finding",)
    assert world.authority.refused(CorrectStage, **who, **RIGHT) == "NOTHING_CORRECTED"


def test_given_a_later_day_when_corrected_then_what_ran_from_the_first_one_goes_on_as_it_was() -> None:
    world = World()
    who = told(world)
    before = world.authority.person(str(who["person_ref"]))
    world.go_to(after(DECIDED_ON + 20))
    world.authority.do(CorrectStage, **who, **(RIGHT | {"happened_on": after(DECIDED_ON + 9)}))
    afterwards = world.authority.person(str(who["person_ref"]))
    assert (afterwards.deadlines, afterwards.phase) == (before.deadlines, before.phase)
    assert len(world.authority.events(str(who["person_ref"]), ExitPeriodStarted)) == 1


@given(day=st.integers(-5, 60), revoked=st.booleans(), permitted=st.booleans())
def test_a_decision_is_moved_only_to_a_day_that_it_could_have_had(day: int, revoked: bool, permitted: bool) -> None:
    """After the recovery minimum, not after what followed it or rests on it, and not after its correction."""
    world = World()
    who = told(world)
    if permitted:
        world.go_to(after(DECIDED_ON + 5))
        world.authority.do(IssueResidencePermit, **who, ground="personal")
    world.go_to(after(DECIDED_ON + 10))
    if revoked:
        world.authority.do(RevokeStatus, **who, ground="decided_in_error")
    world.go_to(after(DECIDED_ON + 20))
    command = world.authority.command(CorrectStage, **who, **(RIGHT | {"happened_on": after(day)}))
    may = world.authority.accepts(command, world.authority.person(str(who["person_ref"])))
    assert may == (DECIDED_ON <= day <= DECIDED_ON + (5 if permitted else 10 if revoked else 20))


def test_a_first_stage_is_not_moved_beyond_the_recovery_period_that_it_opened() -> None:
    world = World()
    person_ref, referral_id = world.recovering()
    world.go_to(after(10))
    right = {"stage": 1, "reason": "typing_error", "grounds": ("indicators_present",), "happened_on": after(1)}
    assert (
        world.authority.refused(CorrectStage, person_ref=person_ref, referral_id=referral_id, **right)
        == "DAY_IMPOSSIBLE"
    )


def test_who_was_told_the_wrong_day_is_told_the_right_one_and_passes_it_on() -> None:
    world = World()
    who = told(world)
    here = world.at_referrer()
    world.consent(here, "assistance")
    world.police.do(RequestAssistance, person_ref=here, to=SHELTER)
    world.go_to(after(DECIDED_ON + 9))
    world.authority.do(CorrectStage, **who, **RIGHT)
    world.authority.do(CorrectStage, **who, **(RIGHT | {"happened_on": after(DECIDED_ON + 3)}))
    wrong, *again = [one for one in world.told(POLICE, StatusNotified) if one.stage == 2]
    assert again == [replace(wrong, decided_on=after(DECIDED_ON + 3))], "other slips of the pen are not told"
    world.deliver()
    at_shelter = world.police.person(here).handovers[SHELTER]
    assert world.told(SHELTER, StatusNotified) == [replace(again[0], handover_id=at_shelter)]
    assert world.police.person(here).phase == "confirmed"
    world.authority.do(RevokeStatus, **who, ground="decided_in_error")
    world.authority.do(CorrectStage, **who, **(RIGHT | {"happened_on": after(DECIDED_ON + 4)}))
    assert world.told(POLICE, StatusNotified)[-1].outcome == "revoked", "what was taken away is not told anew"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"stage": 1}, "STAGE_NOT_DECIDED"),
        ({"referral_id": "9" * 32}, "STAGE_NOT_DECIDED"),
        ({"grounds": ()}, "GROUNDS_MISSING"),
        ({"roles": frozenset({"first_responder"})}, "NOT_A_DECIDER"),
        ({"happened_on": DAY}, "DAY_IMPOSSIBLE"),
    ],
)
def test_what_cannot_be_a_correction_is_refused(changed: dict[str, object], reason: str) -> None:
    world = World()
    given_ = {**told(world), **RIGHT, **changed}
    assert world.agencies[AUTHORITY].refused(CorrectStage, **given_) == reason


def test_given_a_corrected_decision_when_corrected_again_then_the_second_names_the_first() -> None:
    world = World()
    who = told(world)
    for ground in ("court_finding", "expert_report"):
        world.authority.do(CorrectStage, **who, **(RIGHT | {"grounds": (ground,)}))
    first, second = world.authority.events(str(who["person_ref"]), StageCorrected)
    stream = world.authority.streams[PERSON.stream(str(who["person_ref"]))]
    assert stream[second.corrects - 1] is first
    referral = world.authority.person(str(who["person_ref"])).referrals.newest
    assert referral is not None
    assert referral.decided is not None
    assert referral.decided.grounds == ("expert_report",)
