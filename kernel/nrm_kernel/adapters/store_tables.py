"""The tables of an agency store, the same on SQLite and PostgreSQL."""

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

metadata = MetaData()

origin_id = Table("origin_id", metadata, Column("origin", String, primary_key=True))
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
)

head = Table(
    "head", metadata, Column("one", Integer, primary_key=True), Column("frontier", LargeBinary, nullable=False)
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
)

cursor = Table(
    "cursor",
    metadata,
    Column("name", String, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
)

handover = Table(
    "handover",
    metadata,
    Column("handover_id", String, primary_key=True),
    Column("person_ref", String, nullable=False),
    Column("other", String, primary_key=True),
)

checkpoint = Table(
    "checkpoint",
    metadata,
    Column("size", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("note", String, nullable=False),
)


def _refuse_changes(target: Table, connection: Connection, **_: object) -> None:
    if connection.dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            connection.exec_driver_sql(
                f"CREATE TRIGGER {target.name}_no_{verb.lower()} BEFORE {verb} ON {target.name} "
                "BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END"
            )


event.listen(entry, "after_create", _refuse_changes)
