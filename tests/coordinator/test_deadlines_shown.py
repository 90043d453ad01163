"""Which deadlines are open, which have passed, whose they are, and whom they are about."""

from typing import Any

import pytest
from tests.coordinator.events import assistance, day, funding, identification, made, prosecution
from tests.coordinator.logs import AUTHORITY, CROWN, FUND, NGO, POLICE, Logs, Office, ref
from tests.coordinator.stories import consented, detected, handed_over, referred

from nrm_contracts.coordinator.v1 import coordinator_pb2 as pb

HERE, THERE = ref(1), ref(2)


def due(logs: Logs, origin: str, on: str, **told: Any) -> None:  # noqa: ANN401 - the event's own fields
    """A deadline is set by an identification agency."""
    logs.record(origin, on, made(identification.DeadlineSet, on, **told))


async def open_kinds(logs: Logs, as_of: str = "") -> list[tuple[str, str]]:
    seen = await Office.over(logs).pathway(HERE, as_of=as_of)
    return [(one["kind"], one.get("due_on", "not set")) for one in seen.get("deadlines", [])]


async def test_the_newest_of_one_kind_and_subject_is_the_one_that_holds() -> None:
    logs = Logs()
    detected(logs, "2026-01-10", HERE)
    duty = {"person_ref": HERE, "kind": "age_assessment", "about": HERE, "owner": POLICE}
    due(logs, POLICE, "2026-01-10", **duty, due_on=day("2026-02-01"))
    due(logs, POLICE, "2026-01-20", **duty, due_on=day("2026-03-01"))
    assert await open_kinds(logs) == [("age_assessment", "2026-03-01")]
    assert await open_kinds(logs, as_of="2026-01-15") == [("age_assessment", "2026-02-01")]
    met = made(identification.DeadlineMet, "2026-02-20", person_ref=HERE, kind="age_assessment", about=HERE)
    logs.record(POLICE, "2026-02-20", met)
    assert await open_kinds(logs) == []
    due(logs, POLICE, "2026-03-10", **duty, due_on=day("2026-04-01"))
    assert await open_kinds(logs) == [("age_assessment", "2026-04-01")]


async def test_a_deadline_without_a_day_is_open_and_never_late() -> None:
    logs = Logs()
    detected(logs, "2026-01-10", HERE)
    due(logs, POLICE, "2026-01-10", person_ref=HERE, kind="guardian_appointment", about=HERE, owner=POLICE)
    assert await open_kinds(logs) == [("guardian_appointment", "not set")]
    assert await Office.over(logs).overdue() == []


async def test_follow_ups_of_different_months_are_different_deadlines() -> None:
    logs = Logs()
    told = {"person_ref": HERE, "kind": "follow_up_contact"}
    logs.record(NGO, "2026-01-10", made(assistance.PersonRegistered, "2026-01-10", person_ref=HERE))
    for month, due_on in ((1, "2026-02-10"), (3, "2026-04-10")):
        deadline = {**told, "month": month, "owner": NGO, "due_on": day(due_on)}
        logs.record(NGO, "2026-01-10", made(assistance.DeadlineSet, "2026-01-10", **deadline))
    logs.record(NGO, "2026-02-12", made(assistance.DeadlineMet, "2026-02-12", **told, month=1))
    [left] = (await Office.over(logs).pathway(HERE))["deadlines"]
    assert (left["about"], left["days_late"]) == ("month-3", "81")


async def test_who_waits_keeps_the_same_deadline_and_it_is_shown_once() -> None:
    logs = Logs()
    detected(logs, "2026-01-10", HERE)
    referred(logs, "2026-01-11", HERE, THERE, 30)
    duty = {"kind": "referral_acknowledgement", "about": ref(30), "owner": AUTHORITY, "due_on": day("2026-01-13")}
    due(logs, POLICE, "2026-01-11", person_ref=HERE, **duty)
    due(logs, AUTHORITY, "2026-01-11", person_ref=THERE, **duty)
    office = Office.over(logs)
    [late] = await office.overdue()
    assert (late["owner"], late["person"], late["days_late"]) == (AUTHORITY, HERE, "168")
    assert (await office.pathway(HERE))["deadlines"] == [late]


