"""The code blocks of README and docs do what they say.

`bash` and `python` blocks run, those of one page in order and in one empty folder or, if they are about a demo, beside
one. `sh` blocks are for typing on one's own machine (they install, or run until stopped): the make targets and the
`nrm` commands in them must exist. `json`, `toml` and `yaml` blocks must parse.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from subprocess import PIPE

import pytest
import yaml
from _pytest.mark.structures import ParameterSet
from tests.docs.free_ports import free_step, moved
from tests.docs.pages import PAGES, ROOT, Block, blocks
from tests.docs.running_demo import RunningDemo

LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]+)(?:#[^)]*)?\)")
PARSERS: dict[str, Callable[[str], object]] = {"json": json.loads, "toml": tomllib.loads, "yaml": yaml.safe_load}
INSTALLED = r"(?!.* --(?:dir|config|client) installation/)"  # asks an installation that the page itself makes
OF_A_DEMO = re.compile(rf"127\.0\.0\.1:74\d\d|^nrm (pathway|funnel|overdue|audit)\b{INSTALLED}", re.MULTILINE)
TIMEOUT_S = 600
_groups: list[int] = []
RUNNERS = {"bash": ["bash", "-euo", "pipefail", "-c"], "python": [sys.executable, "-c"]}


def is_of_a_demo(markdown: str) -> bool:
    """Whether a block that runs needs a demo beside it."""
    return any(OF_A_DEMO.search(block.text) for block in blocks(markdown) if block.language in RUNNERS)


def broken_links(page: Path, markdown: str) -> list[str]:
    """Relative links of a page that lead nowhere."""
    return [link for link in LINK.findall(markdown) if not (page.parent / link).exists()]


def unknown_commands(text: str) -> list[str]:
    """Make targets and `nrm` commands of a block to type that do not exist."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    unknown = [
        f"make {target}" for target in re.findall(r"^make ([a-z-]+)", text, re.MULTILINE) if target not in targets
    ]
    return unknown + [
        f"nrm {words}"
        for words in re.findall(r"^nrm ([a-z]+(?: [a-z]+)?)", text, re.MULTILINE)
        if _execute(["nrm", *words.split(), "--help"], ROOT).returncode
    ]


def _execute(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run it as the leader of a group of processes, by whose number whatever it leaves running can be ended."""
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=PIPE, stderr=PIPE, text=True, start_new_session=True
    ) as process:
        _groups.append(process.pid)
        out, err = process.communicate(timeout=TIMEOUT_S)
    return subprocess.CompletedProcess(command, process.returncode, out, err)


@pytest.fixture
def clone(tmp_path: Path) -> Iterator[Path]:
    """Where a reader types: a folder with what pages name of the clone. What a page leaves running is ended."""
    (tmp_path / "deploy").symlink_to(ROOT / "deploy")
    begun = len(_groups)
    yield tmp_path
    for group in _groups[begun:]:
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGTERM)


def _case(page: Path) -> ParameterSet:
    """A page; one with blocks that run is slow."""
    runs = any(block.language in RUNNERS for block in blocks(page.read_text()))
    marks = [pytest.mark.slow] if runs else []
    return pytest.param(page, marks=marks, id=page.relative_to(ROOT).as_posix())


@pytest.mark.parametrize("page", [_case(page) for page in PAGES])
def test_the_page_holds(page: Path, clone: Path, request: pytest.FixtureRequest) -> None:
    markdown = page.read_text()
    demo: RunningDemo | None = request.getfixturevalue("demo") if is_of_a_demo(markdown) else None
    assert broken_links(page, markdown) == []
    step = free_step("".join(block.text for block in blocks(markdown) if block.language in RUNNERS))
    for block in blocks(markdown):
        if parse := PARSERS.get(block.language):
            parse(block.text)
        if block.language == "sh":
            assert unknown_commands(block.text) == []
        if run := RUNNERS.get(block.language):
            text, folder = (demo.at_hand(block.text), demo.folder) if demo else (moved(block.text, step), clone)
            done = _execute([*run, text], folder)
            assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"


def test_a_page_whose_port_is_taken_gets_others() -> None:
    page = "nrm admin found --first-port 17443\ncurl http://127.0.0.1:19468/readyz\n"
    step = free_step(page)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 17445 + step))  # one of those that follow
        taken.listen()
        other = free_step(page)
    assert other != step
    assert moved(page, other).split()[4] == str(17443 + other)


def test_blocks_are_found_in_order() -> None:
    page = "text\n```bash\ntrue\n```\n```\nno language\n```\n```python\nx = 1\n```\n"
    assert blocks(page) == [Block("bash", "true\n"), Block("python", "x = 1\n")]


def test_a_link_to_nowhere_is_found() -> None:
    page = "[here](README.md) [anchor](README.md#x) [out](https://example.org) [gone](docs/gone.md)"
    assert broken_links(ROOT / "page.md", page) == ["docs/gone.md"]


def test_an_unknown_make_target_is_found() -> None:
    assert unknown_commands("make test\nmake tset\n") == ["make tset"]


@pytest.mark.parametrize(
    ("page", "needed"),
    [
        ("```bash\nnrm audit verify\n```\n", True),
        ('```python\nchannel("127.0.0.1:7443")\n```\n', True),
        ("```sh\nnrm audit verify\n```\n", False),
        ("```bash\nmkdir nrm-audit\n```\n", False),
    ],
)
def test_what_needs_a_demo_beside_it_is_seen(page: str, needed: bool) -> None:
    assert is_of_a_demo(page) is needed
