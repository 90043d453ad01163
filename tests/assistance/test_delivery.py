"""Delivered help and its claims: help is never stopped by money, and no delivery is claimed twice."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.assistance.story import (
    ACCEPTED,
    ANNA,
    DAY,
    DEAL,
    EVIDENCE,
    FUND,
    LOT,
    OFFERED,
    World,
    asks,
    lived,
    ref,
    signed,
)

from nrm_assistance.domain import delivery
from nrm_assistance.domain.closing import CloseCase
from nrm_assistance.domain.contract import CONTRACT, RaiseCeilingAlert, RecordContract
from nrm_assistance.domain.delivery import ClaimDelivery, DeliverServiceUnit, RecordClaimAnswer, VoidServiceUnit
from nrm_assistance.domain.person import PERSON
from nrm_contracts.assistance.events import (
    ClaimableUnitSent,
    ClaimableUnitVoided,
    ClaimAnswerRecorded,
    ContractFreed,
    ContractLot,
    ContractUsed,
    DeliveryClaimed,
    DeliveryUnfunded,
    ServiceUnitDelivered,
    ServiceUnitVoided,
)
from nrm_contracts.record.events import HandoverMinted
from nrm_kernel.decider import In, Notice
from nrm_kernel.errors import NotFound
from nrm_kernel.testing.spec import Spec

deliver = Spec(PERSON, delivery.deliver_service_unit)
claim_later = Spec(PERSON, delivery.claim_delivery)
UNPAID = asks(DeliverServiceUnit)
CLAIMED = asks(DeliverServiceUnit, contract_ref=DEAL)
DELIVERED = ServiceUnitDelivered(ANNA, ref("delivery"), "psychological", "session", 1_000, DAY, DAY, EVIDENCE, True)


def test_help_without_a_contract_is_recorded_as_unfunded() -> None:
    unfunded = DeliveryUnfunded(ANNA, ref("delivery"), "no_contract")
    deliver.given(*lived(*ACCEPTED)).when(UNPAID).then(DELIVERED, unfunded)


def test_a_claim_reaches_the_funder_under_fresh_names_alone() -> None:
    about, claim = ref("fresh handover"), ref("claim")
    deliver.given(*lived(*ACCEPTED)).also(CONTRACT, *signed()).when(CLAIMED).then(
        DELIVERED,
        HandoverMinted(ANNA, FUND, about),
        DeliveryClaimed(ANNA, ref("delivery"), DEAL, claim, about),
        In(
            CONTRACT.stream(DEAL),
            ContractUsed(DEAL, claim, ANNA, ref("delivery"), "psychological", "session", 1_000),
        ),
        Notice(
            FUND,
            DEAL,
            ClaimableUnitSent(claim, about, DEAL, "psychological", "session", 1_000, DAY, DAY, EVIDENCE),
        ),
    )


def test_the_funder_knows_a_person_by_one_handover_for_all_their_claims() -> None:
    world = World().do(*ACCEPTED, asks(RecordContract), CLAIMED)
    world.do(
        asks(
            DeliverServiceUnit,
            contract_ref=DEAL,
            delivery_id=ref("second"),
            claim_id=ref("claim two"),
            new_handover_id=ref("unused"),
            evidence_hash="f" * 64,
        )
    )
    sent = [notice.event for notice in world.notices if isinstance(notice.event, ClaimableUnitSent)]
    assert {one.handover_id for one in sent} == {ref("fresh handover")}
    assert len({one.claim_id for one in sent}) == 2


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (None, "contract_unknown"),
        (asks(RecordContract, change="suspended"), "contract_not_running"),
        (asks(RecordContract, change="terminated"), "contract_not_running"),
        (asks(RecordContract, ends_on=DAY - timedelta(days=1)), "contract_not_running"),
        (asks(RecordContract, starts_on=DAY + timedelta(days=1)), "contract_not_running"),
        (asks(RecordContract, lots=()), "not_in_contract"),
        (asks(RecordContract, lots=(ContractLot("psychological", "session", 9_000, 999),)), "ceiling_reached"),
    ],
)
def test_a_contract_that_does_not_pay_never_stands_in_the_way(told: RecordContract | None, reason: str) -> None:
    world = World().do(*ACCEPTED, *([told] if told else []), CLAIMED)
    assert world.events()[-2:] == (DELIVERED, DeliveryUnfunded(ANNA, ref("delivery"), reason, DEAL))
    assert world.notices == []


def test_help_goes_on_when_the_funder_warns_of_the_ceiling() -> None:
    world = World().do(*ACCEPTED, asks(RecordContract), asks(RaiseCeilingAlert, percent=95), CLAIMED)
    assert world.contracts[DEAL].ceiling_percent == 95
    assert [type(event) for event in world.events()[-2:]] == [HandoverMinted, DeliveryClaimed]


def test_crisis_care_before_a_yes_names_the_danger_as_its_basis() -> None:
    deliver.given(*lived(*OFFERED)).when(UNPAID).then_refused("CONSENT_NOT_LIVE")
    assert deliver.given(*lived(*OFFERED)).when(asks(DeliverServiceUnit, legal_basis="vital_interest")).events


@pytest.mark.parametrize(("first", "last"), [(0, -1), (0, 1), (1, 1)])
def test_days_of_a_delivery_are_in_order_and_past(first: int, last: int) -> None:
    asked = asks(
        DeliverServiceUnit, delivered_from=DAY + timedelta(days=first), delivered_to=DAY + timedelta(days=last)
    )
    deliver.given(*lived(*ACCEPTED)).when(asked).then_refused("DELIVERY_DAYS_IMPOSSIBLE")


def test_help_given_before_the_case_ended_may_be_recorded_after_it() -> None:
    ended = (*ACCEPTED, asks(CloseCase, outcome="withdrew"))
    late, too_late = DAY + timedelta(days=5), DAY + timedelta(days=1)
    assert deliver.given(*lived(*ended)).when(asks(DeliverServiceUnit, occurred_on=late)).refusal is None
    deliver.given(*lived(*ended)).when(asks(DeliverServiceUnit, occurred_on=late, delivered_to=too_late)).then_refused(
        "CASE_NOT_OPEN"
    )


def test_there_are_no_more_nights_than_days() -> None:
    nights = {"service_code": "shelter", "unit": "bed_night", "delivered_from": DAY - timedelta(days=2)}
    deliver.given(*lived(*ACCEPTED)).when(asks(DeliverServiceUnit, qty_milli=3_001, **nights)).then_refused(
        "NIGHTS_EXCEED_DAYS"
    )
    assert deliver.given(*lived(*ACCEPTED)).when(asks(DeliverServiceUnit, qty_milli=3_000, **nights)).events


def test_the_same_proof_for_the_same_days_is_the_same_delivery() -> None:
    again = asks(DeliverServiceUnit, delivery_id=ref("again"), qty_milli=2_000)
    deliver.given(*lived(*ACCEPTED, UNPAID)).when(again).then_refused("DELIVERY_RECORDED_BEFORE")


def test_nobody_sleeps_in_two_beds_in_one_night() -> None:
    night = {"service_code": "shelter", "unit": "bed_night"}
    other = asks(
        DeliverServiceUnit, delivery_id=ref("other"), evidence_hash="f" * 64, **night | {"service_code": "childcare"}
    )
    slept = lived(*ACCEPTED, asks(DeliverServiceUnit, **night))
    deliver.given(*slept).when(other).then_refused("DELIVERY_RECORDED_BEFORE")
    void = asks(VoidServiceUnit, reason="wrong_person")
    freed = lived(*ACCEPTED, asks(DeliverServiceUnit, **night), void)
    assert deliver.given(*freed).when(other).refusal is None


def test_an_unfunded_delivery_finds_a_payer_later() -> None:
    world = World().do(*ACCEPTED, UNPAID, asks(RecordContract), asks(ClaimDelivery))
    assert world.person().deliveries[ref("delivery")].claim_id == ref("claim")
    assert world.refuses(asks(ClaimDelivery, claim_id=ref("other"))) == "DELIVERY_CLAIMED"


def test_a_contract_that_does_not_pay_says_why_when_asked_later() -> None:
    world = World().do(*ACCEPTED, UNPAID, asks(RecordContract, change="suspended"))
    assert world.refuses(asks(ClaimDelivery)) == "CONTRACT_DOES_NOT_PAY"


def test_a_void_is_told_to_the_funder_and_frees_the_lot() -> None:
    world = World().do(*ACCEPTED, asks(RecordContract), CLAIMED)
    world.do(asks(VoidServiceUnit, reason="recorded_in_error", contract_ref=DEAL))
    assert world.events()[-1] == ServiceUnitVoided(ANNA, ref("delivery"), "recorded_in_error", ref("claim"))
    assert world.events(CONTRACT.stream(DEAL))[-1] == ContractFreed(DEAL, ref("claim"))
    told = ClaimableUnitVoided(ref("claim"), ref("fresh handover"), DEAL, "recorded_in_error")
    assert world.notices[-1] == Notice(FUND, DEAL, told)
    assert world.refuses(asks(VoidServiceUnit, reason="duplicate")) == "DELIVERY_VOIDED"


def test_a_void_names_the_contract_that_has_the_claim() -> None:
    world = World().do(*ACCEPTED, asks(RecordContract), CLAIMED)
    assert world.refuses(asks(VoidServiceUnit, reason="duplicate")) == "CONTRACT_MISMATCH"


def test_what_was_never_delivered_cannot_be_voided() -> None:
    with pytest.raises(NotFound):
        World().do(*ACCEPTED, asks(VoidServiceUnit, reason="duplicate"))


@pytest.mark.parametrize(("answer", "living"), [("recorded", True), ("verified", True), ("paid", True)])
def test_an_answer_is_kept_with_the_delivery(answer: str, *, living: bool) -> None:
    world = World().do(*ACCEPTED, asks(RecordContract), CLAIMED, asks(RecordClaimAnswer, answer=answer))
    kept = world.person().deliveries[ref("delivery")]
    assert (kept.answer, kept.claim_id is not None) == (answer, living)


@pytest.mark.parametrize("answer", ["rejected", "duplicate"])
def test_a_refused_claim_leaves_the_delivery_to_another_payer(answer: str) -> None:
    refused = asks(RecordClaimAnswer, answer=answer, reason="no_evidence")
    world = World().do(*ACCEPTED, asks(RecordContract), CLAIMED, refused)
    assert world.events()[-2:] == (
        ClaimAnswerRecorded(ANNA, ref("delivery"), DEAL, ref("claim"), answer, "no_evidence"),
        DeliveryUnfunded(ANNA, ref("delivery"), "claim_rejected", DEAL),
    )
    assert world.contracts[DEAL].used_milli[LOT.service_code, LOT.unit] == 0
    assert world.refuses(asks(ClaimDelivery, claim_id=ref("second claim"))) is None
    before = len(world.log)
    assert len(world.do(refused).log) == before, "a second answer changes nothing"


def test_given_a_claim_voided_while_its_answer_was_on_its_way_when_it_arrives_then_nothing_happens() -> None:
    """Neither agency did anything wrong, so nobody is alerted."""
    voided = asks(VoidServiceUnit, reason="duplicate", contract_ref=DEAL)
    world = World().do(*ACCEPTED, asks(RecordContract), CLAIMED, voided)
    before = len(world.log)
    for answer in ("recorded", "verified", "rejected", "paid"):
        world.do(asks(RecordClaimAnswer, answer=answer))
    assert len(world.log) == before


def test_a_contract_is_its_own_funders_alone() -> None:
    world = World().do(*ACCEPTED, asks(RecordContract), CLAIMED)
    stranger = "test/funding/fund-two"
    assert world.refuses(asks(RecordContract, funder=stranger)) == "CONTRACT_OF_ANOTHER_FUNDER"
    assert world.refuses(asks(RaiseCeilingAlert, funder=stranger)) == "CONTRACT_OF_ANOTHER_FUNDER"
    assert world.refuses(asks(RecordClaimAnswer, funder=stranger)) == "CONTRACT_OF_ANOTHER_FUNDER"


STEP = st.one_of(
    st.tuples(st.just("deliver"), st.integers(0, 9), st.integers(0, 2), st.integers(1, 4_000)),
    st.tuples(st.just("claim"), st.integers(0, 9), st.integers(0, 1), st.just(0)),
    st.tuples(st.just("void"), st.integers(0, 9), st.just(0), st.just(0)),
    st.tuples(st.sampled_from(["rejected", "paid", "duplicate"]), st.integers(0, 9), st.just(0), st.just(0)),
)
DEALS = (ref("deal one"), ref("deal two"))


@given(st.lists(STEP, max_size=25))
def test_one_delivery_has_one_living_claim_and_lots_are_never_overdrawn(
    steps: list[tuple[str, int, int, int]],
) -> None:
    """Invariants 15 (the sender's half) and 17: every delivery is recorded, and each is claimed under one contract."""
    world = World().do(*ACCEPTED, *(asks(RecordContract, contract_ref=deal) for deal in DEALS))
    for nth, (step, which, deal, qty_milli) in enumerate(steps):
        _step(world, step, ref(f"unit {which}"), deal, qty_milli, nth)
        living = [claim.delivery_id for contract in world.contracts.values() for claim in contract.claims.values()]
        deliveries = world.person().deliveries
        assert sorted(living) == sorted(key for key, one in deliveries.items() if one.claim_id)
        assert not any(one.voided and one.claim_id for one in deliveries.values())
        for contract in world.contracts.values():
            taken = sum(claim.qty_milli for claim in contract.claims.values())
            assert contract.used_milli.get((LOT.service_code, LOT.unit), 0) == taken <= LOT.qty_max_milli


def _step(world: World, step: str, unit: str, deal: int, qty_milli: int, nth: int) -> None:
    known = world.person().deliveries.get(unit)
    if step == "deliver":
        named = DEALS[deal] if deal < len(DEALS) else None
        asked = asks(
            DeliverServiceUnit,
            delivery_id=unit,
            claim_id=ref(f"claim {nth}"),
            contract_ref=named,
            qty_milli=qty_milli,
            evidence_hash=unit * 2,
        )
        assert (world.refuses(asked) is None) == (known is None or known.voided), "nothing else stands in the way"
    elif known is None:
        assert unit not in world.person().deliveries
    elif step == "claim":
        world.refuses(asks(ClaimDelivery, delivery_id=unit, claim_id=ref(f"claim {nth}"), contract_ref=DEALS[deal]))
    elif step == "void":
        world.refuses(asks(VoidServiceUnit, delivery_id=unit, reason="duplicate", contract_ref=known.contract_ref))
    elif known.contract_ref and known.claim_id:
        world.do(asks(RecordClaimAnswer, contract_ref=known.contract_ref, claim_id=known.claim_id, answer=step))


def test_a_claim_after_all_is_claimed_as_at_first() -> None:
    decided = claim_later.given(*lived(*ACCEPTED, UNPAID)).also(CONTRACT, *signed()).when(asks(ClaimDelivery))
    assert [type(event) for event in decided.events] == [HandoverMinted, DeliveryClaimed]
