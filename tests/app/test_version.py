"""`nrm --version` says which release this is, and asks for no command."""

from importlib.metadata import version

from typer.testing import CliRunner

from nrm.cli import app


def test_the_release_is_told() -> None:
    done = CliRunner().invoke(app, ["--version"])
    assert (done.exit_code, done.stdout) == (0, f"nrm {version('nrm')}\n")
