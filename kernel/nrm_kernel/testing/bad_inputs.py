"""Wrong requests for every method of a door, drawn from its contract: what comes in, and how it must be refused.

Nothing here knows a service. A new method gets every row that fits its request; :func:`sample` makes the request that
each row then spoils in one place, so that it is refused for that alone.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, is_dataclass
from datetime import date
from hashlib import sha256
from types import NoneType, UnionType
from typing import Any, TypeAlias, Union, cast, get_args, get_origin, get_type_hints

import grpc
from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from pydantic import TypeAdapter, ValidationError

from nrm_contracts.codes import code_list, list_names
from nrm_contracts.fields import Code
from nrm_kernel.rpc_fit import TRANSPORT, own_fields, required_fields
from nrm_kernel.rpc_request import ITEMS_MAX, MESSAGE_BYTES_MAX
from nrm_kernel.service import Door, Read, Watch, Write

INVALID = grpc.StatusCode.INVALID_ARGUMENT
UNKNOWN_FIELD = 1_999
REQUEST_ID = "0b7c9a52-6f0e-4d0a-9d3c-6a1f0c2b4d11"
HOSTILE = {
    "NUL": "a\0b",
    "line break": "a\r\nSet-Cookie: b",
    "escape sequence": "\x1b[2J",
    "right-to-left override": "abc\u202etxt",
    "zero-width space": "a\u200bb",
    "not in normal form C": "e\u0301",
    "too long": "x" * 1_001,
}
TEXTS = ("2026-01-02", "demo/assistance/one", "EUR", "a", "0" * 64)
REFS = re.compile(r".*_(ref|id)")
"""Names of fields that hold a reference."""
DAYS = re.compile(r".*_(on|by|before)")
"""Names of fields that hold a day."""
NO_DAYS = ("2026-02-30", "20260102", "1767225600")
PAGES = {"page_size", "page_token"}
MARKED: TypeAlias = Any
"""A type annotation, of whatever form."""


@dataclass(frozen=True)
class BadInput:
    """One wrong request. ``reason`` is empty where the library itself refuses, or where several fit."""

    path: str
    name: str
    raw: bytes
    code: grpc.StatusCode
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.path.rsplit('/', 1)[1]}: {self.name}"


def bad_inputs(door: Door) -> Iterator[BadInput]:
    """Every row for every method of the door."""
    rows = {row.name: row for row in door.methods}
    for method in door.descriptor.methods:
        row, path = rows[method.name], f"/{door.descriptor.full_name}/{method.name}"
        for name, raw, code, reason in _of_method(method, row):
            yield BadInput(path, name, raw, code, reason)


Row = tuple[str, bytes, grpc.StatusCode, str]


def _of_method(method: MethodDescriptor, row: Write | Read | Watch) -> Iterator[Row]:
    good = sample(method, row)
    yield from _bytes(method.input_type, good)
    yield from _any_field(good)
    paged = {field.name for field in method.input_type.fields} >= PAGES
    if isinstance(row, Write):
        yield from _transport(good)
        yield from _command(good, row)
    else:
        yield from _query(good)
    if not paged and any(_required_ids(good, row)):
        yield "foreign ids", good.SerializeToString(), grpc.StatusCode.NOT_FOUND, "NOT_FOUND"
    if paged:
        for size in (-1, 1_000_000):
            yield f"page_size {size}", _spoiled(good, "page_size", size), INVALID, "PAGE_SIZE_INVALID"
        yield "forged page token", _spoiled(good, "page_token", "QUJDREVGR0g"), INVALID, "PAGE_TOKEN_INVALID"


def sample(method: MethodDescriptor, row: Write | Read | Watch) -> Message:
    """A request that is in order as far as its form goes; the rules may still refuse it."""
    request = GetMessageClass(method.input_type)()
    hints = own_fields(row) if isinstance(row, Write) else {}
    for field in _fields(method.input_type):
        if field.name not in TRANSPORT if isinstance(row, Write) else _asked_for(field):
            _fill(request, field, hints.get(field.name))
    if isinstance(row, Write):
        _set(request, "request_id", REQUEST_ID)
    return request


def _asked_for(field: FieldDescriptor) -> bool:
    """Whether a query says what it is about in this field, and does not only narrow its answer."""
    named = REFS.fullmatch(field.name) or field.name in ("origin", *list_names())
    return field.name not in PAGES and bool(named or field.cpp_type != FieldDescriptor.CPPTYPE_STRING)


def _fill(message: Message, field: FieldDescriptor, hint: MARKED) -> None:
    if field.message_type is not None:
        if field.message_type.full_name != "nrm.vault.v1.PersonalData":
            target = getattr(message, field.name)
            _fill_all(target.add() if field.is_repeated else target, hint)
        return
    value = _value(field, hint)
    if field.is_repeated:
        getattr(message, field.name).append(value)
    else:
        _set(message, field.name, value)


def _fill_all(message: Message, hint: MARKED) -> None:
    form = next((each for each in _inside(hint) if isinstance(each, type) and is_dataclass(each)), None)
    hints = get_type_hints(form, include_extras=True) if form else {}
    message.SetInParent()
    for field in _fields(message.DESCRIPTOR):
        _fill(message, field, hints.get(field.name))


def _value(field: FieldDescriptor, hint: MARKED) -> object:
    """A value that the type allows: a code of its list, a day, a reference, nobody's origin, a small number."""
    if hint is None and field.name == "origin":
        return "demo/assistance/nobody"
    one = _one_of(hint)
    lists = [mark.list_name for mark in _inside(one) if isinstance(mark, Code)]
    if hint is None and field.name in list_names():
        lists.append(field.name)
    codes = [code_list(name).codes[0] for name in lists]
    match field.cpp_type:
        case FieldDescriptor.CPPTYPE_STRING if field.type == FieldDescriptor.TYPE_BYTES:
            return b"\x01" * 32
        case FieldDescriptor.CPPTYPE_STRING:
            spelt = [each for each in get_args(one) if isinstance(each, str)]
            return next((text for text in (*codes, *spelt, foreign(field), *TEXTS) if _fits(one, text)), TEXTS[0])
        case FieldDescriptor.CPPTYPE_BOOL:
            return False
    return next((number for number in (1, 30, 2026) if _fits(one, number)), 1)


