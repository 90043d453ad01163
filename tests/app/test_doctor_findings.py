"""What the doctor says of files, processes and revisions, with nothing running but what a test plays."""

import json
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from nrm import certs
from nrm.cli import app
from nrm.config_distributed import DistributedConfig
from nrm.doctor import store
from nrm.doctor.certificates import of_files, of_principal, shown_by_brokers, shown_by_database
from nrm.doctor.findings import Finding, State
from nrm.doctor.process import of_process
from nrm.doctor.store import of_revisions
from nrm.founding_distributed import Surrounds, found
from nrm_kernel.clock import SystemClock
from nrm_kernel.log_topics import Cluster

POLICY = Path(__file__).parents[2] / "policies" / "gb.toml"
POLICE, DAWN = "demo/identification/police", "demo/assistance/ngo-dawn"
NOWHERE = "127.0.0.1:9"
STANDS = {"store": "0001", "vault": "0001", "views": "0001"}


@contextmanager
def saying(pages: dict[str, tuple[int, str]]) -> Iterator[str]:
    """A server that answers with these pages; gives its address."""

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            code, text = pages.get(self.path, (404, ""))
            self.send_response(code)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, format: str, *args: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Pages) as server:
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        try:
            yield f"127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            serving.join()


def of(pages: dict[str, tuple[int, str]]) -> list[Finding]:
    with saying(pages) as address:
        return list(of_process(address))


@pytest.mark.parametrize(
    ("state", "told"), [("opening", "has not opened its agencies yet"), ("draining", "is about to end")]
)
def test_a_process_that_takes_no_commands_is_never_well(state: str, told: str) -> None:
    [one] = of({"/readyz": (503, json.dumps({"ready": False, "state": state})), "/metrics": (200, "")})
    assert (one.state, told in one.text, bool(one.action)) == (State.ACT, True, True)


SERVING = json.dumps({"ready": True, "agencies": {POLICE: "serving"}, "reasons": {}})


def test_a_process_that_serves_is_well_and_its_figures_are_read() -> None:
    assert [one.state for one in of({"/readyz": (200, SERVING), "/metrics": (200, "")})] == [State.OK]
    figures = f'nrm_lag_seconds{{origin="{POLICE}"}} 301\nnrm_parked_entries{{origin="{POLICE}"}} 1\n'
    told = of({"/readyz": (200, SERVING), "/metrics": (200, figures)})
    assert [one.text for one in told] == [
        f"nrm_lag_seconds is 301 for {POLICE}",
        f"nrm_parked_entries is 1 for {POLICE}",
    ]
    assert {(one.state, bool(one.action)) for one in told} == {(State.ACT, True)}


@pytest.mark.parametrize("said", ["[]", "{}", "no JSON", '{"state": "unheard of"}'])
def test_whoever_else_listens_there_is_no_process_of_ours(said: str) -> None:
    [one] = of({"/readyz": (200, said), "/metrics": (200, "")})
    assert (one.state, "not as nrm up does" in one.text) == (State.UNSEEN, True)


def test_without_an_address_what_only_the_process_knows_is_out_of_sight() -> None:
    [one] = of_process("")
    assert (one.state, "lag" in one.text, "http = " in one.action) == (State.UNSEEN, True, True)
    [nobody] = of_process(NOWHERE)
    assert (nobody.state, "does not answer" in nobody.text) == (State.UNSEEN, True)


def test_tables_are_told_as_missing_older_or_a_newer_releases(monkeypatch: pytest.MonkeyPatch) -> None:
    assert of_revisions("x", STANDS) is None
    for stands, told, action in (
        ({**STANDS, "vault": "", "views": ""}, "tables are missing (vault, views)", "Run nrm admin migrate."),
        ({**STANDS, "store": "0099"}, "tables of a newer release (store)", "Run the release that migrated them"),
    ):
        wrong = of_revisions("x", stands)
        assert wrong is not None
        assert (wrong.state, wrong.text, wrong.action.startswith(action)) == (State.ACT, told, True)
    monkeypatch.setattr(store, "needed", lambda: {**STANDS, "store": "0002"})
    older = of_revisions("x", STANDS)
    assert older is not None
    assert (older.text, older.action) == ("tables of an older release (store 0001, not 0002)", "Run nrm admin migrate.")


@pytest.fixture
def installation(tmp_path: Path) -> Path:
    """One whose servers and process are nowhere, also where another installation has the usual ports."""
    folder = tmp_path / "installation"
    config = found(folder, [POLICE], POLICY, Surrounds([NOWHERE], NOWHERE))
    config.write_text(re.sub('(?m)^http = ".*"$', f'http = "{NOWHERE}"', config.read_text()))
    return folder


def asked(installation: Path) -> tuple[int, dict[str, dict[str, str]]]:
    """The doctor's exit code, and what is not well by its subject."""
    answer = CliRunner().invoke(app, ["doctor", "--config", str(installation / "nrm.toml"), "--json"])
    findings = [one for one in json.loads(answer.stdout)["findings"] if one["state"] != "ok"]
    assert all(one["action"] for one in findings)
    return answer.exit_code, {one["subject"]: one for one in findings}


