"""Every command and query of the service through a real server, from bytes to entry, list and back."""

import uuid
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import grpc
import pytest
from tests.identification.scene import AGENCIES, ALL_POINTS, AUTHORITY, POLICE, PROSECUTOR, SHELTER, SIGNS, UK, ref

from nrm_contracts.identification.v1 import identification_pb2
from nrm_contracts.policy import Decider
from nrm_contracts.vault.v1.vault_pb2 import (
    Contact,
    Document,
    Documents,
    Family,
    Identity,
    Interview,
    Location,
    Narrative,
    PersonalData,
)
from nrm_identification.service import build
from nrm_identification.views import VIEWS
from nrm_kernel.testing import serving
from nrm_kernel.testing.calling import Office, Reply, running

SERVICE = identification_pb2.DESCRIPTOR.services_by_name["IdentificationService"]
OFFICER = serving.says(POLICE, "first_responder,identifier", "identify")
SECOND = serving.says(POLICE, "identifier", "identify", officer="officer-2")
CANARY = "Canary Name-Of-Nobody"
TODAY = datetime.now(UTC).date()
NARRATIVE = PersonalData(narrative=Narrative(text=CANARY))
DECIDERS = (Decider("police", "identifier"),)
POLICE_DECIDES = replace(
    UK,
    stages=tuple(
        replace(stage, deciders=DECIDERS, second_officer=number == 1) for number, stage in enumerate(UK.stages)
    ),
)
"""The British stages, decided by the police: one agency can then be asked for everything."""
PURPOSES = {"SubmitReferral": "refer", "RequestAssistance": "refer", "ReportVictim": "refer"}


def usual(name: str) -> serving.Metadata:
    return serving.says(POLICE, "first_responder,identifier", PURPOSES.get(name, "identify"))


def stream(_name: str, values: Mapping[str, object]) -> str:
    return f"person-{values['person_ref']}" if "person_ref" in values else f"incident-{values.get('incident_id')}"


@dataclass
class PoliceOffice(Office):
    """A running agency and its officers, who tell what happened some days ago."""

    days_ago: int = 0

    async def do(self, name: str, caller: serving.Metadata | None = None, /, **values: object) -> Reply:
        """Give a command about that day."""
        occurred_on = (TODAY - timedelta(self.days_ago)).isoformat()
        return await super().do(name, caller, occurred_on=occurred_on, **values)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[PoliceOffice]:
    async with (
        serving.agency(tmp_path, POLICE, AGENCIES, policy=lambda _day: POLICE_DECIDES) as agency,
        running(agency, tmp_path, build, VIEWS) as at,
    ):
        yield PoliceOffice(at, SERVICE, usual, stream)


async def detected(office: PoliceOffice, **values: object) -> dict[str, Any]:
    """Somebody who was found."""
    usual = {"detection_channel": "raid", "region": "GB-LND", "age_band": "27-29", "sex": "male", "language": "ron"}
    personal = {
        "identity": PersonalData(identity=Identity(family_name=CANARY)),
        "documents": PersonalData(documents=Documents(documents=[Document(number=CANARY)])),
        "contact": PersonalData(contact=Contact(phones=[CANARY])),
        "location": PersonalData(location=Location(address=CANARY)),
        "narrative": NARRATIVE,
    }
    reply = await office.do("DetectPerson", **(usual | personal | values))
    return {"person_ref": reply.person_ref}


async def agreed(office: PoliceOffice, person: dict[str, Any], *scopes: str) -> None:
    for scope in scopes:
        await office.do("GiveConsent", **person, scope=scope, purpose="referral", informed_points=ALL_POINTS)


