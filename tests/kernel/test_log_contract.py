"""The shared log's contract on every adapter."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from nrm_kernel.adapters import log_sqlite
from nrm_kernel.adapters.log_sqlite import SqliteLog
from nrm_kernel.log import SharedLog
from nrm_kernel.testing.log_contract import COORDINATOR, ORIGIN, OTHER, LogContract, signed, written
from nrm_kernel.testing.memory import MemoryLog


class TestMemoryLog(LogContract):
    """In memory."""

    @pytest.fixture
    def log(self) -> SharedLog:
        return MemoryLog()


class TestSqliteLog(LogContract):
    """In a SQLite file."""

    @pytest.fixture
    async def log(self, tmp_path: Path) -> AsyncIterator[SharedLog]:
        log = SqliteLog(tmp_path / "log.sqlite")
        yield log
        await log.close()


class TestSqliteLogReadBack(TestSqliteLog):
    """In a SQLite file, from which everything is read back."""

    @pytest.fixture(autouse=True)
    def nothing_is_handed_on(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(log_sqlite, "HANDED_ON", 0)


async def test_what_is_handed_on_is_what_another_process_reads(tmp_path: Path) -> None:
    here, elsewhere = SqliteLog(tmp_path / "log.sqlite"), SqliteLog(tmp_path / "log.sqlite")
    entries = [*written(2), *written(2, "notice", OTHER, 2), *written(1, first=4)]
    try:
        for first, size in ((0, 1), (1, 5)):
            await here.publish(ORIGIN, entries[first:size], signed(entries[:size]))
            assert await elsewhere.wait(ORIGIN, size - 1, 60)
            for reader in (COORDINATOR, OTHER):
                handed_on = await here.read(ORIGIN, reader, first, 100)
                assert handed_on == await elsewhere.read(ORIGIN, reader, first, 100)
                assert len(handed_on) > 1
    finally:
        await here.close()
        await elsewhere.close()
