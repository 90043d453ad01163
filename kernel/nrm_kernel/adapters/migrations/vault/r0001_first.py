"""The vault as first released."""

from alembic import op
from sqlalchemy import Column, LargeBinary, String

revision = "0001"
down_revision = None


def upgrade() -> None:
    """From nothing."""
    op.create_table(
        "vault_key",
        Column("dek_id", String(32), primary_key=True),
        Column("person", String(32), nullable=False),
        Column("class", String(32), nullable=False),
        Column("wrapped_by", String(32), nullable=False),
        Column("wrapped", LargeBinary, nullable=False),
    )
    op.create_index("vault_key_by_person", "vault_key", ["person", "class"])
    op.create_table(
        "vault_blob",
        Column("hash", String(64), primary_key=True),
        Column("dek_id", String(32), nullable=False),
        Column("blob", LargeBinary, nullable=False),
    )
    op.create_index("ix_vault_blob_dek_id", "vault_blob", ["dek_id"])
