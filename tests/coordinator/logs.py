"""Logs of several agencies, written entry by entry, and a coordinator that reads them. Everybody here is invented."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from itertools import count
from typing import Any

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from sqlalchemy import Connection, Row, Select, create_engine, insert
from sqlalchemy.pool import NullPool
from tests.coordinator.events import OFFICER

from nrm_contracts.catalogue import type_of
from nrm_contracts.coordinator.v1 import coordinator_pb2 as pb
from nrm_coordinator import tables
from nrm_coordinator.facts import apply
from nrm_coordinator.rpc import Answers
from nrm_kernel.entry import Entry, canonical
from nrm_kernel.hearing import Heard
from nrm_kernel.identity import Caller
from nrm_kernel.service import Read
from nrm_kernel.testing.entries import event_data
from nrm_kernel.views import Add, Completeness

POLICE = "test/identification/police-north"
BORDER = "test/identification/border-guard"
AUTHORITY = "test/identification/competent-authority"
NGO = "test/assistance/ngo-dawn"
OTHER_NGO = "test/assistance/ngo-harbour"
CROWN = "test/prosecution/crown"
FUND = "test/funding/fund"
COORDINATOR = "test/coordinator/national"
AGENCIES = (POLICE, BORDER, AUTHORITY, NGO, OTHER_NGO, CROWN, FUND)
ENGINE = create_engine("sqlite://", poolclass=NullPool)
"""Each connection has a database of its own; what statements compile to is kept for all."""
ANALYST = Caller(COORDINATOR, "analyst-1", frozenset({"coordinator_analyst"}), "statistics")


def ref(number: int) -> str:
    """An invented reference."""
    return f"{number:032x}"


@dataclass(repr=False)
class Logs:
    """What agencies recorded, each in its own log."""

    of: dict[str, list[Entry]] = field(default_factory=dict)
    ids: "count[int]" = field(default_factory=lambda: count(10**9))
    versions: Counter[tuple[str, str]] = field(default_factory=Counter)

    def record(
        self, origin: str, on: str, *events: object, recorded_on: str = "", to: str = "", stream: str = ""
    ) -> Entry:
        """Write events that happened on that day, each an entry; gives the last. ``to`` makes a notice of them."""
        log = self.of.setdefault(origin, [])
        for event in events:
            number = next(self.ids)
            moment = f"{recorded_on or on}T12:00:00.{number % 1_000_000:06}Z"
            name = stream or _stream(event)
            envelope = _envelope(origin, len(log), number, event) | {
                "stream": name,
                "seq": self.versions[origin, name],
                "occurred_at": on if to else f"{on}T12:00:00.000000Z",
                "recorded_at": (recorded_on or on) if to else moment,
            }
            self.versions[origin, name] += 1
            own = {"to": to} if to else {"actor": OFFICER}
            log.append(Entry.of(origin, len(log), canonical({**envelope, **own})))
        return log[-1]

    def __repr__(self) -> str:
        told = (f"{e.origin} {e.position} {e.recorded_at[:10]} {e.occurred_at[:10]} {e.event}" for e in self.entries())
        return "\n".join(("Logs:", *told))

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:  # noqa: ANN401 - hypothesis asks for it
        printer.text(repr(self))

    def entries(self) -> Iterable[Entry]:
        """All of them, one log after the other."""
        return (entry for log in self.of.values() for entry in log)


def _envelope(origin: str, position: int, number: int, event: object) -> dict[str, Any]:
    kind = type_of(type(event))
    return {
        "v": 1,
        "origin": origin,
        "position": position,
        "id": ref(number),
        "salt": ref(number),
        "type": kind.name,
        "schema": kind.version,
        "agency": origin,
        "data": event_data(event),
    }


def _stream(event: object) -> str:
    for name, category in (("person_ref", "person"), ("criminal_case_id", "case"), ("contract_ref", "contract")):
        if hasattr(event, name):
            return f"{category}-{getattr(event, name)}"
    return "other-1"


def raw(connection: Connection) -> sqlite3.Connection:
    """The driver's connection."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


