"""How facts are made of an entry: one small function for each topic, found by the entry's event."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, cast

from sqlalchemy import Table

from nrm_contracts.assistance import events as assistance
from nrm_contracts.catalogue import Audience, EventType, all_types
from nrm_contracts.funding import events as funding
from nrm_contracts.identification import events as identification
from nrm_contracts.prosecution import events as prosecution
from nrm_contracts.record import events as record
from nrm_kernel.entry import Entry
from nrm_kernel.views import Add, Cells

Data = Mapping[str, Any]
"""An event's fields as they are stored. They were checked when they were recorded, and their hash since."""

CATALOGUES = (assistance, funding, identification, prosecution, record)


class Given(NamedTuple):
    """What an entry gives: the event's data, the day on which it happened, and what every row says of its entry.

    ``version`` is that of its stream with it. What puts another entry right happened on the day that it says itself.
    """

    data: Data
    on: str
    stream: str
    entry_id: str
    recorded_at: str
    position: int
    version: int
    row: Cells

    @classmethod
    def by(cls, entry: Entry) -> "Given":
        """Read once for all topics."""
        envelope = cast(Data, entry.envelope)
        at, position = envelope["recorded_at"], entry.position
        row = {"origin": entry.origin, "position": position, "recorded_at": at}
        data = envelope["data"]
        on = data.get("happened_on") or envelope["occurred_at"][:10]
        return cls(data, on, envelope["stream"], envelope["id"], at, position, envelope["seq"] + 1, row)

    def adds(self, table: Table, cells: Cells) -> Add:
        """A row that the entry gives to a table."""
        return Add(table, {**self.row, **cells})


Build = Callable[[Given], Iterable[Add]]
Builds = Mapping[type[object], Build]
"""What each event class gives to one topic."""


def facts_of_agencies() -> Iterator[EventType]:
    """Every event that agencies record for themselves. Notices tell what stands in their senders' own facts."""
    modules = {module.__name__.rpartition(".")[0] for module in CATALOGUES}
    for kind in all_types():
        if kind.audience is not Audience.NOTICE and kind.form.__module__.rpartition(".")[0] in modules:
            yield kind
