"""Reading an entry's bytes without trusting whoever wrote them. Needs no code of the writer's, and starts at once."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, cast

import orjson

if TYPE_CHECKING:
    from nrm_kernel.entry import Json

# RFC 8785 for the values that entries may hold; integers beyond 2^53 are refused by the option.
_CANONICAL = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER
_GROUPS = (dict, list)

Filing = tuple[object, ...]
ERASED = "record.PersonalDataErased"
"""The event by which sealed data was erased."""


class NotCanonical(ValueError):
    """The bytes are not the one canonical form of an envelope."""


def read_envelope(body: bytes) -> "dict[str, Json]":
    """The envelope in these bytes. Raises NotCanonical unless writing it again gives exactly these bytes.

    That also refuses a key that stands twice, since reading keeps only one of the two.
    """
    try:
        envelope: dict[str, Json] = orjson.loads(body)
        if type(envelope) is not dict or orjson.dumps(envelope, option=_CANONICAL) != body:
            raise NotCanonical("it is not an object in canonical form, or a key stands twice")
    except (orjson.JSONDecodeError, orjson.JSONEncodeError) as fault:
        raise NotCanonical(f"it cannot be read: {fault}") from None
    if not (_is_allowed(envelope) and (body.isascii() or _has_ascii_keys(envelope))):
        raise NotCanonical("it holds a null, a fraction, or a key that is not ASCII")
    return envelope


def _is_allowed(group: object) -> bool:
    """Whether there is no null and no fraction in this object or list. It is as deep as the writer goes at most."""
    values: Iterable[object] = group.values() if isinstance(group, dict) else cast("list[object]", group)
    for value in values:
        kind = type(value)
        if kind is str or kind is int or kind is bool:
            continue
        if kind not in _GROUPS or not _is_allowed(value):
            return False
    return True


def _has_ascii_keys(value: object) -> bool:
    match value:
        case dict():
            return all(key.isascii() and _has_ascii_keys(item) for key, item in value.items())
        case list():
            return all(map(_has_ascii_keys, value))
    return True


def by_nothing(_envelope: "Mapping[str, Json]") -> Filing:
    """A holder that repeats nothing beside the bytes."""
    return ()


def by_stream(envelope: "Mapping[str, Json]") -> Filing:
    """What a store files an entry under: its stream, and its number there."""
    return str(envelope.get("stream")).encode(), envelope.get("seq")


def by_addressee(envelope: "Mapping[str, Json]") -> Filing:
    """What a shared log files an entry under: whom it is to."""
    return (str(envelope["to"]).encode() if "to" in envelope else None,)


def sizes_seen(envelope: "Mapping[str, Json]") -> Iterator[tuple[str, int]]:
    """Sizes of other logs that were seen when the entry was decided."""
    deps = envelope.get("deps")
    for dep in deps if isinstance(deps, list) else ():
        match dep:
            case [str(origin), int(size)]:
                yield origin, size
