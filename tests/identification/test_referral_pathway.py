"""From the first responder to the authority and back: what each side records, and what the other hears."""

from tests.identification.scene import AUTHORITY, DAY, POLICE, after
from tests.identification.story import World, kinds_due

from nrm_contracts.identification.events import (
    DeadlineSet,
    RecoveryNotified,
    ReferralAnswered,
    ReferralAnswerReceived,
    ReferralReceived,
    ReferralSent,
    StatusNotified,
    StatusReceived,
)
from nrm_contracts.record.events import HandoverMinted, HandoverReceived
from nrm_identification.domain.referral import ReturnReferral, SubmitReferral


def test_given_an_adult_who_consents_when_referred_then_the_authority_knows_them_by_a_name_of_its_own() -> None:
    world = World()
    person_ref, referral_id = world.referred()
    at_police = world.at_referrer()

    sent = world.told(AUTHORITY, ReferralSent)[0]
    received = world.authority.events(person_ref, ReferralReceived)[0]
    assert (received.sender, received.shared_ref, received.handover_id) == (POLICE, sent.shared_ref, sent.handover_id)
    assert world.police.events(at_police, HandoverMinted)[0].handover_id == sent.handover_id
    assert world.authority.events(person_ref, HandoverReceived)[0].sender == POLICE
    own_names = {at_police, *world.police.person(at_police).referrals.by_id}
    assert own_names.isdisjoint({person_ref, referral_id, sent.handover_id, sent.shared_ref})


def test_given_a_referral_when_acknowledged_then_the_clock_of_the_first_stage_starts() -> None:
    world = World()
    person_ref, referral_id = world.pending()

    due = world.authority.person(person_ref).deadlines["stage_decision", referral_id]
    assert (due.due_on, due.owner, due.anchor_on) == (after(7), AUTHORITY, DAY)  # five working days, a weekend between
    assert world.told(POLICE, ReferralAnswered)[0].answer == "acknowledged"
    at_police = world.at_referrer()
    assert world.police.events(at_police, ReferralAnswerReceived)[0].answer == "acknowledged"
    assert world.police.person(at_police).phase == "with_authority"


def test_given_a_referral_when_returned_then_the_referrer_has_to_act_and_may_refer_again() -> None:
    world = World()
    person_ref, referral_id = world.referred()
    world.authority.do(ReturnReferral, person_ref=person_ref, referral_id=referral_id, missing=("account",))
    world.deliver()

    at_police = world.at_referrer()
    assert world.police.person(at_police).phase == "returned"
    assert kinds_due(world.police, at_police) == {"referral_submission"}
    world.police.do(SubmitReferral, person_ref=at_police, to=AUTHORITY)
    world.deliver()
    assert list(world.authority.persons()) == [person_ref], "the same handover, the same person"
    assert world.authority.person(person_ref).referrals.open is not None


def test_given_a_returned_referral_when_nothing_is_named_as_missing_then_refused() -> None:
    world = World()
    person_ref, referral_id = world.referred()
    reason = world.authority.refused(ReturnReferral, person_ref=person_ref, referral_id=referral_id, missing=())
    assert reason == "MISSING_ITEMS_EMPTY"


def test_given_decisions_when_made_then_the_referrer_records_each() -> None:
    world = World()
    world.confirmed()
    at_police = world.at_referrer()

    told = [(one.stage, one.outcome, one.final) for one in world.told(POLICE, StatusNotified)]
    assert told == [(1, "positive", False), (2, "positive", True)]
    recorded = [(one.stage, one.outcome, one.final) for one in world.police.events(at_police, StatusReceived)]
    assert recorded == told
    assert world.police.person(at_police).phase == "confirmed"


def test_given_an_unanswered_referral_when_looked_at_then_the_authority_owes_the_answer() -> None:
    world = World()
    world.referred()
    deadlines = world.police.events(world.at_referrer(), DeadlineSet)
    assert [(one.kind, one.owner) for one in deadlines][-1] == ("referral_acknowledgement", AUTHORITY)


def test_given_an_open_referral_when_another_one_is_sent_then_refused() -> None:
    world = World()
    world.referred()
    assert world.police.refused(SubmitReferral, person_ref=world.at_referrer(), to=AUTHORITY) == "REFERRAL_OPEN"


def test_given_a_decided_referral_when_referred_again_then_only_with_a_new_incident() -> None:
    world = World()
    world.negative()
    at_police = world.at_referrer()
    assert world.police.refused(SubmitReferral, person_ref=at_police, to=AUTHORITY) == "NEW_INCIDENT_REQUIRED"
    incident_id = world.linked_incident(at_police)
    world.police.do(SubmitReferral, person_ref=at_police, to=AUTHORITY, incident_ids=(incident_id,))


def test_given_an_agency_that_may_not_refer_when_it_refers_then_refused() -> None:
    world = World()
    person_ref = world.screened(world.authority)
    world.consent(person_ref, "referral", world.authority)
    assert world.authority.refused(SubmitReferral, person_ref=person_ref, to=AUTHORITY) == "NOT_A_FIRST_RESPONDER"


def test_given_a_receiver_that_does_not_decide_when_referred_to_then_refused() -> None:
    world = World()
    person_ref = world.screened()
    world.consent(person_ref, "referral")
    assert world.police.refused(SubmitReferral, person_ref=person_ref, to=POLICE) == "NOT_A_DECIDER"


def test_given_news_that_only_an_authority_decides_when_the_referrer_tells_it_then_refused_and_not_passed_on() -> None:
    world = World()
    person_ref, _ = world.pending()
    name = world.told(AUTHORITY, ReferralSent)[0].handover_id
    planted = (
        StatusNotified(name, 2, "negative", True, DAY),
        RecoveryNotified(name, "ended", DAY, DAY),
    )
    before = list(world.authority.events(person_ref, object))
    for notice in planted:
        world.authority.hear(POLICE, notice)
    assert world.authority.refusals == ["NOT_THE_AUTHORITY"] * 2
    assert world.authority.events(person_ref, object) == before
    assert not world.told(POLICE, StatusNotified)
