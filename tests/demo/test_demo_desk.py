"""The officers' desks: who may send a request, on which version, and what becomes of a refusal."""

import asyncio
from datetime import date

import pytest

from nrm.demo.acts import identification as act
from nrm.demo.agencies import AUTHORITY, DAWN, FUND, POLICE
from nrm.demo.desk import Desks, Unplanned, declared, method_of, officer
from nrm.demo.known import Known
from nrm.demo.people import Invented
from nrm.demo.step import Step
from nrm_contracts.funding.v1 import invoices_pb2
from nrm_contracts.identification.v1 import decisions_pb2, persons_pb2
from nrm_contracts.record.v1.receipt_pb2 import Receipt
from nrm_kernel.errors import Refused
from nrm_kernel.identity import Caller

ON = date(2026, 11, 20)
WHO = Invented(7, "GB-KEN", "female", "27-29", "eng", "forced_labour", "I", ("shelter",))
PERSON = "a" * 32


class Agency:
    """Records what it is asked, and answers like an agency with one person stream."""

    def __init__(self) -> None:
        self.version = 0
        self.asked: list[persons_pb2.ScreenRequest] = []
        self.callers: list[Caller] = []

    async def call(self, _agency: str, path: str, raw: bytes, caller: Caller) -> bytes:
        self.callers.append(caller)
        receipt = Receipt(stream=f"person-{PERSON}")
        await asyncio.sleep(0)
        if path.endswith("/DetectPerson"):
            self.version = receipt.version = 2
            return persons_pb2.DetectPersonResponse(receipt=receipt, person_ref=PERSON).SerializeToString()
        self.asked.append(persons_pb2.ScreenRequest.FromString(raw))
        self.version = receipt.version = self.version + 1
        return persons_pb2.ScreenResponse(receipt=receipt).SerializeToString()


def filled(known: Known, step: Step) -> persons_pb2.ScreenRequest:
    request = known.filled(POLICE, step.request)
    assert isinstance(request, persons_pb2.ScreenRequest)
    return request


async def test_a_reply_names_what_the_script_goes_on_with() -> None:
    known, agency = Known(), Agency()
    desks = Desks(agency.call, known, "test")
    step = act.detect(WHO, ON, "raid")
    await desks.send(POLICE, step, step.request)
    assert known.find(POLICE, WHO.label) == PERSON
    assert known.version(POLICE, f"person-{PERSON}") == 2


async def test_requests_on_one_stream_wait_for_each_other() -> None:
    known, agency = Known(), Agency()
    desks = Desks(agency.call, known, "test")
    first = act.detect(WHO, ON, "raid")
    await desks.send(POLICE, first, first.request)
    screens = [act.screen(WHO, ON, "inconclusive") for _ in range(3)]
    await asyncio.gather(*(desks.send(POLICE, step, filled(known, step)) for step in screens))
    assert [request.expected_version for request in agency.asked] == [2, 3, 4]
    assert len({request.request_id for request in agency.asked}) == 3
    assert {request.occurred_on for request in agency.asked} == {ON.isoformat()}


async def test_many_at_once_each_expect_what_the_one_before_leaves() -> None:
    known, agency = Known(), Agency()
    desks = Desks(agency.call, known, "test")
    first = act.detect(WHO, ON, "raid")
    await desks.send(POLICE, first, first.request)
    screens = [act.screen(WHO, ON, "inconclusive") for _ in range(3)]
    await desks.send_all(POLICE, screens, [filled(known, step) for step in screens])
    assert [request.expected_version for request in agency.asked] == [2, 3, 4]


async def test_a_refusal_is_never_swallowed() -> None:
    async def refuses(*_call: object) -> bytes:
        raise Refused("NOT_INDICATED", "No screening has found signs.")

    step = act.detect(WHO, ON, "raid")
    with pytest.raises(Unplanned, match="NOT_INDICATED") as unplanned:
        await Desks(refuses, Known(), "test").send(POLICE, step, step.request)
    assert unplanned.value.reason == "NOT_INDICATED"


def test_the_officer_is_one_whom_the_access_table_lets_in() -> None:
    caller = officer(AUTHORITY, AUTHORITY, method_of(decisions_pb2.DecideStageRequest()), 9)
    assert caller.roles == {"identifier"}
    assert caller.purpose == "identify"
    assert caller.officer.startswith("competent-authority-")


def test_a_shelters_officer_invoices_at_the_fund() -> None:
    caller = officer(DAWN, FUND, method_of(invoices_pb2.SubmitInvoiceRequest()), 1)
    assert caller.agency == DAWN
    assert caller.purpose == "fund"


def test_every_service_of_the_contracts_is_declared() -> None:
    names = {service.name for service in declared()}
    assert {"IdentificationService", "AssistanceService", "ProsecutionService", "FundingService"} <= names
    assert {"CoordinatorService", "AuditService", "FeedService", "VaultService"} <= names
