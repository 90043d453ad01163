"""Founding writes into the trust file what kind of organisation each agency is: as it is told, else as is usual."""

import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from nrm import founding_distributed as distributed
from nrm.cli import app
from nrm.config_distributed import DistributedConfig
from nrm.demo.agencies import ORIGINS
from nrm.founding import founded_keys
from nrm.servers.guarded import PortTaken, guarded
from nrm_kernel.ledger.note import SigningKey
from nrm_kernel.ledger.trust import Trust


def test_an_agency_is_what_its_name_begins_with_or_what_is_usual_for_its_service(tmp_path: Path) -> None:
    founded_keys(tmp_path, [*ORIGINS, "demo/identification/north"])
    trust = Trust.load(tmp_path / "trust.toml")
    assert {origin.split("/", 1)[1]: trust.organisation(origin) for origin in trust.origins()} == {
        "identification/police": "police",
        "identification/border-guard": "border_guard",
        "identification/competent-authority": "competent_authority",
        "identification/north": "other",
        "assistance/ngo-dawn": "ngo",
        "assistance/ngo-harbour": "ngo",
        "prosecution/crown": "prosecution",
        "funding/fund": "funder",
        "coordinator/national": "coordinator",
        "audit/office": "auditor",
    }


@pytest.mark.slow
def test_the_command_takes_the_kind_of_organisation_with_the_agency(tmp_path: Path) -> None:
    command = ["admin", "found", "--dir", str(tmp_path / "i"), "--agency"]
    done = CliRunner().invoke(app, [*command, "xx/identification/north=labour_inspectorate"])
    assert done.exit_code == 0, done.output
    assert Trust.load(tmp_path / "i" / "trust.toml").organisation("xx/identification/north") == "labour_inspectorate"


def test_an_organisation_that_is_none_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    command = ["admin", "found", "--dir", str(tmp_path / "i"), "--agency", "xx/identification/north=polise"]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 2
    assert "'police'" in done.stderr
    assert not (tmp_path / "i").exists()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--agency", "foo"], "<deployment>/<service>/<agency>"),
        (["--agency", "demo/identification/Police"], "in a-z 0-9 and -"),
        (["--agency", "demo/police/north"], "no service 'police'"),
        (["--agency", "demo/audit/office", "--agency", "other/audit/office"], "not of the deployment demo"),
        (["--agency", "demo/audit/office", "--agency", "demo/audit/office"], "named twice"),
        (["--kafka", "localhost"], "'localhost' is not host:port"),
        (["--postgres", "localhost:x"], "is not host:port"),
        (["--policy", "nowhere.toml"], "nowhere.toml"),
        (["--agency", f"demo/audit/{'long' * 20}"], "characters"),
    ],
)
def test_what_can_be_no_installation_is_refused_before_anything_is_written(
    tmp_path: Path, options: list[str], told: str
) -> None:
    done = CliRunner().invoke(app, ["admin", "found", "--dir", str(tmp_path / "i"), *options])
    assert done.exit_code != 0
    assert told in str(done.exception or done.stderr)
    assert not list((tmp_path / "i").rglob("*.*"))


@pytest.fixture
def installation(tmp_path: Path) -> Path:
    """One of the police and the auditor, whose processes would share this machine."""
    folder = tmp_path / "i"
    origins = ["demo/identification/police", "demo/audit/office", "demo/coordinator/national"]
    policy = Path(__file__).parents[2] / "policies" / "gb.toml"
    distributed.found(folder, origins, policy, distributed.Surrounds(["localhost:19092"], "localhost:15432"))
    return folder


def test_a_further_agency_has_all_that_the_first_ones_have_and_begins_where_the_logs_are(installation: Path) -> None:
    before, sizes = Trust.load(installation / "trust.toml"), {"demo/identification/police": 7, "demo/audit/office": 2}
    new = "demo/prosecution/crown"
    config = DistributedConfig.load(distributed.further(installation, new, "", sizes))
    [own] = config.agency
    assert (own.origin, own.store) == (
        new,
        "postgresql://demo%2Fprosecution%2Fcrown@localhost:15432/demo.prosecution.crown",
    )
    own.store_url()  # its certificate and key fit, and the authority is there
    together = DistributedConfig.load(installation / "nrm.toml")
    taken = {one.listen for one in together.agency} | {together.http}
    assert {own.listen, config.http}.isdisjoint(taken)
    after = Trust.load(installation / distributed.NEW_TRUST)
    assert after.logs[:-1] == before.logs == Trust.load(installation / "trust.toml").logs, "nobody is told of it yet"
    assert (after.origins()[-1], after.admitted_at(new), after.organisation(new)) == (new, sizes, "prosecution")
    signing = SigningKey.parse((installation / "agencies" / "prosecution-crown" / "signing.key").read_text())
    assert after.verifier(new, 0).text() == signing.verifier().text()
    assert (
        f"[{new}]" in (installation / "officers.toml").read_text()
        or new in (installation / "officers.toml").read_text()
    )


def test_an_agency_whose_files_are_there_is_not_written_over(installation: Path) -> None:
    distributed.further(installation, "demo/prosecution/crown", "", {})
    key = (installation / "agencies" / "prosecution-crown" / "signing.key").read_text()
    with pytest.raises(FileExistsError):
        distributed.further(installation, "demo/prosecution/crown", "", {})
    assert (installation / "agencies" / "prosecution-crown" / "signing.key").read_text() == key


def test_servers_are_not_begun_where_somebody_listens_already(installation: Path) -> None:
    config = DistributedConfig.load(installation / "nrm.toml")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        there = [one.model_copy(update={"store": f"postgresql://a@localhost:{port}/b"}) for one in config.agency]
        near = config.model_copy(update={"agency": tuple(there)})
        with pytest.raises(PortTaken, match=f"Port {port}"), guarded(installation, near):
            pass
