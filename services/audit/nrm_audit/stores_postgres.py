"""Agency stores on PostgreSQL, each read in one transaction that only reads, by a few queries of our own."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import asyncpg
from asyncpg import exceptions

from nrm_audit.copies import Blob, Closed, Copy, Damaged, Nothing, Row
from nrm_audit.form import by_stream
from nrm_audit.shown_postgres import AWAY, CONNECT_TIMEOUT_S, NOT_LET_IN
from nrm_kernel.errors import Unavailable

BATCH = 1000
READ: Mapping[str, str] = {
    "origin_id": "origin",
    "entry": "position, stream, seq, body, leaf",
    "head": "frontier",
    "cursor": "name, size",
    "checkpoint": "size, note",
    "vault_key": "dek_id",
    "vault_blob": "hash, dek_id, blob",
}
"""What is read of a store, and all that an auditor's role needs the right to: of a vault's keys no more than names."""
_VAULT = {"vault_key", "vault_blob"}
_STORE = READ.keys() - _VAULT
_DAMAGE = (exceptions.InternalServerError, exceptions.DataError)  # pages that cannot be read, text that is none
_TABLES = "SELECT relname FROM pg_class JOIN pg_namespace ON relnamespace = pg_namespace.oid WHERE nspname = 'public'"
_ENTRIES = (
    "SELECT position, body, leaf, convert_to(stream, 'UTF8'), seq FROM public.entry"
    " WHERE position >= $1 ORDER BY position"
)
_BODIES = "SELECT body FROM public.entry WHERE position = ANY($1::bigint[]) ORDER BY position"
_BLOBS = (
    "SELECT hash, blob, EXISTS (SELECT 1 FROM public.vault_key WHERE vault_key.dek_id = vault_blob.dek_id)"
    " FROM public.vault_blob WHERE hash = ANY($1::text[])"
)
_BLOBS_IN_ALL = "SELECT count(*) FROM public.vault_blob"
_RELAYED = "SELECT size FROM public.cursor WHERE name = 'relay'"


@dataclass(frozen=True, slots=True)
class StoreDatabase:
    """The database that should hold an agency's store. ``url`` may hold a password and is never told."""

    origin: str
    url: str = field(repr=False)

    @property
    def name(self) -> str:
        """Where it is, without who gets in there and how."""
        parts = urlsplit(self.url)
        host = parts.hostname or next(iter(parse_qs(parts.query).get("host", ())), "localhost")
        return f"postgresql {host}{f':{parts.port}' if parts.port else ''}{parts.path}"

    @contextmanager
    def opened(self) -> Iterator["DatabaseHolder"]:
        """The store there, as long as the block. Call it from a thread without a running loop.

        Raises Closed where nobody who looks from here may or can read it, Damaged where it is the store of another.
        """
        with ExitStack() as stack:
            runner = stack.enter_context(asyncio.Runner())
            with self._told():
                connection = runner.run(_connected(self.url))
                stack.callback(lambda: _left(runner, connection))
                reader = _Reader(runner, connection)
                reader.renew()
                holder = DatabaseHolder(self.name, [self._copy(reader)], reader)
            yield holder

    def _copy(self, reader: "_Reader") -> Copy:
        there = READ.keys() & {str(name) for (name,) in reader.rows(_TABLES)}
        for table in there:
            reader.rows(f"SELECT {READ[table]} FROM public.{table} LIMIT 0")
        origins = [str(one) for (one,) in reader.rows("SELECT origin FROM public.origin_id")] if there >= _STORE else []
        if not origins:
            return Copy(self.name, self.origin, Nothing(), of_record=True)
        if origins != [self.origin]:
            raise Damaged(f"it should hold the log of {self.origin}, and holds that of {', '.join(origins)}")
        relayed = reader.rows(_RELAYED)
        return Copy(
            self.name,
            self.origin,
            DatabaseSource(reader),
            of_record=True,
            filed_under=by_stream,
            handed_over=relayed[0][0] if relayed else 0,
            vault=DatabaseVault(reader, is_there=there >= _VAULT),
        )

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except exceptions.InsufficientPrivilegeError as fault:
            raise Closed(f"this role may not read it ({fault}). {_rights(self.url)}") from None
        except NOT_LET_IN as fault:
            raise Closed(f"the database lets nobody in like this ({fault}): see to names and password") from None
        except AWAY as fault:
            text = f"the database cannot be reached ({type(fault).__name__}): see whether it runs, and where"
            raise Closed(text) from None
        except exceptions.PostgresError as fault:
            raise Closed(f"the database does not give it ({fault})") from None


