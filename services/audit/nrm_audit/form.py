"""Reading an entry's bytes without trusting whoever wrote them."""

import orjson

from nrm_kernel.entry import Json, is_plain

# RFC 8785 for the values that entries may hold; integers beyond 2^53 are refused by the option.
_CANONICAL = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER


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
    if not is_plain(body) and not _is_allowed(envelope):
        raise NotCanonical("it holds a null, a fraction, or a key that is not ASCII")
    return envelope


def _is_allowed(value: object) -> bool:
    """Whether there is no null and no fraction in it, and every key is ASCII."""
    match value:
        case dict():
            return all(key.isascii() and _is_allowed(item) for key, item in value.items())
        case list():
            return all(map(_is_allowed, value))
    return isinstance(value, str | int)
