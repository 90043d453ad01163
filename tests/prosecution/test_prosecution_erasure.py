"""What keeps the data of a victim or a defendant: cases, what is owed after them, and the term of the country."""

import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import cast

import grpc
import pytest

from nrm_contracts.policy import NationalPolicy, Period, Unit
from nrm_contracts.prosecution.events import (
    CaseDiscontinued,
    CompensationAwarded,
    CompensationClaimed,
    CompensationPaid,
    CriminalCaseRegistered,
    HearingCalledOff,
    HearingScheduled,
    ProtectionMeasureEnded,
    ProtectionMeasureGranted,
    RecordsMergeNoted,
    VictimLinkedToCase,
    VictimRegistered,
)
from nrm_contracts.prosecution.v1 import prosecution_pb2
from nrm_contracts.vault.v1 import vault_pb2
from nrm_contracts.vault.v1.vault_pb2 import Identity, PersonalData
from nrm_kernel.decider import E, Fold, S
from nrm_kernel.testing import serving
from nrm_kernel.testing.calling import Office, Running, running
from nrm_prosecution.domain.case import CASES
from nrm_prosecution.domain.victim import VICTIMS
from nrm_prosecution.opening import sight
from nrm_prosecution.service import build
from nrm_prosecution.views import PROCEEDINGS

AGENCY, DAY = "test/prosecution/north", date(2026, 3, 2)
CASE, ANNA, BORA, CLAIM = "c" * 32, "a" * 32, "b" * 32, "e" * 32
LATER = DAY + timedelta(30)
KZ, TERM_DAYS = "KZ-CC-128", 365

REGISTERED = (VictimRegistered(ANNA, False, (), DAY),)
LINKED = (*REGISTERED, VictimLinkedToCase(ANNA, CASE, DAY))
OPEN_CASE = (CriminalCaseRegistered(CASE, (), "0204", KZ, AGENCY, True, DAY),)
ENDED_CASE = (*OPEN_CASE, CaseDiscontinued(CASE, "no_evidence", DAY))
PROTECTED = ProtectionMeasureGranted(ANNA, CASE, "anonymity", "granted", DAY, None)
CLAIMED = CompensationClaimed(ANNA, CASE, CLAIM, 500, "KZT", DAY)
AWARDED = CompensationAwarded(ANNA, CLAIM, "offender", 500, "KZT", DAY)
SET = HearingScheduled(ANNA, CASE, "trial", LATER, DAY)


@dataclass(frozen=True)
class InMemory:
    """Streams by name, looked up."""

    streams: Mapping[str, tuple[object, ...]]

    async def state(self, fold: Fold[S, E], key: str) -> tuple[S, int]:
        events = cast(Sequence[E], self.streams.get(fold.stream(key), ()))
        return fold.state(events), len(events)


async def is_open(case: tuple[object, ...], *anna: object, bora: tuple[object, ...] = (), on: date = DAY) -> bool:
    """Whether anything is open about Anna on that day."""
    streams = {CASES.stream(CASE): case, VICTIMS.stream(ANNA): anna, VICTIMS.stream(BORA): bora}
    lookup = InMemory(streams)
    keeping = sight(lookup, no_case).keeping
    found = await keeping.streams(ANNA)
    assert found[0].stream == VICTIMS.stream(ANNA), "the data stand there"
    states = [(await lookup.state(one.fold, one.key))[0] for one in found]
    return keeping.kept(on, *states).open


async def no_case(_defendant_ref: str) -> str | None:
    return None


async def test_a_victim_who_is_in_no_case_yet_is_waited_for() -> None:
    assert await is_open((), *REGISTERED)
    assert await is_open(OPEN_CASE, *LINKED)
    assert not await is_open(ENDED_CASE, *LINKED)


async def test_a_case_of_the_same_person_under_another_reference_keeps_the_data() -> None:
    merged = RecordsMergeNoted(ANNA, BORA, "merged")
    bora = (VictimRegistered(BORA, False, (), DAY), VictimLinkedToCase(BORA, CASE, DAY))
    assert await is_open(OPEN_CASE, *REGISTERED, merged, bora=bora)
    assert not await is_open(ENDED_CASE, *REGISTERED, merged, bora=bora)


async def test_a_protection_that_stands_after_the_case_keeps_the_data() -> None:
    assert await is_open(ENDED_CASE, *LINKED, PROTECTED, on=LATER)
    assert not await is_open(ENDED_CASE, *LINKED, PROTECTED, ProtectionMeasureEnded(ANNA, CASE, "anonymity", DAY))
    for_a_time = replace(PROTECTED, ends_on=LATER)
    assert await is_open(ENDED_CASE, *LINKED, for_a_time, on=LATER)
    assert not await is_open(ENDED_CASE, *LINKED, for_a_time, on=LATER + timedelta(1))


