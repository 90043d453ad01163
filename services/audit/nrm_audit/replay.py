"""Replay: views made again from verified entries, and compared row by row with what is shown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from pathlib import Path

from nrm_audit.compare import TableReport, compare
from nrm_audit.copies import Damaged
from nrm_audit.holders import Holders
from nrm_audit.rebuild import Contradiction, Rebuilt
from nrm_audit.replay_report import ReplayReport
from nrm_audit.report import Verdict, VerifyReport
from nrm_audit.shown import NothingShown, Shown, Shows
from nrm_audit.stored import BeyondEnd, NoSuchLog, entries, fullest, no_such_log
from nrm_audit.verify import held, verify_opened
from nrm_contracts.catalogue import UnknownEvent
from nrm_kernel.entry import Entry
from nrm_kernel.errors import NrmError
from nrm_kernel.ledger.trust import Trusted
from nrm_kernel.log_topics import Cluster


class TooFew(Exception):
    """More entries are shown than the copies at hand have, none of which need have them yet."""


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
    paths: Sequence[Path],
    trust: Trusted,
    files: Sequence[Shows],
    until: Until | None = None,
    kafka: Cluster | None = None,
) -> ReplayReport:
    """Verify the copies at `paths` and on Kafka, make the views again from them, and compare with the rows shown.

    Without `until` as far as each set of views had come; with it, tables of facts are compared up to there, and tables
    that keep a changing state only where they stand there now. Raises NoHolder, BeyondEnd,
    NoSuchLog, and Unavailable when Kafka is away.
    """
    shown = [_shown(file) for file in files]  # first: what is shown follows from what is signed later
    with held(paths, kafka) as holders:
        verified = verify_opened(holders, trust)
        if verified.verdict is Verdict.NOT_VERIFIED:
            return ReplayReport(verified)
        _check_place(until or Until(), verified)
        reports: list[TableReport] = []
        for file, found in zip(files, shown, strict=True):
            reports += _replay_file(file, found, holders, verified, until or Until())
        return ReplayReport(verified, reports)


def _check_place(until: Until, verified: VerifyReport) -> None:
    """Raises BeyondEnd for a position that no log here has come to, NoSuchLog for a log that is not here."""
    sizes: dict[str, int] = {}
    for copy in verified.copies:
        sizes[copy.origin] = max(copy.entries, sizes.get(copy.origin, 0))
    if until.origin:
        if until.origin not in sizes:
            raise no_such_log(until.origin, sizes)
        sizes = {until.origin: sizes[until.origin]}
    which = max(sizes, key=lambda origin: sizes[origin], default="no log")
    if until.position is not None and until.position >= sizes.get(which, 0):
        raise BeyondEnd(which, sizes.get(which, 0), until.position)


def _shown(file: Shows) -> Shown | TableReport:
    try:
        return file.read()
    except NothingShown as lack:
        return TableReport(file.name, "", unclear=str(lack))
    except Damaged as fault:
        return TableReport(file.name, "", fault=str(fault))


def _replay_file(
    file: Shows, shown: Shown | TableReport, holders: Holders, verified: VerifyReport, until: Until
) -> list[TableReport]:
    if isinstance(shown, TableReport):
        return [shown]
    rebuilt = Rebuilt()
    try:
        for origin, size in shown.sizes.items():
            rebuilt.apply(file.views, origin, takewhile(until.includes, _entries(holders, origin, size)))
    except (Damaged, NoSuchLog, UnknownEvent, Contradiction) as fault:
        return [TableReport(file.name, "", fault=f"the rows cannot be made again: {fault}")]
    except TooFew as lack:
        return [TableReport(file.name, "", unclear=str(lack))]
    unsigned = [origin for origin, size in shown.sizes.items() if size > verified.signed_size(origin)]
    reports = [compare(file.name, table, shown, rebuilt) for table in file.tables]
    if unsigned:
        text = f"entries are shown that no checkpoint given here covers: {', '.join(unsigned)}"
        reports.append(TableReport(file.name, "", unclear=text))
    return reports


def _entries(holders: Holders, origin: str, size: int) -> Iterator[Entry]:
    """The first `size` entries of a log. Raises Damaged when its own store has fewer, TooFew when other copies have."""
    if size == 0:
        return
    copy, position = fullest(holders, origin), -1
    for position, body, leaf in takewhile(lambda entry: entry[0] < size, entries(copy)):
        yield Entry(origin, position, body, leaf)
    if position + 1 < size:
        text = f"{origin}: {size} entries are shown, {copy.holder} has {position + 1}"
        raise Damaged(text) if copy.of_record else TooFew(f"{text}: give a fuller copy, or ask again soon")
