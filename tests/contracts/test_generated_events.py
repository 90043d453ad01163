"""Event versions: each can be read back, and a released one stays as it was released."""

import json
from pathlib import Path

import pytest
import yaml

import event_files
from nrm_contracts.catalogue import EventType, find

CONTRACTS = Path(event_files.__file__).parent / "nrm_contracts"
BASELINE = CONTRACTS / "baseline"
KINDS = event_files.event_types()
SAMPLES = sorted((BASELINE / "events").glob("*/*.json"))
RELEASED = json.loads(path.read_text()) if (path := BASELINE / "schemas.json").exists() else {}


@pytest.mark.parametrize("kind", KINDS, ids=event_files.message_name)
def test_an_event_is_read_back_with_and_without_its_optional_fields(kind: EventType) -> None:
    for optional_fields in (True, False):
        data = event_files.data_of(kind, optional_fields=optional_fields)
        event = kind.adapter.validate_python(data)
        written = kind.adapter.dump_python(event, mode="json", exclude_none=True)
        assert kind.adapter.validate_python(written) == event
        assert {name: written[name] for name in data} == data


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_golden_sample_is_decoded_for_ever(sample: Path) -> None:
    told = json.loads(sample.read_text())
    kind = find(told["type"], told["schema"])
    assert (kind.audience, kind.sensitivity) == (told["audience"], told["sensitivity"])
    event = kind.adapter.validate_python(told["data"])
    assert kind.adapter.dump_python(event, mode="json", exclude_none=True) == told["data"]


def test_a_released_event_version_is_never_edited() -> None:
    now = {event_files.message_name(kind): event_files.frozen(event_files.schema_of(kind)) for kind in KINDS}
    assert [name for name, schema in RELEASED.items() if now.get(name) != schema] == []


def test_every_released_event_version_has_a_golden_sample() -> None:
    assert sorted(RELEASED) == sorted(f"{path.parent.name}.{path.stem}" for path in SAMPLES)


def test_frozen_keeps_a_field_named_description() -> None:
    assert event_files.frozen({"description": "words", "properties": {"description": {"type": "string"}}}) == {
        "properties": {"description": {"type": "string"}}
    }


def test_asyncapi_tells_every_event_and_its_files_exist() -> None:
    document = yaml.safe_load((CONTRACTS / "asyncapi.yaml").read_text())
    messages = document["components"]["messages"]
    assert set(messages) == {event_files.message_name(kind) for kind in KINDS}
    refs = {ref for message in messages.values() for ref in _refs(message)}
    assert [ref for ref in refs if not (CONTRACTS / ref).exists()] == []


def _refs(value: object) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"]} if "$ref" in value else set()
        return own.union(*(_refs(item) for item in value.values()))
    return set().union(*(_refs(item) for item in value)) if isinstance(value, list) else set()
