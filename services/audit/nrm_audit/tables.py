"""Agency stores and shared logs in SQLite files, read from one snapshot each, also while their writer goes on."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from nrm_audit.copies import Blob, Copy, Damaged, Row
from nrm_audit.form import by_addressee, by_stream

BATCH = 1000
SQLITE_FAULTS = (sqlite3.Error, UnicodeDecodeError)  # the driver also trips over its own message about damaged bytes
RELAY_CURSOR = "relay"
_STORE_TABLES = {"entry", "checkpoint", "head", "cursor", "origin_id"}
_LOG_TABLES = {"log_entry", "log_checkpoint"}


@dataclass(frozen=True, slots=True)
class Queries:
    """What is asked of a kind of file; `:first` and `:origin` are filled in."""

    entries: str
    checkpoints: str
    head: str | None


_STORE = Queries(
    "SELECT position, body, leaf, CAST(stream AS BLOB), seq FROM entry WHERE position >= :first ORDER BY position",
    "SELECT size, note FROM checkpoint ORDER BY size",
    "SELECT frontier FROM head",
)
_NAMES = "SELECT name FROM sqlite_master WHERE type = 'table'"
_VAULT_TABLES = {"vault_key", "vault_blob"}
_BODIES = "SELECT body FROM entry WHERE position IN (SELECT value FROM json_each(?)) ORDER BY position"
_BLOBS = (
    "SELECT hash, blob, EXISTS (SELECT 1 FROM vault_key WHERE vault_key.dek_id = vault_blob.dek_id)"
    " FROM vault_blob WHERE hash IN (SELECT value FROM json_each(?))"
)
_BLOBS_IN_ALL = "SELECT count(*) FROM vault_blob"
_LOG = Queries(
    "SELECT position, body, leaf, CAST(addressee AS BLOB) FROM log_entry"
    " WHERE origin = :origin AND position >= :first ORDER BY position",
    "SELECT size, note FROM log_checkpoint WHERE origin = :origin ORDER BY size",
    None,
)


@dataclass(frozen=True, slots=True)
class TableSource:
    """One origin's log in a SQLite file, within one read transaction."""

    reader: sqlite3.Connection
    queries: Queries
    parameters: Mapping[str, str] = field(default_factory=dict)

    def batches(self, first: int) -> Iterator[Sequence[Row]]:
        """Entries in order, from `first` on."""
        try:
            rows = self.reader.execute(self.queries.entries, {**self.parameters, "first": first})
            while batch := rows.fetchmany(BATCH):
                yield batch
        except SQLITE_FAULTS as fault:
            raise Damaged(str(fault)) from None

    def checkpoints(self) -> Sequence[tuple[int, str]]:
        """All checkpoints, by size."""
        try:
            rows = self.reader.execute(self.queries.checkpoints, self.parameters)
            return [(int(size), str(note)) for size, note in rows]
        except (sqlite3.Error, ValueError, TypeError) as fault:
            raise Damaged(str(fault)) from None

    def head(self) -> bytes | None:
        """The store's head row; a shared log has none."""
        if self.queries.head is None:
            return None
        try:
            row = self.reader.execute(self.queries.head).fetchone()
        except SQLITE_FAULTS as fault:
            raise Damaged(str(fault)) from None
        return row[0] if row and isinstance(row[0], bytes) else b""


@dataclass(frozen=True, slots=True)
class TableVault:
    """The vault in a store's file, within the same read transaction; a file without its tables has nothing in it."""

    reader: sqlite3.Connection

    def bodies(self, positions: Sequence[int]) -> Sequence[bytes]:
        """The bytes of the entries at these positions, in order."""
        return [body for (body,) in self._rows(_BODIES, list(positions)) if isinstance(body, bytes)]

    def blobs(self, names: Sequence[str]) -> Sequence[Blob]:
        """What is filed under any of these hashes."""
        if not self._is_there():
            return []
        rows = self._rows(_BLOBS, names)
        return [Blob(str(name), blob if isinstance(blob, bytes) else b"", bool(key)) for name, blob, key in rows]

    def size(self) -> int:
        """How many sealed pieces are filed there in all."""
        return sum(int(str(count)) for (count,) in self._rows(_BLOBS_IN_ALL)) if self._is_there() else 0

    def _is_there(self) -> bool:
        return {str(name) for (name,) in self._rows(_NAMES)} >= _VAULT_TABLES

    def _rows(self, query: str, given: Sequence[object] | None = None) -> Sequence[Row]:
        """``given`` is a parameter of its own: however many there are, the statement is the same."""
        try:
            return self.reader.execute(query, () if given is None else (orjson.dumps(given).decode(),)).fetchall()
        except SQLITE_FAULTS as fault:
            raise Damaged(str(fault)) from None