def foreign(field: FieldDescriptor) -> str:
    """A reference of nothing that this agency has: another agency's, or nobody's."""
    return sha256(field.name.encode()).hexdigest()[:32]


def _one_of(hint: MARKED) -> MARKED:
    """The type of one value: the item of a list, what an optional value is when it is there."""
    form: object = get_origin(hint)
    if form is tuple:
        return _one_of(get_args(hint)[0])
    if form in (Union, UnionType):
        return _one_of(next(each for each in get_args(hint) if each is not NoneType))
    return hint


def _fits(hint: MARKED, value: object) -> bool:
    if hint is None:
        return True
    try:
        TypeAdapter(hint).validate_python(value)
    except ValidationError:
        return False
    return True


def _inside(hint: MARKED) -> Iterator[MARKED]:
    """The annotation and everything in it."""
    yield hint
    yield from getattr(hint, "__metadata__", ())
    for each in get_args(hint):
        yield from _inside(each)


def _fields(descriptor: object) -> Sequence[FieldDescriptor]:
    """The message's fields; the library's two implementations have each a type for them."""
    return cast(Descriptor, descriptor).fields


def _bytes(descriptor: Descriptor, good: Message) -> Iterator[Row]:
    """What is no message of this form at all."""
    raw = good.SerializeToString()
    yield "random bytes", bytes(range(255, 200, -1)), INVALID, "MALFORMED"
    yield "nested too deep", b"\x0b" * 200 + b"\x0c" * 200, INVALID, "MALFORMED"
    if raw:
        yield "cut off", raw[:-1], INVALID, "MALFORMED"
    yield "unknown field", raw + _tag(UNKNOWN_FIELD, 2) + b"\x03abc", INVALID, "FIELD_UNKNOWN"
    hidden = raw + _tag(UNKNOWN_FIELD, 2) + _varint(262_144) + bytes(262_144)
    yield "large unknown field", hidden, INVALID, "FIELD_UNKNOWN"
    too_large = raw + _tag(UNKNOWN_FIELD, 2) + _varint(MESSAGE_BYTES_MAX) + bytes(MESSAGE_BYTES_MAX)
    yield "too many bytes", too_large, grpc.StatusCode.RESOURCE_EXHAUSTED, ""
    for field in _fields(descriptor):
        yield f"{field.name} of another wire type", raw + _tag(field.number, 5) + b"\0\0\0\0", INVALID, "FIELD_UNKNOWN"
        if field.type == FieldDescriptor.TYPE_STRING:
            yield f"{field.name} not in UTF-8", raw + _tag(field.number, 2) + b"\x02\xff\xfe", INVALID, "MALFORMED"
        if field.message_type is not None:
            inside = _tag(UNKNOWN_FIELD, 2) + b"\x03abc"
            nested = raw + _tag(field.number, 2) + _varint(len(inside)) + inside
            yield f"unknown field inside {field.name}", nested, INVALID, "FIELD_UNKNOWN"


def _any_field(good: Message) -> Iterator[Row]:
    """What no field of any request may hold."""
    for field in _fields(good.DESCRIPTOR):
        if field.is_repeated:
            yield f"too many {field.name}", _too_many(good, field), INVALID, "FIELD_INVALID"
        if field.type == FieldDescriptor.TYPE_STRING and field.name not in ("page_token", "request_id"):
            for name, text in HOSTILE.items():
                yield f"{field.name}: {name}", _spoiled(good, field.name, text), INVALID, "FIELD_INVALID"
        if field.cpp_type == FieldDescriptor.CPPTYPE_INT64:
            for number in (2**53, -(2**63)):
                yield f"{field.name}: {number}", _spoiled(good, field.name, number), INVALID, "FIELD_INVALID"


