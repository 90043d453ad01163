"""How the shared log lies on Kafka: which topics there are, and how one gets in.

A topic for each origin and reader, so that Kafka's own rules can keep bodies from those who may not read them. Names
map one to one from origins: their parts are ``[a-z0-9-]+``, a dot stands between them.
"""

import errno
import socket
import ssl
import struct
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NotRequired, TypedDict

PREFIX = "nrm"
LOG, BEAT, PARKED = "log", "beat", "parked"
REACH_TIMEOUT_S = 5.0
_SIZE_BYTES, _HEAD_BYTES = 4, 8
_CORRELATION = struct.pack(">i", 0x4E524D)
_WHICH_VERSIONS = struct.pack(">ihh", 10, 18, 0) + _CORRELATION + struct.pack(">h", -1)
"""Kafka's ApiVersions request, version 0: its size, its key and version, a number that comes back, no client's name."""
PARTITION = 0
"""Every topic has this one partition: the order of positions is the order of offsets."""


class Options(TypedDict):
    """What kafka-python's clients are opened with."""

    bootstrap_servers: list[str]
    security_protocol: str
    ssl_cafile: NotRequired[str]
    ssl_certfile: NotRequired[str]
    ssl_keyfile: NotRequired[str]


@dataclass(frozen=True, slots=True)
class ClientTls:
    """PEM files with which a client proves who it is, and the authority that it believes of servers."""

    certificate: Path
    key: Path
    authority: Path

    def context(self) -> ssl.SSLContext:
        """For clients that take one. Raises OSError naming the file that cannot be used."""
        for path in (self.certificate, self.key, self.authority):
            path.open("rb").close()
        try:
            context = ssl.create_default_context(cafile=str(self.authority))
        except ssl.SSLError as fault:
            raise OSError(errno.EINVAL, "it holds no certificate of an authority", str(self.authority)) from fault
        try:
            context.load_cert_chain(self.certificate, self.key)
        except ssl.SSLError as fault:
            text = f"it holds no certificate, or {self.key} is not its key"
            raise OSError(errno.EINVAL, text, str(self.certificate)) from fault
        return context


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where Kafka is, ``host:port,host:port``, and how to get in; without ``tls`` in plain text."""

    bootstrap: str
    tls: ClientTls | None = None

    @property
    def servers(self) -> list[str]:
        """Each address by itself."""
        return self.bootstrap.split(",")

    def reached(self) -> None:
        """Whether any address answers us as Kafka does; kafka-python tries for long and leaves its sockets behind.

        Raises OSError saying why the last one does not.
        """
        context = self.ssl_context()
        for number, address in enumerate(self.servers, start=1):
            try:
                _ask(address, context)
            except OSError:
                if number == len(self.servers):
                    raise
            else:
                return

    def silent(self) -> Mapping[str, OSError]:
        """The addresses at which nobody answers us as Kafka does, and why. Raises OSError for files of our own."""
        context = self.ssl_context()
        found: dict[str, OSError] = {}
        for address in self.servers:
            try:
                _ask(address, context)
            except OSError as fault:
                found[address] = fault
        return found

    def without(self, silent: Mapping[str, OSError]) -> "Cluster":
        """The other addresses alone. Raises OSError, saying why the last one does not answer, when there is none."""
        left = [address for address in self.servers if address not in silent]
        if not left:
            raise silent[self.servers[-1]]
        return replace(self, bootstrap=",".join(left))

    def ssl_context(self) -> ssl.SSLContext | None:
        """For clients that take one. Raises OSError naming the file that cannot be used."""
        return self.tls.context() if self.tls else None

    def options(self) -> Options:
        """For kafka-python, which opens the files itself."""
        if self.tls is None:
            return {"bootstrap_servers": self.servers, "security_protocol": "PLAINTEXT"}
        return {
            "bootstrap_servers": self.servers,
            "security_protocol": "SSL",
            "ssl_cafile": str(self.tls.authority),
            "ssl_certfile": str(self.tls.certificate),
            "ssl_keyfile": str(self.tls.key),
        }


def _ask(address: str, context: ssl.SSLContext | None) -> None:
    """Ask for the versions of Kafka's requests: whoever is not let in learns of it by the first answer alone."""
    host, _, port = address.rpartition(":")
    host = host.strip("[]")
    with ExitStack() as until_the_end:
        asked = until_the_end.enter_context(socket.create_connection((host, int(port)), REACH_TIMEOUT_S))
        if context:
            asked = until_the_end.enter_context(context.wrap_socket(asked, server_hostname=host))
        asked.sendall(_WHICH_VERSIONS)
        answer = b""
        while len(answer) < _HEAD_BYTES and (more := asked.recv(_HEAD_BYTES - len(answer))):
            answer += more
    if answer[_SIZE_BYTES:] != _CORRELATION:
        how = "to this certificate" if context else "in plain text: name a certificate"
        raise ConnectionRefusedError(errno.ECONNREFUSED, f"{address} does not answer {how}")


@dataclass(frozen=True, slots=True)
class LogTopic:
    """The copy of one origin's log that is made for one reader."""

    origin: str
    reader: str

    @property
    def name(self) -> str:
        """The topic's name."""
        return f"{log_prefix(self.origin)}{_dotted(self.reader)}"

    @classmethod
    def parse(cls, name: str) -> "LogTopic | None":
        """What the topic of this name holds; None for a topic of another purpose."""
        parts = name.split(".")
        if parts[:2] != [PREFIX, LOG] or len(parts) != 8:
            return None
        return cls("/".join(parts[2:5]), "/".join(parts[5:]))


def log_prefix(origin: str) -> str:
    """What the names of all copies of one origin's log begin with, and of no other's."""
    return f"{PREFIX}.{LOG}.{_dotted(origin)}."


def beat_topic(origin: str) -> str:
    """Where an origin leaves its heartbeats, for everybody; only the newest is kept."""
    return f"{PREFIX}.{BEAT}.{_dotted(origin)}"


def parked_topic(reader: str) -> str:
    """Where a reader keeps what it could not take, for itself alone."""
    return f"{PREFIX}.{PARKED}.{_dotted(reader)}"


def principal(origin: str) -> str:
    """Kafka's name for an agency: the CN of its certificate is its origin."""
    return f"User:{origin}"


def _dotted(origin: str) -> str:
    return origin.replace("/", ".")
