"""One history, written once, and copies of it."""

import asyncio
import shutil
from pathlib import Path

import pytest
from tests.demo.running import reopened


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a finished history."""
    folder = tmp_path_factory.mktemp("demo") / "nrm-demo"

    async def write() -> None:
        async with reopened(folder) as demo:
            assert demo.told is not None
            assert demo.told.unplanned == []
            assert demo.told.known.notices_refused == 0

    asyncio.run(write())
    return folder


@pytest.fixture
def folder(written: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(written, tmp_path / "nrm-demo"))
