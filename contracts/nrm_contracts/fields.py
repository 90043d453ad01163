"""Field types that commands and events share: what may stand in a field, checked wherever it is read."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from nrm_contracts.codes import UnknownCode, code_list


@dataclass(frozen=True)
class Code:
    """Marks a text field as a code of one list: ``Annotated[str, Code("sex")]``."""

    list_name: str

    def __get_pydantic_core_schema__(self, source: type[object], handler: GetCoreSchemaHandler) -> CoreSchema:
        codes = code_list(self.list_name)
        known = frozenset(codes)

        def checked(code: str) -> str:
            if code in known:
                return code
            try:
                codes.check(code)
            except UnknownCode as unknown:
                raise PydanticCustomError("code_unknown", "{text}", {"text": str(unknown)}) from None
            return code

        return core_schema.no_info_after_validator_function(checked, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(schema) | {"x-code-list": self.list_name}


_ORIGIN = re.compile(r"[a-z0-9-]+/[a-z0-9-]+/[a-z0-9-]+")


def _origin(text: str) -> str:
    if not _ORIGIN.fullmatch(text):
        raise PydanticCustomError("origin", "an agency is named <deployment>/<service>/<agency>, in a-z 0-9 and -")
    return text


Ref = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
"""A random 128-bit reference in lower-case hex: of a person, referral, incident, case, contract, handover."""

Origin = Annotated[str, AfterValidator(_origin), WithJsonSchema({"type": "string", "pattern": f"^{_ORIGIN.pattern}$"})]
"""The name of an agency's log: ``<deployment>/<service>/<agency>``."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _day(text: object) -> object:
    """Dates are otherwise also read from times of day and from seconds since 1970."""
    if isinstance(text, str) and not _DAY.fullmatch(text):
        raise PydanticCustomError("day", "a day is written YYYY-MM-DD")
    return text


Day = Annotated[date, BeforeValidator(_day), PlainSerializer(date.isoformat, return_type=str)]
"""A calendar day, ISO 8601."""

AmountMinor = Annotated[int, Field(ge=0, le=2**53 - 1)]
"""Money in minor units of its currency (ISO 4217), never a float."""

Corrects = Annotated[int, Field(ge=1, le=2**53 - 1)]
"""Which entry of its own stream an entry corrects: the version that the stream had with it, as its receipt said.

An event with this field holds all that is right in place of the one corrected, and ``happened_on``, the day of it.
One without ``happened_on`` puts nothing in its place: it was recorded in error.
"""

QtyMilli = Annotated[int, Field(gt=0, le=2**53 - 1)]
"""A quantity in thousandths of its unit."""
