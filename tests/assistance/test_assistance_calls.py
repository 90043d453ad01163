"""Every command and query of the service through a real server, from bytes to entry, list and back."""

import uuid
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import grpc
import pytest
from tests.assistance.story import AGENCIES, AUTHORITY, DEAL, EVERY_POINT, FUND, LOT, OTHER_NGO, POLICY, US, asks, ref

from nrm_assistance.domain.contract import RecordContract, record_contract
from nrm_assistance.domain.contract import at as contract_at
from nrm_assistance.domain.person import at as person_at
from nrm_assistance.domain.safety import NoteHearing, note_hearing
from nrm_assistance.service import build
from nrm_assistance.views import VIEWS
from nrm_contracts.assistance.v1 import assistance_pb2
from nrm_contracts.vault.v1.vault_pb2 import Contact, Health, Identity, Location, Narrative, PersonalData
from nrm_kernel.decider import At, Decision
from nrm_kernel.service import Ask
from nrm_kernel.testing import serving
from nrm_kernel.testing.calling import Office, heard, running

SERVICE = assistance_pb2.DESCRIPTOR.services_by_name["AssistanceService"]
WORKER = serving.says(US, "case_worker", "assist")
CANARY = "Canary Name-Of-Nobody"
TODAY = datetime.now(UTC).date()
CONSENT = {"informed_points": EVERY_POINT, "given_by": "self"}
GOAL = "safe_housing"


class AssistanceOffice(Office):
    """A running assistance agency and a case worker, who hears of contracts and hearings too."""

    async def hear_of_the_contract(self) -> None:
        """What the reaction to the funder's notice records."""
        command = asks(
            RecordContract, starts_on=TODAY - timedelta(days=90), ends_on=TODAY + timedelta(days=90), funder=FUND
        )
        await self._hear(command, record_contract, contract_at(DEAL))

    async def hear_of_a_hearing(self, person_ref: str, hearing_on: date) -> None:
        """What the reaction to the notice of a hearing records."""
        command = asks(NoteHearing, person_ref=person_ref, kind="trial", hearing_on=hearing_on, occurred_on=TODAY)
        await self._hear(command, note_hearing, person_at(person_ref))
        self.versions[f"person-{person_ref}"] += 3  # the hearing, whose word it is, and what is due for it

    async def _hear(self, command: object, decide: Callable[..., Decision], at: At[Any, Any]) -> None:
        order = heard(Ask(command, decide, [at]), US, f"{TODAY}T00:00:00.000000Z")
        await self.at.agency.appender.submit(order)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[AssistanceOffice]:
    async with (
        serving.agency(tmp_path, US, AGENCIES, policy=lambda _day: POLICY) as agency,
        running(agency, tmp_path, build, VIEWS) as at,
    ):
        yield AssistanceOffice(
            at, SERVICE, usual=lambda _name: WORKER, stream=lambda _name, values: f"person-{values.get('person_ref')}"
        )


def day(days: int) -> str:
    return (TODAY + timedelta(days=days)).isoformat()


async def registered(office: AssistanceOffice, **values: object) -> dict[str, Any]:
    """Somebody who walked in."""
    reply = await office.do(
        "RegisterPerson",
        **{
            "region": "KZ-75",
            "age_band": "27-29",
            "sex": "female",
            "language": "kaz",
            "detection_channel": "self",
            "needs": ["shelter"],
            "identity": PersonalData(identity=Identity(family_name=CANARY)),
            "contact": PersonalData(contact=Contact(phones=[CANARY])),
            **values,
        },
    )
    return {"person_ref": reply.person_ref}


async def helped(office: AssistanceOffice, **values: object) -> dict[str, Any]:
    """From the door to a plan."""
    person = await registered(office, **values)
    await office.do("OfferAssistance", **person, services=["shelter"])
    await office.do("AcceptAssistance", **person, **CONSENT)
    await office.do(
        "AssessNeeds",
        **person,
        domains=[{"domain": "safety", "level": 3}],
        risk_level="high",
        reassess_by=day(30),
        health=PersonalData(health=Health(text=CANARY)),
    )
    planned = {"service_code": LOT.service_code, "unit": LOT.unit, "qty_milli": 5_000}
    plan = {"services": [planned], "planned_end": day(200), "agreed_by_person": True}
    await office.do("AgreePlan", **person, goals=[GOAL], **plan)
    await office.do("RevisePlan", **person, goals=[GOAL], reintegration_on=day(100), **plan)
    return person


