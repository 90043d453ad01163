"""The baseline that changes are held to is frozen with a reason: the changelog names the one in the tree."""

import re
from pathlib import Path

import pytest

import generate

NAMED = re.compile(r"^- `([0-9a-f]{12})`: \S.*", re.MULTILINE)


def named(changelog: str) -> list[str]:
    """The baselines that a changelog names, the newest first."""
    return NAMED.findall(changelog.partition(generate.FROZEN)[2].partition("\n#")[0])


def test_the_changelog_names_the_baseline_and_says_what_changed_with_it() -> None:
    told = named(generate.CHANGELOG.read_text("utf-8"))
    assert told[:1] == [generate.digest()], 'freeze with: python contracts/generate.py --release "what changed"'


def test_a_line_without_a_reason_names_nothing() -> None:
    changelog = (
        f"{generate.FROZEN}- `0123456789ab`: \n- `ba9876543210`: the first one\n\n## 0.0.1\n- `cccccccccccc`: x\n"
    )
    assert named(changelog) == ["ba9876543210"]


@pytest.mark.slow
def test_freezing_writes_the_reason_down_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changelog = tmp_path / "CHANGELOG.md"
    changelog.write_text(f"# Changelog\n\n{generate.FROZEN}- `ba9876543210`: the first one\n")
    monkeypatch.setattr(generate, "CHANGELOG", changelog)
    monkeypatch.setattr(generate, "BASELINE", tmp_path / "baseline")
    before = generate.digest()
    assert generate.release("a field more") == 0
    assert named(changelog.read_text()) == [generate.digest(), "ba9876543210"]
    assert generate.digest() != before
