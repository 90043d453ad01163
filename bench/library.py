"""The peer of the rows on recording and rebuilding: the `eventsourcing` library on SQLite, used as its manual says.

It keeps aggregates and events and no more: no requests, callers, personal data, hashes or signatures.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from uuid import UUID, uuid4

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, DomainEventProtocol, event
from eventsourcing.sqlite import SQLiteApplicationRecorder

from nrm_kernel.entry import Entry
from nrm_kernel.ids import new_ref

NAME = "eventsourcing library, SQLite in WAL mode, synchronous=FULL"
FULL = 2
READ = 1_000


class NotDurable(RuntimeError):
    """The library's connections do not wait for the disk as ours do: the two could not be compared."""


class Found(Aggregate):
    """A person who was found, with the fields of the two events that ours records."""

    @event("PersonDetected")
    def __init__(self, person_ref: str, told: Mapping[str, str | bool | list[str]]) -> None:
        self.person_ref = person_ref
        self.due_on = ""

    @event("DeadlineSet")
    def set_deadline(self, about: str, due_on: str, told: Mapping[str, str]) -> None:
        """Something is due."""
        self.due_on = due_on


@dataclass(frozen=True)
class Happened(Aggregate.Event):
    """Any event of ours as the library keeps one."""

    kind: str
    data: Mapping[str, object]


def found() -> Found:
    """Somebody was found."""
    person = new_ref()
    somebody = Found(
        person,
        {
            "detection_channel": "raid",
            "region": "GB-LND",
            "age_band": "24-26",
            "sex": "female",
            "minor_claimed": False,
            "language": "und",
            "immediate_needs": ["shelter", "medical"],
            "detected_on": "2026-01-01",
        },
    )
    somebody.set_deadline(
        person,
        "2026-01-15",
        {
            "kind": "screening",
            "anchor": "PersonDetected",
            "anchor_on": "2026-01-01",
            "rule_id": "gb-1/deadlines.screening",
            "owner": "demo/identification/police",
        },
    )
    return somebody


class Library:
    """The library's application over one file. Raises NotDurable."""

    def __init__(self, path: Path) -> None:
        self._application = Application[UUID](
            env={"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(path)}
        )
        recorder = self._application.recorder
        assert isinstance(recorder, SQLiteApplicationRecorder)
        self._recorder = recorder
        self._check()

    def find(self) -> None:
        """Record that somebody was found."""
        self._application.save(found())

    def keep(self, entries: Iterable[Entry]) -> None:
        """Record the events of these entries, each stream as an aggregate of its own."""
        of_streams: dict[tuple[str, str], list[Happened]] = {}
        for entry in entries:
            before = of_streams.setdefault((entry.origin, entry.stream), [])
            subject = before[0].originator_id if before else uuid4()
            data = cast(Mapping[str, object], entry.envelope["data"])
            before.append(Happened(subject, len(before) + 1, Happened.create_timestamp(), entry.type, data))
        for happened in of_streams.values():
            self._application.events.put(happened)

    def decoded(self) -> Iterator[list[DomainEventProtocol[UUID]]]:
        """Every event read and decoded, in order, a thousand at a time."""
        start = 1
        while stored := self._recorder.select_notifications(start, READ):
            yield [self._application.mapper.to_domain_event(one) for one in stored]
            start = stored[-1].id + 1

    def close(self) -> None:
        """Let go of the file."""
        self._application.close()

    def _check(self) -> None:
        """What the library leaves to SQLite's defaults must be what ours asks for."""
        with self._recorder.datastore.get_connection(commit=True) as connection:
            settings = {}
            for name in ("journal_mode", "synchronous"):
                cursor = connection.cursor()
                cursor.execute(f"PRAGMA {name}")
                settings[name] = cursor.fetchone()[0]
        if settings != {"journal_mode": "wal", "synchronous": FULL}:
            raise NotDurable(f"the library's connections are set to {settings}")
