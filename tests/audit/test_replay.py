"""Views made again from entries alone equal what the kernel shows, and a planted wrong row is named."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import BigInteger, Boolean, Column, MetaData, String, Table

from nrm_audit.commands import Failure, run_log, run_replay
from nrm_audit.replay import Until, UntilInvalid, replay
from nrm_audit.replay_report import ReplayReport
from nrm_audit.shown import ViewFile
from nrm_audit.verify import verify
from nrm_kernel.adapters.log_sqlite import SqliteLog
from nrm_kernel.adapters.store_sql import SqlStore
from nrm_kernel.adapters.views_sql import SqlViews
from nrm_kernel.appender import Appender
from nrm_kernel.clock import SystemClock
from nrm_kernel.entry import Entry
from nrm_kernel.ledger.note import SigningKey
from nrm_kernel.ledger.trust import Trust, TrustedKey, TrustedOrigin
from nrm_kernel.projecting import OwnSource, Projecting
from nrm_kernel.relay import Relay
from nrm_kernel.testing import toy
from nrm_kernel.views import Add, Cells, Change, Put, Remove, View

KEY = SigningKey(toy.ORIGIN, b"\x07" * 32)
TRUST = Trust("toy", (TrustedOrigin(toy.ORIGIN, (TrustedKey(KEY.verifier()),)),))
metadata = MetaData()
raised = Table(
    "raised",
    metadata,
    Column("origin", String, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("amount", BigInteger, nullable=False),
    Column("large", Boolean, nullable=False),
)
last = Table(
    "last", metadata, Column("stream", String, primary_key=True), Column("amount", BigInteger), Column("told", String)
)
small = Table("small", metadata, Column("stream", String, primary_key=True))


def rows_of(entry: Entry) -> Iterable[Change]:
    """A fact for each raise, the newest per counter, and which counters were last raised by little."""
    match entry.event:
        case toy.Raised(by=by):
            row: Cells = {"origin": entry.origin, "position": entry.position, "amount": by, "large": by > 5}
            yield Add(raised, row)
            yield Put(last, {"stream": entry.stream, "amount": by})
            if by < 3:
                yield Put(small, {"stream": entry.stream})
            else:
                yield Remove(small, {"stream": entry.stream})


VIEW = View("counting", 1, metadata, rows_of)


@dataclass
class Place:
    """One agency's files: store, shared log, views."""

    folder: Path

    @property
    def shown(self) -> Path:
        return self.folder / "views" / "0001.sqlite"

    def replay(self, until: str = "") -> ReplayReport:
        file = ViewFile("toy", self.folder / "views", [VIEW], [toy.ORIGIN])
        return replay([self.folder], TRUST, [file], Until.parse(until) if until else None)

    def change(self, statement: str) -> None:
        with sqlite3.connect(self.shown) as connection:
            connection.execute(statement)
        connection.close()


