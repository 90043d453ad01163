"""What the doctor says of files that nobody else may read."""

from pathlib import Path

import pytest

from nrm.config_distributed import DistributedAgency
from nrm.doctor.findings import State
from nrm.doctor.secret_files import of_secrets

NAMES = ("signing.key", "vault.key", "server.key", "client.key", "store.password")


@pytest.fixture
def agency(tmp_path: Path) -> DistributedAgency:
    for name in NAMES:
        (tmp_path / name).write_text("invented")
        (tmp_path / name).chmod(0o640)
    server, client = (
        {"certificate": tmp_path / "c.pem", "key": tmp_path / key, "authority": tmp_path / "a.pem"}
        for key in ("server.key", "client.key")
    )
    return DistributedAgency.model_validate(
        {
            "origin": "demo/assistance/ngo-dawn",
            "folder": tmp_path,
            "listen": "127.0.0.1:0",
            "store": "postgresql://a@localhost/b",
            "store_password": tmp_path / "store.password",
            "signing_key": tmp_path / "signing.key",
            "vault_key": tmp_path / "vault.key",
            "tls": server,
            "client": client,
        }
    )


def test_files_for_the_agency_and_its_group_alone_are_fine(agency: DistributedAgency) -> None:
    assert of_secrets(agency).state is State.OK


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_every_account_may_read_is_named_with_what_to_do(agency: DistributedAgency, name: str) -> None:
    path = agency.folder / name
    path.chmod(0o644)
    found = of_secrets(agency)
    assert (found.state, found.text) == (State.ACT, f"{path} is open to every account of this machine")
    assert found.action.startswith(f"chmod o= {path}")


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_is_not_there_is_named(agency: DistributedAgency, name: str) -> None:
    (agency.folder / name).unlink()
    found = of_secrets(agency)
    assert (found.state, found.text) == (State.ACT, f"{agency.folder / name}: No such file or directory")
