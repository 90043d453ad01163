"""The page of faults names, for each, a test that is there."""

from tests.docs.pages import ROOT
from tests.docs.test_invariants_page import PROOF, missing

PAGE = ROOT / "docs" / "reference" / "faults.md"
TEXT = PAGE.read_text("utf-8")
HEADS = ("| Fault |", "| What |")
FAULTS = 13


def test_every_fault_names_a_test_that_exists() -> None:
    faults = [row for row in TEXT.splitlines() if row.startswith("| ") and not row.startswith(HEADS)]
    assert len(faults) == FAULTS
    assert [row for row in faults if not PROOF.search(row)] == []
    assert missing(TEXT, PAGE.parent) == []