@cache
def _empty() -> Connection:
    """The tables without a row: to copy them costs a tenth of making them."""
    connection = ENGINE.connect()
    tables.metadata.create_all(connection)
    connection.commit()
    return connection


class Tables:
    """The coordinator's tables in memory, of its own for each of these."""

    def __init__(self) -> None:
        self.connection: Connection = ENGINE.connect()
        raw(_empty()).backup(raw(self.connection))
        self.sizes: dict[str, int] = {}
        self.recorded_at: dict[str, str] = {}

    def close(self) -> None:
        self.connection.close()

    def apply(self, entries: Iterable[Entry]) -> None:
        """Add what these entries give, in one go."""
        changes: dict[str, list[Add]] = {}
        for entry in entries:
            for add in apply(entry):
                changes.setdefault(add.table.name, []).append(add)
            self.sizes[entry.origin] = entry.position + 1
            self.recorded_at[entry.origin] = entry.recorded_at
        for adds in changes.values():
            self.connection.execute(insert(adds[0].table), [dict(add.row) for add in adds])

    def content(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table, in the order of its key."""
        return {
            name: [tuple(row) for row in self.connection.execute(table.select().order_by(*table.primary_key))]
            for name, table in tables.metadata.tables.items()
        }

    async def rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        return self.connection.execute(query).all()

    async def completeness(self) -> Completeness:
        return Completeness(dict(self.sizes), dict(self.recorded_at))


@dataclass
class FixedClock:
    """Noon of a day."""

    today: str = "2026-06-30"

    def now(self) -> datetime:
        return datetime.fromisoformat(f"{self.today}T12:00:00").replace(tzinfo=UTC)

    async def sleep(self, seconds: float) -> None:
        raise AssertionError("nothing here is waited for")


def heard() -> Mapping[str, Heard]:
    """Every agency of the stories is listened to."""
    return {origin: Heard() for origin in AGENCIES}


@dataclass
class Office:
    """A coordinator's office over tables, and the looks that it recorded."""

    tables: Tables
    looks: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def over(cls, logs: Logs) -> "Office":
        """One that has read these logs."""
        tables = Tables()
        tables.apply(logs.entries())
        return cls(tables)

    async def look(self, caller: Caller, subject: str, rule: str) -> None:
        self.looks.append((subject, rule))

    async def ask(self, request: Message) -> Any:  # noqa: ANN401 - each request has a response of its own
        """The answer to a request."""
        method = type(request).__name__.removesuffix("Request")
        rows = Answers(self.tables, self.look, FixedClock(), heard).door().methods
        answers = {row.name: row.answer for row in rows if isinstance(row, Read)}
        return await answers[method](request, ANALYST)

    async def pathway(self, person_ref: str, as_of: str = "") -> dict[str, Any]:
        """A pathway as plain values, without what every answer says of itself."""
        return plain(await self.ask(pb.GetPathwayRequest(person_ref=person_ref, as_of=as_of)))

    async def funnels(self, as_of: str = "", from_on: str = "", to_on: str = "") -> dict[str, dict[str, int]]:
        """The counts of the three funnels that are not zero."""
        answer = await self.ask(pb.GetFunnelsRequest(as_of=as_of, from_on=from_on, to_on=to_on))
        return {
            unit: {one.step: one.count for one in getattr(answer, unit) if one.count}
            for unit in ("persons", "cases", "defendants")
        }

    async def persons(self, **wanted: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - fields of the request
        """The persons of a list."""
        answer = await self.ask(pb.ListPathwaysRequest(page_size=200, **wanted))
        assert answer.total == len(answer.pathways)
        return list(plain(answer).get("pathways", []))

    async def overdue(self, **wanted: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - fields of the request
        """The deadlines that have passed."""
        answer = await self.ask(pb.ListOverdueRequest(page_size=200, **wanted))
        assert answer.total == len(answer.deadlines)
        return list(plain(answer).get("deadlines", []))


def plain(answer: Message) -> dict[str, Any]:
    """An answer as plain values, without its moment and completeness. Whole numbers stay text, as in proto3 JSON."""
    values = MessageToDict(answer, preserving_proto_field_name=True)
    return {name: value for name, value in values.items() if name not in ("as_of", "complete_to", "total")}