async def referred(office: PoliceOffice) -> tuple[dict[str, Any], dict[str, Any]]:
    """An adult whom the police referred to its own desk, and took up."""
    person = await detected(office)
    interview = PersonalData(interview=Interview(text=CANARY, language="ron"))
    await office.do("Screen", **person, **SIGNS, interview=interview)
    await agreed(office, person, "referral")
    incident = await office.do("OpenIncident", region="GB-LND", exploitation_forms=["forced_labour"], industry="A")
    incident_id = incident.incident_id
    await office.do("LinkPersonToIncident", **person, incident_id=incident_id, role="victim")
    await office.do("RecordIncidentRoute", incident_id=incident_id, leg="recruitment", country="RO")
    sent = await office.do("SubmitReferral", **person, to=POLICE, incident_ids=[incident_id], narrative=NARRATIVE)
    referral = {**person, "referral_id": sent.referral_id}
    await office.do("AcknowledgeReferral", **referral)
    return referral, {"incident_id": incident_id}


async def decided(office: PoliceOffice, referral: dict[str, Any]) -> None:
    """Both stages, with all that goes with them."""
    positive = {"outcome": "positive", "grounds": ["indicators_present"], "narrative": NARRATIVE}
    await office.do("DecideStage", **referral, stage=1, **positive)
    await office.do("StartRecovery", **referral)
    person = {"person_ref": referral["person_ref"]}
    longer = (TODAY - timedelta(office.days_ago - 45)).isoformat()
    await office.do("ExtendRecovery", **person, ends_on=longer, reason="health")
    office.days_ago -= 50
    await office.do("EndRecovery", **person, reason="elapsed")
    await office.do("DecideStage", **referral, stage=2, **positive)
    await office.do("ConfirmStage", SECOND, **referral, stage=2)
    await office.do("TellDecision", **referral, stage=2, means="in_person")
    right = {"grounds": ["court_finding"], "happened_on": (TODAY - timedelta(office.days_ago)).isoformat()}
    await office.do("CorrectStage", **referral, stage=2, reason="typing_error", **right)


async def taken_away(office: PoliceOffice, referral: dict[str, Any]) -> None:
    """A permit that ends, a status that does not expire but is revoked, reconsidered, and protection withheld."""
    await office.do("IssueResidencePermit", **referral, ground="personal")
    await office.do("EndResidencePermit", person_ref=referral["person_ref"], reason="another_title")
    version = office.versions[f"person-{referral['person_ref']}"]
    asked = {"request_id": str(uuid.uuid4()), "expected_version": version}
    assert (await office.call("ExpireStatus", **asked, **referral)).reason == "STATUS_WITHOUT_TERM"
    await office.do("RevokeStatus", **referral, ground="decided_in_error")
    await office.do("RequestReconsideration", **referral, requested_by="self", grounds=["fact_error"])
    await office.do("DisqualifyPerson", **referral, ground="public_order", harm_weighed=True)


async def mistaken(office: PoliceOffice, person: dict[str, Any], right: dict[str, Any]) -> None:
    """An incident that a prosecutor was told of was recorded in error: the person is shown without it."""
    wrong = {"incident_id": (await office.do("OpenIncident", region="GB-LND")).incident_id}
    await office.do("LinkPersonToIncident", **person, **wrong, role="victim")
    await office.do("ReportVictim", **person, to=PROSECUTOR, legal_basis="legal_obligation", **wrong)
    assert len((await office.ask("GetPerson", **person)).incidents) == 2
    office.versions[f"incident-{wrong['incident_id']}"] = (await office.ask("GetIncident", **wrong)).version
    await office.do("VoidIncident", **wrong, reason="source_error")
    assert [one.incident_id for one in (await office.ask("GetPerson", **person)).incidents] == [right["incident_id"]]
    shown = await office.ask("GetIncident", **wrong)
    assert shown.voided_on == (TODAY - timedelta(office.days_ago)).isoformat()
    assert [one.person_ref for one in shown.persons] == [person["person_ref"]], "its own history shows who was linked"


