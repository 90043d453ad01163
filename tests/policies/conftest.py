"""The shipped policies, and changed copies of them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from nrm_kernel.policy import PolicyHistory, load_history

POLICIES = Path(__file__).parents[2] / "policies"

Changed = Callable[[str, str], Path]


@pytest.fixture
def gb() -> PolicyHistory:
    """The policy of the United Kingdom."""
    return load_history(POLICIES / "gb.toml")


@pytest.fixture
def kz() -> PolicyHistory:
    """The policy of Kazakhstan."""
    return load_history(POLICIES / "kz.toml")


@pytest.fixture
def changed(tmp_path: Path) -> Changed:
    """A copy of the British file with one place of its text replaced."""

    def copy(old: str, new: str) -> Path:
        text = (POLICIES / "gb.toml").read_text(encoding="utf-8")
        assert old in text
        path = tmp_path / "gb.toml"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return path

    return copy
