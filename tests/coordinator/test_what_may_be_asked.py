"""Wrong questions are refused by name before anybody's look is recorded; a right one is on record before its answer."""

from collections.abc import Sequence
from typing import Any

import pytest
from google.protobuf.message import Message
from sqlalchemy import Row, Select
from tests.coordinator.logs import ANALYST, AUTHORITY, COORDINATOR, POLICE, FixedClock, Logs, Office, Tables, ref
from tests.coordinator.stories import detected

from nrm_contracts.coordinator.v1 import coordinator_pb2 as pb
from nrm_coordinator.rpc import Answers
from nrm_coordinator.service import build
from nrm_kernel import access
from nrm_kernel.errors import Forbidden, Invalid, NotFound, Unavailable
from nrm_kernel.hearing import Heard
from nrm_kernel.identity import Caller
from nrm_kernel.service import Read
from nrm_kernel.views import Completeness

HERE = ref(1)
QUESTIONS: list[tuple[Message, str, str]] = [
    (pb.GetPathwayRequest(person_ref=HERE), HERE, "CO-01"),
    (pb.ListPathwaysRequest(page_size=50), "ListPathways", "CO-01"),
    (pb.GetFunnelsRequest(), "GetFunnels", "CO-02"),
    (pb.ListOverdueRequest(page_size=50), "ListOverdue", "CO-01"),
]
BY_NAME = [type(request).__name__ for request, _, _ in QUESTIONS]


def one_person() -> Logs:
    logs = Logs()
    detected(logs, "2026-01-10", HERE)
    return logs


@pytest.mark.parametrize(
    ("request_", "reason", "field"),
    [
        (pb.GetPathwayRequest(person_ref="Maria from Tiraspol"), "FIELD_INVALID", "person_ref"),
        (pb.GetPathwayRequest(), "FIELD_INVALID", "person_ref"),
        (pb.GetPathwayRequest(person_ref=HERE, as_of="yesterday"), "AS_OF_INVALID", "as_of"),
        (pb.GetPathwayRequest(person_ref=HERE, as_of="2026-02-30"), "AS_OF_INVALID", "as_of"),
        (pb.GetFunnelsRequest(as_of="2026-01-01T10:00:00"), "AS_OF_INVALID", "as_of"),
        (pb.GetFunnelsRequest(as_of="2026-W01-5"), "AS_OF_INVALID", "as_of"),
        (pb.GetFunnelsRequest(as_of="2026-W01-5T10:00:00Z"), "AS_OF_INVALID", "as_of"),
        (pb.GetFunnelsRequest(as_of="0001-01-01T00:00:00+14:00"), "AS_OF_INVALID", "as_of"),
        (pb.GetFunnelsRequest(as_of="9999-12-31T23:59:59-14:00"), "AS_OF_INVALID", "as_of"),
        (pb.GetFunnelsRequest(as_of="2026-07-02"), "AS_OF_INVALID", "as_of"),
        (pb.GetFunnelsRequest(as_of="2026-07-02T00:00:00Z"), "AS_OF_INVALID", "as_of"),
        (pb.GetFunnelsRequest(from_on="1 March"), "FIELD_INVALID", "from_on"),
        (pb.GetFunnelsRequest(from_on="2026-03-01", to_on="2026-02-01"), "FIELD_INVALID", "to_on"),
        (pb.ListPathwaysRequest(sex="femal"), "CODE_UNKNOWN", "sex"),
        (pb.ListPathwaysRequest(identification="refered"), "CODE_UNKNOWN", "identification"),
        (pb.ListOverdueRequest(kind="screenings"), "CODE_UNKNOWN", "kind"),
        (pb.ListOverdueRequest(owner="nobody"), "AGENCY_UNKNOWN", "owner"),
        (pb.GetPathwayRequest(person_ref=HERE, covers_origin="Maria's office"), "AGENCY_UNKNOWN", "covers_origin"),
    ],
)
async def test_a_wrong_question_is_refused_and_is_no_look(request_: Message, reason: str, field: str) -> None:
    office = Office.over(one_person())
    with pytest.raises(Invalid) as refused:
        await office.ask(request_)
    assert refused.value.reason == reason
    assert list(refused.value.fields) == [field]
    assert "Maria" not in refused.value.text
    assert office.looks == []


async def test_the_nearest_standing_is_named() -> None:
    with pytest.raises(Invalid, match="The nearest is 'referred'"):
        await Office.over(one_person()).ask(pb.ListPathwaysRequest(identification="refered"))


async def test_the_nearest_agency_is_named_and_none_of_whom_nothing_was_read_is_unknown() -> None:
    office = Office.over(one_person())
    for written in (POLICE[:-1], POLICE.rpartition("/")[2]):  # a slip, and the name by which a screen shows it
        with pytest.raises(Invalid, match=f"The nearest is '{POLICE}'"):
            await office.ask(pb.ListOverdueRequest(owner=written, page_size=50))
    heard_of = Answers(office.tables, office.look, FixedClock(), lambda: {AUTHORITY: Heard()})
    answer = await heard_of.list_overdue(pb.ListOverdueRequest(owner=AUTHORITY, page_size=50), ANALYST)
    assert answer.total == 0


@pytest.mark.parametrize(("request_", "subject", "rule"), QUESTIONS, ids=BY_NAME)
async def test_each_answer_has_its_look_on_record(request_: Message, subject: str, rule: str) -> None:
    office = Office.over(one_person())
    await office.ask(request_)
    assert office.looks == [(subject, rule)]


class Unread(Tables):
    """Tables that must not be read."""

    async def rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        raise AssertionError(f"read before the look was on record: {query}")

    async def completeness(self) -> Completeness:
        raise AssertionError("read before the look was on record")


