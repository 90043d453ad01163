"""Changes of rows, folded before they are written, leave what they would leave one after another."""

from collections.abc import Iterator, Sequence

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, select

from nrm_kernel.adapters import row_changes
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
