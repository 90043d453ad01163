"""Migrations: tables brought to what this release needs, by Alembic, one line of revisions for each kind of tables.

A database without any tables gets them as they are now; a test holds that to be what the migrations give. On
PostgreSQL the owner's role migrates, ``nrm admin migrate``, and grants the role that runs the service what it needs;
that role can only look whether it was done. On SQLite it happens when a file is opened.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy import Column, Connection, MetaData, String, Table, insert, inspect, select, text

from nrm_kernel.adapters.postgres_access import Patience, PostgresAccess
from nrm_kernel.errors import NrmError

FOLDER = Path(__file__).with_name("migrations")
CHANGES = ("UPDATE", "DELETE", "TRUNCATE")
"""What the role may never do with tables that are only added to."""
_HELD = """
    SELECT name, privilege, has_table_privilege(to_regclass(name), privilege)
        FROM unnest(CAST(:names AS text[]), CAST(:privileges AS text[])) AS asked(name, privilege)
"""
_LOCK = 0x4E524D  # any number, the same for all who migrate
_LONG = Patience(lock_s=60.0, statement_s=24 * 3600.0)


class NewerRelease(NrmError):
    """A newer release has migrated this database; this one does not know its tables."""

    def __init__(self, kind: str, stands: str, known: str) -> None:
        super().__init__(
            "DATABASE_OF_NEWER_RELEASE",
            f"The tables of the {kind} are at revision {stands}, this release knows them up to {known}. Nothing was "
            "changed. Run the release that migrated them, or a newer one.",
            kind=kind,
            revision=stands,
        )


class NotMigrated(NrmError):
    """The tables are not there, or an older release's."""

    def __init__(self, kind: str, stands: str, needed: str) -> None:
        super().__init__(
            "DATABASE_NOT_MIGRATED",
            f"The tables of the {kind} are {f'at revision {stands}' if stands else 'missing'}, this release needs "
            f"{needed}. Nothing was changed. Run `nrm admin migrate` with the owner's role.",
            kind=kind,
            revision=stands,
        )


class RoleUnfit(NrmError):
    """The role that runs the service may not do what it must, or may do what it must not. Nothing was changed."""


def revisions(metadata: MetaData) -> list[str]:
    """Every revision of these tables that this release knows, the oldest first."""
    return sorted(path.name[1:5] for path in (FOLDER / _kind(metadata)).glob("r[0-9]*.py"))


def stands_at(connection: Connection, metadata: MetaData) -> str:
    """The revision that the database is at; empty when it has none of these tables."""
    versions = _versions(metadata)
    if not inspect(connection).has_table(versions.name):
        return ""
    return connection.scalar(select(versions.c.version_num)) or ""


