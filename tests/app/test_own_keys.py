"""An agency whose key nobody would believe signs nothing; one whose TLS files are none says which of them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.pathways.deployment import COORDINATOR, NGO, POLICE, POLICY

from nrm.config import STORE, WITNESS, Config
from nrm.coordinating import asking
from nrm.embedded import open_house
from nrm.founding import found
from nrm.signing import SigningKeyUntrusted
from nrm_kernel.ledger.note import SigningKey
from nrm_kernel.ledger.trust import NotTrusted
from nrm_kernel.telemetry import silent


def of_another_agency(config: Config) -> None:
    config.agency[1].signing_key.write_bytes(config.agency[0].signing_key.read_bytes())


def of_nobody(config: Config) -> None:
    config.agency[1].signing_key.write_text(SigningKey.generate(config.agency[1].origin).text())


@pytest.mark.parametrize("harm", [of_another_agency, of_nobody])
async def test_a_key_that_the_trust_file_does_not_name_signs_nothing(
    tmp_path: Path, harm: Callable[[Config], None]
) -> None:
    config = Config.load(found(tmp_path / "deployment", [POLICE, COORDINATOR], POLICY))
    harm(config)
    with pytest.raises(SigningKeyUntrusted, match=str(config.agency[1].signing_key)):
        await open_house(config, silent())
    with pytest.raises(SigningKeyUntrusted, match=str(config.agency[1].signing_key)):
        async with asking(config):
            pass
    assert not (config.agency[1].folder / WITNESS).exists()


async def test_a_key_signs_from_the_size_on_from_which_the_trust_file_names_it(tmp_path: Path) -> None:
    file = found(tmp_path / "deployment", [POLICE, NGO], POLICY)
    config = Config.load(file)
    later = config.trust.read_text("utf-8").replace("from_size = 0", "from_size = 1", 1)
    config.trust.write_text(later, "utf-8")
    with pytest.raises(Exception, match=f'no key of "{POLICE}" for size 0'):
        await open_house(config, silent())


async def test_what_is_no_certificate_is_named(tmp_path: Path) -> None:
    file = found(tmp_path / "deployment", [POLICE], POLICY)
    tls = '[agency.tls]\ncertificate = "c.pem"\nkey = "k.pem"\nauthority = "a.pem"\n'
    file.write_text(f'officer_keys = "officers.toml"\n{file.read_text("utf-8")}{tls}', "utf-8")
    for name in ("c.pem", "k.pem", "a.pem"):
        (file.parent / name).write_text("no certificate")
    with pytest.raises(OSError, match="holds no certificate") as refused:
        await open_house(Config.load(file), silent())
    assert refused.value.filename == str(file.parent / "a.pem")


async def test_an_origin_that_was_mistyped_leaves_no_store_that_is_claimed_under_the_wrong_name(tmp_path: Path) -> None:
    file = found(tmp_path / "deployment", [POLICE], POLICY)
    right = file.read_text("utf-8")
    file.write_text(right.replace(POLICE, f"{POLICE}s"), "utf-8")
    with pytest.raises(NotTrusted, match=f'does not name the origin "{POLICE}s"'):
        await open_house(Config.load(file), silent())
    file.write_text(right, "utf-8")
    await (await open_house(Config.load(file), silent())).close()


@pytest.mark.parametrize("name", ["signing_key", "vault_key"])
async def test_a_key_that_is_missing_is_told_before_a_store_is_made(tmp_path: Path, name: str) -> None:
    config = Config.load(found(tmp_path / "deployment", [POLICE], POLICY))
    missing = tmp_path / "gone.key"
    agency = config.agency[0].model_copy(update={name: missing})
    with pytest.raises(FileNotFoundError, match=missing.name):
        await open_house(config.model_copy(update={"agency": (agency,)}), silent())
    assert not (agency.folder / STORE).exists()