async def test_a_deadline_of_a_criminal_case_is_about_no_person_and_is_on_nobodys_pathway() -> None:
    logs = Logs()
    detected(logs, "2026-01-10", HERE)
    review = {"kind": "case_review", "about": ref(900), "owner": CROWN, "due_on": day("2026-02-01")}
    review_due = made(prosecution.DeadlineSet, "2026-01-12", **review)
    logs.record(CROWN, "2026-01-12", review_due, stream=f"case-{ref(900)}")
    invoice = {"contract_ref": ref(800), "kind": "payment", "about": ref(80), "owner": FUND}
    logs.record(FUND, "2026-01-12", made(funding.DeadlineSet, "2026-01-12", **invoice, due_on=day("2026-03-01")))
    assert [(one["kind"], one.get("person", ""), one["about"]) for one in await Office.over(logs).overdue()] == [
        ("case_review", "", ref(900)),
        ("payment", "", ref(80)),
    ]
    assert await open_kinds(logs) == []


async def test_a_prosecutors_deadline_about_a_charge_is_the_persons_whose_charge_it_is() -> None:
    logs = Logs()
    detected(logs, "2026-01-10", HERE)
    handed_over(logs, "2026-01-11", (POLICE, HERE), (CROWN, THERE), ref(3))
    review = {"kind": "non_punishment_review", "about": ref(60), "owner": CROWN, "due_on": day("2026-02-01")}
    logs.record(CROWN, "2026-01-12", made(prosecution.DeadlineSet, "2026-01-12", **review), stream=f"person-{THERE}")
    [late] = await Office.over(logs).overdue()
    assert (late["person"], late["about"]) == (HERE, ref(60))


def three_late() -> Logs:
    logs = Logs()
    for nth, (kind, owner, due_on) in enumerate(
        (
            ("screening", POLICE, "2026-03-01"),
            ("stage_decision", AUTHORITY, "2026-01-01"),
            ("screening", POLICE, "2026-02-01"),
        )
    ):
        detected(logs, "2025-12-01", ref(10 + nth))
        told = {"person_ref": ref(10 + nth), "kind": kind, "about": ref(10 + nth), "owner": owner}
        due(logs, POLICE, "2025-12-01", **told, due_on=day(due_on))
    return logs


@pytest.mark.parametrize(
    ("wanted", "days"),
    [
        ({}, ["2026-01-01", "2026-02-01", "2026-03-01"]),
        ({"owner": POLICE}, ["2026-02-01", "2026-03-01"]),
        ({"kind": "stage_decision"}, ["2026-01-01"]),
        ({"owner": AUTHORITY, "kind": "screening"}, []),
        ({"as_of": "2026-02-15"}, ["2026-01-01", "2026-02-01"]),
    ],
)
async def test_the_longest_overdue_stand_first_and_filters_hold(wanted: dict[str, str], days: list[str]) -> None:
    assert [one["due_on"] for one in await Office.over(three_late()).overdue(**wanted)] == days


async def test_pages_go_through_everything_once() -> None:
    office, seen, token = Office.over(three_late()), list[str](), ""
    while True:
        page = await office.ask(pb.ListOverdueRequest(page_size=2, page_token=token))
        assert page.total == 3
        seen += [one.due_on for one in page.deadlines]
        token = page.next_page_token
        if not token:
            break
    assert seen == ["2026-01-01", "2026-02-01", "2026-03-01"]


async def test_lists_of_persons_are_filtered_and_come_in_pages() -> None:
    logs = three_late()
    consented(logs, "2025-12-02", ref(11), "referral", ref(40))
    referred(logs, "2025-12-02", ref(11), ref(21), 30)
    office = Office.over(logs)
    assert [one["person"] for one in await office.persons(identification="referred")] == [ref(11)]
    assert [one["person"] for one in await office.persons(identification="screened")] == [ref(10), ref(12)]
    assert [one["person"] for one in await office.persons(overdue=True, as_of="2026-01-15")] == [ref(11)]
    assert await office.persons(sex="male") == []
    assert len(await office.persons(region="GB-LND", age_band="24-26")) == 3
    first = await office.ask(pb.ListPathwaysRequest(page_size=2))
    second = await office.ask(pb.ListPathwaysRequest(page_size=2, page_token=first.next_page_token))
    assert [one.person for one in (*first.pathways, *second.pathways)] == [ref(10), ref(11), ref(12)]
    assert (first.total, second.total, second.next_page_token) == (3, 3, "")
    assert [one.agencies for one in first.pathways] == [1, 2]
