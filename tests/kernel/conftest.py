"""What several tests of the kernel begin with."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.kernel.pair import ELSEWHERE, HERE, Side, opened
from tests.kernel.relaying import Place

from nrm_kernel.testing.memory import MemoryLog, MemoryStore


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[tuple[Side, Side]]:
    """Who tells, and who hears."""
    log = MemoryLog()
    async with opened(MemoryStore(HERE), log, tmp_path) as here, opened(MemoryStore(ELSEWHERE), log, tmp_path) as other:
        yield here, other
