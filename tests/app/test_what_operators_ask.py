"""What an operator asks wrongly, or of the wrong file, is never told as if all were well."""

from pathlib import Path

import pytest
from tests.pathways.deployment import COORDINATOR, POLICE, POLICY
from typer.testing import CliRunner

from nrm import cli_topics, founding, parked
from nrm.cli_doctor import summed_up
from nrm.config import ConfigInvalid
from nrm.config_distributed import DistributedConfig
from nrm.doctor.findings import Finding, State
from nrm.founding_distributed import Surrounds, found


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation of the police and the coordinator; gives the configuration's path."""
    folder = tmp_path_factory.mktemp("asked") / "installation"
    return found(folder, [POLICE, COORDINATOR], POLICY, Surrounds(["127.0.0.1:9"], "127.0.0.1:9"))


@pytest.mark.parametrize("command", [["list"], ["release", "nrm.log.x", "3"]])
def test_a_reader_that_nobody_knows_has_not_parked_nothing(
    command: list[str], installation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parked, "listed", lambda *_: [])
    asked = [*command, "--config", str(installation), "--reader", "demo/coordinator/natonal"]
    done = CliRunner().invoke(cli_topics.parked, asked)
    assert done.exit_code != 0
    assert f"nearest: {COORDINATOR}" in " ".join(done.stderr.split())


def test_where_nothing_is_parked_that_is_said(installation: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parked, "listed", lambda *_: [])
    done = CliRunner().invoke(cli_topics.parked, ["list", "--config", str(installation), "--reader", COORDINATOR])
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == f"Nothing that {COORDINATOR} parked waits to be looked at.\n"


def test_a_configuration_of_the_embedded_mode_is_called_that(tmp_path: Path) -> None:
    config = founding.found(tmp_path, [POLICE], POLICY)
    with pytest.raises(ConfigInvalid, match=r"it has no \[kafka\], so it is one of the embedded mode"):
        DistributedConfig.load(config)


@pytest.mark.parametrize(
    ("states", "told"),
    [
        ([State.OK, State.OK], "All well: 2 things looked at, nothing to do."),
        (
            [State.OK, State.ACT, State.UNSEEN, State.ACT],
            "Of 4 things 2 (XX) want something done and 1 (??) could not be looked at.",
        ),
    ],
)
def test_what_the_doctor_found_is_summed_up_at_the_end(states: list[State], told: str) -> None:
    assert summed_up([Finding("it", state, "is so") for state in states]) == told
