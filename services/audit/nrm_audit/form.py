"""Reading an entry's bytes without trusting whoever wrote them."""

from collections.abc import Iterable

import orjson

from nrm_kernel.entry import Json

# RFC 8785 for the values that entries may hold; integers beyond 2^53 are refused by the option.
_CANONICAL = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER
_SCALARS = frozenset((str, int, bool))
_VALUES = _SCALARS | {list, dict}


class NotCanonical(ValueError):
    """The bytes are not the one canonical form of an envelope."""


def read_envelope(body: bytes) -> dict[str, Json]:
    """The envelope in these bytes. Raises NotCanonical unless writing it again gives exactly these bytes.

    That also refuses a key that stands twice, since reading keeps only one of the two.
    """
    try:
        envelope = orjson.loads(body)
        if type(envelope) is not dict or orjson.dumps(envelope, option=_CANONICAL) != body:
            raise NotCanonical("it is not an object in canonical form, or a key stands twice")
    except (orjson.JSONDecodeError, orjson.JSONEncodeError) as fault:
        raise NotCanonical(f"it cannot be read: {fault}") from None
    if not _allowed(envelope.values()):
        raise NotCanonical("it holds a null or a fraction")
    if not body.isascii() and not _ascii_keys(envelope):
        raise NotCanonical("it has a key that is not ASCII")
    return envelope


def _allowed(values: Iterable[object]) -> bool:
    kinds = {*map(type, values)}
    if kinds <= _SCALARS:
        return True
    if not kinds <= _VALUES:
        return False
    for value in values:
        if type(value) is dict:
            if not _allowed(value.values()):
                return False
        elif type(value) is list and not _allowed(value):
            return False
    return True


def _ascii_keys(value: object) -> bool:
    match value:
        case dict():
            return all(key.isascii() and _ascii_keys(item) for key, item in value.items())
        case list():
            return all(_ascii_keys(item) for item in value)
    return True
