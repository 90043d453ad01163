"""Rows written to PostgreSQL: however many, a statement takes them as one array for each column."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import String, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeEngine

from nrm_kernel.adapters.postgres_access import Transaction
from nrm_kernel.adapters.row_changes import Columns, steps
from nrm_kernel.views import Change

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


def removed(table: Table) -> str:
    """Delete the rows with these keys."""
    key = tuple(table.primary_key.columns.keys())
    return f"DELETE FROM {table.name} WHERE ({named(key)}) IN ({given(table, key)})"


async def apply(transaction: Transaction, changes: Iterable[Change]) -> None:
    """Make the changes, as if one after another."""
    for step in steps(changes):
        statement = _statement(step.verb, step.table, step.columns)
        await transaction.rows(statement, *columns_of(step.rows, len(step.columns)))


@cache
def _statement(verb: str, table: Table, columns: Columns) -> str:
    match verb:
        case "add":
            return added(table, columns)
        case "put":
            return put(table, columns)
    return removed(table)
