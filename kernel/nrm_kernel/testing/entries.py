"""Events in the form that their entries give them."""

from typing import TypeVar

import orjson

from nrm_contracts import catalogue
from nrm_kernel.entry import Json, canonical

T = TypeVar("T")


def event_data(event: object) -> dict[str, Json]:
    """An event as plain JSON values; absent optional fields are left out. A wrong event raises pydantic's error."""
    return catalogue.type_of(type(event)).write(event)


def stored(event: T) -> T:
    """The event; fails unless an entry gives it back as it was."""
    again = catalogue.type_of(type(event)).read(orjson.loads(canonical(event_data(event))))
    assert again == event, "it reads back as written"
    return event
