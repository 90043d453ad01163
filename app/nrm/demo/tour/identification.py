"""The tour through the identification service: referrers, the deciding authority, and their vaults and feeds."""

import asyncio
from datetime import timedelta

from nrm.demo.acts import identification as act
from nrm.demo.agencies import AUTHORITY, CROWN, DAWN, POLICE
from nrm.demo.people import Invented
from nrm.demo.step import Step
from nrm.demo.tour.guide import PATIENCE_S, Guide
from nrm_contracts.feed.v1.feed_pb2 import SubscribeRequest
from nrm_contracts.identification.v1 import (
    children_pb2,
    decisions_pb2,
    persons_pb2,
    queries_pb2,
    recovery_pb2,
    referrals_pb2,
)
from nrm_contracts.vault.v1 import vault_pb2

INCIDENT, MISTAKEN = "@incident-tour", "@incident-mistaken"


async def tour(guide: Guide) -> None:
    """Every method."""
    await _found(guide, guide.somebody(1))
    await _decided(guide, guide.somebody(1))
    await _returned(guide, guide.somebody(2))
    await _refuses(guide, guide.somebody(3))
    await _child(guide, guide.somebody(4, "9-17"))
    await _twice(guide, guide.somebody(1))
    await _asked(guide, guide.somebody(1))
    await _opened(guide, guide.somebody(1))
    await _erased(guide, guide.somebody(1))


async def _found(guide: Guide, who: Invented) -> None:
    on = guide.day(200)
    adult = children_pb2.AssessAgeRequest(person_ref=who.label, method="documents", result_band=who.age_band)
    presumed = children_pb2.PresumeMinorRequest(person_ref=who.label, reason="appearance")
    disputed = children_pb2.DisputeAgeRequest(person_ref=who.label, reason="documents_doubtful")
    opening = act.open_incident(0, who, on)
    described = persons_pb2.CorrectDetectionRequest(
        person_ref=who.label,
        reason="typing_error",
        happened_on=guide.day(201).isoformat(),
        detection_channel="border",
        region=who.region,
        age_band=who.age_band,
        sex=who.sex,
        language=who.language,
    )
    found = act.screen(who, on, "indicated", ("threat",))
    await guide.do(
        POLICE,
        act.detect(who, on, "raid", named=True),
        Step(on, presumed),
        Step(on, adult),
        Step(on, disputed),
        Step(on, adult),
        Step(on, described),
        found,
        _put_right(found),
        act.consent(who, on, "referral"),
        act.consent(who, on, "assistance"),
        act.consent(who, on, "proceedings"),
        Step(on, opening.request, {"incident_id": MISTAKEN}),
        act.link(who, on, MISTAKEN),
        act.report(who, on, CROWN, MISTAKEN),
        act.void_incident(MISTAKEN, on),
        Step(on, opening.request, {"incident_id": INCIDENT}),
        act.link(who, on, INCIDENT),
        act.route(INCIDENT, on, "exploitation", "GB", "GB-KEN"),
        act.refer(who, on, (INCIDENT,)),
        act.ask_for_help(who, on, DAWN),
        act.report(who, on, CROWN, INCIDENT),
    )


def _put_right(found: Step) -> Step:
    """The same screening, by the version of the form that was used."""
    read = found.request
    assert isinstance(read, persons_pb2.ScreenRequest)
    right = persons_pb2.CorrectScreeningRequest(
        person_ref=read.person_ref,
        reason="typing_error",
        happened_on=found.on.isoformat(),
        tool=read.tool,
        tool_version="2024.2",
        indicators=read.indicators,
        acts=read.acts,
        means=read.means,
        purposes=read.purposes,
        exploitation_forms=read.exploitation_forms,
    )
    return Step(found.on, right)


async def _decided(guide: Guide, who: Invented) -> None:
    on, label = guide.day(195), f"@referral-{who.number}"
    later = on + timedelta(days=45)
    confirm = decisions_pb2.ConfirmStageRequest(person_ref=who.label, referral_id=label, stage=1)
    longer = recovery_pb2.ExtendRecoveryRequest(person_ref=who.label, ends_on=later.isoformat(), reason="safety")
    revoke = decisions_pb2.RevokeStatusRequest(person_ref=who.label, referral_id=label, ground="decided_in_error")
    right = decisions_pb2.CorrectStageRequest(
        person_ref=who.label,
        referral_id=label,
        stage=2,
        reason="typing_error",
        happened_on=(later + timedelta(days=3)).isoformat(),
        grounds=("court_finding",),
        exploitation_forms=(who.form,),
    )
    await guide.do(AUTHORITY, act.acknowledge(who, on))
    await guide.do(AUTHORITY, Step(on, confirm), refused="NOTHING_PROPOSED")
    await guide.do(
        AUTHORITY,
        act.decide(who, on, 1, "positive"),
        act.tell(who, on, 1),
        act.start_recovery(who, on),
        Step(on, longer),
        act.end_recovery(who, later + timedelta(days=1)),
        act.decide(who, later + timedelta(days=2), 2, "positive"),
        Step(guide.day(100), right),
    )
    stays = decisions_pb2.IssueResidencePermitRequest(person_ref=who.label, referral_id=label, ground="personal")
    leaves = decisions_pb2.EndResidencePermitRequest(person_ref=who.label, reason="another_title")
    await guide.do(AUTHORITY, Step(guide.day(40), stays), Step(guide.day(30), leaves))
    expired = decisions_pb2.ExpireStatusRequest(person_ref=who.label, referral_id=label)
    await guide.do(AUTHORITY, Step(guide.day(20), expired), refused="STATUS_WITHOUT_TERM")
    await guide.do(AUTHORITY, Step(guide.day(20), revoke))


