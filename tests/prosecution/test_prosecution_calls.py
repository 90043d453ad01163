"""Every command and query of the service through a real server, from bytes to entry, list and back."""

import uuid
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import grpc
import pytest

from nrm_contracts import catalogue
from nrm_contracts.policy import NationalPolicy
from nrm_contracts.prosecution.v1 import prosecution_pb2, queries_pb2
from nrm_contracts.record.events import DataAccessed
from nrm_contracts.vault.v1.vault_pb2 import Identity, Interview, OpenOwnRequest, OpenOwnResponse, PersonalData
from nrm_kernel.testing import serving
from nrm_kernel.testing.calling import Office, running
from nrm_prosecution.rpc_commands import VICTIM_COMMANDS
from nrm_prosecution.service import build
from nrm_prosecution.views import PROCEEDINGS

AGENCY, AUTHORITY = "test/prosecution/north", "test/identification/board"
AGENCIES = {AGENCY: "prosecution", AUTHORITY: "identification", "test/prosecution/south": "prosecution"}
SERVICE = prosecution_pb2.DESCRIPTOR.services_by_name["ProsecutionService"]
PROSECUTOR = serving.says(AGENCY, "prosecutor", "prosecute")
OF_PERSON = {write.name for write in VICTIM_COMMANDS}
CANARY = "Canary Name-Of-Nobody"
NAMED = PersonalData(identity=Identity(family_name=CANARY))
KZ = "KZ-CC-128"


def stream(name: str, values: Mapping[str, object]) -> str:
    return f"person-{values.get('person_ref')}" if name in OF_PERSON else f"case-{values.get('criminal_case_id')}"


@pytest.fixture
async def office(tmp_path: Path, policy: NationalPolicy) -> AsyncIterator[Office]:
    async with (
        serving.agency(tmp_path, AGENCY, AGENCIES, policy=lambda _day: policy) as agency,
        running(agency, tmp_path, build, [PROCEEDINGS]) as at,
    ):
        yield Office(at, SERVICE, lambda _name: PROSECUTOR, stream)


async def registered(office: Office) -> Mapping[str, str]:
    """A case under investigation."""
    incident = uuid.uuid4().hex
    reply = await office.do("RegisterCase", incident_ids=[incident], iccs_code="0204", national_article=KZ)
    case = {"criminal_case_id": reply.criminal_case_id}
    await office.do("OpenInvestigation", **case)
    return case


async def through_the_register(office: Office) -> None:
    reported = await office.do("ReportCrime", proactive=True)
    case = {"criminal_case_id": reported.criminal_case_id}
    await office.do("RegisterReportedCase", **case, iccs_code="0204", national_article=KZ)
    await office.do("LinkIncident", **case, incident_id=uuid.uuid4().hex)
    await office.do("OpenInvestigation", **case)
    await office.do("RecordEvidenceBasis", **case, kinds=["digital", "financial"])
    await office.do("ReviewCase", **case)
    await office.do("ReclassifyCase", **case, iccs_code="0302", national_article="KZ-CC-308")
    await office.do("SuspendCase", **case, reason="suspect_abroad")
    await office.do("ResumeCase", **case)
    await office.do("MergeCases", **case, into_case_id=(await registered(office))["criminal_case_id"])
    await office.do("TransferCase", **await registered(office), to_org="test/prosecution/south")
    await office.do("DiscontinueCase", **await registered(office), reason="no_evidence")
    await office.do("SettleCase", **await registered(office), terms="compensation")


async def through_the_court(office: Office) -> Mapping[str, str]:
    case = await registered(office)
    refs = []
    for _ in range(2):
        added = await office.do(
            "AddDefendant", **case, sex="male", age_band="30-38", citizenship="unknown", identity=NAMED,
            roles_in_process=["Exploiter"],
        )  # fmt: skip
        refs.append({**case, "defendant_ref": added.defendant_ref})
        await office.do("ChargeDefendant", **refs[-1], articles=[KZ])
    await office.do("IndictDefendant", **refs[0], articles=[KZ])
    await office.do("EndDefendantProceedings", **refs[1], outcome="absconded")
    await office.do("OpenTrial", **case)
    sentence = {"outcome": "convicted", "articles": [KZ], "sentence_months": 84, "aggravating": ["child_victim"]}
    await office.do("EnterJudgment", **refs[0], instance="first", **sentence)
    await office.do("LodgeAppeal", **case)
    await office.do("EnterJudgment", **refs[0], instance="appeal", **sentence)
    right = {key: sentence[key] for key in ("articles", "aggravating")}
    today = datetime.now(UTC).date().isoformat()
    await office.do("CorrectJudgment", **refs[0], **right, sentence_months=96, reason="typing_error", happened_on=today)
    await office.do("FinalizeJudgment", **refs[0])
    await office.do("StartEnforcement", **case)
    await office.do("CloseCase", **case)
    await office.do("ReleaseOffender", **refs[0])
    return case


