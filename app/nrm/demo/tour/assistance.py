"""The tour through the assistance service."""

from datetime import timedelta

from nrm.demo.acts import assistance as act
from nrm.demo.acts.assistance import Unit
from nrm.demo.agencies import DAWN, HARBOUR, POLICE
from nrm.demo.people import Invented
from nrm.demo.step import Step
from nrm.demo.tour.funding import CONTRACT
from nrm.demo.tour.guide import Guide
from nrm_contracts.assistance.v1 import (
    care_pb2,
    closing_pb2,
    consents_pb2,
    intake_pb2,
    placements_pb2,
    queries_pb2,
    returns_pb2,
    units_pb2,
)


async def tour(guide: Guide) -> None:
    """Every method. The contract must be signed before."""
    who = guide.somebody(1)
    await _cared_for(guide, who)
    await _delivered(guide, who)
    await _followed(guide, who)
    await _handed_on(guide, who)
    await _walk_ins(guide)
    await _returned(guide, guide.somebody(9, "9-17"))
    await _asked(guide, who)


async def _cared_for(guide: Guide, who: Invented) -> None:
    on = guide.day(150)
    planned = act.plan(who, on, guide.day(30), ("safe_housing", "documents_held"))
    revised = care_pb2.RevisePlanRequest(
        person_ref=who.label,
        goals=("safe_housing", "income_own"),
        planned_end=guide.day(20).isoformat(),
        agreed_by_person=True,
    )
    longer = placements_pb2.ExtendPlacementRequest(
        person_ref=who.label, placement_id=f"@stay-{who.number}", max_days=60
    )
    await guide.do(
        DAWN,
        act.offer(who, on),
        act.accept(who, on),
        act.assess(who, on),
        planned,
        Step(on, revised),
        act.phase(who, on, "rehabilitation"),
        act.alarm(who, on, "threat"),
        act.house(who, DAWN, on, max_days=30),
        Step(on, longer),
        act.leave(who, guide.day(100)),
        act.reach(who, guide.day(90), "safe_housing"),
    )


async def _delivered(guide: Guide, who: Invented) -> None:
    """Two units claimed, one claimed later, one claimed and voided."""
    first, units = guide.day(140), []
    for nth in range(4):
        start = first + timedelta(days=7 * nth)
        contract = "" if nth == 2 else CONTRACT
        units.append(Unit("shelter", "bed_night", 5, start, start + timedelta(days=4), contract))
    await guide.do(DAWN, *(act.deliver(who, unit) for unit in units))
    label = f"@delivery-{who.number}-shelter-{units[2].first}"
    claimed = units_pb2.ClaimDeliveryRequest(person_ref=who.label, delivery_id=label, contract_ref=CONTRACT)
    await guide.do(DAWN, Step(guide.day(60), claimed))
    await guide.following.rest()  # an answer that finds its delivery voided records nothing: each run tells the same
    await guide.do(DAWN, act.void(who, units[3], guide.day(60)))


async def _followed(guide: Guide, who: Invented) -> None:
    on = guide.day(50)
    await guide.do(
        DAWN,
        act.phase(who, on, "follow_up"),
        act.follow_up(who, guide.day(20), 1),
        act.void_follow_up(who, guide.day(20), 1),
        act.follow_up(who, guide.day(20), 1),
        act.miss(who, guide.day(10), 3),
        act.lose(who, guide.day(9), guide.day(20)),
        act.find(who, guide.day(8)),
        act.close(who, guide.day(7), "other"),
    )


async def _handed_on(guide: Guide, who: Invented) -> None:
    on = guide.day(6)
    anew = intake_pb2.OpenCaseRequest(person_ref=who.label, needs=("shelter",))
    over = closing_pb2.TransferCaseRequest(person_ref=who.label, to=HARBOUR)
    await guide.do(DAWN, Step(on, anew), act.consent(who, on, "share_with", HARBOUR), Step(on, over))


async def _walk_ins(guide: Guide) -> None:
    on, declines, suggested = guide.day(40), guide.somebody(5), guide.somebody(6)
    child = guide.somebody(7, "9-17")
    await guide.do(DAWN, act.register(declines, on, "self"), act.offer(declines, on))
    await guide.do(DAWN, act.decline(declines, on, "no_need"))
    await guide.do(DAWN, act.register(child, on, "outreach"), act.weigh(child, on))
    revoked = consents_pb2.RevokeConsentRequest(person_ref=suggested.label, consent_id=f"@referral-{suggested.number}")
    await guide.do(
        DAWN,
        act.register(suggested, on, "outreach"),
        act.consent(suggested, on, "referral"),
        act.suggest(suggested, on, POLICE),
        Step(guide.day(30), revoked),
    )


async def _returned(guide: Guide, child: Invented) -> None:
    """A child goes to its family abroad; a return elsewhere was called off before."""
    on, then = guide.day(40), guide.day(30)
    lasts = care_pb2.DetermineBestInterestRequest(
        person_ref=child.label,
        solution="reunify",
        panel=("chair", "child_protection", "guardian"),
        child_view_heard=True,
        review_by=guide.day(-90).isoformat(),
    )
    elsewhere = returns_pb2.OpenReturnRequest(person_ref=child.label, to_country="MD")
    not_there = returns_pb2.CallOffReturnRequest(person_ref=child.label, reason="own_choice")
    await guide.do(DAWN, act.register(child, on, "outreach"), act.offer(child, on), act.accept(child, on))
    await guide.do(DAWN, *(Step(then, one) for one in (lasts, elsewhere, not_there)))
    await guide.do(DAWN, *act.goes_abroad(child, "RO", then), act.close(child, guide.day(7), "returned"))


async def _asked(guide: Guide, who: Invented) -> None:
    await guide.ask(DAWN, queries_pb2.GetCaseRequest(person_ref=who.label), queries_pb2.GetCaseResponse)
    await guide.ask(DAWN, queries_pb2.ListCasesRequest(page_size=10), queries_pb2.ListCasesResponse)
    await guide.ask(
        DAWN, queries_pb2.ListUnitsRequest(page_size=10, person_ref=who.label), queries_pb2.ListUnitsResponse
    )
    await guide.ask(DAWN, queries_pb2.ListDeadlinesRequest(page_size=10), queries_pb2.ListDeadlinesResponse)
    await guide.ask(DAWN, queries_pb2.GetContractRequest(contract_ref=CONTRACT), queries_pb2.GetContractResponse)
    await guide.ask(DAWN, queries_pb2.ListContractsRequest(page_size=10), queries_pb2.ListContractsResponse)
