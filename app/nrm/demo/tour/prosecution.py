"""The tour through the prosecution service."""

import asyncio

from nrm.demo.acts import prosecution as act
from nrm.demo.agencies import CCY, CROWN, DAWN, FUND, POLICE
from nrm.demo.people import Invented
from nrm.demo.step import Step
from nrm.demo.tour.guide import PATIENCE_S, Guide
from nrm.demo.tour.identification import INCIDENT
from nrm_contracts.assistance.v1 import queries_pb2 as assistance_pb2
from nrm_contracts.assistance.v1.care_pb2 import PrepareForHearingRequest
from nrm_contracts.prosecution.v1 import cases_pb2, court_pb2, proceeds_pb2, queries_pb2, safety_pb2, victims_pb2

CASE, OTHER = "@case-tour", "@case-tour-other"
GUILTY, ACQUITTED, GONE = "@defendant-tour-1", "@defendant-tour-2", "@defendant-tour-3"


async def tour(guide: Guide) -> None:
    """Every method. The incident must have been reported before."""
    await _investigated(guide)
    await _followed_money(guide)
    await _judged(guide)
    await _ended(guide)
    await _victims(guide, guide.somebody(8))
    await _charged(guide, guide.somebody(1))
    await _protected(guide, guide.somebody(1))
    await _asked(guide, guide.somebody(1))


async def _investigated(guide: Guide) -> None:
    on = guide.day(190)
    registered = cases_pb2.RegisterReportedCaseRequest(
        criminal_case_id=CASE, iccs_code=act.TRAFFICKING, national_article=act.ARTICLE
    )
    review = cases_pb2.ReviewCaseRequest(criminal_case_id=CASE, review_on=guide.day(-30).isoformat())
    anew = cases_pb2.ReclassifyCaseRequest(
        criminal_case_id=CASE, iccs_code=act.TRAFFICKING, national_article="GB-EAW-MSA2015-1"
    )
    waits = cases_pb2.SuspendCaseRequest(criminal_case_id=CASE, reason="suspect_abroad")
    await guide.do(
        CROWN,
        Step(on, cases_pb2.ReportCrimeRequest(proactive=True), {"criminal_case_id": CASE}),
        Step(on, registered),
        act.investigate(CASE, on),
        Step(on, cases_pb2.LinkIncidentRequest(criminal_case_id=CASE, incident_id=INCIDENT)),
        act.evidence(CASE, on, ("digital", "documents")),
        Step(on, review),
        Step(on, anew),
        Step(on, waits),
        Step(on, cases_pb2.ResumeCaseRequest(criminal_case_id=CASE)),
        *(act.suspect(CASE, one, on, "male", "30-38", "Exploiter") for one in (GUILTY, ACQUITTED, GONE)),
        *(act.charge(CASE, one, on) for one in (GUILTY, ACQUITTED, GONE)),
        act.end_proceedings(CASE, GONE, on, "absconded"),
    )


async def _followed_money(guide: Guide) -> None:
    on, taken, given_back = guide.day(180), "@asset-tour-1", "@asset-tour-2"
    await guide.do(CROWN, act.follow_money(CASE, on))
    for asset in (taken, given_back):
        seek = proceeds_pb2.SeekConfiscationRequest(criminal_case_id=CASE, asset_id=asset)
        await guide.do(CROWN, act.trace(CASE, asset, on, 500_000), act.freeze(CASE, asset, on), Step(on, seek))
    confiscated = proceeds_pb2.ConfiscateAssetRequest(
        criminal_case_id=CASE, asset_id=taken, amount_minor=480_000, ccy=CCY
    )
    sold = proceeds_pb2.RealiseAssetRequest(criminal_case_id=CASE, asset_id=taken, amount_minor=450_000, ccy=CCY)
    shared = proceeds_pb2.DistributeProceedsRequest(
        criminal_case_id=CASE, asset_id=taken, to="fund", amount_minor=450_000, ccy=CCY, fund=FUND
    )
    released = proceeds_pb2.ReleaseAssetRequest(criminal_case_id=CASE, asset_id=given_back)
    await guide.do(CROWN, *(Step(on, one) for one in (confiscated, sold, shared, released)))


async def _judged(guide: Guide) -> None:
    on = guide.day(120)
    right = court_pb2.CorrectJudgmentRequest(
        criminal_case_id=CASE,
        defendant_ref=GUILTY,
        reason="typing_error",
        happened_on=on.isoformat(),
        articles=("GB-EAW-MSA2015-1",),
        sentence_months=30,
    )
    await guide.do(
        CROWN,
        *(act.indict(CASE, one, on) for one in (GUILTY, ACQUITTED)),
        act.open_trial(CASE, on),
        act.judge(CASE, GUILTY, on, "convicted", 24),
        act.judge(CASE, ACQUITTED, on, "acquitted"),
        Step(on, right),
        Step(on, court_pb2.LodgeAppealRequest(criminal_case_id=CASE)),
        *(act.finalize(CASE, one, guide.day(60)) for one in (GUILTY, ACQUITTED)),
        act.enforce(CASE, guide.day(50)),
        act.close(CASE, guide.day(40)),
        Step(guide.day(5), court_pb2.ReleaseOffenderRequest(criminal_case_id=CASE, defendant_ref=GUILTY)),
    )


