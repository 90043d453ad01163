"""Changes of rows, folded before they are written, leave what they would leave one after another."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Boolean, Column, Integer, LargeBinary, MetaData, String, Table, create_engine, select
from tests.often import often

from nrm_kernel.adapters import row_changes
from nrm_kernel.adapters.row_changes import Cell
from nrm_kernel.views import Add, Change, Put, Remove

METADATA = MetaData()
DUE = Table(
    "due",
    METADATA,
    Column("kind", String, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("owner", String),
    Column("day", Integer),
)
FACT = Table("fact", METADATA, Column("position", Integer, primary_key=True), Column("code", String))
KINDS_OF_CELLS = Table(
    "kinds_of_cells",
    METADATA,
    Column("text", String, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("more", String),
    Column("flag", Boolean),
)
HASHED = Table("hashed", METADATA, Column("position", Integer, primary_key=True), Column("leaf", LargeBinary))
Rows = dict[tuple[object, ...], dict[str, object]]

keys = st.fixed_dictionaries({"number": st.integers(0, 2), "kind": st.sampled_from("ab")})
cells = st.fixed_dictionaries({}, optional={"day": st.none() | st.integers(0, 9), "owner": st.sampled_from("xyz")})
puts: st.SearchStrategy[Change] = st.builds(lambda key, more: Put(DUE, {**more, **key}), keys, cells)
removes: st.SearchStrategy[Change] = st.builds(lambda key: Remove(DUE, key), keys)
stretches = st.lists(st.lists(puts | removes, max_size=8), max_size=4)


@given(stretches)
def test_rows_stand_as_if_changed_one_after_another(stretches: Sequence[Sequence[Change]]) -> None:
    expected: Rows = {}
    for change in (change for stretch in stretches for change in stretch):
        _change(expected, change)
    assert {(row["kind"], row["number"]): row for row in _written(stretches, DUE)} == expected


def test_new_rows_stand_beside_changed_ones() -> None:
    changes: list[Change] = [
        Add(FACT, {"code": "x", "position": 1}),
        Put(DUE, {"kind": "a", "number": 1}),
        Add(FACT, {"position": 2}),
    ]
    assert list(_written([changes], FACT)) == [{"position": 1, "code": "x"}, {"position": 2, "code": None}]


texts = st.text(st.characters(exclude_categories=["Cs"]))
any_rows = st.lists(
    st.fixed_dictionaries(
        {
            "text": texts,
            "number": st.integers(-(2**53), 2**53),
            "more": st.none() | texts | st.sampled_from(["1", "1.0", "null", "[]", '{"a":1}', "a\0b"]),
            "flag": st.booleans(),
        }
    ),
    min_size=row_changes.MANY,
    max_size=2 * row_changes.MANY,
    unique_by=lambda row: (row["text"], row["number"]),
)


@given(any_rows)
@settings(max_examples=often(100))
def test_many_rows_at_once_stand_with_every_cell_as_it_was_given(rows: list[dict[str, Cell]]) -> None:
    new = [Add(KINDS_OF_CELLS, row) for row in rows]
    changed = [Put(KINDS_OF_CELLS, {**row, "flag": not row["flag"]}) for row in rows]
    assert _in_order(_written([new], KINDS_OF_CELLS)) == _in_order(rows)
    assert _in_order(_written([new, changed], KINDS_OF_CELLS)) == _in_order([change.row for change in changed])


def test_many_rows_with_bytes_stand_too() -> None:
    rows: list[dict[str, Cell]] = [{"position": at, "leaf": bytes([0, at])} for at in range(2 * row_changes.MANY)]
    assert list(_written([[Add(HASHED, row) for row in rows]], HASHED)) == rows


def _in_order(rows: Iterable[Mapping[str, object]]) -> list[Mapping[str, object]]:
    return sorted(rows, key=lambda row: (row["text"], row["number"]))


def _change(rows: Rows, change: Change) -> None:
    """The same by hand, one change at a time."""
    if isinstance(change, Remove):
        rows.pop((change.key["kind"], change.key["number"]), None)
    else:
        key = (change.row["kind"], change.row["number"])
        rows[key] = {"owner": None, "day": None} | rows.get(key, {}) | dict(change.row)


def _written(stretches: Sequence[Sequence[Change]], table: Table) -> Iterator[dict[str, object]]:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        METADATA.create_all(connection)
        for changes in stretches:
            row_changes.apply(connection, changes)
        for row in connection.execute(select(table)):
            yield dict(row._mapping)
    engine.dispose()
