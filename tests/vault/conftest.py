"""The toy agency of :mod:`tests.vault.scene`, anew for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.vault.scene import Scene, boats


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with boats(tmp_path) as one:
        yield one
