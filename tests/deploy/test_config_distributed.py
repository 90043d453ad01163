"""The distributed mode's configuration: one file says it all, secrets stay in their own files, mistakes are named."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from nrm import certs
from nrm.config import Config, ConfigInvalid
from nrm.config_distributed import DistributedConfig, load
from nrm_kernel.clock import SystemClock
from nrm_kernel.log_topics import ClientTls

HEAD = 'deployment = "demo"\npolicy = "policy.toml"\ntrust = "trust.toml"\n'
KAFKA = '\n[kafka]\nbootstrap = ["127.0.0.1:9092"]\n'
AGENCY = """
[[agency]]
origin = "demo/assistance/ngo-dawn"
folder = "dawn"
listen = "127.0.0.1:7443"
signing_key = "dawn/signing.key"
vault_key = "dawn/vault.key"
"""
STORE = 'store = "postgresql://dawn_runs@127.0.0.1:5432/dawn"\n'
TLS = '\n[agency.tls]\ncertificate = "c.pem"\nkey = "c.key"\nauthority = "a.pem"\n'


def written(folder: Path, text: str) -> Path:
    path = folder / "nrm.toml"
    path.write_text(text)
    return path


def distributed(folder: Path, text: str) -> DistributedConfig:
    config = load(written(folder, text))
    assert isinstance(config, DistributedConfig)
    return config


def test_kafka_makes_it_distributed_and_paths_are_beside_the_file(tmp_path: Path) -> None:
    config = distributed(tmp_path, f'{HEAD}http = "127.0.0.1:9464"\n{KAFKA}{AGENCY}{STORE}')
    [agency] = config.agency
    assert (config.http, config.kafka.bootstrap) == ("127.0.0.1:9464", ("127.0.0.1:9092",))
    assert (config.log, agency.folder) == (tmp_path / "mirror.sqlite", tmp_path / "dawn")


def test_without_kafka_it_is_embedded(tmp_path: Path) -> None:
    config = load(written(tmp_path, f'{HEAD}log = "log.sqlite"\n{AGENCY}'))
    assert type(config) is Config


def test_a_password_is_read_from_its_file_and_written_as_a_url_needs_it(tmp_path: Path) -> None:
    config = distributed(tmp_path, f'{HEAD}{KAFKA}{AGENCY}{STORE}store_password = "pw"\n')
    (tmp_path / "pw").write_text("p@ss/word\n")
    [agency] = config.agency
    assert agency.store_url() == "postgresql://dawn_runs:p%40ss%2Fword@127.0.0.1:5432/dawn"
    assert "p@ss" not in repr(config)


@pytest.mark.parametrize("held", [b"", b"\n", b"\xff\xfe"])
def test_a_file_that_holds_no_password_is_named(tmp_path: Path, held: bytes) -> None:
    [agency] = distributed(tmp_path, f'{HEAD}{KAFKA}{AGENCY}{STORE}store_password = "pw"\n').agency
    (tmp_path / "pw").write_bytes(held)
    with pytest.raises(OSError, match="holds no password") as fault:
        agency.store_url()
    assert fault.value.filename == str(tmp_path / "pw")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"{HEAD}{KAFKA}{AGENCY}", r"agency\.0\.store: Field required"),
        (f"{HEAD}{KAFKA}{AGENCY}{STORE}stor = 1\n", "unknown key agency.0.stor; did you mean store"),
        (f"{HEAD}{KAFKA}bootstap = 1\n{AGENCY}{STORE}", "unknown key kafka.bootstap; did you mean bootstrap"),
        (f'{HEAD}\n[kafka]\nbootstrap = ["x"]\n{AGENCY}{STORE}', "is not host:port"),
        (f"{HEAD}\n[kafka]\nbootstrap = []\n{AGENCY}{STORE}", "at least 1 item"),
        (f'{HEAD}{KAFKA}{AGENCY}store = "sqlite:///x"\n', "a store is named postgresql://"),
        (f'{HEAD}{KAFKA}{AGENCY}store = "postgresql://a:b@127.0.0.1/c"\n', "name the file that holds it"),
        (f'{HEAD}{KAFKA}{AGENCY}store = "postgresql://a@10.0.0.1/c"\n', r"reaches 10\.0\.0\.1 without a certificate"),
        (f'{HEAD}\n[kafka]\nbootstrap = ["kafka:9092"]\n{AGENCY}{STORE}', "reaches kafka without a certificate"),
        (f"{HEAD}{KAFKA}{AGENCY}{STORE}{TLS}", "officer_keys must name the key file"),
        (f'{HEAD}{KAFKA}{AGENCY}store = "postgresql://a@127.0.0.1:no/b"\n', r"agency\.0\.store: Port could not"),
        (f'{HEAD}{KAFKA}{AGENCY}store = "postgresql://a@127.0.0.1:65536/b"\n', r"agency\.0\.store: Port out of range"),
        (f'{HEAD}http = "0.0.0.0:7443"\n{KAFKA}{AGENCY}{STORE}', "http and agency.0 both have the address"),
    ],
    ids=["no store", "store misspelt", "kafka misspelt", "no port", "no broker", "other store", "password", "far store",
         "far broker", "no officers", "a word as port", "no such port", "http on an agency's address"],
)  # fmt: skip
def test_a_mistake_is_named_and_nothing_is_started(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigInvalid, match=told):
        load(written(tmp_path, text))


def test_the_servers_certificate_is_the_clients_too_unless_another_is_named(tmp_path: Path) -> None:
    text = f'officer_keys = "officers.toml"\n{HEAD}\n[kafka]\nbootstrap = ["kafka:9092"]\n{AGENCY}{STORE}{TLS}'
    [agency] = distributed(tmp_path, text).agency
    assert agency.principal is not None
    assert agency.principal.certificate == tmp_path / "c.pem"
    client = '\n[agency.client]\ncertificate = "k.pem"\nkey = "k.key"\nauthority = "a.pem"\n'
    [agency] = distributed(tmp_path, text + client).agency
    assert agency.principal is not None
    assert agency.principal.certificate == tmp_path / "k.pem"


def test_kafka_and_the_database_are_shown_the_agencys_certificate(tmp_path: Path) -> None:
    client = '\n[agency.client]\ncertificate = "k.pem"\nkey = "k.key"\nauthority = "a.pem"\n'
    config = distributed(tmp_path, f"{HEAD}{KAFKA}{AGENCY}{STORE}{client}")
    [agency] = config.agency
    certs.make(tmp_path, certs.Wanted("demo", ["demo/k"]), SystemClock().now())
    for made, named in (("demo.k.pem", "k.pem"), ("demo.k.key", "k.key"), ("authority.pem", "a.pem")):
        (tmp_path / made).rename(tmp_path / named)
    tls = config.cluster(agency).tls
    assert tls == ClientTls(tmp_path / "k.pem", tmp_path / "k.key", tmp_path / "a.pem")
    options = parse_qs(urlsplit(agency.store_url()).query)
    assert options["sslmode"] == ["verify-full"]
    assert options["sslcert"] == [str(tmp_path / "k.pem")]


@pytest.mark.parametrize(
    ("harm", "named", "told"),
    [
        (lambda folder: (folder / "demo.k.pem").unlink(), "demo.k.pem", "No such file"),
        (lambda folder: (folder / "authority.pem").write_text("x"), "authority.pem", "no certificate of an authority"),
        (
            lambda folder: (folder / "demo.k.pem").write_text("x"),
            "demo.k.pem",
            "no certificate, or .* not its key",
        ),
    ],
    ids=["no certificate", "no authority", "another file"],
)
def test_a_certificate_that_cannot_be_used_is_named(
    tmp_path: Path, harm: Callable[[Path], object], named: str, told: str
) -> None:
    certs.make(tmp_path, certs.Wanted("demo", ["demo/k"]), SystemClock().now())
    client = '\n[agency.client]\ncertificate = "demo.k.pem"\nkey = "demo.k.key"\nauthority = "authority.pem"\n'
    [agency] = distributed(tmp_path, f"{HEAD}{KAFKA}{AGENCY}{STORE}{client}").agency
    agency.store_url()
    harm(tmp_path)
    with pytest.raises(OSError, match=told) as fault:
        agency.store_url()
    assert fault.value.filename == str(tmp_path / named)


def test_an_agency_that_is_wrong_is_not_told_as_one_too_few(tmp_path: Path) -> None:
    with pytest.raises(ConfigInvalid) as wrong:
        load(written(tmp_path, f"{HEAD}{KAFKA}{AGENCY}{STORE}stor = 1\n"))
    assert "at least 1 item" not in wrong.value.text


def test_the_auditor_is_shown_another_agencys_views_by_its_own_certificate(tmp_path: Path) -> None:
    shows = '\n[[shown]]\norigin = "demo/coordinator/national"\nstore = "postgresql://office@127.0.0.1/national"\n'
    config = distributed(tmp_path, f"{HEAD}{KAFKA}{AGENCY}{STORE}{shows}")
    [shown] = config.shown
    assert (shown.origin, shown.url(None)) == ("demo/coordinator/national", shown.store)
    with pytest.raises(ConfigInvalid, match="did you mean store"):
        load(written(tmp_path, f"{HEAD}{KAFKA}{AGENCY}{STORE}{shows}stor = 1\n"))


def test_a_socket_and_this_machine_are_near(tmp_path: Path) -> None:
    for store in ("postgresql://a@/c?host=/run/pg", "postgresql://a@[::1]/c", "postgresql://a@localhost/c"):
        config = distributed(tmp_path, f'{HEAD}{KAFKA}{AGENCY}store = "{store}"\n')
        assert config.far_from(config.agency[0]) == []
