"""What holds of every answer, whatever was recorded: properties over histories by chance."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.coordinator.histories import CASES, DAYS, FIRST, every_reference, histories
from tests.coordinator.logs import Logs, Office, Tables
from tests.often import often

from nrm_kernel.entry import Entry
from nrm_kernel.errors import NotFound

pytestmark = pytest.mark.slow
CHECKED = settings(max_examples=often(100), deadline=None)
days = st.integers(-1, DAYS + 1).map(lambda nth: (FIRST + timedelta(days=nth)).isoformat())


async def everything(office: Office, as_of: str = "") -> dict[str, Any]:
    """All answers that the office can give."""
    answers: dict[str, Any] = {
        "funnels": await office.funnels(as_of=as_of),
        "persons": await office.persons(as_of=as_of),
        "overdue": await office.overdue(as_of=as_of),
    }
    for reference in every_reference():
        try:
            answers[reference] = await office.pathway(reference, as_of=as_of)
        except NotFound:
            answers[reference] = None
    return answers


def in_another_order(chance: st.DataObject, logs: Logs) -> list[list[Entry]]:
    """The same logs, each in its own order, interleaved and cut into batches by chance."""
    waiting = {origin: list(log) for origin, log in logs.of.items()}
    arriving = []
    while waiting:
        origin = chance.draw(st.sampled_from(sorted(waiting)))
        arriving += [waiting[origin].pop(0) for _ in range(min(len(waiting[origin]), chance.draw(st.integers(1, 9))))]
        waiting = {one: log for one, log in waiting.items() if log}
    sizes = chance.draw(st.lists(st.booleans(), min_size=len(arriving), max_size=len(arriving)))
    cuts = [sum(sizes[:nth]) for nth in range(len(arriving))]
    return [[entry for _, entry in batch] for _, batch in groupby(zip(cuts, arriving, strict=True), key=lambda p: p[0])]


@CHECKED
@given(histories(), st.data())
async def test_the_order_in_which_logs_arrive_changes_no_table_and_no_answer(logs: Logs, chance: st.DataObject) -> None:
    straight, mixed = Office.over(logs), Office(Tables())
    for batch in in_another_order(chance, logs):
        mixed.tables.apply(batch)
    assert mixed.tables.content() == straight.tables.content()
    assert await everything(mixed) == await everything(straight)


@CHECKED
@given(histories(), days)
async def test_what_is_recorded_later_never_changes_what_was_known_on_a_day(logs: Logs, day: str) -> None:
    known = Logs({origin: [entry for entry in log if entry.recorded_at[:10] <= day] for origin, log in logs.of.items()})
    then = await everything(Office.over(known), as_of=day)
    assert await everything(Office.over(logs), as_of=day) == then


@CHECKED
@given(histories(), days)
async def test_counts_of_persons_never_exceed_the_distinct_persons_after_merges(logs: Logs, day: str) -> None:
    """Invariant 10; likewise for criminal cases and defendants."""
    office = Office.over(logs)
    answers = await everything(office, as_of=day)
    persons = {seen["person"] for ref in every_reference() if (seen := answers[ref])}
    assert all(count <= len(persons) for count in answers["funnels"]["persons"].values())
    assert all(count <= len(CASES) for count in answers["funnels"]["cases"].values())
    assert all(count <= 2 for count in answers["funnels"]["defendants"].values())


@CHECKED
@given(histories(), days)
async def test_every_reference_is_of_one_person_and_lists_and_pathways_agree(logs: Logs, day: str) -> None:
    office = Office.over(logs)
    answers = await everything(office, as_of=day)
    pathways = [seen for ref in every_reference() if (seen := answers[ref])]
    owners: dict[str, set[str]] = {}
    for seen in pathways:
        for reference in seen["references"]:
            owners.setdefault(reference["person_ref"], set()).add(seen["person"])
    assert all(len(names) == 1 for names in owners.values())
    by_name = {seen["person"]: seen for seen in pathways}
    listed = {one["person"]: one for one in answers["persons"]}
    assert listed.keys() <= by_name.keys()
    for person, one in listed.items():
        assert one.get("standing") == by_name[person].get("standing")
        assert one.get("profile") == by_name[person].get("profile")
        assert one.get("overdue", 0) == sum(due.get("overdue", False) for due in by_name[person].get("deadlines", []))


@CHECKED
@given(histories(), days)
async def test_every_overdue_deadline_is_on_its_persons_pathway(logs: Logs, day: str) -> None:
    office = Office.over(logs)
    late: Sequence[dict[str, Any]] = [one for one in await office.overdue(as_of=day) if one.get("person")]
    for deadline in late:
        assert deadline in (await office.pathway(deadline["person"], as_of=day))["deadlines"]
