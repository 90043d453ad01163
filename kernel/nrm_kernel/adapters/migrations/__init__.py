"""Migrations: one line of revisions for each kind of tables, none of which is ever changed once it is released."""
