"""What the script is made of: steps, each one request of an agency's own officers, in threads of one agency each.

A text that begins with ``@`` is a label. It stands for a reference that exists only once the history is written: what
a reply gave back, or what another agency's notice brought.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from google.protobuf.message import Message


@dataclass(frozen=True)
class Step:
    """One request, about something that happened on the day ``on``.

    ``gives`` names by label what the reply brings. The step waits until every label in it stands for something, and
    until the step that ``marks`` what it comes ``after`` was done. ``by`` is the calling agency where it is another.
    """

    on: date
    request: Message
    gives: Mapping[str, str] = field(default_factory=dict)
    officer: int = 1
    after: str = ""
    marks: str = ""
    by: str = ""

    @property
    def method(self) -> str:
        """The method that takes the request."""
        return str(self.request.DESCRIPTOR.name).removesuffix("Request")

    def marked(self, mark: str) -> "Step":
        """The same, and others may wait for it."""
        return replace(self, marks=mark)

    def waiting(self, mark: str) -> "Step":
        """The same, but not before that mark."""
        return replace(self, after=mark)


@dataclass(frozen=True)
class Thread:
    """Steps of one agency, one after another; each is recorded ``lag_days`` after it happened, or later."""

    agency: str
    steps: tuple[Step, ...]
    lag_days: int = 0


def thread(agency: str, steps: Iterable[Step], lag_days: int = 0) -> Thread:
    """A thread of these steps; one that would come before the step before it comes on that one's day."""
    return Thread(agency, tuple(_onwards(steps)), lag_days)


def _onwards(steps: Iterable[Step]) -> Iterator[Step]:
    day = date.min
    for step in steps:
        day = max(day, step.on)
        yield step if step.on == day else replace(step, on=day)
