"""Answers as plain values for programs: every field is there, whole numbers are numbers."""

from google.protobuf.message import Message

Plain = str | int | bool | list["Plain"] | dict[str, "Plain"] | None


def plain(message: Message) -> dict[str, Plain]:
    """Every field by its name; a message that was not set is null."""
    return {field.name: _value(message, field.name) for field in message.DESCRIPTOR.fields}


def _value(message: Message, name: str) -> Plain:
    field, value = message.DESCRIPTOR.fields_by_name[name], getattr(message, name)
    if field.is_repeated:
        return [plain(item) if isinstance(item, Message) else item for item in value]
    if field.message_type is None:
        scalar: Plain = value
        return scalar
    return plain(value) if message.HasField(name) else None