async def _returned(guide: Guide, who: Invented) -> None:
    """Sent back, referred again, presumed, disqualified, reconsidered."""
    on, again = guide.day(100), f"@referral-{who.number}-again"
    referred = act.refer(who, on)
    returned = referrals_pb2.ReturnReferralRequest(
        person_ref=who.label, referral_id=f"@referral-{who.number}", missing=("account",)
    )
    taken_up = referrals_pb2.AcknowledgeReferralRequest(person_ref=who.label, referral_id=again)
    out = decisions_pb2.DisqualifyPersonRequest(
        person_ref=who.label, referral_id=again, ground="public_order", harm_weighed=True
    )
    asked = decisions_pb2.RequestReconsiderationRequest(
        person_ref=who.label, referral_id=again, requested_by="self", grounds=("fact_error",)
    )
    known = [act.detect(who, on, "police"), act.screen(who, on, "indicated", ("threat",))]
    await guide.do(POLICE, *known, act.consent(who, on, "referral"), referred)
    await guide.do(AUTHORITY, Step(on, returned))
    shown = queries_pb2.GetPersonRequest(person_ref=who.label)
    async with asyncio.timeout(PATIENCE_S):
        while (await guide.ask(POLICE, shown, queries_pb2.GetPersonResponse)).person.phase != "returned":
            await guide.wait()
    await guide.do(POLICE, Step(on, referred.request, {"referral_id": again}))
    await guide.do(
        AUTHORITY, Step(on, taken_up), act.decide(who, on, 1, "positive", again), Step(on, out), Step(on, asked)
    )


async def _refuses(guide: Guide, who: Invented) -> None:
    """Reported without a name; consent to help is taken back, and then the name is erased."""
    on = guide.day(90)
    screened = act.screen(who, on, "indicated", ("coercion",))
    refused = (act.refuse(who, on, "referral"), act.notify(who, on))
    await guide.do(POLICE, act.detect(who, on, "police", named=True), screened, *refused)
    taken_back = (act.consent(who, on, "assistance"), act.revoke(who, on, "assistance"))
    await guide.do(POLICE, *taken_back)
    proposed = vault_pb2.ProposeErasureRequest(
        person_ref=who.label, data_classes=("identity",), ground="consent_withdrawn"
    )
    confirmed = vault_pb2.ConfirmErasureRequest(person_ref=who.label)
    await guide.do(POLICE, Step(guide.day(80), proposed), Step(guide.day(80), confirmed, officer=2))


async def _child(guide: Guide, who: Invented) -> None:
    on = guide.day(80)
    conflict = children_pb2.RecordGuardianConflictRequest(person_ref=who.label, conflict="other_interest")
    await guide.do(POLICE, act.detect(who, on, "school"), act.guardian(who, on), Step(on, conflict))


async def _twice(guide: Guide, who: Invented) -> None:
    on, again = guide.day(70), f"{who.label}-again"
    apart = persons_pb2.UnmergePersonRecordsRequest(person_ref=who.label, absorbed_ref=again, reason="different_people")
    confirmed = act.confirm(who.label, again, on)
    await guide.do(POLICE, act.detect(who, on, "health", again), act.merge(who.label, again, on), confirmed)
    await guide.do(POLICE, Step(on, apart, officer=2), confirmed)


async def _asked(guide: Guide, who: Invented) -> None:
    await guide.ask(POLICE, queries_pb2.GetPersonRequest(person_ref=who.label), queries_pb2.GetPersonResponse)
    await guide.ask(POLICE, queries_pb2.ListPersonsRequest(page_size=10), queries_pb2.ListPersonsResponse)
    await guide.ask(POLICE, queries_pb2.ListDeadlinesRequest(page_size=10), queries_pb2.ListDeadlinesResponse)
    await guide.ask(POLICE, queries_pb2.GetIncidentRequest(incident_id=INCIDENT), queries_pb2.GetIncidentResponse)


async def _opened(guide: Guide, who: Invented) -> None:
    """The police open what they sealed; the authority opens it with the person's consent to the referral."""
    person = await guide.ref(POLICE, who.label)
    own = vault_pb2.OpenOwnRequest(person_ref=person, data_class="identity", legal_basis="public_task")
    await guide.ask(POLICE, own, vault_pb2.OpenOwnResponse)
    handover = guide.desks.known.handover(POLICE, person, AUTHORITY)
    theirs = vault_pb2.OpenSealedRequest(handover_id=handover, data_class="identity", legal_basis="consent")
    await guide.ask(POLICE, theirs, vault_pb2.OpenSealedResponse, by=AUTHORITY)
    await guide.watch(POLICE, SubscribeRequest(origin=POLICE))


async def _erased(guide: Guide, who: Invented) -> None:
    """A court has the name erased that the authority was shown: the authority is told, and keeps nothing of it."""
    by_court = vault_pb2.ProposeErasureRequest(person_ref=who.label, data_classes=("identity",), ground="court_order")
    confirmed = vault_pb2.ConfirmErasureRequest(person_ref=who.label)
    await guide.do(POLICE, Step(guide.today, by_court), Step(guide.today, confirmed, officer=2))
    asked = vault_pb2.GetErasuresToConfirmRequest(person_ref=who.label)
    async with asyncio.timeout(PATIENCE_S):
        while not (owed := (await guide.ask(AUTHORITY, asked, vault_pb2.GetErasuresToConfirmResponse)).erasures):
            await guide.wait()
    gone = vault_pb2.ConfirmCopiesErasedRequest(person_ref=who.label, erasure_id=owed[0].erasure_id)
    await guide.do(AUTHORITY, Step(guide.today, gone))
