"""From bytes to values: one compiled form per request message, and what every field of every request must keep to.

Text that a form lets through is printable and in normal form C (Unicode UAX 15), so it can be stored and shown as it
is; personal data keeps to a wider rule, because names and accounts are kept as given.
"""

from collections.abc import Callable, Sequence
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
_LAYOUT: Final = dict.fromkeys(map(ord, "\t\n\r"))

Reader = Callable[[Message], object]
_ABSENT: Final = object()


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
        self._readers = _readers(descriptor)

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
            return _values(self._readers, message)
        except _Wrong as wrong:
            raise Invalid(
                "FIELD_INVALID", f"{wrong.path} {wrong.why}. Nothing was saved.", {wrong.path: wrong.why}
            ) from None


def _values(readers: Sequence[tuple[str, Reader]], message: Message) -> dict[str, object]:
    found = {}
    for name, read in readers:
        try:
            value = read(message)
        except _Wrong as wrong:
            raise wrong.inside(name) from None
        if value is not _ABSENT:
            found[name] = value
    return found


def _readers(descriptor: Descriptor, around: tuple[str, ...] = ()) -> list[tuple[str, Reader]]:
    if descriptor.full_name in around:
        raise FormInvalid(f"{descriptor.full_name} contains itself")
    inside = (*around, descriptor.full_name)
    return [(field.name, _reader(field, inside)) for field in descriptor.fields]


def _reader(field: FieldDescriptor, around: tuple[str, ...]) -> Reader:
    name, check = field.name, _check(field, around)
    if field.is_repeated and check is _personal:
        raise FormInvalid(
            f"{field.full_name}: personal data is not a list; its message holds lists where they are needed"
        )
    if field.is_repeated:
        return lambda message: _each(check, getattr(message, name))
    if field.has_presence:
        return lambda message: check(getattr(message, name)) if message.HasField(name) else _ABSENT
    return lambda message: check(getattr(message, name))


def _each(check: Callable[..., object], items: Sequence[object]) -> list[object]:
    if len(items) > ITEMS_MAX:
        raise _Wrong(f"has {len(items)} items; at most {ITEMS_MAX} are taken at once")
    found = []
    for nth, item in enumerate(items):
        try:
            value = check(item)
        except _Wrong as wrong:
            raise wrong.inside(str(nth)) from None
        if value is _ABSENT:
            raise _Wrong("is empty", str(nth))
        found.append(value)
    return found


def _check(field: FieldDescriptor, around: tuple[str, ...]) -> Callable[..., object]:
    """What one value of the field must keep to; gives the value, or _ABSENT for personal data and empty text."""
    if field.message_type is not None:
        return _check_message(field.message_type, around)
    match field.cpp_type:
        case FieldDescriptor.CPPTYPE_STRING:
            return _bytes if field.type == FieldDescriptor.TYPE_BYTES else _text
        case FieldDescriptor.CPPTYPE_BOOL:
            return bool
        case FieldDescriptor.CPPTYPE_INT32 | FieldDescriptor.CPPTYPE_INT64:
            return _integer
        case FieldDescriptor.CPPTYPE_UINT32 | FieldDescriptor.CPPTYPE_UINT64:
            return _integer
    raise FormInvalid(f"{field.full_name}: requests hold texts, codes, whole numbers and messages of these alone")


def _check_message(descriptor: Descriptor, around: tuple[str, ...]) -> Callable[..., object]:
    if descriptor.GetOptions().map_entry:
        raise FormInvalid(f"{descriptor.full_name}: a list of pairs stands for a map with free keys")
    if descriptor.full_name == PersonalData.DESCRIPTOR.full_name:
        return _personal
    readers = _readers(descriptor, around)
    return lambda message: _values(readers, message)


def _text(text: str) -> object:
    if not text:
        return _ABSENT
    if len(text) > TEXT_CHARACTERS_MAX:
        raise _Wrong(f"is longer than {TEXT_CHARACTERS_MAX} characters")
    if not text.isprintable():
        raise _Wrong("holds a control character, or another one that cannot be seen")
    if not text.isascii() and not is_normalized("NFC", text):
        raise _Wrong("is not in Unicode normal form C")
    return text


def _bytes(content: bytes) -> object:
    return content or _ABSENT


def _integer(number: int) -> int:
    if not -INT_MAX <= number <= INT_MAX:
        raise _Wrong("is beyond 2^53, where other systems begin to round")
    return number


def _personal(data: Message) -> object:
    """Personal data is read where it is sealed; here its texts are only looked over."""
    for field, value in data.ListFields():
        items = value if field.is_repeated else (value,)
        if len(items) > ITEMS_MAX:
            raise _Wrong(f"has more than {ITEMS_MAX} items", field.name)
        for item in items:
            _check_personal(field.name, item)
    return _ABSENT


def _check_personal(name: str, item: object) -> None:
    match item:
        case str() if len(item) > PERSONAL_CHARACTERS_MAX:
            raise _Wrong(f"is longer than {PERSONAL_CHARACTERS_MAX} characters", name)
        case str() if any(character < " " or character == "\x7f" for character in item.translate(_LAYOUT)):
            raise _Wrong("holds a control character", name)
        case Message():
            try:
                _personal(item)
            except _Wrong as wrong:
                raise wrong.inside(name) from None


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
