"""Which generation of the views is shown, as first released. The views' own tables are made anew, never migrated."""

from alembic import op
from sqlalchemy import Boolean, Column, Integer, String

revision = "0001"
down_revision = None


def upgrade() -> None:
    """From nothing."""
    op.create_table(
        "view_generation",
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("views", String, nullable=False),
        Column("shown", Boolean, nullable=False),
    )