async def after_the_money(office: Office) -> None:
    case = await registered(office)
    await office.do("OpenFinancialInvestigation", **case)
    money = {"amount_minor": 900, "ccy": "KZT"}
    for ending in (("ConfiscateAsset", money), ("ReleaseAsset", {})):
        traced = await office.do("TraceAsset", **case, kind="vehicle", est_minor=900, ccy="KZT")
        asset = {**case, "asset_id": traced.asset_id}
        await office.do("FreezeAsset", **asset)
        await office.do("SeekConfiscation", **asset)
        await office.do(ending[0], **asset, **ending[1])
        if ending[0] == "ConfiscateAsset":
            await office.do("RealiseAsset", **asset, **money)
            await office.do("DistributeProceeds", **asset, **money, to="victims")


async def with_the_victim(office: Office) -> Mapping[str, str]:
    case = await registered(office)
    found = await office.do("RegisterVictim", exploitation_forms=["forced_labour"], identity=NAMED)
    person = {"person_ref": found.person_ref}
    both = {**case, **person}
    await office.do("LinkVictim", **both)
    await office.do("ConsentToParticipation", **both, capacity="witness", given_by="self")
    said = PersonalData(interview=Interview(text=CANARY, language="kaz"))
    await office.do("TakeStatement", **both, recorded=True, interview=said)
    await office.do("InformVictim", **both, topic="rights")
    hearing = {**both, "kind": "trial", "hearing_on": "2199-01-01"}
    await office.do("ScheduleHearing", **hearing)
    measure = {**both, "measure": "anonymity"}
    await office.do("GrantProtectionMeasure", **measure)
    await office.do("MoveHearing", **hearing, moved_to="2199-02-01")
    await office.do("CallOffHearing", **{**hearing, "hearing_on": "2199-02-01"})
    await office.do("EndProtectionMeasure", **measure)
    await office.do("WithdrawParticipation", **both)
    charged = await office.do(
        "ChargeVictim", **person, articles=["KZ-CC-308"], linked_to_exploitation="yes", authority=AUTHORITY
    )
    await office.do("ReviewNonPunishment", **person, charge_id=charged.charge_id, outcome="dropped")
    money = {"amount_minor": 500, "ccy": "KZT"}
    claimed = await office.do("ClaimCompensation", **both, **money)
    claim = {**person, "compensation_id": claimed.compensation_id, "payer": "offender", **money}
    await office.do("AwardCompensation", **claim)
    await office.do("PayCompensation", **claim)
    return both


async def test_every_method_works_through_a_real_server(office: Office) -> None:
    await through_the_register(office)
    closed = await through_the_court(office)
    await after_the_money(office)
    both = await with_the_victim(office)

    case = await office.ask("GetCriminalCase", **closed)
    assert case.criminal_case.status == "closed"
    assert [(one.instance, one.sentence_months, one.corrected) for one in case.judgments] == [("appeal", 96, True)]
    assert {(one.status, one.released) for one in case.defendants} == {("convicted", True), ("absconded", False)}
    shown = await office.ask("GetCriminalCase", criminal_case_id=both["criminal_case_id"])
    assert list(shown.person_refs) == [both["person_ref"]]
    victim = await office.ask("GetVictim", person_ref=both["person_ref"])
    assert [one.review for one in victim.charges] == ["dropped"]
    assert [(one.statements, list(one.capacities)) for one in victim.participations] == [(1, [])]
    assert victim.version == office.versions[f"person-{both['person_ref']}"]
    linked = await office.ask("ListVictims", criminal_case_id=both["criminal_case_id"])
    assert [one.cases for one in linked.victims] == [1]
    assert len((await office.ask("ListVictims", unlinked=True)).victims) == 0
    assert len((await office.ask("ListDefendants", status="convicted")).defendants) == 1
    assert office.called == {method.name for method in SERVICE.methods} - {"ListCriminalCases"}


