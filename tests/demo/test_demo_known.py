"""What the script's labels stand for, at the agency that gave them and at those that were told."""

from datetime import UTC, date, datetime

import pytest

from nrm.demo.agencies import AUTHORITY, FUND, POLICE
from nrm.demo.known import Known
from nrm.demo.times import STEP, HistoryClock
from nrm_contracts.identification.v1.referrals_pb2 import AcknowledgeReferralRequest, SubmitReferralRequest
from nrm_contracts.prosecution.v1.cases_pb2 import RegisterCaseRequest
from nrm_kernel.entry import Entry, Json, canonical

PERSON, THEIRS, HANDOVER, REFERRAL, THEIR_REFERRAL, SHARED = (letter * 32 for letter in "abcdef")


def entry(origin: str, position: int, kind: str, /, stream: str = "s", **data: Json) -> Entry:
    body = canonical({"stream": stream, "seq": position, "type": kind, "data": data})
    return Entry.of(origin, position, body)


def told() -> Known:
    """The police referred a person to the authority, which received them."""
    known = Known()
    known.name(POLICE, "@person-1", PERSON)
    known.name(POLICE, "@referral-1", REFERRAL)
    known.learn(
        [
            entry(POLICE, 0, "record.HandoverMinted", person_ref=PERSON, to=AUTHORITY, handover_id=HANDOVER),
            entry(POLICE, 1, "identification.ReferralSubmitted", referral_id=REFERRAL, shared_ref=SHARED),
            entry(AUTHORITY, 0, "record.HandoverReceived", person_ref=THEIRS, sender=POLICE, handover_id=HANDOVER),
            entry(AUTHORITY, 1, "identification.ReferralReceived", referral_id=THEIR_REFERRAL, shared_ref=SHARED),
        ]
    )
    return known


def test_each_agency_knows_a_person_by_its_own_reference() -> None:
    known = told()
    assert known.find(POLICE, "@person-1") == PERSON
    assert known.find(AUTHORITY, "@person-1") == THEIRS
    assert known.find(FUND, "@person-1") is None
    assert known.handover(POLICE, PERSON, AUTHORITY) == HANDOVER


def test_a_request_is_filled_in_with_the_agencys_own_references() -> None:
    request = AcknowledgeReferralRequest(person_ref="@person-1", referral_id="@referral-1")
    filled = told().filled(AUTHORITY, request)
    assert filled == AcknowledgeReferralRequest(person_ref=THEIRS, referral_id=THEIR_REFERRAL)
    assert request.person_ref == "@person-1"


def test_labels_in_lists_are_filled_in_too() -> None:
    known = Known()
    known.name(POLICE, "@incident-1", SHARED)
    filled = known.filled(POLICE, SubmitReferralRequest(to=AUTHORITY, incident_ids=("@incident-1", THEIRS)))
    assert filled == SubmitReferralRequest(to=AUTHORITY, incident_ids=(SHARED, THEIRS))


def test_a_request_with_an_unknown_label_is_not_ready() -> None:
    assert Known().filled(POLICE, RegisterCaseRequest(incident_ids=("@incident-1",))) is None


def test_versions_and_sizes_follow_from_the_log() -> None:
    known = Known()
    known.learn([entry(POLICE, 0, "identification.PersonDetected", "person-1")])
    known.learn([entry(POLICE, 1, "identification.ScreeningCompleted", "person-1")])
    assert known.version(POLICE, "person-1") == 2
    assert known.version(POLICE, "person-2") == 0
    assert known.entries == 2


def test_a_claim_that_cannot_be_paid_is_not_verified() -> None:
    known = Known()
    for nth, claim in enumerate((PERSON, THEIRS)):
        recorded: dict[str, Json] = {"contract_ref": SHARED, "claim_id": claim, "handover_id": HANDOVER}
        known.learn([entry(FUND, nth, "funding.ClaimableUnitRecorded", "contract", **recorded)])
    known.learn([entry(FUND, 2, "funding.UnfundedLiabilityRecorded", contract_ref=SHARED, claim_id=THEIRS)])
    assert [claim.claim_id for claim in known.unverified(SHARED)] == [PERSON]


def test_the_clock_plays_a_morning_and_moves_on_with_every_look() -> None:
    clock = HistoryClock()
    with clock.playing():
        clock.play(date(2024, 2, 29))
        first, second = clock.now(), clock.now()
    assert first.date() == date(2024, 2, 29)
    assert second - first == STEP
    assert clock.now().timestamp() == pytest.approx(datetime.now(UTC).timestamp(), abs=5)


def test_a_clock_that_plays_nothing_is_the_machines_own() -> None:
    assert HistoryClock().now().timestamp() == pytest.approx(datetime.now(UTC).timestamp(), abs=5)
