"""Replay: views made again from verified entries, and compared row by row with what is shown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from pathlib import Path

from nrm_audit.compare import TableReport, compare
from nrm_audit.copies import Damaged
from nrm_audit.holders import Holders, opened
from nrm_audit.rebuild import Contradiction, Rebuilt
from nrm_audit.replay_report import ReplayReport
from nrm_audit.report import Verdict, VerifyReport
from nrm_audit.shown import NothingShown, Shown, ViewFile, read_shown
from nrm_audit.stored import NoSuchLog, entries, fullest
from nrm_audit.verify import verify_opened
from nrm_contracts.catalogue import UnknownEvent
from nrm_kernel.entry import Entry
from nrm_kernel.errors import NrmError
from nrm_kernel.ledger.trust import Trusted


class UntilInvalid(NrmError):
    """A place in history that is neither a date nor a position."""


@dataclass(frozen=True, slots=True)
class Until:
    """How far to replay: up to and with a position of a log (of every log when none is named), or a day."""

    day: date | None = None
    position: int | None = None
    origin: str = ""

    @classmethod
    def parse(cls, text: str) -> "Until":
        """Read `2026-06-30`, `812` or `demo/assistance/ngo-dawn@812`. Raises UntilInvalid."""
        origin, _, place = text.rpartition("@")
        if place.isascii() and place.isdigit():
            return cls(position=int(place), origin=origin)
        try:
            return cls(day=date.fromisoformat(text))
        except ValueError:
            hint = "Give a date (2026-06-30), a position (812), or a log and a position (demo/assistance/ngo-dawn@812)."
            raise UntilInvalid("UNTIL_INVALID", f'"{text}" is no place in history. {hint}') from None

    def includes(self, entry: Entry) -> bool:
        """Whether this entry is still to be replayed."""
        if self.position is not None and self.origin in ("", entry.origin):
            return entry.position <= self.position
        return self.day is None or entry.recorded_at[:10] <= self.day.isoformat()


def replay(
    paths: Sequence[Path], trust: Trusted, files: Sequence[ViewFile], until: Until | None = None
) -> ReplayReport:
    """Verify the copies at `paths`, make the views again from them, and compare with the rows in the view files.

    Without `until` as far as each view file had come; with it, tables of facts are compared up to there, and tables
    that keep a changing state only where they stand there now. Raises NoHolder.
    """
    shown = [_shown(file) for file in files]  # first: what is shown follows from what is signed later
    with opened(paths) as holders:
        verified = verify_opened(holders, trust)
        if verified.verdict is Verdict.NOT_VERIFIED:
            return ReplayReport(verified)
        reports: list[TableReport] = []
        for file, found in zip(files, shown, strict=True):
            reports += _replay_file(file, found, holders, verified, until or Until())
        return ReplayReport(verified, reports)


def _shown(file: ViewFile) -> Shown | TableReport:
    try:
        return read_shown(file)
    except NothingShown as lack:
        return TableReport(file.name, "", unclear=str(lack))
    except Damaged as fault:
        return TableReport(file.name, "", fault=str(fault))


def _replay_file(
    file: ViewFile, shown: Shown | TableReport, holders: Holders, verified: VerifyReport, until: Until
) -> list[TableReport]:
    if isinstance(shown, TableReport):
        return [shown]
    rebuilt = Rebuilt()
    try:
        for origin, size in shown.sizes.items():
            rebuilt.apply(file.views, origin, takewhile(until.includes, _entries(holders, origin, size)))
    except (Damaged, NoSuchLog, UnknownEvent, Contradiction) as fault:
        return [TableReport(file.name, "", fault=f"the rows cannot be made again: {fault}")]
    unsigned = [origin for origin, size in shown.sizes.items() if size > verified.signed_size(origin)]
    reports = [compare(file.name, table, shown, rebuilt) for table in file.tables]
    if unsigned:
        text = f"entries are shown that no checkpoint given here covers: {', '.join(unsigned)}"
        reports.append(TableReport(file.name, "", unclear=text))
    return reports


def _entries(holders: Holders, origin: str, size: int) -> Iterator[Entry]:
    """The first `size` entries of a log. Raises Damaged when there are fewer."""
    if size == 0:
        return
    copy, position = fullest(holders, origin), -1
    for position, body, leaf in takewhile(lambda entry: entry[0] < size, entries(copy)):
        yield Entry(origin, position, body, leaf)
    if position + 1 < size:
        raise Damaged(f"{origin}: {size} entries are shown, {copy.holder} has {position + 1}")
