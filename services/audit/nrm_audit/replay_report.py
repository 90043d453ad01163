"""The outcome of a replay: the same, different, or cannot tell; as text and as JSON."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import orjson

from nrm_audit.compare import TableReport
from nrm_audit.report import EXIT_CODES, MARKS, Verdict, VerifyReport

_WORDS = {Verdict.VERIFIED: "SAME", Verdict.NOT_VERIFIED: "DIFFERENT", Verdict.CANNOT_TELL: "CANNOT TELL"}


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """What came of the verification, and of each table. Entries that are not verified are not replayed."""

    verified: VerifyReport
    tables: Sequence[TableReport] = ()

    @property
    def rows(self) -> int:
        """How many rows were made again."""
        return sum(table.rows for table in self.tables)

    @property
    def verdict(self) -> Verdict:
        """The worst of all tables; entries that are only not signed yet do not count against the comparison."""
        if self.verified.verdict is Verdict.NOT_VERIFIED:
            return Verdict.NOT_VERIFIED
        return max((table.verdict for table in self.tables), key=_gravity, default=Verdict.CANNOT_TELL)

    @property
    def exit_code(self) -> int:
        """0 the same, 1 different or not verified, 2 cannot tell."""
        return EXIT_CODES[self.verdict]

    def text(self) -> str:
        """For people."""
        if self.verified.verdict is Verdict.NOT_VERIFIED:
            return self.verified.text() + "Nothing was replayed: not all that was given is what was recorded.\n"
        lines = [f" {MARKS[table.verdict]}  {_name(table)}  {_outcome(table)}" for table in self.tables]
        return "\n".join((*lines, self._last_line())) + "\n"

    def _last_line(self) -> str:
        made = f"{_WORDS[self.verdict]}: {self.rows:,} rows made again from the entries"
        apart = sum(bool(table.unclear) for table in self.tables)
        return f"{made}; {apart} of {len(self.tables)} tables could not be compared." if apart else f"{made}."

    def json(self) -> bytes:
        """For tools."""
        document = {
            "verdict": _WORDS[self.verdict],
            "exit_code": self.exit_code,
            "verification": self.verified.verdict,
            "rows": self.rows,
            "tables": [asdict(table) | {"verdict": _WORDS[table.verdict]} for table in self.tables],
        }
        return orjson.dumps(document, option=orjson.OPT_INDENT_2)


def _gravity(verdict: Verdict) -> int:
    return (Verdict.VERIFIED, Verdict.CANNOT_TELL, Verdict.NOT_VERIFIED).index(verdict)


def _name(table: TableReport) -> str:
    return f"{table.views}.{table.table}" if table.table else table.views


def _outcome(table: TableReport) -> str:
    if table.differing:
        return f"{table.differing:,} of {table.rows:,} rows differ; the first: {table.first}"
    return table.fault or table.unclear or f"{table.rows:,} rows equal"
