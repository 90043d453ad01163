"""`nrm admin certs`: who gets what, for its owner alone, and never over anything that is there."""

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509.oid import NameOID
from cryptography.x509.verification import PolicyBuilder, Store
from typer.testing import CliRunner

from nrm import certs
from nrm.cli import app
from nrm.config_distributed import DistributedConfig
from nrm.distributed import Tools, open_distributed
from nrm.founding import found
from nrm.founding_distributed import Surrounds
from nrm.founding_distributed import found as found_installation
from nrm_kernel.clock import SystemClock
from nrm_kernel.rpc_identity import Certificates
from nrm_kernel.telemetry import silent
from nrm_kernel.testing.serving import SetClock

NOW = datetime(2026, 3, 1, tzinfo=UTC)
POLICE = "demo/identification/police"
DAWN = "demo/assistance/ngo-dawn"
WANTED = certs.Wanted("demo", [POLICE, DAWN], {"broker": ["kafka", "localhost", "127.0.0.1"]}, administrator=True)


def certificate(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def test_an_agency_is_named_for_grpc_and_for_kafka(tmp_path: Path) -> None:
    certs.make(tmp_path, WANTED, NOW)
    path = tmp_path / "demo.assistance.ngo-dawn.pem"
    assert certificate(path).subject.rfc4514_string() == f"CN={DAWN}"
    gate = Certificates("demo", {DAWN: "assistance"}, SetClock(NOW), None)
    assert gate.agency(path.read_bytes())[0] == DAWN


def test_a_server_or_administrator_is_no_agency(tmp_path: Path) -> None:
    certs.make(tmp_path, WANTED, NOW)
    gate = Certificates("demo", {DAWN: "assistance"}, SetClock(NOW), None)
    for name in ("broker", "administrator"):
        with pytest.raises(Exception, match="not in the trust file"):
            gate.agency((tmp_path / f"{name}.pem").read_bytes())


def test_each_chain_holds_for_servers_and_clients(tmp_path: Path) -> None:
    certs.make(tmp_path, WANTED, NOW)
    policy = PolicyBuilder().store(Store([certificate(tmp_path / "authority.pem")])).time(NOW)
    policy.build_server_verifier(x509.DNSName("kafka")).verify(certificate(tmp_path / "broker.pem"), [])
    policy.build_client_verifier().verify(certificate(tmp_path / "demo.identification.police.pem"), [])


def test_keys_are_pkcs8_and_their_owners_alone(tmp_path: Path) -> None:
    certs.make(tmp_path, WANTED, NOW)
    keys = sorted(tmp_path.glob("*.key"))
    assert [key.stem for key in keys] == [
        "administrator",
        "authority",
        "broker",
        "demo.assistance.ngo-dawn",
        "demo.identification.police",
    ]
    for key in keys:
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        assert key.read_bytes().startswith(b"-----BEGIN PRIVATE KEY-----")
        own = load_pem_private_key(key.read_bytes(), None).public_key()
        assert own == certificate(key.with_suffix(".pem")).public_key()


def test_nothing_is_written_over_and_nothing_half(tmp_path: Path) -> None:
    certs.make(tmp_path, certs.Wanted("demo", [DAWN]), NOW)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(certs.CertificateExists, match=r"ngo-dawn\.pem is there already"):
        certs.make(tmp_path, WANTED, NOW)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_who_issued_a_certificate_is_seen_through_those_in_between(tmp_path: Path) -> None:
    """As a country's authority has it: it signs for one that signs for agencies."""
    root, between = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    leaf = ec.generate_private_key(ec.SECP256R1())
    shown = [signed("leaf", leaf, "between", between), signed("between", between, "root", root)]
    (tmp_path / "leaf.pem").write_bytes(b"".join(shown))
    (tmp_path / "alone.pem").write_bytes(shown[0])
    (tmp_path / "root.pem").write_bytes(signed("root", root, "root", root))
    (tmp_path / "other.pem").write_bytes(signed("root", leaf, "root", leaf))
    assert certs.is_issued_by(tmp_path / "leaf.pem", tmp_path / "root.pem")
    assert not certs.is_issued_by(tmp_path / "alone.pem", tmp_path / "root.pem")
    assert not certs.is_issued_by(tmp_path / "leaf.pem", tmp_path / "other.pem")
    assert not certs.is_issued_by(tmp_path / "root.pem", tmp_path / "leaf.pem")


def signed(name: str, key: ec.EllipticCurvePrivateKey, issuer: str, by: ec.EllipticCurvePrivateKey) -> bytes:
    subject, issued = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, one)]) for one in (name, issuer))
    begun = x509.CertificateBuilder(issued, subject, key.public_key(), x509.random_serial_number())
    certificate = begun.not_valid_before(NOW).not_valid_after(NOW + timedelta(days=1)).sign(by, hashes.SHA256())
    return certificate.public_bytes(Encoding.PEM)


def test_a_further_agency_is_signed_for_by_the_same_authority(tmp_path: Path) -> None:
    certs.make(tmp_path, certs.Wanted("demo", [DAWN]), NOW)
    certs.make(tmp_path, certs.Wanted("demo", [POLICE]), NOW)
    policy = PolicyBuilder().store(Store([certificate(tmp_path / "authority.pem")])).time(NOW)
    for name in ("demo.assistance.ngo-dawn", "demo.identification.police"):
        policy.build_client_verifier().verify(certificate(tmp_path / f"{name}.pem"), [])


