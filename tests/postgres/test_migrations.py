"""Migrations give what the tables say, on both databases, and a release touches no tables that it does not know."""

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Column, Connection, Engine, Integer, MetaData, String, Table, create_engine, insert, select, text

from nrm.servers.postgres import Place, PostgresServer
from nrm_kernel.adapters import migrating, store_tables, vault_sql, views_postgres
from nrm_kernel.adapters.migrating import NewerRelease, NotMigrated, migrate, migrate_postgres, require, stands_at
from nrm_kernel.adapters.postgres_access import PostgresAccess
from nrm_kernel.adapters.store_postgres import PostgresStore
from nrm_kernel.adapters.store_sql import SqlStore
from nrm_kernel.adapters.views_postgres import PostgresViews
from nrm_kernel.testing import toy

KINDS = [store_tables.metadata, vault_sql.metadata, views_postgres.metadata]
EVERYTHING = {
    "sqlite": "SELECT type || name || coalesce(sql, '') FROM sqlite_master ORDER BY 1",
    "postgresql": """
        SELECT format('%s.%s %s %s %s %s', table_name, column_name, data_type, character_maximum_length, is_nullable,
                column_default)
            FROM information_schema.columns WHERE table_schema = 'public'
        UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
            FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        ORDER BY 1""",
}


def kind_of(metadata: MetaData) -> str:
    return str(metadata.info["kind"])


def everything(connection: Connection) -> list[str]:
    """Whatever stands in the database, but for what keeps the revision."""
    found = connection.scalars(text(EVERYTHING[connection.dialect.name])).all()
    return [" ".join(each.split()) for each in found if "_version" not in each]


@pytest.fixture
async def empty(postgres_server: PostgresServer) -> AsyncIterator[PostgresAccess]:
    """A database without any tables."""
    place = await postgres_server.made("nrm_test_empty")
    access = PostgresAccess(place.owner_url)
    yield access
    await access.close()
    await postgres_server.dropped(place.name)


@contextmanager
def in_memory() -> Iterator[Engine]:
    engine = create_engine("sqlite://")
    yield engine
    engine.dispose()


def migrated(metadata: MetaData) -> Callable[[Connection], list[str]]:
    """What the migrations make of an empty database; it is empty again afterwards."""

    def step(connection: Connection) -> list[str]:
        migrating.upgrade(connection, metadata)
        assert stands_at(connection, metadata) == migrating.revisions(metadata)[-1]
        made = everything(connection)
        connection.rollback()
        return made

    return step


def made(metadata: MetaData) -> Callable[[Connection], list[str]]:
    """The same of the tables as they are."""

    def step(connection: Connection) -> list[str]:
        metadata.create_all(connection)
        return everything(connection)

    return step


@pytest.mark.parametrize("metadata", KINDS, ids=kind_of)
def test_migrations_from_nothing_give_the_tables_on_sqlite(metadata: MetaData) -> None:
    with in_memory() as one, one.connect() as connection:
        by_migrations = migrated(metadata)(connection)
    with in_memory() as other, other.connect() as connection:
        assert by_migrations == made(metadata)(connection)
    assert by_migrations


@pytest.mark.parametrize("metadata", KINDS, ids=kind_of)
async def test_migrations_from_nothing_give_the_tables_on_postgresql(metadata: MetaData, empty: PostgresAccess) -> None:
    by_migrations = await empty.change(migrated(metadata))
    assert by_migrations == await empty.change(made(metadata))
    assert by_migrations


FIRST = """
from alembic import op
from sqlalchemy import Column, Integer
revision, down_revision = "0001", None
def upgrade():
    op.create_table("pier", Column("number", Integer, primary_key=True))
"""
SECOND = """
from alembic import op
from sqlalchemy import Column, String
revision, down_revision = "0002", "0001"
def upgrade():
    with op.batch_alter_table("pier") as batch:
        batch.add_column(Column("name", String, nullable=False, server_default="none"))
"""
number, name = Column("number", Integer, primary_key=True), Column("name", String, nullable=False)
PIERS = MetaData(info={"kind": "piers"})
PIER = Table("pier", PIERS, number, name, info={"role": "SELECT"})


