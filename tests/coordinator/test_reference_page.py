"""The reference page names every code that an answer can hold."""

import re
from pathlib import Path

import pytest

from nrm_contracts.codes import code_list
from nrm_coordinator.milestones import steps
from nrm_coordinator.overdue import OF_STAYS
from nrm_coordinator.standing import ASSISTANCE, CASE, IDENTIFICATION, PROCEEDINGS, codes

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "coordinator.md").read_text()
NAMED = set(re.findall(r"`([a-z_]+)`", PAGE))


@pytest.mark.parametrize("facet", [IDENTIFICATION, ASSISTANCE, PROCEEDINGS, CASE])
def test_every_standing_is_named(facet: str) -> None:
    assert set(codes(facet)) - NAMED == set()


def test_every_step_of_the_funnels_is_named() -> None:
    assert {*steps("person"), *steps("case"), *steps("defendant")} - NAMED == set()


def test_the_alerts_of_the_code_list_are_the_alerts_of_the_page_and_of_the_code() -> None:
    table = set(re.findall(r"^\| `([a-z_]+)` \|", PAGE[PAGE.index("## Alerts") :], re.MULTILINE))
    code = (ROOT / "services" / "coordinator" / "nrm_coordinator" / "alerts.py").read_text()
    raised = re.findall(r'(?:Alert|_lasting)\(\s*"([a-z_]+)"|kind = "([a-z_]+)" if .* else "([a-z_]+)"', code)
    assert {kind for found in raised for kind in found if kind} == set(code_list("alert_kind"))
    assert table == set(code_list("alert_kind"))


def test_deadlines_of_stays_are_named() -> None:
    assert not OF_STAYS - NAMED
