"""The tables of an agency store, the same on SQLite and PostgreSQL.

A change here goes with a migration in ``migrations/store``. ``info`` says what the role that runs a service may do with
a table on PostgreSQL, where another role owns it.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    event,
)

_ADDED: Final = {"role": "SELECT, INSERT"}
_MOVED: Final = {"role": "SELECT, INSERT, UPDATE"}
metadata = MetaData(info={"kind": "store"})

origin_id = Table("origin_id", metadata, Column("origin", String, primary_key=True), info=_ADDED)
"""Whose log this is: one row, written when the store is made."""

entry = Table(
    "entry",
    metadata,
    Column("position", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("stream", String, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    UniqueConstraint("stream", "seq"),
    info=_ADDED,
)

head = Table(
    "head",
    metadata,
    Column("one", Integer, primary_key=True),
    Column("frontier", LargeBinary, nullable=False),
    info=_MOVED,
)
"""The one row that every write locks first: the Merkle frontier, whose size is the next position."""

request = Table(
    "request",
    metadata,
    Column("request_id", String, primary_key=True),
    Column("request_hash", LargeBinary, nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("recorded_at", String, nullable=False),
    sqlite_with_rowid=False,
    info=_ADDED,
)

cursor = Table(
    "cursor",
    metadata,
    Column("name", String, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
    info=_MOVED,
)

handover = Table(
    "handover",
    metadata,
    Column("handover_id", String, primary_key=True),
    Column("person_ref", String, nullable=False),
    Column("other", String, primary_key=True),
    info=_MOVED,
)

checkpoint = Table(
    "checkpoint",
    metadata,
    Column("size", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("note", String, nullable=False),
    info=_ADDED,
)


KEPT_AS_IT_IS: Final[Mapping[str, Sequence[str]]] = {
    "sqlite": [
        f"CREATE TRIGGER entry_no_{verb.lower()} BEFORE {verb} ON entry "
        "BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END"
        for verb in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        """CREATE FUNCTION entry_kept_as_it_is() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN
        RAISE EXCEPTION 'entries are never changed' USING ERRCODE = 'integrity_constraint_violation'; END$$""",
        """CREATE TRIGGER entry_kept_as_it_is BEFORE UPDATE OR DELETE OR TRUNCATE ON entry
        FOR EACH STATEMENT EXECUTE FUNCTION entry_kept_as_it_is()""",
    ],
}
"""What refuses a change of an entry to whoever asks, the owner of the table too."""


@event.listens_for(entry, "after_create")
def _keep_as_it_is(_target: Table, connection: Connection, **_: object) -> None:
    for statement in KEPT_AS_IT_IS[connection.dialect.name]:
        connection.exec_driver_sql(statement)