@asynccontextmanager
async def _appending(appender: Appender) -> AsyncIterator[None]:
    task = asyncio.create_task(appender.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _filled(folder: Path, raises: int) -> None:
    store = await SqlStore.open_sqlite(folder / "store.sqlite", toy.ORIGIN)
    log, clock = SqliteLog(folder / "log.sqlite"), SystemClock()
    views = await SqlViews.open(folder / "views", [VIEW])
    appender = Appender(store, clock)
    async with _appending(appender):
        for number in range(raises):
            await appender.submit(toy.order(toy.Raise(1 + number % 9), key=f"number-{number % 4}"))
    relay = Relay(store, log, KEY, folder / "checkpoint.txt", clock)
    await relay.start()
    while await relay.relay():
        pass
    projecting = Projecting(OwnSource(store, await views.frontier(toy.ORIGIN)), [VIEW], views)
    while await projecting.step():
        pass
    for part in (views, store, log):
        await part.close()


@pytest.fixture
async def place(tmp_path: Path) -> Place:
    """An agency that raised its counters thirty times, relayed, signed and shown by the kernel itself."""
    await _filled(tmp_path, 30)
    return Place(tmp_path)


def test_what_the_kernel_stored_relayed_and_signed_is_verified(place: Place) -> None:
    report = verify([place.folder], TRUST)
    assert report.exit_code == 0, report.text()
    assert [(copy.entries, copy.signed_size) for copy in report.copies] == [(30, 30), (30, 30)]


def test_what_is_shown_follows_from_the_entries(place: Place) -> None:
    report = place.replay()
    assert (report.exit_code, report.rows) == (0, 30 + 4 + 2), report.text()
    assert report.text().splitlines()[-1] == "SAME: 36 rows made again from the entries."


async def test_views_that_are_being_made_again_are_not_yet_what_is_shown(place: Place) -> None:
    views = await SqlViews.open(place.folder / "views", [VIEW])
    begun = await views.beside()
    report = place.replay()
    assert (report.exit_code, report.rows) == (0, 30 + 4 + 2), report.text()
    await begun.close()
    await views.close()


@pytest.mark.parametrize(
    ("statement", "first"),
    [
        ("UPDATE raised SET amount=700 WHERE position=7", "position 7: amount is shown as 700, the entries give 8"),
        ("DELETE FROM raised WHERE position=7", "position 7: this row is not shown"),
        (f"INSERT INTO raised VALUES ('{toy.ORIGIN}', 99, 1, 0)", "position 99: this row follows from no entry"),
        ("UPDATE raised SET large=NOT large WHERE position=0", "large is shown as 1, the entries give False"),
        ("UPDATE last SET told='x' WHERE stream='counter-number-0'", "told is shown as 'x', the entries give None"),
        ("DELETE FROM small", "this row is not shown"),
    ],
)
def test_a_planted_wrong_row_is_named(place: Place, statement: str, first: str) -> None:
    place.change(statement)
    report = place.replay()
    assert report.exit_code == 1
    assert first in report.text()


def test_only_the_first_of_many_wrong_rows_is_described_and_all_are_counted(place: Place) -> None:
    place.change("UPDATE raised SET amount=-1 WHERE position >= 11")
    report = place.replay()
    assert "19 of 30 rows differ; the first: origin toy/counting/here, position 11: amount" in report.text()


@pytest.mark.parametrize(("until", "rows"), [("9", 10), (f"{toy.ORIGIN}@9", 10), ("2025-12-31", 0)])
def test_history_up_to_a_place_compares_facts_and_leaves_what_only_the_present_shows(
    place: Place, until: str, rows: int
) -> None:
    report = place.replay(until)
    facts = next(table for table in report.tables if table.table == "raised")
    assert (facts.rows, facts.differing, report.exit_code) == (rows, 0, 2)
    assert report.text().endswith(f"; 2 of {len(report.tables)} tables could not be compared.\n")
    place.change("UPDATE raised SET amount=700 WHERE position=20")
    assert place.replay(until).exit_code == 2  # that row is later than this place
    place.change("UPDATE raised SET amount=700 WHERE position=9")
    assert place.replay(until).exit_code == (1 if rows else 2)


def test_a_day_that_lies_ahead_is_the_whole_history(place: Place) -> None:
    assert place.replay("2100-01-01").exit_code == place.replay("29").exit_code == 0


def test_entries_that_are_not_verified_are_not_replayed(place: Place) -> None:
    with sqlite3.connect(place.folder / "log.sqlite") as connection:
        connection.execute("UPDATE log_entry SET body=x'7b7d' WHERE position=4")
    connection.close()
    report = place.replay()
    assert (report.exit_code, report.tables) == (1, ())
    assert "LEAF        position 4" in report.text()


async def test_rows_shown_of_entries_that_nothing_signed_cannot_be_told(tmp_path: Path) -> None:
    await _filled(tmp_path, 5)
    for name in ("log.sqlite", "checkpoint.txt"):
        (tmp_path / name).unlink()
    with sqlite3.connect(tmp_path / "store.sqlite") as connection:
        connection.execute("DELETE FROM checkpoint")
    connection.close()
    report = Place(tmp_path).replay()
    assert (report.exit_code, "no checkpoint given here covers" in report.text()) == (2, True)


def test_views_that_are_not_there_cannot_be_compared_and_damaged_ones_are_a_fault(place: Place) -> None:
    stored = place.shown.read_bytes()
    place.shown.write_bytes(b"x" + stored[1:])
    assert place.replay().exit_code == 1
    place.shown.unlink()
    assert "there are no views here" in place.replay().text()
    assert place.replay().exit_code == 2


def test_a_folder_that_is_not_there_is_named_with_what_to_do(place: Place) -> None:
    code, failure = run_replay([place.folder], place.folder / "no-trust.toml", [])
    assert (code, isinstance(failure, Failure) and failure.reason) == (3, "FILE_UNREADABLE")
    assert failure.text().startswith(f"{place.folder / 'no-trust.toml'} cannot be read: No such file or directory. ")


def test_the_command_refuses_a_place_that_is_none(place: Place) -> None:
    with pytest.raises(UntilInvalid, match="Give a date"):
        Until.parse("last summer")
    trust = place.folder / "trust.toml"
    trust.write_text(TRUST.render(), "utf-8")
    file = ViewFile("toy", place.shown, [VIEW], [toy.ORIGIN])
    assert run_replay([place.folder], trust, [file], "last summer")[0] == 3
    assert run_replay([place.folder], trust, [file])[0] == 0


@pytest.mark.parametrize(
    ("until", "reason", "told"),
    [
        ("30", "POSITION_BEYOND_END", f"{toy.ORIGIN} has 30 entries, at positions 0 to 29"),
        (f"{toy.ORIGIN}@1000", "POSITION_BEYOND_END", "There is nothing at position 1000"),
        ("toy/counting/her@3", "LOG_UNKNOWN", f'Did you mean "{toy.ORIGIN}"?'),
    ],
)
def test_a_position_that_no_log_has_come_to_is_told(place: Place, until: str, reason: str, told: str) -> None:
    trust = place.folder / "trust.toml"
    trust.write_text(TRUST.render(), "utf-8")
    file = ViewFile("toy", place.folder / "views", [VIEW], [toy.ORIGIN])
    code, failure = run_replay([place.folder], trust, [file], until)
    assert isinstance(failure, Failure)
    assert (failure.reason, told in failure.message) == (reason, True)
    assert code == (1 if reason == "POSITION_BEYOND_END" else 3)


def test_reading_from_beyond_the_end_says_where_it_is(place: Place) -> None:
    lines: list[bytes] = []
    for first in (30, 1_000):
        failure = run_log([place.folder], toy.ORIGIN, lines.append, first)
        assert failure is not None
        assert (failure.reason, failure.exit_code, lines) == ("POSITION_BEYOND_END", 1, [])
        assert "30 entries, at positions 0 to 29" in failure.message
    assert run_log([place.folder], toy.ORIGIN, lines.append, 29) is None
    assert len(lines) == 1