async def housed(office: AssistanceOffice, person: dict[str, Any]) -> None:
    moved_in = await office.do(
        "StartPlacement",
        **person,
        facility_ref=ref("facility"),
        kind="shelter",
        max_days=30,
        location=PersonalData(location=Location(address=CANARY)),
    )
    stay = {**person, "placement_id": moved_in.placement_id}
    await office.do("ExtendPlacement", **stay, max_days=60)
    await office.do("EndPlacement", **stay, reason="moved_on")


async def delivered(office: AssistanceOffice, person: dict[str, Any], proof: str, **values: object) -> str:
    given = {"service_code": LOT.service_code, "unit": LOT.unit, "qty_milli": 1_000, "person_acknowledged": True}
    span = {"delivered_from": day(-1), "delivered_to": day(0), "evidence_hash": proof * 64}
    reply = await office.do("DeliverServiceUnit", **person, **given, **span, **values)
    return str(reply.delivery_id)


async def paid_for(office: AssistanceOffice, person: dict[str, Any]) -> None:
    await office.hear_of_the_contract()
    await delivered(office, person, "a", contract_ref=DEAL)
    later = await delivered(office, person, "b")
    await office.do("ClaimDelivery", **person, delivery_id=later, contract_ref=DEAL)
    wrong = await delivered(office, person, "c")
    await office.do("VoidServiceUnit", **person, delivery_id=wrong, reason="recorded_in_error")
    await delivered(office, person, "d")


async def followed_up(office: AssistanceOffice, person: dict[str, Any]) -> None:
    seen = PersonalData(narrative=Narrative(text=CANARY))
    await office.do("RaiseRiskAlert", **person, kind="threat", narrative=seen)
    await office.hear_of_a_hearing(person["person_ref"], TODAY)
    await office.do("PrepareForHearing", **person, hearing_on=day(0))
    await office.do("EnterPhase", **person, phase="follow_up")
    await office.do("MissFollowUp", **person, month=1)
    fares = {"wellbeing": "good", "housing": "supported", "income": "employed", "safe": "yes", "narrative": seen}
    await office.do("RecordFollowUp", **person, month=1, **fares)
    await office.do("VoidFollowUp", **person, month=1, reason="typing_error")
    await office.do("ReportLost", **person, last_contact_on=day(-1))
    await office.do("ReportFound", **person)


async def handed_on(office: AssistanceOffice, person: dict[str, Any]) -> None:
    await office.do("GiveConsent", **person, scope="referral", **CONSENT)
    await office.do("SuggestReferral", **person, to=AUTHORITY)
    sharing = await office.do("GiveConsent", **person, scope="share_with", share_with=OTHER_NGO, **CONSENT)
    await office.do("TransferCase", **person, to=OTHER_NGO)
    await office.do("RevokeConsent", **person, consent_id=sharing.consent_id)
    await office.do("ReachGoal", **person, goal=GOAL)
    await office.do("CloseCase", **person, outcome="goal_met")
    await office.do("OpenCase", **person, needs=["none"])


async def returned(office: AssistanceOffice) -> None:
    """A child goes to a family abroad; another return is called off before."""
    child = await registered(office, age_band="9-17", minor=True)
    seen = PersonalData(narrative=Narrative(text=CANARY))
    await office.do("OfferAssistance", **child, services=["shelter"])
    await office.do("AcceptAssistance", **child, **CONSENT)
    panel = {"panel": ["chair", "guardian"], "child_view_heard": True, "review_by": day(90), "narrative": seen}
    await office.do("DetermineBestInterest", **child, solution="reunify", **panel)
    await office.do("OpenReturn", **child, to_country="RO")
    await office.do("CallOffReturn", **child, reason="no_receiver")
    opened = await office.do("OpenReturn", **child, to_country="MD")
    await office.do("AssessReturnRisk", **child, risk="safe_with_measures", narrative=seen)
    will = await office.do("ConsentToReturn", **child, **CONSENT)
    receiver = {"receiver_ref": ref("receiver"), "receiver_kind": "shelter"}
    await office.do("ReferAbroad", **child, **receiver, form_version=1)
    await office.do("RecordReceiverAnswer", **child, answer="accepted")
    await office.do("RecordReturn", **child)
    await office.do("ConfirmReintegration", **child)
    shown = (await office.ask("GetCase", **child)).case.return_abroad
    assert (shown.return_id, shown.consent_id) == (opened.return_id, will.consent_id)
    assert (shown.to_country, shown.risk, shown.doubted_from) == ("MD", "safe_with_measures", "")
    assert (shown.receiver_ref, shown.accepted_on, shown.returned_on) == (ref("receiver"), day(0), day(0))
    assert shown.confirmed
    await office.do("CloseCase", **child, outcome="returned")


