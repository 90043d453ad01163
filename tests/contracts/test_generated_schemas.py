"""An entry as the kernel writes it is what the published JSON Schemas say."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import event_files
from nrm_contracts.catalogue import Audience, EventType
from nrm_kernel.decider import At, Fold, Notice
from nrm_kernel.entry import Entry
from nrm_kernel.recording import Context, Recording, Stream

CONTRACTS = Path(event_files.__file__).parent / "nrm_contracts"
ENTRY = Draft202012Validator(json.loads((CONTRACTS / "record/entry.schema.json").read_text()))
KINDS = event_files.event_types()
THING: Fold[None, object] = Fold("thing", None, lambda state, event: None)
AT = At(THING, "0f")
CONTEXT = Context(
    recorded_at="2026-03-02T09:30:00.000000Z",
    occurred_at="2026-03-01T00:00:00.000000Z",
    agency="spiffe://demo/police",
    actor="officer-7",
    purpose="casework",
    basis="consent",
    policy={"rule": "R1"},
    causation_id="0e" * 16,
    correlation_id="0d" * 16,
    trace_id="0c" * 16,
    sealed=({"class": "identity", "h": "0b" * 32},),
)


def recorded(kind: EventType) -> Entry:
    """An invented event of that version, recorded."""
    event = kind.adapter.validate_python(event_files.data_of(kind))
    streams = {AT.stream: Stream(THING, None), "notice-0a": Stream(None, None)}
    recording = Recording("demo/funding/fund", 4, streams, {"demo/assistance/ngo-dawn": 3})
    outcome = Notice("demo/assistance/ngo-dawn", "0a", event) if kind.audience is Audience.NOTICE else event
    draft = recording.draft("8c5f3c1e-2c39-4b0e-9a5d-5d1f0c3f7a10", [AT.stream], [outcome], CONTEXT)
    return draft.entries[0].entry


def faults(validator: Draft202012Validator, value: object) -> list[str]:
    """What the schema says against a value."""
    return [f"{fault.json_path}: {fault.message}" for fault in validator.iter_errors(value)]


@pytest.mark.parametrize("kind", KINDS, ids=event_files.message_name)
def test_an_entry_is_as_its_schemas_say(kind: EventType) -> None:
    schema = CONTRACTS / f"schemas/{event_files.service(kind)}/{event_files.title(kind)}.json"
    envelope: Mapping[str, Any] = json.loads(recorded(kind).body)
    assert faults(ENTRY, envelope) == []
    assert faults(Draft202012Validator(json.loads(schema.read_text())), envelope["data"]) == []


@pytest.mark.parametrize("change", [{"origin": "Police"}, {"position": -1}, {"note": "text"}, {"data": None}])
def test_the_entry_schema_refuses_what_is_no_entry(change: dict[str, object]) -> None:
    assert faults(ENTRY, json.loads(recorded(KINDS[0]).body) | change) != []
