"""The README is true: its tests exist, its client is the example, its output is the demo's, its configuration loads."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.docs.pages import ROOT, blocks
from tests.docs.running_demo import RunningDemo

from nrm.config import Config

README = (ROOT / "README.md").read_text("utf-8")
PROOF = re.compile(r"\[`(test_\w+)`\]\(([\w./-]+\.py)\)")
VARIES = re.compile(r"[0-9a-f]{32}|\d[\d,.:-]*")
FEWEST_PROMISES = 15


def missing_tests(markdown: str) -> list[str]:
    """Tests that a page names and that are not where it says."""
    return [
        f"{path}: {name}"
        for name, path in PROOF.findall(markdown)
        if not (ROOT / path).exists() or not re.search(rf"def {name}\(", (ROOT / path).read_text("utf-8"))
    ]


def shape(line: str) -> str:
    """A line without what differs between two demos: numbers, days, references, and how they are aligned."""
    return " ".join(VARIES.sub("#", line).split())


def unlike(shown: str, said: tuple[str, ...]) -> list[str]:
    """Lines that no demo says. An ellipsis stands for more lines, or for the rest of one."""
    shapes = [shape(line) for line in said]
    return [
        line
        for line in shown.splitlines()
        if not any(one.startswith(shape(line).removesuffix("…").rstrip()) for one in shapes)
    ]


def test_every_promise_names_a_test_that_exists() -> None:
    rows = re.findall(r"^\| .+ \| .+ \|$", README, re.MULTILINE)
    assert len(rows) > FEWEST_PROMISES
    assert [row for row in rows[1:] if not PROOF.search(row)] == []
    assert missing_tests(README) == []


def test_a_test_that_is_not_there_is_missed() -> None:
    wrong = "[`test_nothing`](tests/docs/test_readme.py) [`test_x`](tests/nowhere.py)"
    assert missing_tests(wrong) == ["tests/docs/test_readme.py: test_nothing", "tests/nowhere.py: test_x"]


def test_the_client_shown_is_the_example() -> None:
    [client] = [block.text for block in blocks(README) if block.language == "python"]
    assert (ROOT / "examples" / "refer_and_watch.py").read_text("utf-8").endswith(f'"""\n\n{client}')


@pytest.mark.slow
def test_the_client_prints_what_is_shown(demo: RunningDemo) -> None:
    [at] = [nth for nth, block in enumerate(blocks(README)) if block.language == "python"]
    client, shown = blocks(README)[at : at + 2]
    command = [sys.executable, "-c", demo.at_hand(client.text)]
    done = subprocess.run(command, cwd=demo.folder, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr
    assert list(map(shape, done.stdout.splitlines())) == list(map(shape, shown.text.splitlines()))


@pytest.mark.slow
def test_the_output_shown_is_what_the_demo_says(demo: RunningDemo) -> None:
    [shown] = [block.text for block in blocks(README) if block.language == "text" and block.text.startswith("nrm ")]
    assert unlike(shown, demo.said) == []


def test_output_that_no_demo_says_is_seen() -> None:
    said = ("nrm 0.1.0 in x", " Persons   detected 53   referred 5   presumed 4")
    assert unlike("nrm 0.2.0 in x\n …\n Persons   detected 2,000   referred 374   …\n", said) == []
    assert unlike("nrm 0.1.0 in y\n Persons   detected 2,000   left 1   …\n", said) == [
        "nrm 0.1.0 in y",
        " Persons   detected 2,000   left 1   …",
    ]


def test_the_configuration_shown_is_one(tmp_path: Path) -> None:
    [shown] = [block.text for block in blocks(README) if block.language == "toml"]
    (tmp_path / "nrm.toml").write_text(shown)
    [agency] = Config.load(tmp_path / "nrm.toml").agency
    assert agency.tls is not None