async def a_child(office: AssistanceOffice) -> dict[str, Any]:
    child = await registered(office, age_band="9-17", minor=True)
    await office.do(
        "AssessBestInterest", **child, factors=["child_view", "safety"], child_view_heard=True, result="care_suits"
    )
    await office.do("OfferAssistance", **child, services=["shelter"])
    await office.do("DeclineAssistance", **child, reason="family")
    return child


async def test_every_method_works_through_a_real_server(office: AssistanceOffice) -> None:
    person = await helped(office)
    await housed(office, person)
    await paid_for(office, person)
    case = (await office.ask("GetCase", **person)).case
    assert (case.stage, case.risk_level, case.planned_end) == ("accepted", "high", day(200))
    assert case.version == office.versions[f"person-{person['person_ref']}"]
    assert [(one.scope, one.given_on) for one in case.consents] == [("assistance", day(0))]
    assert [one.kind for one in case.deadlines] == ["needs_reassessment", "plan_end"]
    await followed_up(office, person)
    await handed_on(office, person)
    await a_child(office)
    await returned(office)
    lots = (await office.ask("GetContract", contract_ref=DEAL)).contract.lots
    assert [(lot.qty_max_milli, lot.claimed_milli) for lot in lots] == [(10_000, 2_000)]
    [contract] = (await office.ask("ListContracts")).contracts
    assert (contract.contract_ref, contract.funder, contract.ccy) == (DEAL, FUND, "KZT")
    assert len((await office.ask("ListDeadlines", kind="assistance_offer")).deadlines) == 1
    assert len((await office.ask("ListUnits", unfunded=True)).units) == 1
    assert len((await office.ask("ListCases", stage="ended")).cases) == 2
    assert office.called == {method.name for method in SERVICE.methods}


async def test_lists_say_what_the_record_says_page_by_page(office: AssistanceOffice) -> None:
    people = [(await registered(office))["person_ref"] for _ in range(3)]
    seen, token = [], ""
    for _ in people:
        page = await office.ask("ListCases", stage="requested", page_size=1, page_token=token)
        seen += page.cases
        token = page.next_page_token
    assert token == ""
    assert [one.person_ref for one in seen] == list(reversed(people))
    for one in seen:
        recorded = (await office.ask("GetCase", person_ref=one.person_ref)).case
        recorded.ClearField("version")
        del recorded.consents[:], recorded.deadlines[:]
        assert one == recorded


async def test_deadlines_come_earliest_first_and_those_without_a_day_last(office: AssistanceOffice) -> None:
    await a_child(office)
    await registered(office, age_band="9-17", minor=True)
    await helped(office)
    seen, token = [], "first"
    while token:
        page = await office.ask("ListDeadlines", page_size=2, page_token="" if token == "first" else token)
        seen += [one.due_on for one in page.deadlines]
        token = page.next_page_token
    assert len(seen) == 4
    assert seen == sorted(seen, key=lambda due_on: due_on or "9999-12-31")
    assert seen[-1] == "", "the policy sets no day for assessing best interests"
    due_now = await office.ask("ListDeadlines", due_before=day(0))
    assert list(due_now.deadlines) == []


