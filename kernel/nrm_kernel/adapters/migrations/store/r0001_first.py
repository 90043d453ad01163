"""The agency store as first released."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, String, UniqueConstraint

revision = "0001"
down_revision = None

POSITION = BigInteger().with_variant(Integer, "sqlite")


def upgrade() -> None:
    """From nothing."""
    op.create_table("origin_id", Column("origin", String, primary_key=True))
    op.create_table(
        "entry",
        Column("position", POSITION, primary_key=True, autoincrement=False),
        Column("stream", String, nullable=False),
        Column("seq", BigInteger, nullable=False),
        Column("body", LargeBinary, nullable=False),
        Column("leaf", LargeBinary, nullable=False),
        UniqueConstraint("stream", "seq"),
    )
    op.create_table("head", Column("one", Integer, primary_key=True), Column("frontier", LargeBinary, nullable=False))
    op.create_table(
        "request",
        Column("request_id", String, primary_key=True),
        Column("request_hash", LargeBinary, nullable=False),
        Column("answer", LargeBinary, nullable=False),
        Column("recorded_at", String, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "cursor",
        Column("name", String, primary_key=True),
        Column("size", BigInteger, nullable=False),
        Column("frontier", LargeBinary, nullable=False),
    )
    op.create_table(
        "handover",
        Column("handover_id", String, primary_key=True),
        Column("person_ref", String, nullable=False),
        Column("other", String, primary_key=True),
    )
    op.create_table(
        "checkpoint",
        Column("size", POSITION, primary_key=True, autoincrement=False),
        Column("note", String, nullable=False),
    )
    _keep_entries_as_they_are()


def _keep_entries_as_they_are() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER entry_no_{verb.lower()} BEFORE {verb} ON entry "
                "BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END"
            )
        return
    op.execute(
        """CREATE FUNCTION entry_kept_as_it_is() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN
        RAISE EXCEPTION 'entries are never changed' USING ERRCODE = 'integrity_constraint_violation'; END$$"""
    )
    op.execute(
        """CREATE TRIGGER entry_kept_as_it_is BEFORE UPDATE OR DELETE OR TRUNCATE ON entry
        FOR EACH STATEMENT EXECUTE FUNCTION entry_kept_as_it_is()"""
    )