async def test_lists_come_in_pages_and_say_what_the_log_says(office: Office) -> None:
    ids = {(await registered(office))["criminal_case_id"] for _ in range(3)}
    seen: list[queries_pb2.CriminalCase] = []
    token = ""
    for _ in range(3):
        page = await office.ask("ListCriminalCases", status="investigating", page_size=1, page_token=token)
        seen += page.criminal_cases
        token = page.next_page_token
    assert token == ""
    assert {one.criminal_case_id for one in seen} == ids
    for one in seen:
        assert one == (await office.ask("GetCriminalCase", criminal_case_id=one.criminal_case_id)).criminal_case


async def test_names_and_statements_stand_in_no_entry(office: Office) -> None:
    await with_the_victim(office)
    await through_the_court(office)
    entries = await office.at.agency.store.read(0, 1_000)
    assert len(entries) > 30
    assert not any(CANARY.encode() in entry.body for entry in entries)


async def test_each_command_records_under_a_rule_of_the_access_table(office: Office) -> None:
    await with_the_victim(office)
    entries = await office.at.agency.store.read(0, 1_000)
    facts = [
        entry for entry in entries if catalogue.type_of(type(entry.event)).audience is not catalogue.Audience.NOTICE
    ]
    rules = {cast(Mapping[str, str], entry.envelope["policy"])["rule"] for entry in facts}
    assert rules == {"PR-01", "PR-07", "PR-08", "PR-09", "PR-10", "PR-13"}


async def test_what_is_unknown_here_is_not_found(office: Office) -> None:
    nobody = uuid.uuid4().hex
    assert (await office.call("GetVictim", person_ref=nobody)).code is grpc.StatusCode.NOT_FOUND
    assert (await office.call("GetCriminalCase", criminal_case_id=nobody)).code is grpc.StatusCode.NOT_FOUND
    command = await office.call("LinkVictim", request_id=str(uuid.uuid4()), person_ref=nobody, criminal_case_id=nobody)
    assert command.code is grpc.StatusCode.NOT_FOUND


async def test_no_other_agency_may_give_a_command_or_ask(office: Office) -> None:
    stranger = serving.says("test/prosecution/south", "prosecutor", "prosecute")
    for method in SERVICE.methods:
        assert (await office.call(method.name, stranger)).code is grpc.StatusCode.PERMISSION_DENIED, method.name


async def test_what_changes_a_cases_way_is_for_a_prosecutor(office: Office) -> None:
    investigator = serving.says(AGENCY, "investigator", "prosecute")
    case = await registered(office)
    for name in (
        "DiscontinueCase",
        "SettleCase",
        "ChargeDefendant",
        "EnterJudgment",
        "ChargeVictim",
        "ConfiscateAsset",
    ):
        assert (await office.call(name, investigator)).reason == "ROLE_NOT_ALLOWED", name
    assert (await office.call("GetCriminalCase", investigator, **case)).code is grpc.StatusCode.OK


async def opened(office: Office, ref: str, data_class: str = "identity") -> serving.Outcome:
    """What the agency's own prosecutor is shown of whoever has this reference, once the lists hold everything."""
    while await office.at.lists.step():
        pass
    asked = OpenOwnRequest(person_ref=ref, data_class=data_class, legal_basis="public_task")
    return await serving.outcome(
        office.at.channel, "/nrm.vault.v1.VaultService/OpenOwn", asked.SerializeToString(), PROSECUTOR
    )


async def test_a_defendants_name_is_shown_to_the_agencys_own_officer_and_no_other_defendants_with_it(
    office: Office,
) -> None:
    case = await registered(office)
    names = ["Invented First", "Invented Second"]
    refs = [
        (
            await office.do(
                "AddDefendant", **case, sex="male", age_band="30-38", citizenship="unknown",
                identity=PersonalData(identity=Identity(family_name=name)), roles_in_process=["Exploiter"],
            )
        ).defendant_ref
        for name in names
    ]  # fmt: skip
    for ref, name in zip(refs, names, strict=True):
        shown = OpenOwnResponse.FromString((await opened(office, ref)).reply)
        assert [one.data.identity.family_name for one in shown.opened] == [name]
    looks = await office.at.agency.store.read(0, 100)
    assert [entry.event.subject for entry in looks if isinstance(entry.event, DataAccessed)] == refs


async def test_a_defendant_who_is_not_known_or_a_class_that_is_not_held_is_not_found(office: Office) -> None:
    assert (await opened(office, uuid.uuid4().hex)).code is grpc.StatusCode.NOT_FOUND
    case = await registered(office)
    added = await office.do(
        "AddDefendant", **case, sex="male", age_band="30-38", citizenship="unknown", identity=NAMED,
        roles_in_process=["Exploiter"],
    )  # fmt: skip
    assert (await opened(office, added.defendant_ref, "interview")).code is grpc.StatusCode.NOT_FOUND