@dataclass(slots=True)
class TableHolder:
    """A SQLite file; the connection keeps one snapshot until it is renewed or closed."""

    name: str
    copies: Sequence[Copy]
    of_all: bool
    reader: sqlite3.Connection

    def faults(self) -> Sequence[str]:
        """What the database's own check finds: an index that leads past rows hides them from whoever reads by it."""
        try:
            found = self.reader.execute("PRAGMA integrity_check(10)").fetchall()
        except SQLITE_FAULTS as fault:
            return [str(fault)]
        return [str(line) for (line,) in found if line != "ok"]

    def renew(self) -> None:
        """The snapshot starts here. A log has by now what stores had handed over when they were opened."""
        self.reader.execute("COMMIT")
        _begin(self.reader)
        if self.of_all:
            self.copies = _log_copies(Path(self.name), self.reader)

    def close(self) -> None:
        """Let the snapshot go."""
        self.reader.close()


def open_tables(path: Path) -> TableHolder | None:
    """The store or shared log in this file; None for a SQLite file of another purpose. Raises Damaged."""
    reader = connect(path)
    try:
        _begin(reader)
        names = {str(name) for (name,) in reader.execute(_NAMES)}
        if names >= _STORE_TABLES:
            return TableHolder(str(path), [_store_copy(path, reader)], False, reader)
        if names >= _LOG_TABLES:
            return TableHolder(str(path), _log_copies(path, reader), True, reader)
    except (*SQLITE_FAULTS, Damaged) as fault:
        reader.close()
        raise Damaged(str(fault)) from None
    reader.close()
    return None


def connect(path: Path) -> sqlite3.Connection:
    """Without a write-ahead log beside it a file has no writer: it is read without leaving anything beside it."""
    mode = "mode=ro" if path.with_name(path.name + "-wal").exists() else "immutable=1"
    uri = f"{path.absolute().as_uri()}?{mode}"
    reader = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    reader.text_factory = _text
    return reader


def _begin(reader: sqlite3.Connection) -> None:
    """The snapshot is taken by the first read, not by BEGIN."""
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM sqlite_master").fetchone()


def _text(stored: bytes) -> str:
    """Damaged text must be readable too: it is shown as it is and then fits nothing."""
    return stored.decode("utf-8", "replace")


def _store_copy(path: Path, reader: sqlite3.Connection) -> Copy:
    origins = reader.execute("SELECT origin FROM origin_id").fetchall()
    if len(origins) != 1:
        raise Damaged(f"a store is of one origin, this one names {len(origins)}")
    relayed = reader.execute("SELECT size FROM cursor WHERE name = ?", (RELAY_CURSOR,)).fetchone()
    return Copy(
        str(path),
        str(origins[0][0]),
        TableSource(reader, _STORE),
        of_record=True,
        filed_under=by_stream,
        handed_over=relayed[0] if relayed and isinstance(relayed[0], int) else 0,
        vault=TableVault(reader),
    )


def _log_copies(path: Path, reader: sqlite3.Connection) -> Sequence[Copy]:
    origins = reader.execute("SELECT origin FROM log_entry UNION SELECT origin FROM log_checkpoint ORDER BY 1")
    return [
        Copy(
            str(path),
            str(origin),
            TableSource(reader, _LOG, {"origin": str(origin)}),
            filed_under=by_addressee,
            shared=True,
        )
        for (origin,) in origins
    ]
