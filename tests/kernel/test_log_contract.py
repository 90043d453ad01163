"""The shared log's contract on every adapter."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from nrm_kernel.adapters.log_sqlite import SqliteLog
from nrm_kernel.adapters.memory import MemoryLog
from nrm_kernel.log import SharedLog
from nrm_kernel.testing.log_contract import LogContract


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