@pytest.mark.parametrize("request_", [request for request, _, _ in QUESTIONS], ids=BY_NAME)
async def test_there_is_no_answer_when_the_look_cannot_be_recorded(request_: Message) -> None:
    async def failing(caller: Caller, subject: str, rule: str) -> None:
        raise Unavailable("STORE_CLOSED", "The store is closed.")

    method = type(request_).__name__.removesuffix("Request")
    doors = build(Unread(), failing, FixedClock()).doors
    answers = {row.name: row.answer for door in doors for row in door.methods if isinstance(row, Read)}
    with pytest.raises(Unavailable):
        await answers[method](request_, ANALYST)


async def test_who_asks_for_somebody_unknown_is_on_record_too() -> None:
    office = Office.over(one_person())
    with pytest.raises(NotFound):
        await office.pathway(ref(404))
    assert office.looks == [(ref(404), "CO-01")]


async def test_a_criminal_case_or_a_defendant_is_no_person() -> None:
    from tests.coordinator.test_golden_cases import BOAT_CASE, CREW, fishing_boat

    office = Office.over(fishing_boat())
    for reference in (BOAT_CASE, *CREW, ref(700)):
        with pytest.raises(NotFound):
            await office.pathway(reference)


@pytest.mark.parametrize("method", ["GetPathway", "ListPathways", "GetFunnels", "ListOverdue"])
@pytest.mark.parametrize(
    ("agency", "role", "purpose", "may"),
    [
        (COORDINATOR, "coordinator_analyst", "statistics", True),
        (COORDINATOR, "coordinator_lead", "statistics", True),
        (COORDINATOR, "coordinator_analyst", "protect", "funnels"),
        (COORDINATOR, "coordinator_analyst", "prosecute", False),
        (COORDINATOR, "first_responder", "statistics", False),
        (POLICE, "coordinator_analyst", "statistics", False),
        ("test/coordinator/other", "coordinator_lead", "statistics", False),
    ],
)
def test_only_the_coordinators_own_office_may_ask(
    method: str, agency: str, role: str, purpose: str, may: bool | str
) -> None:
    caller = Caller(agency, "officer-1", frozenset({role}), purpose)
    table = access.load("coordinator")
    if may is True or (may == "funnels" and method != "GetFunnels"):
        assert table.decide(caller, method, COORDINATOR) == ("CO-02" if method == "GetFunnels" else "CO-01")
    else:
        with pytest.raises(Forbidden):
            table.decide(caller, method, COORDINATOR)


async def test_every_answer_says_as_of_when_and_up_to_where_it_is_complete() -> None:
    office = Office.over(one_person())
    for request, _, _ in QUESTIONS:
        answer = await office.ask(request)
        assert answer.as_of == "2026-06-30T12:00:00.000000Z"
        assert [(one.origin, one.size) for one in answer.complete_to] == [(POLICE, 2)]
    then = await office.ask(pb.GetFunnelsRequest(as_of="2026-01-09"))
    assert then.as_of == "2026-01-09T23:59:59.999999Z"
    assert (await office.ask(pb.GetFunnelsRequest(as_of="2026-01-09T01:00:00+02:00"))).as_of[:13] == "2026-01-08T23"


async def test_what_an_agency_recorded_a_moment_ahead_of_this_clock_is_part_of_now() -> None:
    logs = Logs()
    detected(logs, "2026-07-01", HERE)
    answer = await Office.over(logs).ask(pb.GetPathwayRequest(person_ref=HERE))
    assert answer.as_of > "2026-07-01T12"
    assert len(answer.timeline) == 2


async def test_today_may_be_asked_for_wherever_it_has_begun() -> None:
    """Here it is noon in UTC on 30 June; on Kiritimati it is 1 July already."""
    for day in ("2026-06-30", "2026-07-01"):
        assert (await Office.over(one_person()).ask(pb.GetFunnelsRequest(as_of=day))).as_of[:10] == day


class Arriving(Tables):
    """Tables that a receipt's entry reaches after some looks at how far they have come."""

    def __init__(self, sizes: Sequence[int]) -> None:
        super().__init__()
        self._coming = list(sizes)

    async def completeness(self) -> Completeness:
        self.sizes[POLICE] = self._coming.pop(0) if len(self._coming) > 1 else self._coming[0]
        return await super().completeness()


class Ticking(FixedClock):
    """A clock on which waiting takes time."""

    waited_s = 0.0

    def now(self) -> Any:  # noqa: ANN401 - a datetime
        from datetime import timedelta

        return super().now() + timedelta(seconds=self.waited_s)

    async def sleep(self, seconds: float) -> None:
        self.waited_s += max(seconds, 0.1)


async def test_a_receipt_of_an_agency_that_nobody_trusts_is_not_waited_for() -> None:
    """Its clock knows no waiting."""
    with pytest.raises(Invalid, match=f"covers_origin: No agency of that name .* The nearest is '{POLICE}'"):
        await Office.over(one_person()).ask(pb.GetPathwayRequest(person_ref=HERE, covers_origin=POLICE + "s"))


async def test_an_answer_waits_for_a_receipt_and_not_for_ever() -> None:
    office = Office(Arriving([0, 0, 1, 2]))
    office.tables.apply(one_person().entries())
    request = pb.GetPathwayRequest(person_ref=HERE, covers_origin=POLICE, covers_position=1)
    assert len((await Answers(office.tables, office.look, Ticking()).get_pathway(request, ANALYST)).timeline) == 2
    clock = Ticking()
    with pytest.raises(Unavailable) as late:
        await Answers(Arriving([0]), office.look, clock).get_pathway(request, ANALYST)
    assert late.value.reason == "NOT_YET_COVERED"
    assert 2 <= clock.waited_s < 2.5
