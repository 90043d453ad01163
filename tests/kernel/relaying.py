"""One agency's files, and what its relay does with them."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.kernel.pair import HERE, Side, opened

from nrm_kernel.adapters.log_sqlite import SqliteLog
from nrm_kernel.adapters.store_sql import SqlStore
from nrm_kernel.errors import DataLoss
from nrm_kernel.log import SharedLog
from nrm_kernel.testing.toy import Raise


@dataclass
class Place:
    """One agency's files, opened as often as a test likes."""

    folder: Path

    @property
    def store(self) -> Path:
        return self.folder / "store.sqlite"

    @property
    def log(self) -> Path:
        return self.folder / "log.sqlite"

    @property
    def witness(self) -> Path:
        return self.folder / "here.txt"

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Side]:
        store = await SqlStore.open_sqlite(self.store, HERE)
        log = SqliteLog(self.log)
        try:
            async with opened(store, log, self.folder) as side:
                yield side
        finally:
            await store.close()
            await log.close()

    async def filled(self, count: int = 12) -> None:
        """That many more entries, relayed in two batches."""
        async with self.open() as side:
            for number in range(count):
                await side.give(Raise(1), f"k{number % 3}")
                if number == count // 2:
                    await side.publish()
            await side.publish()

    def altered(self, path: Path, *statements: str) -> None:
        """The file, changed behind everybody's back."""
        with closing(sqlite3.connect(path)) as connection, connection:
            for trigger in ("entry_no_update", "entry_no_delete"):
                connection.execute(f"DROP TRIGGER IF EXISTS {trigger}")
            for statement in statements:
                connection.execute(statement)

    def dump(self) -> list[tuple[object, ...]]:
        """Everything that the shared log says of entries."""
        with closing(sqlite3.connect(self.log)) as connection:
            return connection.execute("SELECT * FROM log_entry ORDER BY position").fetchall()


async def refused(place: Place) -> DataLoss:
    """Why the agency does not start."""
    with pytest.raises(DataLoss) as refusal:
        async with place.open():
            pass
    return refusal.value


async def beaten(log: SharedLog, before: str = "") -> str:
    """The next heartbeat."""
    while True:
        note = await log.last_beat(HERE)
        if note is not None and note != before:
            return note
        await asyncio.sleep(0.005)
