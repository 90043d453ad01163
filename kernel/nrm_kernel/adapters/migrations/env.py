"""How Alembic runs a line of revisions: on the connection, and in the transaction, that it is given."""

from alembic import context

given = context.config.attributes
context.configure(
    connection=given["connection"],
    target_metadata=given["metadata"],
    version_table=given["version_table"],
    render_as_batch=True,
)
context.run_migrations()