async def test_units_are_listed_by_person_and_contract_with_who_pays(office: AssistanceOffice) -> None:
    person = await helped(office)
    await paid_for(office, person)
    units = (await office.ask("ListUnits", **person)).units
    assert [(one.contract_ref, one.unfunded_reason, one.voided) for one in units] == [
        ("", "no_contract", False),
        ("", "", True),
        (DEAL, "", False),
        (DEAL, "", False),
    ]
    claimed = (await office.ask("ListUnits", contract_ref=DEAL)).units
    assert len({one.claim_id for one in claimed}) == 2
    pages = [await office.ask("ListUnits", **person, page_size=3)]
    pages.append(await office.ask("ListUnits", **person, page_size=3, page_token=pages[0].next_page_token))
    assert [len(page.units) for page in pages] == [3, 1]


async def test_a_loss_is_listed_until_the_person_is_found(office: AssistanceOffice) -> None:
    person = await registered(office)
    await registered(office)
    await office.do("ReportLost", **person, last_contact_on=day(0))
    assert [one.person_ref for one in (await office.ask("ListCases", lost=True)).cases] == [person["person_ref"]]
    await office.do("ReportFound", **person)
    assert list((await office.ask("ListCases", lost=True)).cases) == []


async def test_nothing_that_names_heals_or_houses_a_person_stands_in_an_entry(office: AssistanceOffice) -> None:
    """Invariant 12, with a canary in every sealed field."""
    person = await helped(office)
    await housed(office, person)
    await followed_up(office, person)
    await returned(office)
    entries = await office.at.agency.store.read(0, 1_000)
    assert len(entries) > 30
    assert not any(CANARY.encode() in entry.body for entry in entries)
    assert sum("sealed" in entry.envelope for entry in entries) == 8


async def test_what_is_unknown_here_is_not_found(office: AssistanceOffice) -> None:
    nobody: dict[str, Any] = {"person_ref": ref("nobody")}
    assert (await office.call("GetCase", **nobody)).code is grpc.StatusCode.NOT_FOUND
    assert (await office.call("GetContract", contract_ref=DEAL)).code is grpc.StatusCode.NOT_FOUND
    for name in ("OfferAssistance", "OpenCase", "ReportFound"):
        listed: dict[str, Any] = {"services": ["shelter"]} if name == "OfferAssistance" else {}
        asked = await office.call(name, request_id=str(uuid.uuid4()), **nobody, **listed)
        assert asked.code is grpc.StatusCode.NOT_FOUND, name


@pytest.mark.parametrize(
    ("name", "field", "value", "reason"),
    [
        ("ListCases", "stage", "acepted", "CODE_UNKNOWN"),
        ("ListDeadlines", "kind", "follow-up", "CODE_UNKNOWN"),
        ("ListDeadlines", "due_before", "2026-02-30", "FIELD_INVALID"),
        ("ListDeadlines", "due_before", "20260228", "FIELD_INVALID"),
    ],
)
async def test_a_filter_that_means_nothing_is_refused(
    office: AssistanceOffice, name: str, field: str, value: str, reason: str
) -> None:
    filters: dict[str, Any] = {field: value}
    refused = await office.call(name, **filters)
    assert (refused.code, refused.reason) == (grpc.StatusCode.INVALID_ARGUMENT, reason)
    assert refused.fields is not None
    assert field in refused.fields


async def test_no_other_agency_sees_or_does_anything(office: AssistanceOffice) -> None:
    for stranger in (OTHER_NGO, AUTHORITY, FUND):
        caller = serving.says(stranger, "case_worker", "assist")
        for method in SERVICE.methods:
            assert (await office.call(method.name, caller)).code is grpc.StatusCode.PERMISSION_DENIED, method.name


async def test_who_pays_sees_units_and_no_case(office: AssistanceOffice) -> None:
    bookkeeper = serving.says(US, "funding_officer", "fund")
    assert (await office.call("ListUnits", bookkeeper)).code is grpc.StatusCode.OK
    assert (await office.call("ListCases", bookkeeper)).reason == "ROLE_NOT_ALLOWED"


async def test_a_decision_on_an_old_version_is_refused_with_the_present_one(office: AssistanceOffice) -> None:
    person = await registered(office)
    stale = await office.call(
        "OfferAssistance", request_id=str(uuid.uuid4()), expected_version=1, services=["shelter"], **person
    )
    assert (stale.code, stale.reason) == (grpc.StatusCode.ABORTED, "VERSION_STALE")
    assert stale.facts is not None
    assert stale.facts["current_version"] == str(office.versions[f"person-{person['person_ref']}"])
