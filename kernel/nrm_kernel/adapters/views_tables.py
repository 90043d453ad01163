"""The tables that stand beside every set of views, and what says which views made them."""

from collections.abc import Iterator, Sequence
from hashlib import sha256

from sqlalchemy import BigInteger, Column, Dialect, LargeBinary, MetaData, String, Table, select
from sqlalchemy.schema import CreateIndex, CreateTable

from nrm_kernel.errors import Unavailable
from nrm_kernel.ledger.merkle import Frontier
from nrm_kernel.projecting import Stretch
from nrm_kernel.views import Completeness, View, ViewReader

view_cursor = Table(
    "view_cursor",
    MetaData(),
    Column("origin", String, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
    Column("recorded_at", String, nullable=False),
)
"""How far each origin's log has been applied, and when the newest entry there was recorded."""

view_version = Table("view_version", MetaData(), Column("views", String, primary_key=True))
"""Which views made the rows of a file."""


def all_tables(views: Sequence[View], *more: Table) -> MetaData:
    """Every table of these views with what stands beside them."""
    everything = MetaData()
    for metadata in (view.metadata for view in views):
        for table in metadata.tables.values():
            table.to_metadata(everything)
    for table in (view_cursor, *more):
        table.to_metadata(everything)
    return everything


def made_by(views: Sequence[View], dialect: Dialect) -> str:
    """The names and versions of the views, and a digest of their tables: rows that others made are not theirs.

    Tables that differ in a column make them other views, whether or not somebody thought of the version.
    """
    named = sorted(f"{view.name}.{view.version}" for view in views)
    tables = "\n".join(sorted(_statements(views, dialect)))
    return " ".join([*named, sha256(tables.encode()).hexdigest()])


def _statements(views: Sequence[View], dialect: Dialect) -> Iterator[str]:
    """What makes the tables, as that database is told it."""
    for table in [view_cursor, *(table for view in views for table in view.metadata.tables.values())]:
        yield str(CreateTable(table).compile(dialect=dialect))
        for index in table.indexes:
            yield str(CreateIndex(index).compile(dialect=dialect))


def not_shown(where: str) -> Unavailable:
    """Nothing to read there yet, or of another release."""
    return Unavailable(
        "VIEWS_NOT_SHOWN",
        f"{where}: the process that keeps these views shows none that this release reads. Use the release that it "
        "runs, or wait until it has made them.",
    )


def cursor_row(stretch: Stretch) -> tuple[str, int, bytes, str]:
    """The cursor after a stretch, in the order of the table's columns."""
    newest = max((entry.recorded_at for entry in stretch.entries), default="")
    return stretch.origin, stretch.frontier.size, stretch.frontier.to_bytes(), newest


async def frontier_of(reader: ViewReader, origin: str) -> Frontier:
    """How far that origin's log has been applied there, with its tree."""
    rows = await reader.rows(select(view_cursor.c.frontier).where(view_cursor.c.origin == origin))
    return Frontier.from_bytes(rows[0].frontier) if rows else Frontier()


async def completeness_of(reader: ViewReader) -> Completeness:
    """How far each origin's log has been applied there."""
    of = view_cursor.c
    rows = await reader.rows(select(of.origin, of.size, of.recorded_at).order_by(of.origin))
    return Completeness(
        {row.origin: row.size for row in rows}, {row.origin: row.recorded_at for row in rows if row.recorded_at}
    )
