"""Views that are shown on PostgreSQL, read in one transaction that only reads, by a few queries of our own."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import asyncpg
from sqlalchemy import Table

from nrm_audit.copies import Damaged
from nrm_audit.shown import NothingShown, Rows, Shown, key_of, tables_of
from nrm_kernel.views import View

CONNECT_TIMEOUT_S = 10.0
NOT_LET_IN = (
    asyncpg.exceptions.InvalidAuthorizationSpecificationError,
    asyncpg.exceptions.InvalidCatalogNameError,
    asyncpg.exceptions.InsufficientPrivilegeError,
)
AWAY = (OSError, TimeoutError, asyncpg.exceptions.PostgresConnectionError, asyncpg.exceptions.InterfaceError)


@dataclass(frozen=True, slots=True)
class ViewDatabase:
    """The views that an agency's database shows. ``url`` may hold a password and is never told."""

    name: str
    url: str = field(repr=False)
    views: Sequence[View]
    origins: Sequence[str]

    @property
    def tables(self) -> Sequence[Table]:
        """See :class:`nrm_audit.shown.Shows`."""
        return tables_of(self.views)

    def read(self) -> Shown:
        """See :class:`nrm_audit.shown.Shows`. Call it from a thread without a running loop."""
        try:
            return asyncio.run(self._read())
        except asyncpg.exceptions.UndefinedTableError as fault:
            raise NothingShown(f"the database shows none of these views ({fault})") from None
        except NOT_LET_IN as fault:
            text = f"the database does not let this reader see them ({fault})"
            raise NothingShown(f"{text}. Run nrm admin migrate --reader") from None
        except AWAY as fault:
            raise NothingShown(f"the database cannot be reached ({type(fault).__name__})") from None
        except asyncpg.exceptions.PostgresError as fault:
            raise Damaged(f"the database of {self.name}: {fault}") from None

    async def _read(self) -> Shown:
        connection = await asyncpg.connect(self.url, timeout=CONNECT_TIMEOUT_S)
        try:
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                return await self._shown(connection)
        finally:
            await connection.close(timeout=CONNECT_TIMEOUT_S)

    async def _shown(self, connection: asyncpg.Connection) -> Shown:
        number = await connection.fetchval("SELECT number FROM public.view_generation WHERE shown")
        if number is None:
            raise NothingShown("no views were made there yet")
        schema = f"views_{number:04}"
        applied = await connection.fetch(f"SELECT origin, size FROM {schema}.view_cursor")
        sizes = {origin: size for origin, size in applied if origin in self.origins}
        return Shown(sizes, {table.name: await _rows(connection, schema, table) for table in self.tables})


async def _rows(connection: asyncpg.Connection, schema: str, table: Table) -> Rows:
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    found = [dict(row) for row in await connection.fetch(f'SELECT {columns} FROM {schema}."{table.name}"')]
    return {key_of(table, row): row for row in found}
