"""Every event of every catalogue gives facts that the tables take; what is not understood stops the view."""

from collections.abc import Iterator
from typing import cast

import pytest
from tests.coordinator.logs import AGENCIES, POLICE, Logs, Tables, ref

import event_files
from nrm_contracts.catalogue import EventType, UnknownEvent
from nrm_contracts.record.events import DataAccessed
from nrm_coordinator import milestones, tables
from nrm_coordinator.facts import apply
from nrm_coordinator.timeline import FACTS as STEPS
from nrm_coordinator.timeline import NOT_STEPS
from nrm_kernel.entry import Entry, Json, canonical

KINDS = [kind for kind in event_files.event_types() if kind.name.split(".")[0] != "vault"]


def entry_of(kind: EventType, *, optional_fields: bool, schema: int = 0) -> Entry:
    """An entry with invented values of the right form in it, from an agency whose fact it is."""
    of_kind = kind.name.partition(".")[0]
    origin = next((one for one in AGENCIES if one.split("/")[1] == of_kind), POLICE)
    envelope: dict[str, Json] = {
        "v": 1,
        "origin": origin,
        "position": 7,
        "stream": f"person-{ref(1)}",
        "seq": 0,
        "id": ref(2),
        "salt": ref(3),
        "type": kind.name,
        "schema": schema or kind.version,
        "occurred_at": "2026-01-10T12:00:00.000000Z",
        "recorded_at": "2026-01-10T12:00:00.000000Z",
        "agency": origin,
        "data": cast(Json, event_files.data_of(kind, optional_fields=optional_fields)),
    }
    if kind.audience == "notice":
        envelope["to"] = POLICE
    return Entry.of(origin, 7, canonical(envelope))


@pytest.fixture(scope="module")
def shown() -> Iterator[Tables]:
    tables = Tables()
    yield tables
    tables.close()


@pytest.mark.parametrize("kind", KINDS, ids=event_files.message_name)
def test_its_facts_fit_their_tables(kind: EventType, shown: Tables) -> None:
    for optional_fields in (True, False):
        entry = entry_of(kind, optional_fields=optional_fields)
        shown.apply([entry])
        rows = [row for of_table in shown.content().values() for row in of_table]
        assert len(rows) == len(apply(entry))
        for add in apply(entry):
            assert set(add.row) == {column.name for column in add.table.columns}
        shown.connection.rollback()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.audience == "notice"], ids=event_files.message_name)
def test_a_notice_tells_whom_it_is_about_and_nothing_else(kind: EventType) -> None:
    assert {add.table.name for add in apply(entry_of(kind, optional_fields=True))} <= {"notice"}


def test_what_happens_to_a_person_is_a_step_unless_it_is_named_as_none() -> None:
    about_persons = {
        kind.form for kind in KINDS if kind.audience == "own" and "person_ref" in event_files.data_of(kind)
    }
    left_out = {form for form in about_persons - STEPS.keys() if not form.__name__.startswith("Deadline")}
    assert left_out == set(NOT_STEPS)


def test_a_look_at_data_is_no_fact() -> None:
    logs = Logs()
    logs.record(POLICE, "2026-01-10", DataAccessed(ref(1), POLICE, "officer-1", "identify", "public_task", (), "ID-01"))
    assert apply(next(iter(logs.entries()))) == []


@pytest.mark.parametrize("audience", ["own", "notice"])
def test_an_entry_of_a_newer_release_is_not_passed_over(audience: str) -> None:
    kind = next(kind for kind in KINDS if kind.audience == audience)
    with pytest.raises(UnknownEvent):
        apply(entry_of(kind, optional_fields=True, schema=99))


def test_milestones_name_fields_that_their_events_have() -> None:
    for one in milestones.MILESTONES:
        names = set(getattr(one.event, "__dataclass_fields__"))  # noqa: B009 - set by the dataclass decorator
        assert {milestones.REF[one.unit], *one.where} <= names


def test_every_row_is_keyed_by_its_origin_and_position() -> None:
    for table in tables.metadata.tables.values():
        assert [column.name for column in table.primary_key][-2:] == ["origin", "position"]
