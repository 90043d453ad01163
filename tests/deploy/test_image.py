"""The image is built from what its Dockerfile copies and nothing else, and runs what compose tells it to."""

import re
import shlex
import shutil
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


def test_the_health_check_asks_where_the_agency_tells_of_its_health() -> None:
    checks = {one["healthcheck"]["test"][-1] for one in OURS.values() if one.get("restart") != "no"}
    [check] = checks
    assert f'"http://127.0.0.1:{HTTP_PORT}/healthz"' in check


def test_the_image_runs_as_who_compose_says() -> None:
    text = DOCKERFILE.read_text("utf-8")
    assert {f"USER {one['user']}" for one in OURS.values()} == set(re.findall(r"^USER .+$", text, re.MULTILINE))