def migrate(connection: Connection, metadata: MetaData, role: str = "") -> str:
    """Bring the tables to what this release needs, and grant the role its part. Gives the revision.

    Raises NewerRelease.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    stands, known = stands_at(connection, metadata), revisions(metadata)
    if not stands:
        metadata.create_all(connection)
        _versions(metadata).create(connection, checkfirst=True)
        connection.execute(insert(_versions(metadata)).values(version_num=known[-1]))
    elif stands not in known:
        raise NewerRelease(_kind(metadata), stands, known[-1])
    elif stands != known[-1]:
        upgrade(connection, metadata)
    if role:
        _grant(connection, metadata, role)
    return known[-1]


def upgrade(connection: Connection, metadata: MetaData) -> None:
    """Run the migrations that have not run, in the transaction of this connection."""
    from alembic.command import upgrade as run
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("version_locations", str(FOLDER / _kind(metadata)))
    config.set_main_option("path_separator", "os")
    config.attributes.update(connection=connection, metadata=metadata, version_table=_versions(metadata).name)
    run(config, "head")


def require(connection: Connection, metadata: MetaData) -> None:
    """That the tables are those of this release, and that this role may use them.

    Raises NewerRelease, NotMigrated and RoleUnfit.
    """
    if connection.dialect.name == "postgresql":
        _require_rights(connection, metadata)
    stands, known = stands_at(connection, metadata), revisions(metadata)
    if stands and stands not in known:
        raise NewerRelease(_kind(metadata), stands, known[-1])
    if stands != known[-1]:
        raise NotMigrated(_kind(metadata), stands, known[-1])


async def migrate_postgres(owner_url: str, role: str, *kinds: MetaData) -> dict[str, str]:
    """Migrate a PostgreSQL database as its owner; ``role`` is the one that services run with. Gives the revisions."""
    access = PostgresAccess(owner_url, patience=_LONG)
    try:
        return await access.change(
            lambda connection: {_kind(metadata): migrate(connection, metadata, role) for metadata in kinds}
        )
    finally:
        await access.close()


def _grant(connection: Connection, metadata: MetaData, role: str) -> None:
    """The role's part and nothing else: what it had before is taken away first."""
    quoted = connection.dialect.identifier_preparer.quote(role)
    for name, privileges in _privileges(metadata).items():
        connection.execute(text(f"REVOKE ALL ON {name} FROM {quoted}"))
        connection.execute(text(f"GRANT {', '.join(privileges)} ON {name} TO {quoted}"))
    connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {quoted}"))


def require_no_more(connection: Connection, metadata: MetaData) -> None:
    """That this role on PostgreSQL can alter nothing in tables that are only added to. Raises RoleUnfit."""
    only_added_to = [name for name, needed in _privileges(metadata).items() if not {"UPDATE", "DELETE"} & {*needed}]
    held = _held(connection, dict.fromkeys(only_added_to, CHANGES))
    if may := [f"{privilege} on {name}" for name, privilege, has in held if has]:
        said = f"{_whoami(connection)} may {', '.join(may)}: whoever has it can alter what is recorded. Nothing was "
        said += "started. Name a role that owns nothing in the configuration, and run `nrm admin migrate` as the owner."
        raise RoleUnfit("DATABASE_RIGHTS_EXCEEDED", said)


def _require_rights(connection: Connection, metadata: MetaData) -> None:
    """It may be another role than was migrated for, or a copy of the database to which no rights came along."""
    held = _held(connection, _privileges(metadata))
    if lacks := [f"{privilege} on {name}" for name, privilege, has in held if has is False]:
        said = f"{_whoami(connection)} lacks {', '.join(lacks)}. Nothing was started. Run `nrm admin migrate` with the "
        raise RoleUnfit("DATABASE_RIGHTS_LACKING", f"{said}owner's role, which grants what is needed.")


def _held(connection: Connection, asked: Mapping[str, Sequence[str]]) -> Sequence[tuple[str, str, bool | None]]:
    """Which of these privileges the role has; of a table that is not there nothing can be said."""
    pairs = [(name, privilege) for name, privileges in asked.items() for privilege in privileges]
    values = {"names": [name for name, _ in pairs], "privileges": [privilege for _, privilege in pairs]}
    return [(name, privilege, has) for name, privilege, has in connection.execute(text(_HELD), values)]


def _whoami(connection: Connection) -> str:
    return f"The role {connection.scalar(text('SELECT current_user'))}"


def _privileges(metadata: MetaData) -> dict[str, list[str]]:
    """What the role that runs a service may do with each table."""
    tables = {table.name: table.info["role"].split(", ") for table in metadata.tables.values()}
    return {**tables, _versions(metadata).name: ["SELECT"]}


def _kind(metadata: MetaData) -> str:
    kind: str = metadata.info["kind"]
    return kind


def _versions(metadata: MetaData) -> Table:
    """Where Alembic keeps the revision, in the form that it gives the table."""
    return Table(f"{_kind(metadata)}_version", MetaData(), Column("version_num", String(32), primary_key=True))
