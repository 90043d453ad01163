"""Views: tables that follow from the log and can be thrown away and made again at any time."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import MetaData, Row, Select, Table

from nrm_kernel.entry import Entry

Cells = Mapping[str, str | int | bool | bytes | None]


@dataclass(frozen=True, slots=True)
class Add:
    """A row that one entry gives and no other changes: keyed by origin and position, so order of arrival is free."""

    table: Table
    row: Cells


@dataclass(frozen=True, slots=True)
class Put:
    """Sets these columns of the row with this key, which is made if it is not there. Order matters: one origin only."""

    table: Table
    row: Cells


@dataclass(frozen=True, slots=True)
class Remove:
    """Takes away the row with this key, if it is there."""

    table: Table
    key: Cells


Change = Add | Put | Remove


@dataclass(frozen=True)
class View:
    """One read model: its tables and what each entry changes in them. ``apply`` is pure and yields changes, runs none.

    ``version`` goes up when ``apply`` makes other rows of the same entries; the view is then rebuilt, as it is without
    that when its tables are other ones.
    """

    name: str
    version: int
    metadata: MetaData
    apply: Callable[[Entry], Iterable[Change]]


@dataclass(frozen=True, slots=True)
class Completeness:
    """Up to which size of each origin's log an answer is complete, and when the newest entry there was recorded."""

    sizes: Mapping[str, int]
    recorded_at: Mapping[str, str]


class ViewReader(Protocol):
    """Reads rows of views. Works while they are being filled or rebuilt."""

    async def rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        """The rows of a query, all from one snapshot."""
        ...

    async def completeness(self) -> Completeness:
        """How far each origin's log has been applied."""
        ...