def _too_many(good: Message, field: FieldDescriptor) -> bytes:
    request = _copy(good)
    items = getattr(request, field.name)
    for _ in range(ITEMS_MAX):
        items.add() if field.message_type is not None else items.append(_value(field, None))
    return request.SerializeToString()


def _transport(good: Message) -> Iterator[Row]:
    """What every command needs beside its own fields."""
    for name, text in {
        "none": "",
        "short": "4f0c",
        "in capitals": REQUEST_ID.upper(),
        "padded": f"{REQUEST_ID} ",
    }.items():
        yield f"request_id: {name}", _spoiled(good, "request_id", text), INVALID, "REQUEST_ID_INVALID"
    yield "expected_version below 0", _spoiled(good, "expected_version", -1), INVALID, "FIELD_INVALID"
    for text in (
        "2026-02-30",
        "0000-01-01",
        "1867-01-01",
        "20260102",
        "2026-01-02T00:00:00Z",
        "1767225600",
        "tomorrow",
    ):
        yield f"occurred_on {text}", _spoiled(good, "occurred_on", text), INVALID, "FIELD_INVALID"
    yield "occurred_on in the future", _spoiled(good, "occurred_on", "9999-12-31"), INVALID, "OCCURRED_IN_FUTURE"
    yield "legal_basis off its list", _spoiled(good, "legal_basis", "because"), INVALID, "CODE_UNKNOWN"


def _command(good: Message, row: Write) -> Iterator[Row]:
    """What the command's own types do not allow."""
    required, fields = required_fields(row), {field.name: field for field in _fields(good.DESCRIPTOR)}
    for name, hint in own_fields(row).items():
        marks, field = list(_inside(hint)), fields[name]
        spoil = _spoiler(good, field)
        if field.type != FieldDescriptor.TYPE_STRING:
            continue
        if any(isinstance(mark, Code) for mark in marks):
            yield f"{name}: code off its list", spoil("no_such_code"), INVALID, "CODE_UNKNOWN"
        if date in marks:
            for text in NO_DAYS:
                yield f"{name}: {text}", spoil(text), INVALID, "FIELD_INVALID"
        if name in required and not field.is_repeated:
            yield f"{name}: missing", spoil(""), INVALID, "FIELD_MISSING"


def _query(good: Message) -> Iterator[Row]:
    """What no query may ask for."""
    single = [field for field in _fields(good.DESCRIPTOR) if not field.is_repeated]
    narrows = {field.name for field in single} >= PAGES
    for field in single:
        spoil = _spoiler(good, field)
        if field.name in list_names():
            yield f"{field.name}: code off its list", spoil("no_such_code"), INVALID, "CODE_UNKNOWN"
        if DAYS.fullmatch(field.name):
            for text in NO_DAYS:
                yield f"{field.name}: {text}", spoil(text), INVALID, "FIELD_INVALID"
        if REFS.fullmatch(field.name) and not narrows:
            for name, text in {"missing": "", "no reference": "1"}.items():
                yield f"{field.name}: {name}", spoil(text), INVALID, "FIELD_INVALID"


def _required_ids(good: Message, row: Write | Read | Watch) -> Iterator[str]:
    """The fields that name something which must be there."""
    required = required_fields(row) if isinstance(row, Write) else good.DESCRIPTOR.fields_by_name.keys()
    return (field.name for field in _fields(good.DESCRIPTOR) if REFS.fullmatch(field.name) and field.name in required)


def _spoiler(good: Message, field: FieldDescriptor) -> Callable[[object], bytes]:
    return lambda value: _spoiled(good, field.name, [value] if field.is_repeated else value)


def _spoiled(good: Message, name: str, value: object) -> bytes:
    """The request with one field changed."""
    request = _copy(good)
    request.ClearField(name)
    if isinstance(value, list):
        getattr(request, name).extend(value)
    elif good.DESCRIPTOR.fields_by_name[name].is_repeated:
        getattr(request, name).append(value)
    else:
        _set(request, name, value)
    return request.SerializeToString()


def _copy(good: Message) -> Message:
    request = type(good)()
    request.CopyFrom(good)
    return request


def _set(message: Message, name: str, value: object) -> None:
    setattr(message, name, value)


def _tag(number: int, wire_type: int) -> bytes:
    return _varint(number << 3 | wire_type)


def _varint(number: int) -> bytes:
    """Base-128 with the low group first (Protocol Buffers encoding)."""
    written = bytearray()
    while number > 0x7F:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    written.append(number)
    return bytes(written)
