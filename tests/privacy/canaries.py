"""Texts that must turn up nowhere: made unique for every field that takes personal data, and looked for in any form."""

import base64
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path

from google.protobuf.descriptor import Descriptor, MethodDescriptor
from google.protobuf.message import Message

from nrm_contracts.vault.v1.vault_pb2 import PersonalData

MARK = "Canary-Of-Nobody"
PERSONAL = PersonalData.DESCRIPTOR.full_name
_numbers = count(1)


def canary() -> str:
    """A text that was never sent before."""
    return f"{MARK}-{next(_numbers):05d}"


def personal(data_class: str) -> PersonalData:
    """Personal data of a class, with a canary in every text that it can hold."""
    data = PersonalData()
    _fill(getattr(data, data_class))
    return data


def _fill(message: Message) -> None:
    for field in message.DESCRIPTOR.fields:
        if field.message_type is not None:
            _fill(getattr(message, field.name).add())
        elif field.is_repeated:
            getattr(message, field.name).extend((canary(), canary()))
        else:
            setattr(message, field.name, canary())


def texts_in(message: Message) -> Iterator[str]:
    """Every text that stands in a message."""
    for field, value in message.ListFields():
        for each in value if field.is_repeated else (value,):
            if isinstance(each, Message):
                yield from texts_in(each)
            elif isinstance(each, str):
                yield each


def personal_fields(request: Descriptor) -> list[str]:
    """The fields of a request that take personal data; each is named as its class."""
    return [
        field.name for field in request.fields if field.message_type is not None and _is_personal(field.message_type)
    ]


def _is_personal(message: Descriptor) -> bool:
    return str(message.full_name) == PERSONAL


def takes_personal_data(methods: Iterable[MethodDescriptor]) -> set[str]:
    """The methods that take any, by full name."""
    return {str(method.full_name) for method in methods if personal_fields(method.input_type)}


def forms(text: str = MARK) -> list[bytes]:
    """How a text may stand in a file, a log line or a status: plain, wide, in hex, in base64 at any place."""
    wide = [text.encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be")]
    in_hex = [one.hex() for one in wide]
    in_base64 = [_inner(one, skipped) for one in wide for skipped in range(3)]
    written = [*in_hex, *(one.upper() for one in in_hex), *in_base64]
    return [
        *wide,
        *(one.encode() for one in written),
        *(one.replace("+", "-").replace("/", "_").encode() for one in in_base64),
    ]


def _inner(text: bytes, skipped: int) -> str:
    """The base64 characters that stand for the text alone when so many bytes stand before it."""
    written = base64.b64encode(bytes(skipped) + text + bytes(2)).decode()
    first = (skipped * 8 + 5) // 6
    return written[first : (skipped + len(text)) * 8 // 6]


def found_in(held: bytes, sought: Iterable[bytes]) -> list[bytes]:
    """Which of these forms stand in the bytes."""
    return [form for form in sought if form in held]


def files_with(folder: Path, sought: list[bytes]) -> dict[str, list[bytes]]:
    """Every file below the folder in which any of these forms stands."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    found = {path.relative_to(folder).as_posix(): found_in(path.read_bytes(), sought) for path in files}
    return {name: which for name, which in found.items() if which}