async def test_a_hearing_that_is_set_keeps_the_data_until_its_day() -> None:
    assert await is_open(ENDED_CASE, *LINKED, SET, on=LATER)
    assert not await is_open(ENDED_CASE, *LINKED, SET, on=LATER + timedelta(1))
    assert not await is_open(ENDED_CASE, *LINKED, SET, HearingCalledOff(ANNA, CASE, "trial", LATER, DAY))


async def test_compensation_that_is_not_paid_keeps_the_data() -> None:
    assert await is_open(ENDED_CASE, *LINKED, CLAIMED, AWARDED)
    paid = CompensationPaid(ANNA, CLAIM, "offender", 500, "KZT", DAY)
    assert await is_open(ENDED_CASE, *LINKED, CLAIMED, AWARDED, replace(paid, amount_minor=499))
    assert not await is_open(ENDED_CASE, *LINKED, CLAIMED, AWARDED, paid)


@dataclass
class Prosecutor:
    """A prosecutor's office with a clock, and the door of its vault."""

    clock: serving.SetClock
    cases: Office
    vault: Office


@pytest.fixture
async def office(tmp_path: Path, policy: NationalPolicy) -> AsyncIterator[Prosecutor]:
    """In a country that keeps data for a year after the last entry."""
    clock = serving.SetClock(datetime(2026, 3, 2, 12, tzinfo=UTC))
    keeping = replace(policy, retention=Period(TERM_DAYS, Unit.CALENDAR_DAYS))
    async with (
        serving.agency(tmp_path, AGENCY, {AGENCY: "prosecution"}, policy=lambda _day: keeping, clock=clock) as agency,
        running(agency, tmp_path, build, [PROCEEDINGS]) as at,
    ):
        yield Prosecutor(clock, cases(at), vault(at))


def cases(at: Running) -> Office:
    service = prosecution_pb2.DESCRIPTOR.services_by_name["ProsecutionService"]
    caller = serving.says(AGENCY, "prosecutor", "prosecute")
    return Office(at, service, lambda _name: caller, lambda _name, values: f"case-{values.get('criminal_case_id')}")


def vault(at: Running) -> Office:
    service = vault_pb2.DESCRIPTOR.services_by_name["VaultService"]
    caller = serving.says(AGENCY, "prosecutor", "prosecute")
    return Office(at, service, lambda _name: caller, lambda _name, _values: "")


async def added(office: Prosecutor) -> tuple[str, str]:
    """A named suspect in a case that is given up half a year later: the case, and the suspect."""
    case = str((await office.cases.do("RegisterCase", iccs_code="0204", national_article=KZ)).criminal_case_id)
    await office.cases.do("OpenInvestigation", criminal_case_id=case)
    named = PersonalData(identity=Identity(family_name="Nobody Invented"))
    described = {"sex": "male", "age_band": "30-38", "citizenship": "unknown", "roles_in_process": ["Exploiter"]}
    suspect = await office.cases.do("AddDefendant", criminal_case_id=case, **described, identity=named)
    office.clock.moment += timedelta(180)
    await office.cases.do("DiscontinueCase", criminal_case_id=case, reason="no_evidence")
    while await office.cases.at.lists.step():
        pass
    return case, str(suspect.defendant_ref)


async def asked(office: Prosecutor, case: str, suspect: str, **more: str) -> str:
    """Why the erasure of the suspect's name is refused; empty when it is not."""
    result = await office.vault.call(
        "ProposeErasure",
        request_id=str(uuid.uuid4()),
        expected_version=office.cases.versions[f"case-{case}"],
        person_ref=suspect,
        data_classes=["identity"],
        ground="person_request",
        **more,
    )
    assert result.code in (grpc.StatusCode.OK, grpc.StatusCode.FAILED_PRECONDITION), result
    return result.reason


async def test_a_defendants_data_are_kept_for_the_term_after_the_last_entry_of_the_case(office: Prosecutor) -> None:
    case, suspect = await added(office)
    office.clock.moment += timedelta(TERM_DAYS)
    assert await asked(office, case, suspect) == "RETENTION_RUNNING"
    office.clock.moment += timedelta(1)
    assert await asked(office, case, suspect) == ""


async def test_an_erasure_is_judged_by_the_day_on_which_it_is_asked_for(office: Prosecutor) -> None:
    case, suspect = await added(office)
    office.clock.moment += timedelta(TERM_DAYS + 1)
    assert await asked(office, case, suspect, occurred_on=DAY.isoformat()) == ""
