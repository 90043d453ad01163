"""Founding writes into the trust file what kind of organisation each agency is: as it is told, else as is usual."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from nrm.cli import app
from nrm.demo.agencies import ORIGINS
from nrm.founding import founded_keys
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
