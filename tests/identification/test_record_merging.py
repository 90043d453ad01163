"""Two records of one person: joined without copying anything, and taken apart again exactly. Invariant 10."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.identification.memory import Agency
from tests.identification.scene import AUTHORITY, DAY, POLICE, PROSECUTOR, SECOND_POLICE, SHELTER, UK, after, ref
from tests.identification.story import World, kinds_due

from nrm_contracts.assistance.events import ContactFound, ContactLost
from nrm_contracts.identification.events import (
    ConsentNotified,
    DeadlineLifted,
    DeadlineSet,
    RecordsMergedNotified,
    ReferralAnswered,
    ReferralSent,
    StatusNotified,
)
from nrm_contracts.policy import Period, Unit
from nrm_contracts.prosecution.events import VictimChargedNotified
from nrm_identification.domain.aftermath import RevokeStatus
from nrm_identification.domain.consent import RevokeConsent
from nrm_identification.domain.detection import Screen
from nrm_identification.domain.merging import ConfirmRecordsChange, MergePersonRecords, UnmergePersonRecords
from nrm_identification.domain.permits import EndResidencePermit, IssueResidencePermit
from nrm_identification.domain.recovery import EndRecovery
from nrm_identification.domain.referral import AcknowledgeReferral, ReturnReferral
from nrm_identification.domain.sharing import RequestAssistance
from nrm_identification.domain.state.person import Person
from nrm_kernel.errors import NotFound

PROPOSALS: dict[str, tuple[type[object], dict[str, str]]] = {
    "merge": (MergePersonRecords, {"basis": "documents"}),
    "unmerge": (UnmergePersonRecords, {"reason": "different_people"}),
    "confirm": (ConfirmRecordsChange, {}),
}
NOT_INDICATED = {"tool": "national", "tool_version": "1", "outcome": "not_indicated"}


def _merged(world: World, kept: str, absorbed: str, at: Agency | None = None) -> None:
    agency, pair = at or world.police, {"person_ref": kept, "absorbed_ref": absorbed}
    agency.do(MergePersonRecords, basis="documents", **pair)
    agency.do(ConfirmRecordsChange, officer="officer-2", **pair)


def _unmerged(world: World, kept: str, absorbed: str, at: Agency | None = None) -> None:
    agency, pair = at or world.police, {"person_ref": kept, "absorbed_ref": absorbed}
    agency.do(UnmergePersonRecords, reason="merged_in_error", **pair)
    agency.do(ConfirmRecordsChange, officer="officer-2", **pair)


def _two_referred(world: World) -> tuple[tuple[str, str], tuple[str, str]]:
    """The same person, referred by two police forces: two records at the authority."""
    return world.referred(), world.referred(world.agencies[SECOND_POLICE])


@given(st.lists(st.sampled_from(["screen", "consent", "revoke", "link"]), max_size=6), st.data())
def test_unmerging_gives_back_each_record_plus_what_happened_since(steps: list[str], data: st.DataObject) -> None:
    """The kept record after merge, steps and unmerge equals the same record after the steps alone."""
    world, twin = World(), World()
    for one in (world, twin):
        one.screened()
        one.detected()
    kept, absorbed = list(world.police.persons())
    before = world.police.person(absorbed)
    _merged(world, kept, absorbed)
    twin.refs += world.refs - twin.refs
    for step in steps:
        _step(world, kept, step)
        _step(twin, kept, step)
    _unmerged(world, kept, absorbed)
    after_all = world.police.person(absorbed)
    assert replace(after_all, version=before.version) == before
    assert _same(world.police.person(kept), twin.police.person(kept))


def _step(world: World, person_ref: str, step: str) -> None:
    match step:
        case "screen":
            world.police.do(Screen, person_ref=person_ref, **NOT_INDICATED)
        case "consent":
            world.consent(person_ref, "assistance")
        case "revoke" if world.police.person(person_ref).consents.given:
            world.police.do(RevokeConsent, person_ref=person_ref, scope="assistance")
        case "link":
            world.linked_incident(person_ref)


def _same(one: Person, other: Person) -> bool:
    """But for where in their streams the same things stand."""
    return replace(one, absorbed=other.absorbed, version=other.version, screened_at=other.screened_at) == other


def test_given_open_deadlines_when_the_record_is_absorbed_then_lifted_and_set_again_exactly_when_released() -> None:
    world = World()
    kept, absorbed = world.detected(age_band="9-17"), world.screened(age_band="9-17")
    due = world.police.person(absorbed).deadlines
    of_kept = world.police.person(kept).deadlines
    assert due
    world.go_to(after(3))
    _merged(world, kept, absorbed)
    lifted = world.police.events(absorbed, DeadlineLifted)
    assert {(one.kind, one.about) for one in lifted[-len(due) :]} == set(due)
    assert {one.lifted_on for one in lifted[-len(due) :]} == {after(3)}
    assert not world.police.person(absorbed).deadlines
    assert world.police.person(kept).deadlines == of_kept
    world.go_to(after(9))
    _unmerged(world, kept, absorbed)
    again = world.police.events(absorbed, DeadlineSet)[-len(due) :]
    assert {(one.kind, one.about): one for one in again} == dict(due)
    assert world.police.person(absorbed).deadlines == due


def test_given_a_referral_that_ends_while_its_record_rests_when_released_then_its_answer_is_due_no_more() -> None:
    world = World()
    (kept, _), (absorbed, _) = _two_referred(world)
    _merged(world, kept, absorbed, world.authority)
    handover_id = world.authority.person(absorbed).handovers[SECOND_POLICE]
    world.authority.hear(SECOND_POLICE, ConsentNotified(handover_id, "referral", "revoked", DAY))
    _unmerged(world, kept, absorbed, world.authority)
    assert not kinds_due(world.authority, absorbed)


def test_given_news_of_a_record_that_rests_then_what_it_makes_due_rests_too() -> None:
    world = World()
    (kept, _), (absorbed, _) = world.pending(world.agencies[SECOND_POLICE]), world.pending()
    world.lose(absorbed)
    shelter, prosecutor = world.authority.person(absorbed).handovers[SHELTER], world.reported(absorbed)
    world.authority.hear(SHELTER, ContactFound(shelter, DAY))
    _merged(world, kept, absorbed, world.authority)
    world.authority.hear(SHELTER, ContactLost(shelter, DAY))
    world.authority.hear(PROSECUTOR, VictimChargedNotified(prosecutor, DAY))
    assert not kinds_due(world.authority, absorbed)
    assert {"lost_contact_check", "non_punishment_review"} <= kinds_due(world.authority, kept)
    world.authority.hear(SHELTER, ContactFound(shelter, DAY))
    _unmerged(world, kept, absorbed, world.authority)
    assert kinds_due(world.authority, absorbed) == {"assistance_offer", "non_punishment_review", "stage_decision"}


def test_given_a_record_that_rests_when_acted_on_then_refused_with_the_record_that_goes_on() -> None:
    world = World()
    kept, absorbed = world.detected(), world.detected()
    _merged(world, kept, absorbed)
    assert world.police.refused(Screen, person_ref=absorbed, **NOT_INDICATED) == "PERSON_MERGED"
    assert world.police.person(absorbed).merged_into == kept
    world.police.do(Screen, person_ref=kept, **NOT_INDICATED)


def test_given_a_record_that_rests_when_the_person_takes_consent_back_then_always_possible() -> None:
    world = World()
    kept, absorbed = world.detected(), world.detected()
    world.consent(absorbed, "assistance")
    _merged(world, kept, absorbed)
    world.police.do(RevokeConsent, person_ref=absorbed, scope="assistance")
    _unmerged(world, kept, absorbed)
    assert not world.police.person(absorbed).consents.given


def test_given_consent_in_one_record_when_merged_then_it_carries_nothing_in_the_other() -> None:
    world = World()
    kept, absorbed = world.detected(), world.detected()
    world.consent(absorbed, "assistance")
    _merged(world, kept, absorbed)
    assert world.police.refused(RequestAssistance, person_ref=kept, to=SHELTER) == "CONSENT_MISSING"


def test_given_one_officer_when_two_records_are_found_to_be_one_then_nothing_follows_before_another_confirms() -> None:
    world = World()
    kept, absorbed = world.detected(), world.detected()
    pair = {"person_ref": kept, "absorbed_ref": absorbed}
    assert world.police.refused(ConfirmRecordsChange, officer="officer-2", **pair) == "NOTHING_PROPOSED"
    world.police.do(MergePersonRecords, basis="documents", officer="officer-1", **pair)
    assert world.police.person(absorbed).merged_into is None
    assert world.police.refused(ConfirmRecordsChange, officer="officer-1", **pair) == "SECOND_OFFICER_REQUIRED"
    world.police.do(ConfirmRecordsChange, officer="officer-2", **pair)
    assert world.police.person(absorbed).merged_into == kept
    assert world.police.refused(ConfirmRecordsChange, officer="officer-3", **pair) == "NOTHING_PROPOSED"
    world.police.do(UnmergePersonRecords, reason="merged_in_error", officer="officer-2", **pair)
    assert world.police.person(absorbed).merged_into == kept
    assert world.police.refused(ConfirmRecordsChange, officer="officer-2", **pair) == "SECOND_OFFICER_REQUIRED"
    world.police.do(ConfirmRecordsChange, officer="officer-1", **pair)
    assert world.police.person(absorbed).merged_into is None


def test_given_a_proposal_when_the_records_changed_meanwhile_then_it_is_weighed_anew() -> None:
    world = World()
    one, two, three = world.detected(), world.detected(), world.detected()
    world.police.do(MergePersonRecords, person_ref=one, absorbed_ref=two, basis="documents", officer="officer-1")
    _merged(world, two, three)
    given = {"person_ref": one, "absorbed_ref": two, "officer": "officer-2"}
    assert world.police.refused(ConfirmRecordsChange, **given) == "RECORD_HAS_ABSORBED"


@given(st.lists(st.tuples(st.sampled_from(["merge", "unmerge", "confirm"]), st.integers(1, 3)), max_size=14))
def test_no_merge_or_undoing_ever_rests_on_one_officer(steps: list[tuple[str, int]]) -> None:
    world = World()
    kept, absorbed = world.detected(), world.detected()
    person, proposed_by = {"person_ref": kept, "absorbed_ref": absorbed}, 0
    for step, officer in steps:
        before = world.police.person(absorbed).merged_into
        command, more = PROPOSALS[step]
        given = {**person, **more, "officer": f"officer-{officer}"}
        if not world.police.accepts(world.police.command(command, **given), world.police.person(kept)):
            continue
        world.police.do(command, **given)
        changed = world.police.person(absorbed).merged_into != before
        assert changed == (step == "confirm")
        assert not changed or officer != proposed_by
        proposed_by = proposed_by if changed else officer


def test_chains_and_odd_merges_are_refused() -> None:
    world = World()
    one, two, three = world.detected(), world.detected(), world.detected()
    pair = {"person_ref": one, "basis": "documents"}
    assert world.police.refused(MergePersonRecords, absorbed_ref=one, **pair) == "SAME_RECORD"
    assert world.police.refused(MergePersonRecords, absorbed_ref=ref(99), **pair) == NotFound().reason
    _merged(world, two, three)
    assert world.police.refused(MergePersonRecords, absorbed_ref=two, **pair) == "RECORD_HAS_ABSORBED"
    assert world.police.refused(MergePersonRecords, absorbed_ref=three, **pair) == "PERSON_MERGED"
    gone = {"person_ref": one, "absorbed_ref": three, "reason": "different_people"}
    assert world.police.refused(UnmergePersonRecords, **gone) == "NOT_MERGED"


def test_given_two_referrals_of_one_person_when_merged_then_both_referrers_hear_the_decision() -> None:
    world = World()
    (kept, referral_id), (absorbed, _) = _two_referred(world)
    _merged(world, kept, absorbed, world.authority)
    world.authority.do(AcknowledgeReferral, person_ref=kept, referral_id=referral_id)
    world.decide(kept, referral_id, 1, "negative")
    for referrer in (POLICE, SECOND_POLICE):
        (told,) = world.told(referrer, StatusNotified)
        own = world.agencies[referrer]
        assert own.person(own.people[told.handover_id]).phase == "not_confirmed"
    assert [one.answer for one in world.told(POLICE, ReferralAnswered)] == ["acknowledged"]
    assert not world.told(SECOND_POLICE, ReferralAnswered), "its own referral rests, unanswered"


def test_given_a_merged_record_when_its_referrer_tells_of_a_no_then_it_hears_no_more() -> None:
    world = World()
    (kept, referral_id), (absorbed, _) = _two_referred(world)
    _merged(world, kept, absorbed, world.authority)
    world.authority.hear(
        SECOND_POLICE,
        ConsentNotified(world.authority.person(absorbed).handovers[SECOND_POLICE], "referral", "revoked", DAY),
    )
    assert world.authority.person(absorbed).referrals.open is None
    assert world.authority.person(kept).referrals.open is not None, "the other referral rests on its own consent"
    world.authority.do(AcknowledgeReferral, person_ref=kept, referral_id=referral_id)
    world.decide(kept, referral_id, 1, "positive")
    assert not world.told(SECOND_POLICE, StatusNotified)
    assert world.told(POLICE, StatusNotified)


def test_given_a_notice_for_a_record_that_rests_then_it_reaches_the_one_that_goes_on() -> None:
    world = World()
    kept, (absorbed, referral_id) = world.detected(world.authority), world.referred()
    world.authority.do(ReturnReferral, person_ref=absorbed, referral_id=referral_id, missing=("account",))
    _merged(world, kept, absorbed, world.authority)
    world.lose(kept)
    handover_id = world.authority.person(absorbed).handovers[POLICE]
    sent = replace(world.told(AUTHORITY, ReferralSent)[0], handover_id=handover_id, shared_ref=ref(77))
    world.authority.hear(POLICE, sent)
    assert world.authority.person(kept).referrals.open is not None
    assert world.authority.people[handover_id] == absorbed, "undoing the merge finds the handover as it was"


def test_given_records_known_to_one_agency_when_merged_then_it_hears_of_it_and_of_the_undoing() -> None:
    world = World()
    kept, absorbed = world.detected(), world.detected()
    for person_ref in (kept, absorbed):
        world.consent(person_ref, "assistance")
        world.police.do(RequestAssistance, person_ref=person_ref, to=SHELTER)
    _merged(world, kept, absorbed)
    _unmerged(world, kept, absorbed)
    told = world.told(SHELTER, RecordsMergedNotified)
    names = world.police.person(kept).handovers[SHELTER], world.police.person(absorbed).handovers[SHELTER]
    assert [(one.handover_id, one.other_handover_id, one.change) for one in told] == [
        (*names, "merged"),
        (*names, "unmerged"),
    ]


def test_given_a_referrer_that_merged_when_the_authority_hears_then_it_merges_its_own_and_can_undo() -> None:
    world = World()
    (kept, _), (absorbed, _) = world.referred(), world.referred()
    kept_there, absorbed_there = world.police.persons()
    _merged(world, kept_there, absorbed_there)
    world.deliver()
    assert world.authority.person(absorbed).merged_into == kept
    _unmerged(world, kept_there, absorbed_there)
    world.deliver()
    assert world.authority.person(absorbed).merged_into is None
    assert not world.authority.refusals


def test_given_a_merge_done_already_when_told_of_it_then_nothing_happens() -> None:
    world = World()
    (kept, _), (absorbed, _) = world.referred(), world.referred()
    _merged(world, kept, absorbed, world.authority)
    size = len(world.authority.streams[f"person-{kept}"])
    kept_there, absorbed_there = world.police.persons()
    _merged(world, kept_there, absorbed_there)
    world.go_to(after(1))
    world.deliver()
    assert len(world.authority.streams[f"person-{kept}"]) == size


def test_given_a_decision_for_a_record_that_rests_then_both_records_know_it() -> None:
    world = World()
    (there, referral_id), _other_there = world.pending(), world.pending()
    referred_as, other = world.police.persons()
    _merged(world, other, referred_as)
    world.decide(there, referral_id, 1, "negative")
    assert world.police.person(referred_as).referrals.open is None
    assert world.police.person(other).phase == "not_confirmed"


def _granted(world: World, what: str) -> dict[str, str]:
    """A person at the authority to whom this was granted."""
    person_ref, referral_id = world.confirmed() if what == "status" else world.recovering()
    who = {"person_ref": person_ref, "referral_id": referral_id}
    if what == "permit":
        world.authority.do(IssueResidencePermit, ground="personal", **who)
    return who


ENDINGS: dict[str, tuple[type[object], dict[str, str], str]] = {
    "recovery": (EndRecovery, {"reason": "own_request"}, "recovery_end"),
    "permit": (EndResidencePermit, {"reason": "own_request"}, "residence_permit_end"),
    "status": (RevokeStatus, {"ground": "decided_in_error"}, "status_end"),
}


def _ends(world: World, who: dict[str, str], what: str) -> None:
    command, more, _ = ENDINGS[what]
    takes = set(command.__dataclass_fields__) & set(who)  # type: ignore[attr-defined]  # commands are dataclasses
    world.authority.do(command, **{name: who[name] for name in takes}, **more)


@pytest.mark.parametrize("what", ENDINGS)
def test_given_something_granted_in_one_record_when_merged_then_that_one_goes_on(what: str) -> None:
    world = World(replace(UK, status_term=Period(90, Unit.CALENDAR_DAYS)))
    who, other = _granted(world, what), world.detected(world.authority)
    pair = {"person_ref": other, "absorbed_ref": who["person_ref"], "basis": "documents"}
    assert world.authority.refused(MergePersonRecords, **pair) == "RECORD_GRANTED"
    _merged(world, who["person_ref"], other, world.authority)
    assert ENDINGS[what][2] in kinds_due(world.authority, who["person_ref"])
    _ends(world, who, what)
    assert ENDINGS[what][2] not in kinds_due(world.authority, who["person_ref"])


@pytest.mark.parametrize("what", ENDINGS)
def test_given_something_granted_in_both_records_when_merged_then_each_ends_where_it_was_granted(what: str) -> None:
    world = World(replace(UK, status_term=Period(90, Unit.CALENDAR_DAYS)))
    kept, absorbed = _granted(world, what), _granted(world, what)
    _merged(world, kept["person_ref"], absorbed["person_ref"], world.authority)
    kind = ENDINGS[what][2]
    for who in (absorbed, kept):
        assert kind in kinds_due(world.authority, who["person_ref"])
        _ends(world, who, what)
        assert kind not in kinds_due(world.authority, who["person_ref"])
    _unmerged(world, kept["person_ref"], absorbed["person_ref"], world.authority)
    assert kind not in kinds_due(world.authority, absorbed["person_ref"])


def test_given_a_status_granted_here_when_another_agency_merges_the_other_way_then_that_record_goes_on_here() -> None:
    world = World()
    (other, referral_id), (there, _) = world.referred(), world.confirmed()
    other_there, ref_there = world.police.persons()
    _merged(world, other_there, ref_there)
    world.deliver()
    assert world.authority.refusals == ["REFERRAL_OPEN"], "nobody could answer it in a record that rests"
    world.authority.do(ReturnReferral, person_ref=other, referral_id=referral_id, missing=("account",))
    _merged(world, there, other, world.authority)
    world.deliver()
    _unmerged(world, other_there, ref_there)
    world.deliver()
    assert world.authority.person(other).merged_into is None


def test_given_a_merge_and_its_undoing_that_cross_then_they_do_not_go_to_and_fro() -> None:
    world = World()
    (kept, _), (absorbed, _) = world.referred(), world.referred()
    kept_there, absorbed_there = world.police.persons()
    _merged(world, kept, absorbed, world.authority)
    world.deliver()
    sent_before = len(world.sent)
    _unmerged(world, kept, absorbed, world.authority)
    _unmerged(world, kept_there, absorbed_there)
    _merged(world, kept_there, absorbed_there)
    world.deliver()
    assert len(world.sent) == sent_before + 3
