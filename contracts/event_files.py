"""What is generated from the event catalogue: JSON Schemas, the AsyncAPI document, golden samples."""

import json
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import cast

import yaml
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from event_samples import Json, Sampler
from nrm_contracts import catalogue
from nrm_contracts.catalogue import EventType

PACKAGE = Path(catalogue.__file__).parent
HEAD = Path(__file__).with_name("asyncapi_head.yaml")
SERVICES = ("identification", "assistance", "prosecution", "funding", "coordinator", "audit")


def event_types() -> list[EventType]:
    """Every event version of the catalogue, in order of name and version."""
    for path in sorted(PACKAGE.glob("*/events.py")):
        import_module(f"{PACKAGE.name}.{path.parent.name}.events")
    return [kind for kind in catalogue.all_types() if kind.form.__module__.startswith(f"{PACKAGE.name}.")]


def title(kind: EventType) -> str:
    """``ReferralSubmitted.v1``."""
    return f"{kind.name.partition('.')[2]}.v{kind.version}"


def message_name(kind: EventType) -> str:
    """``identification.ReferralSubmitted.v1``."""
    return f"{kind.name}.v{kind.version}"


def service(kind: EventType) -> str:
    """The service whose catalogue has the event."""
    return kind.name.partition(".")[0]


class _Writer(yaml.SafeDumper):
    """Writes text of several lines as a block."""

    def represent_str(self, data: str) -> yaml.ScalarNode:
        return self.represent_scalar("tag:yaml.org,2002:str", data, style="|" if "\n" in data else None)


_Writer.add_representer(str, _Writer.represent_str)


class _EventSchema(GenerateJsonSchema):
    """The schema of what stands in an entry: an absent field is left out there, and never null."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        written = super().default_schema(schema)
        return {key: value for key, value in written.items() if (key, value) != ("default", None)}

    def field_title_should_be_set(self, schema: object) -> bool:
        return False


def schema_of(kind: EventType) -> dict[str, Json]:
    """The JSON Schema of one event version's data."""
    written = kind.adapter.json_schema(schema_generator=_EventSchema)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:nrm:{service(kind)}:{title(kind)}"}
    notes = {"x-audience": kind.audience.value, "x-sensitivity": kind.sensitivity, "additionalProperties": False}
    return cast(dict[str, Json], head | written | notes)


def write_schemas(into: Path) -> None:
    """One file for each event version, and no others: ``schemas/<service>/<Event>.v<N>.json``."""
    for stale in (into / PACKAGE.name / "schemas").glob("*/*.json"):
        stale.unlink()
    for kind in event_types():
        _write(into / PACKAGE.name / "schemas" / service(kind) / f"{title(kind)}.json", schema_of(kind))


def write_asyncapi(into: Path) -> None:
    """The logs that agencies publish and the messages on them, as one AsyncAPI document."""
    kinds = event_types()
    document = yaml.safe_load(HEAD.read_text(encoding="utf-8"))
    document["info"]["version"] = version("nrm-contracts")
    document["channels"] = {name: _channel(name, kinds) for name in SERVICES}
    document["operations"] = {
        f"{name}-{action}": {"action": action, "channel": {"$ref": f"#/channels/{name}"}}
        for name in SERVICES
        for action in ("send", "receive")
    }
    document["components"]["messages"] = {message_name(kind): _message(kind) for kind in kinds}
    text = yaml.dump(document, Dumper=_Writer, sort_keys=False, allow_unicode=True, width=120)
    (into / PACKAGE.name / "asyncapi.yaml").write_text(f"# Written by contracts/generate.py\n{text}", encoding="utf-8")


def _channel(name: str, kinds: Sequence[EventType]) -> dict[str, Json]:
    """The log of one kind of agency: its own events, and those that any log may hold."""
    held = [kind for kind in kinds if service(kind) in {name, "record"}]
    return {
        "address": f"{{deployment}}/{name}/{{agency}}",
        "description": f"Log of an agency of the kind {name}; the address is its origin.",
        "parameters": {part: {"$ref": f"#/components/parameters/{part}"} for part in ("deployment", "agency")},
        "messages": {message_name(kind): {"$ref": f"#/components/messages/{message_name(kind)}"} for kind in held},
    }


def _message(kind: EventType) -> dict[str, Json]:
    """An entry whose data is this event."""
    event_file = f"./schemas/{service(kind)}/{title(kind)}.json"
    narrowed: dict[str, Json] = {
        "type": {"const": kind.name},
        "schema": {"const": kind.version},
        "data": {"$ref": event_file},
    }
    return {
        "name": message_name(kind),
        "summary": " ".join((kind.form.__doc__ or "").split("\n\n")[0].split()),
        "payload": {"allOf": [{"$ref": "./record/entry.schema.json"}, {"properties": narrowed}]},
        "x-audience": kind.audience.value,
        "x-sensitivity": kind.sensitivity,
    }


def release(baseline: Path) -> None:
    """Freeze every event version: its schema, and one sample of it where there is none yet."""
    kinds = event_types()
    _write(baseline / "schemas.json", {message_name(kind): frozen(schema_of(kind)) for kind in kinds})
    for kind in kinds:
        path = baseline / "events" / service(kind) / f"{title(kind)}.json"
        if not path.exists():
            _write(path, sample_of(kind))


def frozen(schema: Json) -> Json:
    """What must never change in the schema of a released version: everything but the words about it."""
    if isinstance(schema, Mapping):
        return {
            key: frozen(value) for key, value in schema.items() if key != "description" or not isinstance(value, str)
        }
    return [frozen(item) for item in schema] if isinstance(schema, list | tuple) else schema


def sample_of(kind: EventType) -> dict[str, Json]:
    """An invented event of that version with all its fields, as the entry of a log holds it."""
    data = data_of(kind)
    kind.read(data)
    return {
        "type": kind.name,
        "schema": kind.version,
        "audience": kind.audience.value,
        "sensitivity": kind.sensitivity,
        "data": data,
    }


def data_of(kind: EventType, *, optional_fields: bool = True) -> Mapping[str, Json]:
    """Invented data for that version, with or without the fields that may be absent."""
    schema = schema_of(kind)
    return Sampler(schema, optional_fields=optional_fields).fields(schema)


def _write(path: Path, value: Mapping[str, Json]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
