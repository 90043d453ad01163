"""An entry: the bytes of one recorded event, made once and copied verbatim ever after.

Canonical JSON is RFC 8785 restricted to ASCII keys, no null, no floats, integers within 2^53. The bytes are hashed as
they are stored; nobody serialises them again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import orjson

from nrm_contracts import catalogue
from nrm_kernel.ledger.merkle import leaf_hash

VERSION = 1
BODY_BYTES_MAX = 65_535  # C2SP tlog-tiles gives the length of an entry 16 bits
INT_MAX = 2**53 - 1

_CANONICAL = (
    orjson.OPT_SORT_KEYS
    | orjson.OPT_STRICT_INTEGER
    | orjson.OPT_PASSTHROUGH_DATETIME  # what the writer would write by itself, but is no JSON value
    | orjson.OPT_PASSTHROUGH_DATACLASS
)

Json = str | int | bool | list["Json"] | dict[str, "Json"]


class NotCanonical(ValueError):
    """The value cannot be written, or the bytes were not written, in canonical form."""


def canonical(value: Mapping[str, Json]) -> bytes:
    """The one way to write a value as bytes.

    Raises :class:`NotCanonical` for what has no form: null, floats, integers beyond 2^53, keys that are not ASCII,
    halves of a surrogate pair, nesting without end.
    """
    try:
        body = orjson.dumps(value, option=_CANONICAL)
        if not is_plain(body):
            _check(value)
    except (orjson.JSONEncodeError, RecursionError) as fault:
        raise NotCanonical(str(fault)) from None
    return body


def is_plain(body: bytes) -> bool:
    """Whether this JSON is ASCII without a backslash, and nothing in it is null or a fraction.

    Each quotation mark then begins or ends a text, and outside of texts only punctuation, digits, true and false may
    stand. Every entry comes by here when it is written and when it is audited; walking through its values takes longer.
    """
    if not body.isascii() or b"\\" in body:
        return False
    words = b"".join(body.split(b'"')[::2]).translate(None, b"{}[]:,-0123456789")
    return not words.replace(b"true", b"").replace(b"false", b"")


def _check(value: object) -> None:
    """Refuse what the writer would write, but not canonically."""
    if isinstance(value, dict):
        for key, item in value.items():
            if not (isinstance(key, str) and key.isascii()):
                raise NotCanonical(f"key {key!r} is not ASCII text")
            if not isinstance(item, str):
                _check(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _check(item)
    elif not isinstance(value, str | int):
        raise NotCanonical(f"{type(value).__name__} has no canonical form")


def event_data(event: object) -> dict[str, Json]:
    """An event as plain JSON values; absent optional fields are left out. A wrong event raises pydantic's error."""
    return catalogue.type_of(type(event)).write(event)


@dataclass(frozen=True)
class Entry:
    """A recorded event as stored: its bytes, their leaf hash, and the place it has in its origin's log."""

    origin: str
    position: int
    body: bytes
    leaf: bytes

    @classmethod
    def of(cls, origin: str, position: int, body: bytes) -> "Entry":
        """The entry of these bytes, hashed here."""
        return cls(origin, position, body, leaf_hash(body))

    @cached_property
    def envelope(self) -> dict[str, Json]:
        """The parsed envelope; ``data`` holds the event's fields."""
        return cast(dict[str, Json], orjson.loads(self.body))

    def text(self, field: str) -> str:
        """A text field of the envelope, empty when it is absent."""
        return cast(str, self.envelope.get(field, ""))

    @property
    def stream(self) -> str:
        return self.text("stream")

    @property
    def seq(self) -> int:
        return cast(int, self.envelope["seq"])

    @property
    def type(self) -> str:
        return self.text("type")

    @property
    def to(self) -> str:
        """The agency that a notice is addressed to; empty for every other entry."""
        return self.text("to")

    @property
    def recorded_at(self) -> str:
        return self.text("recorded_at")

    @property
    def occurred_at(self) -> str:
        return self.text("occurred_at")

    @cached_property
    def event(self) -> object:
        """The event itself. Raises :class:`~nrm_contracts.catalogue.UnknownEvent` when a newer release wrote it."""
        kind = catalogue.find(self.type, cast(int, self.envelope["schema"]))
        return kind.read(cast(dict[str, object], self.envelope["data"]))
