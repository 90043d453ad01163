"""What `nrm up` writes to standard error is JSON, one object a line, whoever has something to say."""

import logging
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import grpc
import orjson
import pytest
from tests.app.running import NRM, founded
from tests.pathways.deployment import COORDINATOR, POLICE

from nrm import certs, up
from nrm.config import Config
from nrm.lines import json_lines
from nrm_kernel.clock import SystemClock
from nrm_kernel.telemetry import Telemetry
from nrm_kernel.tokens import TokenSigner

QUOTED = "Canary Quoted"
"""A text that no line may have."""


@pytest.fixture
def _as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a process sets for itself is not left to other tests."""
    for module, name in ((warnings, "showwarning"), (sys, "unraisablehook"), (threading, "excepthook")):
        monkeypatch.setattr(module, name, getattr(module, name))
    before = [*logging.getLogger().handlers]
    yield
    logging.getLogger().handlers = before


class Broken:
    """Something that fails where nobody could be told."""

    def __del__(self) -> None:
        raise ValueError(QUOTED)


def fails() -> None:
    raise KeyError(QUOTED)


@pytest.mark.usefixtures("_as_it_was")
def test_warnings_and_faults_that_nobody_awaits_are_lines_by_their_place_without_their_text() -> None:
    written = BytesIO()
    json_lines(written)
    warnings.showwarning(RuntimeWarning(QUOTED), RuntimeWarning, "/some/where/doubtful.py", 7)
    Broken()
    thread = threading.Thread(target=fails)
    thread.start()
    thread.join()
    told = [orjson.loads(line) for line in written.getvalue().splitlines()]
    assert [(line["library"], line["fault"]) for line in told] == [
        ("warnings", "RuntimeWarning"),
        ("sys", "ValueError"),
        ("threading", "KeyError"),
    ]
    assert told[0]["place"] == "doubtful:7"
    for line, function in zip(told[1:], ("__del__", "fails"), strict=True):
        file, _, name = line["place"].partition(" < ")[0].partition(" ")
        assert (file.partition(":")[0], name) == (Path(__file__).name, function)
    assert QUOTED not in written.getvalue().decode()


@pytest.mark.usefixtures("_as_it_was")
def test_a_fault_of_its_own_ends_the_process_with_a_line_and_is_no_no(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(_config: Config, _telemetry: Telemetry) -> None:
        raise RuntimeError(QUOTED)

    monkeypatch.setattr(up, "open_house", broken)
    assert up.run(founded(tmp_path / "deployment")) == 2
    [line] = (orjson.loads(line) for line in capfd.readouterr().err.splitlines())
    assert (line["event"], line["fault"]) == ("process_failed", "RuntimeError")
    assert line["place"].partition(" < ")[0].endswith(" broken")


def secured(config: Path) -> Path:
    """The deployment with a certificate for each agency."""
    folder = config.parent
    certs.make(folder / "certs", certs.Wanted("demo", [POLICE, COORDINATOR]), SystemClock().now(), days=40)
    (folder / "officers.toml").write_text(TokenSigner(POLICE, SystemClock()).keys_file(), "utf-8")
    head, *agencies = config.read_text("utf-8").replace("development = true\n", "").split("[[agency]]")
    text = f'officer_keys = "officers.toml"\n{head}'
    for origin, section in zip((POLICE, COORDINATOR), agencies, strict=True):
        named = f"certs/{origin.replace('/', '.')}"
        tls = f'certificate = "{named}.pem"\nkey = "{named}.key"\nauthority = "certs/authority.pem"\n'
        text += f"[[agency]]{section}[agency.tls]\n{tls}\n"
    config.write_text(text, "utf-8")
    return config


def knock(address: str) -> None:
    """In plain text as gRPC and HTTP do, and over TLS without a certificate; each is sent away."""
    with grpc.insecure_channel(address) as channel:
        call: grpc.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary("/x/y")
        with pytest.raises(grpc.RpcError):
            call(b"", timeout=20)
    host, _, port = address.partition(":")
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["h2"])
    with suppress(OSError), socket.create_connection((host, int(port)), 20) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\n\r\n")
        plain.recv(1_000)
    with (
        suppress(OSError),
        socket.create_connection((host, int(port)), 20) as bare,
        context.wrap_socket(bare) as nobody,
    ):
        nobody.recv(1_000)


@pytest.mark.slow
def test_callers_who_do_not_greet_as_they_should_leave_no_line_of_another_form(tmp_path: Path) -> None:
    command = [*NRM, "up", "--config", str(secured(founded(tmp_path / "deployment")))]
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("GRPC_")}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=surroundings) as process:
        try:
            assert process.stdout is not None
            name, _, address = process.stdout.readline().decode().strip().partition("  ")
            assert name == POLICE
            knock(address)
            process.send_signal(signal.SIGTERM)
            _, told = process.communicate(timeout=120)
        finally:
            process.kill()
    assert process.returncode == 0
    assert "serving" in [orjson.loads(line)["event"] for line in told.splitlines()]
