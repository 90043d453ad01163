"""How facts are made of an entry: one small function for each topic, found by the entry's event class."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

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

Build = Callable[[Entry, Data], Iterable[Add]]
Builds = Mapping[type[object], Build]
"""What each event class gives to one topic."""

CATALOGUES = (assistance, funding, identification, prosecution, record)


def facts_of_agencies() -> Iterator[EventType]:
    """Every event that agencies record for themselves. Notices tell what stands in their senders' own facts."""
    modules = {module.__name__.rpartition(".")[0] for module in CATALOGUES}
    for kind in all_types():
        if kind.audience is not Audience.NOTICE and kind.form.__module__.rpartition(".")[0] in modules:
            yield kind


def fact(table: Table, entry: Entry, cells: Cells) -> Add:
    """A row that this entry gives to a table."""
    row = {"origin": entry.origin, "position": entry.position, "recorded_at": entry.recorded_at, **cells}
    return Add(table, row)


def day_of(entry: Entry) -> str:
    """The day on which it happened in the world."""
    return entry.occurred_at[:10]
