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
RECENT = 1_024
"""So many entries are known by their bytes, so that they are not parsed again by each reader in one process."""

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
    return not words or not words.replace(b"true", b"").replace(b"false", b"")


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


class Said:
    """What the bytes of an entry say: its envelope, and the event in it. Nobody changes either."""

    def __init__(self, envelope: dict[str, Json]) -> None:
        self.envelope = envelope

    @cached_property
    def event(self) -> object:
        kind = catalogue.find(cast(str, self.envelope.get("type", "")), cast(int, self.envelope["schema"]))
        return kind.read(cast(dict[str, object], self.envelope["data"]))


# One process writes an entry, reads it back to sign it, and shows it in several views: the same bytes say the same.
_recent: dict[bytes, Said] = {}


def _said(body: bytes) -> Said:
    known = _recent.get(body)
    return _known(body, Said(orjson.loads(body))) if known is None else known


def _known(body: bytes, said: Said) -> Said:
    if len(_recent) >= RECENT:
        _recent.clear()  # whatever thread is in here as well: this one step leaves nothing half done
    _recent[body] = said
    return said


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

    @classmethod
    def written(cls, origin: str, position: int, envelope: dict[str, Json], event: object) -> "Entry":
        """A new entry; readers in this process get the envelope and the event as they are given here.

        Raises :class:`NotCanonical`.
        """
        body = canonical(envelope)
        _known(body, Said(envelope)).event = event
        return cls.of(origin, position, body)

    @cached_property
    def said(self) -> Said:
        """What the bytes say."""
        return _said(self.body)

    @property
    def envelope(self) -> dict[str, Json]:
        """The parsed envelope; ``data`` holds the event's fields."""
        return self.said.envelope

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

    @property
    def event(self) -> object:
        """The event itself. Raises :class:`~nrm_contracts.catalogue.UnknownEvent` when a newer release wrote it."""
        return self.said.event
