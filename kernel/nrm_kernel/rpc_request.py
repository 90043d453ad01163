"""From bytes to values: one compiled form per request message, and what every field of every request must keep to.

Text that a form lets through is printable and in normal form C (Unicode UAX 15), so it can be stored and shown as it
is; personal data keeps to a wider rule, because names and accounts are kept as given.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from unicodedata import is_normalized

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.unknown_fields import UnknownFieldSet

from nrm_contracts.vault.v1.vault_pb2 import PersonalData
from nrm_kernel.entry import INT_MAX
from nrm_kernel.errors import Exhausted, Invalid

MESSAGE_BYTES_MAX = 1 << 20
ITEMS_MAX = 500
TEXT_CHARACTERS_MAX = 1_000
PERSONAL_CHARACTERS_MAX = 50_000
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""What text has no use for: control characters but those of layout."""

Check = Callable[..., object]
"""Gives the value that a field holds, or raises :class:`_Wrong`."""


class FormInvalid(Exception):
    """A request message is built in a way that these forms do not read; a fault of the contract, found at start."""


class _Wrong(Exception):
    """A value that its field does not allow; ``path`` grows on the way out, so that reading costs nothing before."""

    def __init__(self, why: str, path: str = "") -> None:
        super().__init__(why)
        self.why, self.path = why, path

    def inside(self, place: str) -> "_Wrong":
        return _Wrong(self.why, place if not self.path else f"{place}.{self.path}")


class Form:
    """How the requests of one method are read."""

    def __init__(self, descriptor: Descriptor) -> None:
        self.descriptor = descriptor
        self._message = GetMessageClass(descriptor)
        self._fields = _Fields.of(descriptor)

    def parse(self, raw: bytes) -> Message:
        """The message in these bytes. Raises Invalid for anything else, Exhausted for too many bytes."""
        if len(raw) > MESSAGE_BYTES_MAX:
            raise Exhausted("MESSAGE_TOO_LARGE", f"The request has {len(raw)} bytes; the limit is {MESSAGE_BYTES_MAX}.")
        try:
            message = self._message.FromString(raw)
        except DecodeError:
            raise Invalid(
                "MALFORMED",
                f"These bytes are no {self.descriptor.name}: cut off, damaged, nested too deep, or text not in UTF-8.",
            ) from None
        size = message.ByteSize()
        message.DiscardUnknownFields()
        if message.ByteSize() != size:
            raise _unknown_field(self._message.FromString(raw))
        return message

    def values(self, message: Message) -> dict[str, object]:
        """The fields that are there, by name, but for personal data. Empty text is not there. Raises Invalid."""
        try:
            return self._fields.values(message)
        except _Wrong as wrong:
            raise Invalid(
                "FIELD_INVALID", f"{wrong.path} {wrong.why}. Nothing was saved.", {wrong.path: wrong.why}
            ) from None


@dataclass(frozen=True, slots=True)
class _Fields:
    """The fields of one message: what each must keep to, and what stands for those that the wire leaves out."""

    checks: Mapping[FieldDescriptor, tuple[str, Check]]
    unset: Mapping[str, object]

    @classmethod
    def of(cls, descriptor: Descriptor, around: tuple[str, ...] = ()) -> "_Fields":
        """The compiled fields. Raises FormInvalid for a message that requests may not be made of."""
        if descriptor.full_name in around:
            raise FormInvalid(f"{descriptor.full_name} contains itself")
        inside = (*around, descriptor.full_name)
        checks = {field: (field.name, _check(field, inside)) for field in descriptor.fields}
        return cls(checks, {field.name: _unset(field) for field in descriptor.fields if _has_unset(field)})

    def values(self, message: Message) -> dict[str, object]:
        """Each field's value, checked; personal data comes out as None and is left out."""
        found = dict(self.unset)
        for field, value in message.ListFields():
            name, check = self.checks[field]
            try:
                checked = check(value)
            except _Wrong as wrong:
                raise wrong.inside(name) from None
            if checked is not None:
                found[name] = checked
        return found


def _has_unset(field: FieldDescriptor) -> bool:
    """Lists, numbers and flags without presence have a value even when the wire does not carry it; texts have none."""
    return field.is_repeated or not (field.has_presence or field.cpp_type == FieldDescriptor.CPPTYPE_STRING)


def _unset(field: FieldDescriptor) -> object:
    return () if field.is_repeated else field.default_value


