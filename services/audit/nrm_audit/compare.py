"""Compares a table as it is shown with the same table made again, and names the first row that differs."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Table

from nrm_audit.rebuild import Rebuilt
from nrm_audit.report import Verdict
from nrm_audit.shown import Key, Rows, Shown


@dataclass(frozen=True, slots=True)
class TableReport:
    """How one table came out. `first` describes the first row that differs; `fault` and `unclear` say why none could be
    compared: because something is wrong, or because it cannot be told."""

    views: str
    table: str
    rows: int = 0
    differing: int = 0
    first: str = ""
    fault: str = ""
    unclear: str = ""

    @property
    def verdict(self) -> Verdict:
        """Whether what is shown follows from the entries."""
        if self.differing or self.fault:
            return Verdict.NOT_VERIFIED
        return Verdict.CANNOT_TELL if self.unclear else Verdict.VERIFIED


def compare(views: str, table: Table, shown: Shown, rebuilt: Rebuilt) -> TableReport:
    """Compare one table, up to where it was made again."""
    mine, theirs = rebuilt.rows.get(table.name, {}), shown.rows[table.name]
    if any(rebuilt.sizes.get(origin, 0) != size for origin, size in shown.sizes.items()):
        if table.name in rebuilt.changing or not _is_of_facts(table):
            return TableReport(views, table.name, len(mine), unclear="it keeps only the present state: not compared")
        theirs = {key: row for key, row in theirs.items() if _within(row, rebuilt.sizes)}
    differing = [key for key in {**theirs, **mine} if theirs.get(key) != mine.get(key)]
    first = _described(table, min(differing, key=_order), theirs, mine) if differing else ""
    return TableReport(views, table.name, len(mine), len(differing), first)


def _is_of_facts(table: Table) -> bool:
    return {"origin", "position"} <= {column.name for column in table.primary_key}


def _within(row: Mapping[str, object], sizes: Mapping[str, int]) -> bool:
    origin, position = row["origin"], row["position"]
    return isinstance(position, int) and position < sizes.get(str(origin), 0)


def _order(key: Key) -> tuple[tuple[bool, int, str], ...]:
    """Numbers by size, all else as text: what is shown may hold anything."""
    return tuple((True, part, "") if isinstance(part, int) else (False, 0, str(part)) for part in key)


def _described(table: Table, key: Key, theirs: Rows, mine: Rows) -> str:
    names = [column.name for column in table.primary_key]
    row = ", ".join(f"{name} {part}" for name, part in zip(names, key, strict=True))
    if key not in mine:
        return f"{row}: this row follows from no entry"
    if key not in theirs:
        return f"{row}: this row is not shown"
    name = next(name for name, value in mine[key].items() if theirs[key][name] != value)
    return f"{row}: {name} is shown as {theirs[key][name]!r}, the entries give {mine[key][name]!r}"