async def a_child(office: PoliceOffice) -> dict[str, Any]:
    child = await detected(office, age_band="18-20")
    read = {"detection_channel": "hotline", "region": "GB-LND", "age_band": "18-20", "sex": "female", "language": "vie"}
    found_on = (TODAY - timedelta(office.days_ago)).isoformat()
    await office.do("CorrectDetection", **child, **read, happened_on=found_on, reason="source_error")
    await office.do("PresumeMinor", **child, reason="appearance")
    family = PersonalData(family=Family(text=CANARY))
    await office.do("AppointGuardian", **child, relation="state_guardian", family=family)
    await office.do("RecordGuardianConflict", **child, conflict="suspect")
    await office.do("AssessAge", **child, method="social_work", result_band="18-20", narrative=NARRATIVE)
    await office.do("DisputeAge", **child, reason="told_by_agency")
    return child


async def test_every_method_works_through_a_real_server(office: PoliceOffice) -> None:
    office.days_ago = 100
    referral, incident = await referred(office)
    person = {"person_ref": referral["person_ref"]}
    await agreed(office, person, "assistance", "proceedings")
    await office.do("RequestAssistance", **person, to=SHELTER, needs=["shelter"])
    await office.do("ReportVictim", **person, to=PROSECUTOR, exploitation_forms=["forced_labour"], **incident)
    await decided(office, referral)
    shown = await office.ask("GetPerson", **person)
    assert shown.version == office.versions[f"person-{person['person_ref']}"]
    assert (shown.person.phase, shown.treated_as_child, shown.recovery.running) == ("confirmed", False, False)
    assert [(one.phase, one.here, one.peer) for one in shown.referrals] == [("confirmed", True, POLICE)]
    assert {one.scope for one in shown.consents} == {"referral", "assistance", "proceedings"}
    assert list(shown.told) == [SHELTER, PROSECUTOR]
    assert [one.incident_id for one in shown.incidents] == [incident["incident_id"]]
    await taken_away(office, referral)
    await office.do("RevokeConsent", **person, scope="assistance")
    await mistaken(office, person, incident)
    child = await a_child(office)
    unwilling = await detected(office)
    await office.do("Screen", **unwilling, **SIGNS)
    read = {name: codes for name, codes in SIGNS.items() if name != "outcome"} | {"means": ["fraud"]}
    found_on = (TODAY - timedelta(office.days_ago)).isoformat()
    await office.do("CorrectScreening", **unwilling, **read, happened_on=found_on, reason="typing_error")
    await office.do("RefuseConsent", **unwilling, scope="referral")
    await office.do("NotifyAnonymously", **unwilling)
    returned = await referred_to_own_desk(office)
    await office.do("ReturnReferral", **returned, missing=["account"])
    await merged(office, unwilling, child)
    await unmerged(office, unwilling, child)
    route = await office.ask("GetIncident", **incident)
    assert [(leg.leg, leg.country) for leg in route.route] == [("recruitment", "RO")]
    assert [(one.person_ref, one.role) for one in route.persons] == [(person["person_ref"], "victim")]
    assert len((await office.ask("ListPersons", phase="disqualified")).persons) == 1
    assert {one.deadline.kind for one in (await office.ask("ListDeadlines")).deadlines} >= {"guardian_appointment"}
    assert office.called == {method.name for method in SERVICE.methods}


async def merged(office: PoliceOffice, kept: dict[str, Any], absorbed: dict[str, Any]) -> None:
    """One officer finds, another confirms."""
    pair = {**kept, "absorbed_ref": absorbed["person_ref"]}
    await office.do("MergePersonRecords", **pair, basis="documents")
    await office.do("ConfirmRecordsChange", SECOND, **pair)


async def unmerged(office: PoliceOffice, kept: dict[str, Any], absorbed: dict[str, Any]) -> None:
    """Likewise."""
    pair = {**kept, "absorbed_ref": absorbed["person_ref"]}
    await office.do("UnmergePersonRecords", **pair, reason="different_people")
    await office.do("ConfirmRecordsChange", SECOND, **pair)


async def referred_to_own_desk(office: PoliceOffice) -> dict[str, Any]:
    person = await detected(office)
    await office.do("Screen", **person, **SIGNS)
    await agreed(office, person, "referral")
    sent = await office.do("SubmitReferral", **person, to=POLICE)
    return {**person, "referral_id": sent.referral_id}


