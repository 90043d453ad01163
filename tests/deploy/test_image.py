"""The image is built from what its Dockerfile copies and nothing else, and runs what compose tells it to."""

import re
import shlex
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from nrm.cli import app
from nrm.founding_distributed import HTTP_PORT

ROOT = Path(__file__).parents[2]
DOCKERFILE = ROOT / "deploy" / "Dockerfile"
COPY = re.compile(r"^COPY (?!--from)(.+)$", re.MULTILINE)
SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
OURS = {name: one for name, one in SERVICES.items() if one["image"].startswith("nrm:")}


def copied(folder: Path) -> None:
    """What the builder copies, as it copies it: links stay links."""
    for line in COPY.findall(DOCKERFILE.read_text("utf-8")):
        *sources, target = shlex.split(line)
        for source in sources:
            if (ROOT / source).is_dir():
                shutil.copytree(
                    ROOT / source, folder / target, symlinks=True, ignore=shutil.ignore_patterns("__pycache__")
                )
            else:
                shutil.copy(ROOT / source, folder / target)


@pytest.mark.slow
def test_everything_that_is_installed_is_among_what_the_image_is_built_from(tmp_path: Path) -> None:
    (tmp_path / "build").mkdir()
    copied(tmp_path / "build")
    assert [str(path) for path in (tmp_path / "build").rglob("*") if path.is_symlink() and not path.exists()] == []
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", f"--target={tmp_path / 'site'}"]
    command = [sys.executable, "-m", "pip", "install", *options, str(tmp_path / "build")]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    policies = {path.name for path in (tmp_path / "site" / "nrm" / "policies").glob("*.toml")}
    assert policies == {path.name for path in (ROOT / "policies").glob("*.toml")}


def test_what_containers_run_are_commands_with_options_that_there_are() -> None:
    commands = {tuple(one["command"]) for one in OURS.values()}
    assert len(commands) > 2
    for command in commands:
        told = CliRunner().invoke(app, [*command, "--help"])
        assert told.exit_code == 0, told.output
        assert "Usage" in told.output


def test_a_planted_option_is_found() -> None:
    assert CliRunner().invoke(app, ["up", "--configuration", "nrm.toml", "--help"]).exit_code != 0


def test_the_health_check_asks_whether_the_agency_takes_commands() -> None:
    checks = {one["healthcheck"]["test"][-1] for one in OURS.values() if one.get("restart") != "no"}
    [check] = checks
    assert f'"http://127.0.0.1:{HTTP_PORT}/readyz"' in check


@pytest.mark.parametrize(("said", "status"), [("200", 0), ("503", 1)])
def test_the_health_check_fails_as_long_as_no_commands_are_taken(said: str, status: int) -> None:
    [check] = {one["healthcheck"]["test"][-1] for one in OURS.values() if one.get("restart") != "no"}
    answer = f"HTTP/1.1 {said} x\r\nContent-Length: 0\r\n\r\n".encode()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        asking = check.replace(str(HTTP_PORT), str(listening.getsockname()[1]))
        with subprocess.Popen([sys.executable, "-c", asking], stderr=subprocess.DEVNULL) as process:
            asked, _ = listening.accept()
            with asked:
                assert asked.recv(1_000).startswith(b"GET /readyz ")
                asked.sendall(answer)
            assert process.wait(60) == status


def test_what_the_operators_page_runs_in_containers_is_there() -> None:
    page = (ROOT / "docs" / "operator" / "distributed.md").read_text("utf-8")
    commands = re.findall(r"^docker compose exec (\S+) (nrm .+)$", page, re.MULTILINE)
    assert commands
    for name, command in commands:
        words = shlex.split(command)
        assert CliRunner().invoke(app, [words[1], "--help"]).exit_code == 0
        given = {used["target"] for used in SERVICES[name]["configs"]}
        assert any(target.startswith(words[-1]) for target in given), f"{name} has no {words[-1]}"


@pytest.mark.parametrize(
    "path", [DOCKERFILE, ROOT / "deploy" / "collector" / "Dockerfile"], ids=lambda path: str(path.parent.name)
)
def test_what_images_are_built_from_has_a_fixed_version(path: str) -> None:
    named = re.findall(r"(?:^FROM |--from=)([\w./-]+:\S+)", (ROOT / "deploy" / path).read_text(), re.MULTILINE)
    assert named
    assert [one for one in named if not re.search(r":v?\d+\.\d+\.\d+", one)] == []


def test_the_image_runs_as_who_compose_says() -> None:
    text = DOCKERFILE.read_text("utf-8")
    assert {f"USER {one['user']}" for one in OURS.values()} == set(re.findall(r"^USER .+$", text, re.MULTILINE))
