"""Rows written to PostgreSQL: however many, a statement takes them as one array for each column."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import String, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeEngine

from nrm_kernel.adapters.postgres_access import Transaction
from nrm_kernel.adapters.row_changes import Columns, Step, steps
from nrm_kernel.views import Change

FORMS_MAX: Final = 500
"""Statements that are kept as text; which tables change together depends on the entries."""
_DIALECT = postgresql.dialect()


def columns_of(rows: Sequence[Sequence[object]], width: int) -> Sequence[Sequence[object]]:
    """The same values by column."""
    return list(zip(*rows, strict=True)) if rows else [()] * width


def given(table: Table, columns: Columns, first: int = 1) -> str:
    """Rows of these columns as a statement reads them from its parameters, from that number on."""
    arrays = (f"${number}::{_type(table.c[name].type)}[]" for number, name in enumerate(columns, start=first))
    return f"SELECT * FROM unnest({', '.join(arrays)})"


def _type(declared: TypeEngine[Any]) -> str:
    """Texts are given without a length: a cast to one would cut them, where an insert refuses what is too long."""
    return "TEXT" if isinstance(declared, String) else declared.compile(_DIALECT)


def named(columns: Iterable[str]) -> str:
    """Columns as a statement lists them."""
    return ", ".join(f'"{name}"' for name in columns)


def added(table: Table, columns: Columns = (), first: int = 1) -> str:
    """Insert rows."""
    columns = columns or tuple(table.columns.keys())
    return f"INSERT INTO {table.name} ({named(columns)}) {given(table, columns, first)}"


def put(table: Table, columns: Columns = (), first: int = 1) -> str:
    """Insert rows, or set all of these columns but the key."""
    columns = columns or tuple(table.columns.keys())
    key = tuple(table.primary_key.columns.keys())
    changed = ", ".join(f'"{name}" = excluded."{name}"' for name in columns if name not in key)
    doing = f"UPDATE SET {changed}" if changed else "NOTHING"
    return f"{added(table, columns, first)} ON CONFLICT ({named(key)}) DO {doing}"


def removed(table: Table, first: int = 1) -> str:
    """Delete the rows with these keys."""
    key = tuple(table.primary_key.columns.keys())
    return f"DELETE FROM {table.name} WHERE ({named(key)}) IN ({given(table, key, first)})"


class Trip(NamedTuple):
    """What is asked of the server at once."""

    statement: str
    values: Sequence[object]


def at_once(*statements: str) -> str:
    """Statements on different tables as one: the server is asked once, which takes longer than a few rows do."""
    *before, last = statements
    named_ones = (f"s{number} AS ({statement})" for number, statement in enumerate(before))
    return f"WITH {', '.join(named_ones)} {last}" if before else last


async def apply(
    transaction: Transaction, changes: Iterable[Change], beside: Sequence[str] = (), *values: object
) -> None:
    """Make the changes, as if one after another, and run the statements ``beside``. See :func:`trips`."""
    for trip in trips(changes, beside, *values):
        await transaction.rows(trip.statement, *trip.values)


def trips(
    changes: Iterable[Change], beside: Sequence[str] = (), *values: object, last: Sequence[str] = ()
) -> Iterator[Trip]:
    """What the changes and the statements ``beside`` take; those that come ``last`` may name these as s0, s1, ….

    Each of a table's steps is another trip to the server; what is of different tables goes together.
    """
    for turn in _turns(changes, bool(beside)):
        forms = tuple([(step.verb, step.table, step.columns) for step in turn])
        rows = [column for step in turn for column in columns_of(step.rows, len(step.columns))]
        yield Trip(_statement(forms, tuple(beside), len(values), tuple(last)), [*values, *rows])
        beside, values, last = (), (), ()


def _turns(changes: Iterable[Change], at_least_one: bool) -> Sequence[Sequence[Step]]:
    """What can be done together: no table twice, and a table's steps in their order."""
    turns: list[list[Step]] = [[]] if at_least_one else []
    due: Counter[Table] = Counter()
    for step in steps(changes):
        if due[step.table] == len(turns):
            turns.append([])
        turns[due[step.table]].append(step)
        due[step.table] += 1
    return turns


@lru_cache(FORMS_MAX)
def _statement(
    forms: Sequence[tuple[str, Table, Columns]], beside: Sequence[str], values: int, last: Sequence[str]
) -> str:
    statements, first = list(beside), values + 1
    for verb, table, columns in forms:
        statements.append(_VERBS[verb](table, columns, first))
        first += len(columns)
    return at_once(*statements, *last)


_VERBS: Mapping[str, Callable[[Table, Columns, int], str]] = {
    "add": added,
    "put": put,
    "remove": lambda table, _key, first: removed(table, first),
}