@pytest.fixture
def older(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Connection], None]:
    """Tables as an older release made them, with a row."""
    line = tmp_path / "migrations" / "piers"
    line.mkdir(parents=True)
    shutil.copy(migrating.FOLDER / "env.py", line.parent)
    monkeypatch.setattr(migrating, "FOLDER", line.parent)
    (line / "r0001_first.py").write_text(FIRST)

    def step(connection: Connection) -> None:
        migrating.upgrade(connection, PIERS)
        connection.execute(text("INSERT INTO pier (number) VALUES (7)"))
        (line / "r0002_names.py").write_text(SECOND)
        with pytest.raises(NotMigrated, match="admin migrate"):
            require(connection, PIERS)

    return step


def brought_up(connection: Connection) -> list[tuple[int, str]]:
    """The rows after an upgrade."""
    assert migrate(connection, PIERS) == "0002"
    require(connection, PIERS)
    return [(row.number, row.name) for row in connection.execute(select(PIER))]


def test_an_older_releases_tables_are_brought_up_with_their_rows_on_sqlite(older: Callable[[Connection], None]) -> None:
    with in_memory() as engine, engine.begin() as connection:
        older(connection)
        assert brought_up(connection) == [(7, "none")]


async def test_an_older_releases_tables_are_brought_up_with_their_rows_on_postgresql(
    older: Callable[[Connection], None], empty: PostgresAccess
) -> None:
    await empty.change(older)
    assert await empty.change(brought_up) == [(7, "none")]


def newer(connection: Connection) -> None:
    """As a release of the future leaves it."""
    for metadata in (store_tables.metadata, views_postgres.metadata):
        if stands_at(connection, metadata):
            connection.execute(text(f"UPDATE {kind_of(metadata)}_version SET version_num = '9999'"))


async def test_a_newer_releases_store_is_not_opened_on_sqlite(tmp_path: Path) -> None:
    store = await SqlStore.open_sqlite(tmp_path / "store.sqlite", toy.ORIGIN)
    await store.change(newer)
    await store.close()
    with pytest.raises(NewerRelease, match="at revision 9999, this release knows them up to 0001"):
        await SqlStore.open_sqlite(tmp_path / "store.sqlite", toy.ORIGIN)


async def test_a_newer_releases_store_and_views_are_neither_opened_nor_migrated_on_postgresql(database: Place) -> None:
    owner = PostgresAccess(database.owner_url)
    await owner.change(newer)
    await owner.close()
    with pytest.raises(NewerRelease):
        await PostgresStore.open(database.url, toy.ORIGIN)
    with pytest.raises(NewerRelease):
        await PostgresViews.open(database.url, [toy.VIEW])
    with pytest.raises(NewerRelease):
        await migrate_postgres(database.owner_url, database.role, store_tables.metadata)


async def test_a_database_that_was_not_migrated_is_not_opened(postgres_server: PostgresServer) -> None:
    place = await postgres_server.made("nrm_test_bare")
    with pytest.raises(NotMigrated, match="tables of the store are missing"):
        await PostgresStore.open(place.url, toy.ORIGIN)
    await migrate_postgres(place.owner_url, place.role, store_tables.metadata)
    await (await PostgresStore.open(place.url, toy.ORIGIN)).close()
    with pytest.raises(NotMigrated, match="tables of the vault are missing"):
        await PostgresStore.open(place.url, toy.ORIGIN, vault_sql.metadata)
    await postgres_server.dropped(place.name)


async def test_to_migrate_again_changes_nothing(database: Place) -> None:
    first = await migrate_postgres(database.owner_url, database.role, *KINDS)
    assert first == {"store": "0001", "vault": "0001", "views": "0001"}
    access = PostgresAccess(database.owner_url)
    before = await access.run(everything)
    assert await migrate_postgres(database.owner_url, database.role, *KINDS) == first
    assert await access.run(everything) == before
    await access.close()


@pytest.mark.parametrize("metadata", KINDS, ids=kind_of)
def test_every_table_says_what_the_role_may_do(metadata: MetaData) -> None:
    assert all("SELECT" in table.info["role"] for table in metadata.tables.values())


def test_what_is_recorded_stays_when_a_file_is_opened_again(tmp_path: Path) -> None:
    with in_memory() as engine, engine.begin() as connection:
        assert migrate(connection, store_tables.metadata) == "0001"
        connection.execute(insert(store_tables.origin_id).values(origin=toy.ORIGIN))
        assert migrate(connection, store_tables.metadata) == "0001"
        assert connection.scalar(select(store_tables.origin_id.c.origin)) == toy.ORIGIN