def test_a_name_that_no_certificate_can_carry_is_refused(tmp_path: Path) -> None:
    with pytest.raises(certs.CertificateNameInvalid, match="more than 64"):
        certs.make(tmp_path, certs.Wanted("demo", ["demo/assistance/" + "a" * 60]), NOW)
    assert list(tmp_path.iterdir()) == []


def test_days_left_are_whole_days_and_few_are_told(tmp_path: Path) -> None:
    certs.make(tmp_path, certs.Wanted("demo", [DAWN]), NOW, days=30)
    path = tmp_path / "demo.assistance.ngo-dawn.pem"
    [now], [later] = certs.show([path], NOW), certs.show([path], NOW + timedelta(hours=1))
    [ended] = certs.show([path], NOW + timedelta(days=31))
    assert [(one.days_left, one.ends_soon) for one in (now, later, ended)] == [(30, False), (29, True), (-1, True)]


def test_one_that_has_ended_is_told_by_its_file_and_day(tmp_path: Path) -> None:
    certs.make(tmp_path, certs.Wanted("demo", ["demo/a/b"]), SystemClock().now(), days=1)
    pem = tmp_path / "demo.a.b.pem"
    certs.require_live([pem], SystemClock().now())
    with pytest.raises(
        certs.CertificateEnded, match=r"demo\.a\.b\.pem, the certificate of demo/a/b, ended on"
    ) as ended:
        certs.require_live([pem], SystemClock().now() + timedelta(days=2))
    assert ended.value.reason == "CERTIFICATE_ENDED"


def test_one_that_does_not_hold_yet_is_told_by_its_file_and_day(tmp_path: Path) -> None:
    certs.make(tmp_path, certs.Wanted("demo", ["demo/a/b"]), SystemClock().now() + timedelta(days=40))
    pem = tmp_path / "demo.a.b.pem"
    with pytest.raises(certs.CertificateNotYet, match=r"demo\.a\.b\.pem, .* begins to hold on") as early:
        certs.require_live([pem], SystemClock().now())
    assert early.value.reason == "CERTIFICATE_NOT_YET_VALID"
    certs.require_live([pem], SystemClock().now() + timedelta(days=41))
    shown = CliRunner().invoke(app, ["admin", "certs", "show", str(pem)])
    assert (shown.exit_code, "does not hold before" in shown.stdout) == (1, True)
    told = CliRunner().invoke(app, ["admin", "certs", "show", str(pem), "--json"])
    assert [(one["is_early"], one["begins"] < one["ends"]) for one in json.loads(told.stdout)] == [(True, True)]


@pytest.mark.parametrize(("begun_days_ago", "refused"), [(40, certs.CertificateEnded), (-40, certs.CertificateNotYet)])
async def test_nothing_starts_or_is_changed_with_one_that_does_not_hold(
    tmp_path: Path, begun_days_ago: int, refused: type[Exception]
) -> None:
    nowhere = Surrounds(["localhost:9"], "localhost:9")
    config = found_installation(tmp_path / "i", [DAWN], Path("policies/gb.toml"), nowhere)
    begun = SystemClock().now() - timedelta(days=begun_days_ago)
    certs.make(tmp_path / "other", certs.Wanted("demo", [DAWN], administrator=True), begun, days=30)
    for pem in (tmp_path / "other").glob("*.pem"):
        pem.replace(config.parent / "certs" / pem.name)
    with pytest.raises(refused):
        await open_distributed(DistributedConfig.load(config), Tools(silent()))
    for command in (["topics", "plan"], ["topics", "apply"], ["migrate"]):
        done = CliRunner().invoke(app, ["admin", *command, "--config", str(config)])
        assert isinstance(done.exception, refused), command


def test_a_file_without_a_certificate_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.pem").write_text("nothing")
    with pytest.raises(certs.CertificateUnreadable, match=r"x\.pem"):
        certs.show([tmp_path / "x.pem"], NOW)


def test_the_command_serves_a_trust_file(tmp_path: Path) -> None:
    found(tmp_path / "country", [POLICE, DAWN], Path("policy.toml"))
    run = CliRunner()
    command = ["admin", "certs", "make", "--trust", f"{tmp_path}/country/trust.toml", "--dir", f"{tmp_path}/certs"]
    made = run.invoke(app, [*command, "--kafka-host", "broker-1", "--json"])
    names = [row["name"] for row in json.loads(made.stdout)]
    assert names[1:] == [POLICE, DAWN, "broker", "postgres", "administrator"]
    hosts = certificate(tmp_path / "certs" / "broker.pem").extensions.get_extension_for_class(
        x509.SubjectAlternativeName
    )
    assert "broker-1" in hosts.value.get_values_for_type(x509.DNSName)
    shown = run.invoke(app, ["admin", "certs", "show", "--dir", f"{tmp_path}/certs"])
    assert shown.exit_code == 0
    assert "364 days left" in shown.stdout
    [left] = {one.days_left for one in certs.show([tmp_path / "certs" / "broker.pem"], SystemClock().now())}
    assert left == 364
    assert run.invoke(app, [*command, "--agency", "demo/assistance/nobody"]).exit_code == 2
