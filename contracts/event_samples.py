"""Invented values for a JSON Schema, always the same for the same schema."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import cast

from nrm_contracts.codes import code_list

Json = str | int | bool | Sequence["Json"] | Mapping[str, "Json"]
Schema = Mapping[str, Json]

ORIGIN = "demo/assistance/ngo-dawn"
FORMATS = {
    "date": "2026-03-02",
    "date-time": "2026-03-02T09:30:00Z",
    "uuid": "8c5f3c1e-2c39-4b0e-9a5d-5d1f0c3f7a10",
}


class Sampler:
    """Samples of one schema document, whose ``$defs`` it knows; with or without the fields that may be absent."""

    def __init__(self, document: Schema, *, optional_fields: bool = True) -> None:
        self._optional_fields = optional_fields
        self._definitions = cast(Mapping[str, Schema], document.get("$defs", {}))

    def value(self, name: str, schema: Schema) -> Json:
        """A value that the schema allows, for the field of that name. Raises ValueError for a form it cannot meet."""
        if "$ref" in schema:
            return self.value(name, self._definitions[str(schema["$ref"]).removeprefix("#/$defs/")])
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return cast(Sequence[Json], schema["enum"])[0]
        if "anyOf" in schema:
            return self.value(name, cast(Sequence[Schema], schema["anyOf"])[0])
        match schema.get("type"):
            case "object":
                return self.fields(schema)
            case "array":
                return self._items(name, schema)
            case "boolean":
                return True
            case "integer":
                return cast(int, schema.get("minimum", cast(int, schema.get("exclusiveMinimum", 0)) + 1))
            case "string":
                return _text(name, schema)
        raise ValueError(f"no sample for {name}: {schema}")

    def fields(self, schema: Schema) -> dict[str, Json]:
        """A value for each field of an object."""
        properties = cast(Mapping[str, Schema], schema.get("properties", {}))
        wanted = properties if self._optional_fields else cast(Sequence[str], schema.get("required", ()))
        return {field: self.value(field, properties[field]) for field in wanted}

    def _items(self, name: str, schema: Schema) -> Json:
        if "prefixItems" in schema:
            return [self.value(name, item) for item in cast(Sequence[Schema], schema["prefixItems"])]
        count = cast(int, schema.get("minItems", 1))
        return [self.value(f"{name}{nth}", cast(Schema, schema["items"])) for nth in range(max(count, 1))]


def _text(name: str, schema: Schema) -> str:
    if "x-code-list" in schema:
        return code_list(str(schema["x-code-list"])).codes[0]
    if "format" in schema:
        return FORMATS[str(schema["format"])]
    pattern = str(schema.get("pattern", ""))
    digest = hashlib.sha256(name.encode()).hexdigest()
    candidates = (f"invented-{name.replace('_', '-')}", "Invented", ORIGIN, digest[:32], digest)
    for candidate in candidates:
        if re.search(pattern, candidate):
            return candidate
    raise ValueError(f"no sample for {name}: {schema}")
