"""The benchmarks run, and say what they are declared to say. What the figures are is no test's business."""

import json
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
from bench.measure import Results, Row, Title
from bench.page import PAGE, RESULTS, filled, read

ROOT = Path(__file__).parents[2]
PAIRS = {
    "gRPC commands, 64 callers, without personal data",
    "gRPC commands, 64 callers, with sealed identity",
    "commands in process, 1 writer",
    "commands in process, 16 writers",
    "commands in process, 64 writers",
    "rebuild of all coordinator views",
    "verify of a store",
    "commit to visible at the coordinator, median",
    "commit to visible at the coordinator, 99th percentile",
}
GROWN = {
    "gRPC commands, 64 callers",
    "commands in process, 64 writers",
    "rebuild of all coordinator views",
    "verify of a store",
    "commit to visible at the coordinator, median",
}


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_quick_run_writes_every_declared_row(tmp_path: Path) -> None:
    out = tmp_path / "results.json"
    subprocess.run([sys.executable, "-m", "bench", "--quick", "--out", str(out)], cwd=ROOT, check=True, timeout=290)
    results = json.loads(out.read_text("utf-8"))
    assert results["fsync_us"].keys() == {"p50", "p99"}
    assert {row["name"] for row in results["rows"]} == PAIRS | {
        f"{name}, at {factor} times the data" for name in GROWN for factor in (10, 100)
    }
    for row in results["rows"]:
        assert list(row) == [field.name for field in fields(Row)]
        assert row["ours"] > 0
        assert row["peer"] > 0


@pytest.mark.parametrize(
    ("goal", "ours", "peer", "met"),
    [(">= 0.4", 40, 100, True), (">= 0.4", 39, 100, False), ("<= 3", 3, 1, True), ("<= 3", 3.1, 1, False)],
)
def test_a_goal_is_met_by_the_ratio_of_ours_to_the_peers(goal: str, ours: float, peer: float, met: bool) -> None:
    assert Title("row", "unit", "peer", goal).row(ours, peer).met is met


def results(*rows: Row) -> Results:
    return Results({"cores": 2, "python": "3.11.7", "system": "Linux"}, {"p50": 300, "p99": 900}, rows)


def test_the_page_shows_each_row_and_whether_its_goal_is_reached() -> None:
    reached, missed = (
        Title("one", "calls/s", "peer", ">= 1").row(20_000, 100),
        Title("two", "ms", "peer", "<= 3").row(4, 1),
    )
    page = filled("before\n<!-- results -->\nold\n<!-- end of results -->\nafter\n", results(reached, missed))
    assert "| one | 20,000 | 100 | calls/s | 200 | >= 1 | yes |\n| two | 4 | 1 | ms | 4 | <= 3 | no |\n" in page
    assert page.startswith("before\n")
    assert page.endswith("\nafter\n")
    assert "old" not in page


def test_the_page_shows_the_results_that_are_kept() -> None:
    if RESULTS.exists():
        page = PAGE.read_text("utf-8")
        assert page == filled(page, read(RESULTS))