def test_servers_that_are_away_are_unseen_and_named(installation: Path) -> None:
    code, told = asked(installation)
    assert code == 2
    assert {one["state"] for one in told.values()} == {"unseen"}
    assert set(told) == {f"Kafka at {NOWHERE}", f"process at {NOWHERE}", f"{POLICE}: store"}


@pytest.mark.parametrize(
    ("hours", "told"), [(23, "0 days left"), (25, "less than a day ago"), (49, "1 days ago"), (73, "2 days ago")]
)
def test_a_certificate_that_ended_is_told_with_the_whole_days_since(tmp_path: Path, hours: int, told: str) -> None:
    now = SystemClock().now()
    [_, made] = certs.make(tmp_path, certs.Wanted("demo", [POLICE]), now, days=1)
    [finding] = of_files("x", [made.path], now + timedelta(hours=hours))
    assert (finding.state, finding.text.endswith(told)) == (State.ACT, True), finding.text


@pytest.mark.parametrize(("made_days_ago", "word"), [(20, "ended"), (-20, "begins to hold")])
def test_a_certificate_of_the_administrator_that_does_not_hold_is_a_finding_and_the_rest_is_looked_at(
    installation: Path, made_days_ago: int, word: str
) -> None:
    own = installation / "certs"
    for suffix in (".pem", ".key"):
        (own / f"administrator{suffix}").unlink()
    made = SystemClock().now() - timedelta(days=made_days_ago)
    certs.make(own, certs.Wanted("demo", administrator=True), made, days=10)
    code, told = asked(installation)
    assert code == 1
    assert word in told["administrator: certificate"]["text"]
    assert f"{POLICE}: Kafka at {NOWHERE}" in told, "the agency asks for itself"


@pytest.mark.parametrize("content", ["garbage [", None])
def test_a_trust_file_that_is_wrong_is_told_once_and_not_as_kafkas_fault(
    installation: Path, content: str | None
) -> None:
    (installation / "trust.toml").unlink()
    if content:
        (installation / "trust.toml").write_text(content)
    code, told = asked(installation)
    assert code == 1
    assert "trust.toml: " in told["trust file"]["text"]
    assert "Errno" not in told["trust file"]["text"]
    assert not [subject for subject in told if "Kafka" in subject]


def test_a_key_that_is_not_there_is_named_and_no_server_blamed(installation: Path) -> None:
    key = installation / "certs" / "demo.identification.police.key"
    key.unlink()
    _, told = asked(installation)
    assert told[f"{POLICE}: store"]["text"] == f"{key}: No such file or directory"
    assert told[f"{POLICE}: store"]["state"] == "act"


@contextmanager
def showing(installation: Path, name: str, before: int) -> Iterator[int]:
    """A server that shows that certificate once so many bytes came and were answered; gives its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(installation / "certs" / f"{name}.pem", installation / "certs" / f"{name}.key")
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            accepted, _ = listening.accept()
            if before:
                accepted.recv(before)
                accepted.sendall(b"S")
            with context.wrap_socket(accepted, server_side=True) as guarded:
                guarded.recv(1)

        serving = threading.Thread(target=serve)
        serving.start()
        yield listening.getsockname()[1]
        serving.join()


@pytest.mark.parametrize(
    ("named", "authority", "told"),
    [(POLICE, "own", []), (DAWN, "own", [f"names {DAWN}"]), (POLICE, "another", ["was issued by no authority"])],
)
def test_a_certificate_of_another_agency_or_authority_is_told(
    installation: Path, tmp_path: Path, named: str, authority: str, told: list[str]
) -> None:
    """Servers say no more than no, and what an agency does not see may as well be missing."""
    made = {"own": installation / "certs", "another": tmp_path / "another"}[authority]
    certs.make(made, certs.Wanted("demo", [DAWN] if made.exists() else [POLICE, DAWN]), SystemClock().now())
    [agency] = DistributedConfig.load(installation / "nrm.toml").agency
    shown = agency.principal
    assert shown is not None
    shown.certificate.write_bytes((made / f"{certs.dotted(named)}.pem").read_bytes())
    found = list(of_principal(agency))
    assert [finding.state for finding in found] == [State.ACT] * len(told)
    assert all(words in finding.text for words, finding in zip(told, found, strict=True))


@pytest.mark.parametrize("in_days", [0, 340])
def test_what_servers_show_is_told_with_its_days_left(installation: Path, in_days: int) -> None:
    config = DistributedConfig.load(installation / "nrm.toml")
    [agency] = config.agency
    now = SystemClock().now() + timedelta(days=in_days)
    wanted = (State.ACT if in_days else State.OK, f"{364 - in_days} days left")
    with showing(installation, "broker", 0) as port:
        [broker] = shown_by_brokers("x", Cluster(f"127.0.0.1:{port}", config.cluster(agency).tls), now)
    assert (broker.state, broker.text) == (wanted[0], f"that of 127.0.0.1:{port}: {wanted[1]}")
    with showing(installation, "postgres", 8) as port:
        there = agency.model_copy(update={"store": f"postgresql://a@127.0.0.1:{port}/b"})
        [database] = shown_by_database("x", there, now)
    assert (database.state, database.text) == (wanted[0], f"that of 127.0.0.1:{port}: {wanted[1]}")
    assert list(shown_by_database("x", agency, now)) == []  # nobody is there; the store's finding says so
