"""What several tests of the kernel begin with."""

from pathlib import Path

import pytest
from tests.kernel.relaying import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)
