"""The only place that draws random numbers: references, salts, ids."""

import hashlib
import os
import re
import uuid

PIECE_BYTES = 16
_PIECES_AT_ONCE = 256
_REQUEST_ID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_drawn: list[str] = []
os.register_at_fork(after_in_child=_drawn.clear)


def new_ref() -> str:
    """A fresh 128-bit reference in lower-case hex (ASVS 5.0 11.5.1: all 128 bits random, unlike a UUID's)."""
    return _piece()


def new_salt() -> str:
    """What keeps the leaf hash of a guessable entry from being guessed; 16 bytes in lower-case hex."""
    return _piece()


def _piece() -> str:
    """Random bytes of the operating system, each given out once.

    They are drawn many at once, because each call of the system lets another thread go first for up to 5 ms.
    """
    while True:
        try:
            return _drawn.pop()
        except IndexError:
            _drawn.extend(os.urandom(_PIECES_AT_ONCE * PIECE_BYTES).hex(" ", PIECE_BYTES).split())


def derived_request_id(cause: str, reaction: str, nth: int) -> str:
    """The request id of a reaction's nth command: the same cause always gives the same id (RFC 9562 UUIDv5).

    It is no UUID itself, so that no caller, who may know the cause, can take it first.
    """
    return f"react-{uuid.uuid5(uuid.NAMESPACE_URL, f'nrm:{cause}:{reaction}:{nth}')}"


def derived_ref(*parts: str) -> str:
    """A reference that follows from others, for streams that must be found again by what they are about."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def is_request_id(text: str) -> bool:
    """Whether the text is a UUID in its canonical form (RFC 9562 section 4)."""
    return _REQUEST_ID.fullmatch(text) is not None
