"""The benchmarks run, and say what they are declared to say. What the figures are is no test's business."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
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
    "gRPC commands, 64 callers, with sealed identity, with relay, log and views beside",
    "commands in process, 64 writers, with relay, log and views beside",
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
ON_SERVERS = {
    "gRPC commands on PostgreSQL, 64 callers, without personal data",
    "gRPC commands on PostgreSQL, 64 callers, with sealed identity",
    "gRPC commands on PostgreSQL, 64 callers, libraries alone",
    "commit to visible over PostgreSQL and Kafka, median",
    "commit to visible over PostgreSQL and Kafka, 99th percentile",
    "relay from PostgreSQL to Kafka, entries covered by checkpoints",
}
LEFT_OUT = "The rows on PostgreSQL and Kafka are left out."


def bench(out: Path, part: str, **environment: str) -> str:
    """What a quick run of that part prints."""
    command = [sys.executable, "-m", "bench", "--quick", "--part", part, "--out", str(out)]
    ran = subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, check=True, timeout=590, stdout=subprocess.PIPE, text=True
    )
    return ran.stdout


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_quick_run_writes_every_declared_row(tmp_path: Path) -> None:
    out = tmp_path / "results.json"
    bench(out, "files")
    results = json.loads(out.read_text("utf-8"))
    assert results["fsync_us"].keys() == {"p50", "p99"}
    assert {row["name"] for row in results["rows"]} == PAIRS | {
        f"{name}, at {factor} times the data" for name in GROWN for factor in (10, 100)
    }
    assert_measured(results["rows"])


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_quick_run_on_servers_writes_every_declared_row(tmp_path: Path) -> None:
    out = tmp_path / "results.json"
    said = bench(out, "servers")
    if LEFT_OUT in said:
        pytest.skip(said.partition(LEFT_OUT)[2].strip())
    results = json.loads(out.read_text("utf-8"))
    assert {row["name"] for row in results["rows"]} == ON_SERVERS
    assert_measured(results["rows"])


@pytest.mark.slow
def test_without_servers_a_line_says_how_to_get_them(tmp_path: Path) -> None:
    out = tmp_path / "results.json"
    if (runs_as_another := shutil.which("runuser")) is not None:
        (tmp_path / "runuser").symlink_to(runs_as_another)
    said = bench(out, "servers", PATH=str(tmp_path), KAFKA_HOME="", NRM_REQUIRE_SERVERS="")
    assert sum(LEFT_OUT in line and "apt-get install" in line for line in said.splitlines()) == 1
    assert json.loads(out.read_text("utf-8"))["rows"] == []


def assert_measured(rows: Sequence[Mapping[str, str | float]]) -> None:
    for row in rows:
        assert list(row) == [field.name for field in fields(Row)]
        assert float(row["ours"]) > 0
        assert float(row["peer"]) > 0


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


def test_a_bare_limit_has_no_goal_to_reach() -> None:
    limit = Title("least", "calls/s", "peer", "").row(50, 100)
    assert limit.met is None
    assert "| least | 50 | 100 | calls/s | 0.5 |  |  |\n" in filled(
        "<!-- results -->\n<!-- end of results -->\n", results(limit)
    )


def test_the_page_shows_the_results_that_are_kept() -> None:
    if RESULTS.exists():
        page = PAGE.read_text("utf-8")
        assert page == filled(page, read(RESULTS))