async def test_persons_are_listed_as_the_record_shows_them_page_by_page(office: PoliceOffice) -> None:
    people = sorted([(await detected(office, region=region))["person_ref"] for region in ("GB-LND",) * 3])
    await detected(office, region="GB-GLG")
    seen, token = [], ""
    for _ in people:
        page = await office.ask("ListPersons", region="GB-LND", page_size=1, page_token=token)
        seen += page.persons
        token = page.next_page_token
    assert token == ""
    assert [one.person_ref for one in seen] == people
    for one in seen:
        assert one == (await office.ask("GetPerson", person_ref=one.person_ref)).person


async def test_a_record_that_rests_is_listed_nowhere(office: PoliceOffice) -> None:
    kept, absorbed = await detected(office), await detected(office)
    await merged(office, kept, absorbed)
    assert [one.person_ref for one in (await office.ask("ListPersons")).persons] == [kept["person_ref"]]
    due = (await office.ask("ListDeadlines")).deadlines
    assert {one.person_ref for one in due} == {kept["person_ref"]}
    await unmerged(office, kept, absorbed)
    assert len((await office.ask("ListPersons")).persons) == 2


async def test_deadlines_are_listed_page_by_page_and_by_day(office: PoliceOffice) -> None:
    for _ in range(2):
        await detected(office, age_band="unknown")
    seen, token = [], "first"
    while token:
        page = await office.ask("ListDeadlines", page_size=1, page_token="" if token == "first" else token)
        seen += [(one.person_ref, one.deadline.kind, one.deadline.due_on) for one in page.deadlines]
        token = page.next_page_token
    assert len(seen) == len(set(seen)) == 6
    assert seen == sorted(seen)
    by_next_month = (TODAY + timedelta(31)).isoformat()
    due = (await office.ask("ListDeadlines", due_by=by_next_month)).deadlines
    assert {one.deadline.kind for one in due} == {"screening"}, "the policy sets no day for the others"
    ages = (await office.ask("ListDeadlines", kind="age_assessment")).deadlines
    assert [one.deadline.owner for one in ages] == [POLICE, POLICE]


async def test_nothing_that_names_or_describes_a_person_stands_in_an_entry(office: PoliceOffice) -> None:
    office.days_ago = 100
    referral, _ = await referred(office)
    await decided(office, referral)
    await a_child(office)
    entries = await office.at.agency.store.read(0, 1_000)
    assert len(entries) > 30
    assert not any(CANARY.encode() in entry.body for entry in entries)
    assert sum("sealed" in entry.envelope for entry in entries) == 8


async def test_what_is_unknown_here_is_not_found(office: PoliceOffice) -> None:
    assert (await office.call("GetPerson", person_ref=ref(9))).code is grpc.StatusCode.NOT_FOUND
    assert (await office.call("GetIncident", incident_id=ref(9))).code is grpc.StatusCode.NOT_FOUND
    for name in ("NotifyAnonymously", "RevokeConsent", "PresumeMinor"):
        more: dict[str, str] = {"RevokeConsent": {"scope": "referral"}, "PresumeMinor": {"reason": "claimed"}}.get(
            name, {}
        )
        asked = await office.call(name, request_id=str(uuid.uuid4()), person_ref=ref(9), **more)
        assert asked.code is grpc.StatusCode.NOT_FOUND, name


async def test_no_other_agency_sees_or_does_anything(office: PoliceOffice) -> None:
    for stranger in (AUTHORITY, SHELTER, PROSECUTOR):
        caller = serving.says(stranger, "first_responder,identifier", "identify")
        for method in SERVICE.methods:
            assert (await office.call(method.name, caller)).code is grpc.StatusCode.PERMISSION_DENIED, method.name


async def test_a_first_responder_does_not_decide(office: PoliceOffice) -> None:
    caller = serving.says(POLICE, "first_responder", "identify")
    for name in ("DecideStage", "ConfirmStage", "StartRecovery", "MergePersonRecords", "RevokeStatus"):
        assert (await office.call(name, caller)).reason == "ROLE_NOT_ALLOWED"
