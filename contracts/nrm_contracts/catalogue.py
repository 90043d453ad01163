"""The form every event of the catalogue has: a frozen dataclass and, beside it, who may read it.

An event type is written once, in its service's ``events.py``, under the :func:`event` decorator. A change of meaning
is a new version with its own class; a version that was released is never edited.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from functools import cached_property
from types import NoneType
from typing import Any, TypeVar, cast, get_args, get_type_hints

from pydantic import TypeAdapter

T = TypeVar("T")


class Audience(StrEnum):
    """Who may read the body of an entry; everybody else gets its leaf hash."""

    OWN = "own"  # the agency itself, the coordinator, the auditors
    NOTICE = "notice"  # these and the one agency that the entry's `to` names
    ALL = "all"  # every agency


@dataclass(frozen=True)
class EventType:
    """One version of one event: ``name`` is ``<service>.<Event>``; ``sensitivity`` runs from 0 (public) to 3."""

    name: str
    version: int
    audience: Audience
    sensitivity: int
    form: type[Any]

    @cached_property
    def adapter(self) -> TypeAdapter[object]:
        """Reads and writes the event's data; built once, on first use."""
        return TypeAdapter(self.form)

    @cached_property
    def optional(self) -> Mapping[str, None]:
        """Fields that may be left out of the event's data: those that may be None."""
        hints = get_type_hints(self.form)
        return {field.name: None for field in fields(self.form) if NoneType in get_args(hints[field.name])}

    def read(self, data: Mapping[str, object]) -> object:
        """The event that these data hold. Raises pydantic's ValidationError when they do not hold one."""
        return self._validate({**self.optional, **data})

    def write(self, event: object) -> dict[str, Any]:
        """The event's data as plain JSON values, what is None left out. Raises ValidationError for a wrong event."""
        data, _ = self.written(event)
        return data

    def written(self, event: object) -> tuple[dict[str, Any], object]:
        """What :meth:`write` gives, and the event as :meth:`read` gives it to everybody else."""
        data = cast(dict[str, Any], self._dump(event, mode="json", exclude_none=True))
        return data, self.read(data)

    # Every event passes here at least twice; the adapter's own methods take longer than what they call.

    @cached_property
    def _validate(self) -> Callable[[object], object]:
        return self.adapter.validator.validate_python

    @cached_property
    def _dump(self) -> Callable[..., object]:
        return self.adapter.serializer.to_python


class UnknownEvent(LookupError):
    """The catalogue holds no such event type and version: a newer release wrote it."""

    def __init__(self, name: str, version: int) -> None:
        super().__init__(f"{name} version {version} is not in this catalogue")
        self.name, self.version = name, version


_BY_NAME: dict[tuple[str, int], EventType] = {}
_BY_FORM: dict[type[object], EventType] = {}


def event(*, version: int, audience: Audience, sensitivity: int) -> Callable[[type[T]], type[T]]:
    """Enter a frozen dataclass into the catalogue under the service of its module."""

    def enter(form: type[T]) -> type[T]:
        assert is_dataclass(form), form
        service = form.__module__.split(".")[-2]
        base_name = form.__name__.removesuffix(f"V{version}")
        kind = EventType(f"{service}.{base_name}", version, audience, sensitivity, form)
        assert (kind.name, version) not in _BY_NAME, f"{kind.name} version {version} is entered twice"
        _BY_NAME[kind.name, version] = kind
        _BY_FORM[form] = kind
        return form

    return enter


def type_of(form: type[object]) -> EventType:
    """The catalogue's entry for an event class. Raises KeyError for a class that is no event."""
    return _BY_FORM[form]


def find(name: str, version: int) -> EventType:
    """The event type of that name and version. Raises :class:`UnknownEvent`."""
    try:
        return _BY_NAME[name, version]
    except KeyError:
        raise UnknownEvent(name, version) from None


def all_types() -> Iterator[EventType]:
    """Every event type that has been imported, in order of name and version."""
    return iter(sorted(_BY_NAME.values(), key=lambda kind: (kind.name, kind.version)))