def _check(field: FieldDescriptor, around: tuple[str, ...]) -> Check:
    check = _check_one(field, around)
    if not field.is_repeated:
        return check
    if check is _personal:
        raise FormInvalid(f"{field.full_name}: personal data is no list; its message has lists where they are needed")
    return lambda items: _each(check, items)


def _each(check: Check, items: Sequence[object]) -> list[object]:
    if len(items) > ITEMS_MAX:
        raise _Wrong(f"has {len(items)} items; at most {ITEMS_MAX} are taken at once")
    found = []
    for nth, item in enumerate(items):
        if item == "":
            raise _Wrong("is empty", str(nth))
        try:
            found.append(check(item))
        except _Wrong as wrong:
            raise wrong.inside(str(nth)) from None
    return found


def _check_one(field: FieldDescriptor, around: tuple[str, ...]) -> Check:
    """What one value of the field must keep to."""
    if field.message_type is not None:
        return _check_message(field.message_type, around)
    match field.cpp_type:
        case FieldDescriptor.CPPTYPE_STRING:
            return bytes if field.type == FieldDescriptor.TYPE_BYTES else _text
        case FieldDescriptor.CPPTYPE_BOOL:
            return bool
        case FieldDescriptor.CPPTYPE_INT32 | FieldDescriptor.CPPTYPE_INT64:
            return _integer
        case FieldDescriptor.CPPTYPE_UINT32 | FieldDescriptor.CPPTYPE_UINT64:
            return _integer
    raise FormInvalid(f"{field.full_name}: requests hold texts, codes, whole numbers and messages of these alone")


def _check_message(descriptor: Descriptor, around: tuple[str, ...]) -> Check:
    if descriptor.GetOptions().map_entry:
        raise FormInvalid(f"{descriptor.full_name}: a list of pairs stands for a map with free keys")
    if descriptor.full_name == PersonalData.DESCRIPTOR.full_name:
        return _personal
    return _Fields.of(descriptor, around).values


def _text(text: str) -> str:
    if len(text) > TEXT_CHARACTERS_MAX:
        raise _Wrong(f"is longer than {TEXT_CHARACTERS_MAX} characters")
    if not text.isprintable():
        raise _Wrong("holds a control character, or another one that cannot be seen")
    if not text.isascii() and not is_normalized("NFC", text):
        raise _Wrong("is not in Unicode normal form C")
    return text


def _integer(number: int) -> int:
    if not -INT_MAX <= number <= INT_MAX:
        raise _Wrong("is beyond 2^53, where other systems begin to round")
    return number


def _personal(data: Message) -> None:
    """Personal data is read where it is sealed; here its texts are only looked over."""
    for field, value in data.ListFields():
        try:
            if field.is_repeated:
                _personal_items(value)
            else:
                _personal_item(value)
        except _Wrong as wrong:
            raise wrong.inside(field.name) from None


def _personal_items(items: Sequence[object]) -> None:
    if len(items) > ITEMS_MAX:
        raise _Wrong(f"has more than {ITEMS_MAX} items")
    for item in items:
        _personal_item(item)


def _personal_item(item: object) -> None:
    if isinstance(item, str):
        if len(item) > PERSONAL_CHARACTERS_MAX:
            raise _Wrong(f"is longer than {PERSONAL_CHARACTERS_MAX} characters")
        if not item.isprintable() and _CONTROL.search(item):
            raise _Wrong("holds a control character")
    elif isinstance(item, Message):
        _personal(item)


def _unknown_field(message: Message) -> Invalid:
    path, number = _first_unknown(message, "")
    where = f"{path} field {number}" if path else f"field {number}"
    return Invalid(
        "FIELD_UNKNOWN",
        f"This release does not know {where} of the request, or knows it with another type. Nothing was saved: what is "
        "not understood is not dropped silently.",
        {path or str(number): f"field number {number} is not known here"},
        field_number=number,
    )


def _first_unknown(message: Message, path: str) -> tuple[str, int]:
    unknown = UnknownFieldSet(message)
    if len(unknown):
        return path, unknown[0].field_number
    for field, value in message.ListFields():
        if field.message_type is not None:
            for nth, item in enumerate(value if field.is_repeated else (value,)):
                place = f"{field.name}.{nth}" if field.is_repeated else field.name
                found = _first_unknown(item, f"{path}.{place}" if path else place)
                if found[1]:
                    return found
    return "", 0
