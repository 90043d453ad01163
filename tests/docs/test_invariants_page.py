"""The page of what always holds names every rule once, and for each a test that is there."""

import re
from pathlib import Path

from tests.docs.pages import ROOT

PAGE = ROOT / "docs" / "reference" / "invariants.md"
TEXT = PAGE.read_text("utf-8")
ROW = re.compile(r"^\| (\d+) \| .+ \|$", re.MULTILINE)
PROOF = re.compile(r"\[`(\w+)`\]\(([\w./-]+\.py)\)")
SHOWN, NOT_BUILT = TEXT.split("## Not built")
RULES = 34


def missing(markdown: str, folder: Path) -> list[str]:
    """Tests that a page in that folder names and that are not where it says."""
    proofs = [(name, (folder / path).resolve()) for name, path in PROOF.findall(markdown)]
    return [name for name, path in proofs if not path.exists() or f"def {name}(" not in path.read_text("utf-8")]


def test_every_rule_stands_there_once() -> None:
    assert sorted(int(number) for number in ROW.findall(TEXT)) == list(range(1, RULES + 1))


def test_every_rule_that_is_built_names_tests_that_exist() -> None:
    assert [row.group() for row in ROW.finditer(SHOWN) if not PROOF.search(row.group())] == []
    assert missing(TEXT, PAGE.parent) == []
    assert ROW.findall(NOT_BUILT) == []


def test_a_test_that_is_not_there_is_missed() -> None:
    wrong = "[`test_nothing`](../../tests/docs/test_invariants_page.py) [`test_x`](../../tests/nowhere.py)"
    assert missing(wrong, PAGE.parent) == ["test_nothing", "test_x"]
