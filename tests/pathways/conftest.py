"""A deployment founded for the test, running in this process as `nrm up` runs it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.pathways.deployment import Deployment, deployed


@pytest.fixture
async def deployment(tmp_path: Path) -> AsyncIterator[Deployment]:
    async with deployed(tmp_path / "deployment") as one:
        yield one
