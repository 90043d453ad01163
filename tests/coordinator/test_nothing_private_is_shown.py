"""No answer names a place, a facility, an officer, or who houses somebody: by its form, and on data full of them."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from typing import Any, get_args, get_type_hints

import pytest
from google.protobuf.descriptor import Descriptor
from google.protobuf.json_format import MessageToJson
from google.protobuf.message import Message
from tests.coordinator.events import OFFICER, assistance, day, identification, made
from tests.coordinator.logs import NGO, POLICE, Logs, Office, ref
from tests.coordinator.stories import decided, delivered, detected, helped, referred

from nrm_contracts.catalogue import EventType
from nrm_contracts.coordinator.v1 import coordinator_pb2 as pb
from nrm_contracts.fields import Code
from nrm_coordinator.making import facts_of_agencies
from nrm_coordinator.timeline import DETAILS, FACTS

HERE, THERE, FACILITY = ref(1), ref(2), ref(77)
SERVICE = pb.DESCRIPTOR.services_by_name["CoordinatorService"]
UNSEEN_WORDS = {
    "place", "placement", "facility", "address", "street", "city", "location", "provider", "officer", "actor", "name",
    "birth", "health", "medical", "note", "text", "decider", "verifier", "approved", "judge",
}  # fmt: skip


def fields_of(message: Descriptor) -> Iterator[str]:
    """Every field of a message and of those in it."""
    for field in message.fields:
        yield f"{message.full_name}.{field.name}"
        if field.message_type is not None:
            yield from fields_of(field.message_type)


def test_no_answer_has_a_field_for_what_must_not_be_shown() -> None:
    shown = [field for method in SERVICE.methods for field in fields_of(method.output_type)]
    assert [field for field in shown if set(field.rpartition(".")[2].split("_")) & UNSEEN_WORDS] == []
    assert len(shown) > 60


STEPPING = [kind for kind in facts_of_agencies() if kind.form in FACTS]


@pytest.mark.parametrize("kind", STEPPING, ids=lambda kind: kind.name)
def test_a_step_shows_codes_and_figures_of_its_event_and_nothing_else(kind: EventType) -> None:
    hints = get_type_hints(kind.form, include_extras=True)
    shown = {one.name: hints[one.name] for one in fields(kind.form) if one.name in DETAILS}
    assert [name for name, hint in shown.items() if not _is_code_or_figure(hint)] == []


def _is_code_or_figure(hint: Any) -> bool:  # noqa: ANN401 - a type as written in the event
    plain = [one for one in (get_args(hint) or (hint,)) if one is not type(None)]
    is_literal = bool(plain) and all(isinstance(one, str) for one in plain)
    return (
        is_literal
        or bool({bool, int} & set(plain))
        or any(isinstance(one, Code) or (get_args(one) and _is_code_or_figure(one)) for one in plain)
    )


def housed() -> Logs:
    """A person whom an NGO houses: every event of the stay, an officer on every entry and in the decision."""
    logs = Logs()
    detected(logs, "2026-01-10", HERE)
    referred(logs, "2026-01-11", HERE, ref(9), 30)
    decided(logs, "2026-01-20", ref(9), 30, 1, "positive")
    helped(logs, "2026-01-12", HERE, THERE, ref(3), ref(41))
    stay = {"person_ref": THERE, "placement_id": ref(78)}
    started = {"facility_ref": FACILITY, "kind": "shelter", "max_days": 30, "starts_on": date(2026, 1, 12)}
    due = {"person_ref": THERE, "kind": "placement_end", "owner": NGO, "due_on": day("2026-02-11")}
    logs.record(
        NGO,
        "2026-01-12",
        made(assistance.PlacementStarted, "2026-01-12", **stay, **started),
        made(assistance.DeadlineSet, "2026-01-12", **due),
    )
    delivered(logs, "2026-02-10", THERE, ref(50), nights=29)
    logs.record(NGO, "2026-02-12", made(assistance.PlacementExtended, "2026-02-12", **stay, max_days=60))
    return logs


async def answers(office: Office) -> list[Message]:
    """Every kind of answer."""
    return [
        await office.ask(pb.GetPathwayRequest(person_ref=HERE)),
        await office.ask(pb.ListPathwaysRequest(page_size=50)),
        await office.ask(pb.GetFunnelsRequest()),
        await office.ask(pb.ListOverdueRequest(page_size=50)),
    ]


async def test_neither_facility_nor_stay_nor_officer_appears_in_any_answer() -> None:
    for answer in await answers(Office.over(housed())):
        text = MessageToJson(answer)
        for unseen in (FACILITY, ref(78), OFFICER, "Placement"):
            assert unseen not in text


async def test_what_tells_of_a_shelter_names_no_agency() -> None:
    office = Office.over(housed())
    seen = await office.pathway(HERE)
    telling = [
        part
        for parts in seen.values()
        if isinstance(parts, list)
        for part in parts
        if any(word in str(part) for word in ("shelter", "bed_night", "placement"))
    ]
    assert telling == [
        {
            "kind": "placement_end",
            "owner": "assistance",
            "due_on": "2026-02-11",
            "overdue": True,
            "days_late": "139",
            "rule_id": "gb-2024-10-08/rule",
            "person": HERE,
        },
        {"service_code": "shelter", "unit": "bed_night", "qty_milli": "29000", "last_on": "2026-02-10"},
        {"kind": "overdue", "origin": "assistance", "since": "2026-02-11", "detail": "placement_end"},
    ]


async def test_asking_for_an_agencys_overdue_deadlines_does_not_tell_that_it_houses_somebody() -> None:
    office = Office.over(housed())
    assert [one["kind"] for one in await office.overdue()] == ["placement_end"]
    assert await office.overdue(owner=NGO) == []


async def test_a_merge_noted_elsewhere_joins_nobody() -> None:
    logs = Logs()
    for person_ref in (ref(1), ref(2)):
        logs.record(NGO, "2026-01-10", made(assistance.PersonRegistered, "2026-01-10", person_ref=person_ref))
        opened = {"person_ref": person_ref, "case_id": ref(70), "source": "walk_in", "owner": NGO}
        logs.record(NGO, "2026-01-10", made(assistance.CaseOpened, "2026-01-10", **opened))
    noted = {"person_ref": ref(1), "other_ref": ref(2), "change": "merged"}
    logs.record(NGO, "2026-01-11", made(assistance.RecordsMerged, "2026-01-11", **noted))
    office = Office.over(logs)
    assert len(await office.persons()) == 2
    detected(logs, "2026-01-12", ref(3), POLICE)
    logs.record(
        POLICE,
        "2026-01-13",
        made(identification.PersonRecordsMerged, "2026-01-13", person_ref=ref(3), absorbed_ref=ref(4)),
    )
    assert (await Office.over(logs).pathway(ref(3)))["references"] == [{"origin": POLICE, "person_ref": ref(3)}]
