"""Lists come in pages. A page token is opaque to the caller, signed, and good only for the same query and caller.

The edge does all of it: a service finds its own cursor (the last key it showed) in ``page_token`` and a usable
``page_size``, and leaves the next cursor in ``next_page_token``; the caller sees signed tokens in their place.
"""

import base64
import binascii
import hashlib
import hmac
from typing import Protocol, cast

from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message

from nrm_kernel.errors import Invalid
from nrm_kernel.identity import Caller

SIZE_DEFAULT = 50
SIZE_MAX = 200
_MAC_BYTES = 16


class _Asked(Protocol):
    page_size: int
    page_token: str


class _Answered(Protocol):
    next_page_token: str


def is_paged(method: MethodDescriptor) -> bool:
    """Whether the method's answers come in pages."""
    asked, answered = method.input_type.fields_by_name, method.output_type.fields_by_name
    return "page_token" in asked and "page_size" in asked and "next_page_token" in answered


class Pages:
    """Signs and checks the page tokens of one server with one key; replicas that share callers share the key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def open(self, request: Message, caller: Caller) -> bytes:
        """Put the service's own cursor in place of the token. Gives what the next token is bound to. Raises Invalid."""
        asked = cast(_Asked, request)
        token, size = asked.page_token, asked.page_size
        if not 0 <= size <= SIZE_MAX:
            raise Invalid(
                "PAGE_SIZE_INVALID",
                f"page_size is {size}; it is from 1 to {SIZE_MAX}, or left out for {SIZE_DEFAULT}.",
                {"page_size": f"is not from 1 to {SIZE_MAX}"},
            )
        request.ClearField("page_token")
        request.ClearField("page_size")
        query = b"\0".join(
            (
                type(request).DESCRIPTOR.full_name.encode(),
                caller.agency.encode(),
                caller.officer.encode(),
                request.SerializeToString(deterministic=True),
            )
        )
        asked.page_size = size or SIZE_DEFAULT
        if token:
            asked.page_token = self._cursor(token, query)
        return query

    def close(self, response: Message, query: bytes) -> None:
        """Put a signed token in place of the service's cursor to the next page, if there is one."""
        answered = cast(_Answered, response)
        if answered.next_page_token:
            cursor = answered.next_page_token.encode()
            token = base64.urlsafe_b64encode(self._mac(cursor, query) + cursor)
            answered.next_page_token = token.decode().rstrip("=")

    def _cursor(self, token: str, query: bytes) -> str:
        try:
            signed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
            mac, cursor = signed[:_MAC_BYTES], signed[_MAC_BYTES:]
            if hmac.compare_digest(mac, self._mac(cursor, query)):
                return cursor.decode()
        except (binascii.Error, ValueError):
            pass
        raise Invalid(
            "PAGE_TOKEN_INVALID",
            "This page token was not given for this query and caller, or by an earlier run of the service. "
            "Begin with the first page.",
            {"page_token": "is not a token of this query"},
        )

    def _mac(self, cursor: bytes, query: bytes) -> bytes:
        text = hashlib.sha256(query).digest() + cursor
        return hmac.digest(self._key, b"nrm-page/v1" + text, "sha256")[:_MAC_BYTES]