async def _ended(guide: Guide) -> None:
    """Four more cases, each with an end of its own, and one that stays open."""
    on = guide.day(30)
    cases = [f"{OTHER}-{nth}" for nth in range(5)]
    for case in cases:
        await guide.do(CROWN, act.register(case, on), act.investigate(case, on))
    stays, elsewhere, merged, dropped, settled = cases
    away = cases_pb2.TransferCaseRequest(criminal_case_id=elsewhere, to_org=POLICE)
    into = cases_pb2.MergeCasesRequest(criminal_case_id=merged, into_case_id=stays)
    ends = (act.discontinue(dropped, on, "no_evidence"), act.settle(settled, on))
    await guide.do(CROWN, Step(on, away), Step(on, into), *ends)


async def _victims(guide: Guide, who: Invented) -> None:
    on, case = guide.day(25), f"{OTHER}-0"
    registered = victims_pb2.RegisterVictimRequest(minor=False, exploitation_forms=(who.form,), identity=who.identity)
    withdrawn = victims_pb2.WithdrawParticipationRequest(person_ref=who.label, criminal_case_id=case)
    await guide.do(
        CROWN,
        Step(on, registered, {"person_ref": who.label}),
        act.link(who, case, on),
        act.take_part(who, case, on),
        act.hear(who, case, on),
        act.inform(who, case, on, "rights"),
        act.claim(who, case, on, 300_000),
        act.award(who, on, 200_000),
        act.compensate(who, on, 150_000),
        Step(guide.day(3), withdrawn),
    )


async def _charged(guide: Guide, who: Invented) -> None:
    await guide.do(CROWN, act.charge_victim(who, guide.day(160)), act.review_charge(who, guide.day(130), "dropped"))


async def _protected(guide: Guide, who: Invented) -> None:
    """Told to the police, and through them to the shelter, which prepares the person."""
    on, case, court_day = guide.day(4), f"{OTHER}-0", guide.day(-14).isoformat()
    hearing = safety_pb2.ScheduleHearingRequest(
        person_ref=who.label, criminal_case_id=case, kind="trial", hearing_on=court_day
    )
    granted = safety_pb2.GrantProtectionMeasureRequest(
        person_ref=who.label, criminal_case_id=case, measure="no_contact_order"
    )
    ended = safety_pb2.EndProtectionMeasureRequest(
        person_ref=who.label, criminal_case_id=case, measure="no_contact_order"
    )
    await guide.do(CROWN, act.link(who, case, on), *(Step(on, one) for one in (hearing, granted, ended)))
    first, then = guide.day(-40).isoformat(), guide.day(-50).isoformat()
    changes = (
        safety_pb2.ScheduleHearingRequest(person_ref=who.label, criminal_case_id=case, kind="appeal", hearing_on=first),
        safety_pb2.MoveHearingRequest(
            person_ref=who.label, criminal_case_id=case, kind="appeal", hearing_on=first, moved_to=then
        ),
        safety_pb2.CallOffHearingRequest(person_ref=who.label, criminal_case_id=case, kind="appeal", hearing_on=then),
    )
    await guide.do(CROWN, *(Step(on, one) for one in changes))
    due = assistance_pb2.ListDeadlinesRequest(kind="hearing_preparation")
    async with asyncio.timeout(PATIENCE_S):
        while not (await guide.ask(DAWN, due, assistance_pb2.ListDeadlinesResponse)).deadlines:
            await guide.wait()
    await guide.do(DAWN, Step(guide.day(2), PrepareForHearingRequest(person_ref=who.label, hearing_on=court_day)))


async def _asked(guide: Guide, who: Invented) -> None:
    case = queries_pb2.GetCriminalCaseRequest(criminal_case_id=CASE)
    await guide.ask(CROWN, case, queries_pb2.GetCriminalCaseResponse)
    await guide.ask(CROWN, queries_pb2.ListCriminalCasesRequest(), queries_pb2.ListCriminalCasesResponse)
    await guide.ask(CROWN, queries_pb2.GetVictimRequest(person_ref=who.label), queries_pb2.GetVictimResponse)
    await guide.ask(CROWN, queries_pb2.ListVictimsRequest(page_size=5), queries_pb2.ListVictimsResponse)
    await guide.ask(CROWN, queries_pb2.ListDefendantsRequest(page_size=5), queries_pb2.ListDefendantsResponse)