@dataclass(frozen=True, slots=True)
class _Reader:
    """One connection, used from outside its loop, within one snapshot."""

    runner: asyncio.Runner
    connection: asyncpg.Connection
    transactions: list[asyncpg.transaction.Transaction] = field(default_factory=list)

    def renew(self) -> None:
        """The snapshot starts here: it is taken by the first read."""
        self.runner.run(self._begun())

    def rows(self, query: str, *given: object) -> Sequence[Sequence[Any]]:
        """All rows of a query. Raises what the driver raises."""
        return self.runner.run(_all(self.connection, query, given))

    def batches(self, query: str, *given: object) -> Iterator[Sequence[Row]]:
        """The rows of a query, some at a time. Raises what the driver raises."""
        cursor = self.runner.run(_cursor(self.connection, query, given))
        while batch := self.runner.run(_next(cursor)):
            yield batch

    async def _begun(self) -> None:
        while self.transactions:
            await self.transactions.pop().rollback()
        transaction = self.connection.transaction(isolation="repeatable_read", readonly=True)
        await transaction.start()
        self.transactions.append(transaction)
        await self.connection.fetchval("SELECT 1")


@dataclass(frozen=True, slots=True)
class DatabaseSource:
    """An agency's log in its database."""

    reader: _Reader

    def batches(self, first: int) -> Iterator[Sequence[Row]]:
        """Entries in order, from `first` on."""
        with _read():
            yield from self.reader.batches(_ENTRIES, first)

    def checkpoints(self) -> Sequence[tuple[int, str]]:
        """All checkpoints, by size."""
        with _read():
            rows = self.reader.rows("SELECT size, note FROM public.checkpoint ORDER BY size")
        return [(size, note) for size, note in rows]

    def head(self) -> bytes | None:
        """The store's head row."""
        with _read():
            rows = self.reader.rows("SELECT frontier FROM public.head")
        return rows[0][0] if rows else b""


@dataclass(frozen=True, slots=True)
class DatabaseVault:
    """The vault beside it, in the same snapshot; a database without its tables has nothing in it."""

    reader: _Reader
    is_there: bool

    def bodies(self, positions: Sequence[int]) -> Sequence[bytes]:
        """See :class:`nrm_audit.copies.VaultRows`."""
        with _read():
            return [body for (body,) in self.reader.rows(_BODIES, list(positions))]

    def blobs(self, names: Sequence[str]) -> Sequence[Blob]:
        """See :class:`nrm_audit.copies.VaultRows`."""
        with _read():
            return [Blob(*row) for row in self.reader.rows(_BLOBS, list(names))] if self.is_there else []

    def size(self) -> int:
        """See :class:`nrm_audit.copies.VaultRows`."""
        with _read():
            return sum(count for (count,) in self.reader.rows(_BLOBS_IN_ALL)) if self.is_there else 0


@dataclass(frozen=True, slots=True)
class DatabaseHolder:
    """An agency's database; its connection keeps one snapshot until it is renewed or closed."""

    name: str
    copies: Sequence[Copy]
    reader: _Reader
    of_all: bool = False

    def faults(self) -> Sequence[str]:
        """PostgreSQL's own checks are for whoever runs it."""
        return ()

    def renew(self) -> None:
        """A new snapshot."""
        with _read():
            self.reader.renew()

    def close(self) -> None:
        """The connection is closed by whoever opened it."""


@contextmanager
def _read() -> Iterator[None]:
    """Damage is told of the store; a server that goes away meanwhile leaves the whole answer open."""
    try:
        yield
    except _DAMAGE as fault:
        raise Damaged(f"the database: {fault}") from None
    except (exceptions.PostgresError, *AWAY) as fault:
        text = f"A database went away while it was read ({type(fault).__name__}): nothing is verified. Run it again."
        raise Unavailable("DATABASE_AWAY", text) from None


def _rights(url: str) -> str:
    """What the owner of the tables types so that the role may read them; quoted as PostgreSQL quotes names."""
    parts = urlsplit(url)
    role, database = (f'"{unquote(name)}"' for name in (parts.username or "", parts.path.strip("/")))
    rights = [f"CONNECT ON DATABASE {database}", "USAGE ON SCHEMA public"]
    rights += [f"SELECT ({columns}) ON {table}" for table, columns in READ.items()]
    return "Its owner allows it: " + "; ".join(f"GRANT {right} TO {role}" for right in rights)


async def _connected(url: str) -> asyncpg.Connection:
    connection: asyncpg.Connection = await asyncpg.connect(url, timeout=CONNECT_TIMEOUT_S)
    return connection


def _left(runner: asyncio.Runner, connection: asyncpg.Connection) -> None:
    """The snapshot goes with its connection, also when the server is away by now."""
    with suppress(exceptions.PostgresError, *AWAY):
        runner.run(connection.close(timeout=CONNECT_TIMEOUT_S))


async def _all(connection: asyncpg.Connection, query: str, given: Sequence[object]) -> Sequence[Sequence[Any]]:
    return [tuple(row) for row in await connection.fetch(query, *given)]


async def _cursor(connection: asyncpg.Connection, query: str, given: Sequence[object]) -> asyncpg.cursor.Cursor:
    cursor: asyncpg.cursor.Cursor = await connection.cursor(query, *given)
    return cursor


async def _next(cursor: asyncpg.cursor.Cursor) -> Sequence[Row]:
    return [tuple(row) for row in await cursor.fetch(BATCH)]
