"""Who calls: from the client's certificate and the officer's token, or, on loopback alone, from what the caller says.

A certificate names its agency by exactly one URI, a SPIFFE id ``spiffe://<deployment>/<service>/<agency>``; TLS itself
only proves that a trusted authority signed it.
"""

import ipaddress
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast

import grpc
from cryptography import x509

from nrm_kernel.clock import Clock
from nrm_kernel.errors import NrmError, Unauthenticated
from nrm_kernel.identity import Caller
from nrm_kernel.tokens import OfficerTokens, Vouched, is_officer

Context = grpc.aio.ServicerContext[Any, Any]
Metadata = Mapping[str, str | bytes]

CERTIFICATES_MAX = 1_000
REREAD_S = 5.0
TOKEN = "nrm-token"
DEVELOPMENT_KEYS = ("nrm-agency", "nrm-officer", "nrm-roles", "nrm-purpose")


class EntranceInvalid(NrmError):
    """The server may not be opened this way."""


class Entrance(Protocol):
    """A way into a server: where it listens, and how it knows who calls."""

    @property
    def mode(self) -> str:
        """How it knows: ``mtls`` or ``development``; said in the log at start."""
        ...

    def open(self, server: grpc.aio.Server) -> int:
        """Listen; gives the port."""
        ...

    def vouched(self, context: Context, metadata: Metadata) -> Vouched:
        """The caller and how long the proof holds. Raises Unauthenticated."""
        ...


class Revoked:
    """Serial numbers of certificates that hold no longer: a file, one a line in hex, read again when it changes."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._looked_at = clock.now().timestamp()
        self._changed_at = path.stat().st_mtime_ns
        self._serials = self._read()

    def __contains__(self, serial: int) -> bool:
        now = self._clock.now().timestamp()
        if not self._looked_at <= now < self._looked_at + REREAD_S:
            self._looked_at = now
            self._refresh()
        return serial in self._serials

    def _refresh(self) -> None:
        """A file that cannot be read now leaves what was known: a revoked certificate never comes back that way."""
        try:
            changed_at = self._path.stat().st_mtime_ns
            if changed_at != self._changed_at:
                self._serials, self._changed_at = self._read(), changed_at
        except (OSError, EntranceInvalid):
            return

    def _read(self) -> frozenset[int]:
        lines = (line.partition("#")[0].strip() for line in self._path.read_text("ascii").splitlines())
        try:
            return frozenset(int(line, 16) for line in lines if line)
        except ValueError:
            text = f"{self._path}: each line is a certificate's serial number in hex; a comment begins with #"
            raise EntranceInvalid("REVOKED_FILE_INVALID", text) from None


@dataclass(frozen=True, slots=True)
class _Certificate:
    agency: str
    serial: int
    begins: float
    ends: float


class Certificates:
    """Reads client certificates. What was read once is kept; whether it holds is asked at every call."""

    def __init__(self, deployment: str, agencies: Mapping[str, str], clock: Clock, revoked: Revoked | None) -> None:
        self._deployment = deployment
        self._agencies = agencies
        self._clock = clock
        self._revoked = revoked
        self._read: OrderedDict[bytes, _Certificate] = OrderedDict()

    def agency(self, pem: bytes) -> tuple[str, float]:
        """The agency that the certificate names, and until when it holds. Raises Unauthenticated."""
        known = self._read.get(pem)
        if known is None:
            known = self._read[pem] = self._parsed(pem)
            if len(self._read) > CERTIFICATES_MAX:
                self._read.popitem(last=False)
        if not known.begins <= self._clock.now().timestamp() < known.ends:
            raise _refused("CERTIFICATE_NOT_VALID_NOW", "The certificate is not valid yet, or no longer")
        if self._revoked is not None and known.serial in self._revoked:
            raise _refused("CERTIFICATE_REVOKED", "The certificate was revoked")
        return known.agency, known.ends

    def _parsed(self, pem: bytes) -> _Certificate:
        certificate = x509.load_pem_x509_certificate(pem)
        try:
            names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        except x509.ExtensionNotFound:
            names = x509.SubjectAlternativeName([])
        uris = names.get_values_for_type(x509.UniformResourceIdentifier)
        return _Certificate(
            agency=self._named(uris),
            serial=certificate.serial_number,
            begins=certificate.not_valid_before_utc.timestamp(),
            ends=certificate.not_valid_after_utc.timestamp(),
        )

    def _named(self, uris: list[str]) -> str:
        if len(uris) != 1:
            raise _refused("CERTIFICATE_URI", f"The certificate has {len(uris)} URI names; a SPIFFE id is the only one")
        origin = uris[0].removeprefix("spiffe://")
        if origin == uris[0] or origin.split("/")[0] != self._deployment:
            raise _refused("CERTIFICATE_OF_OTHER_DEPLOYMENT", f"The certificate is not of {self._deployment}")
        if origin not in self._agencies:
            raise _refused("AGENCY_UNKNOWN", "The certificate's agency is not in the trust file")
        return origin


@dataclass(frozen=True)
class TlsFiles:
    """The server's own key and certificate, and the authority that signs its clients' certificates, all PEM."""

    key: Path
    certificate: Path
    client_authority: Path

    def changed_at(self) -> tuple[int, ...]:
        """Tells whether a file was replaced."""
        return tuple(path.stat().st_mtime_ns for path in (self.key, self.certificate, self.client_authority))

    def configuration(self) -> grpc.ServerCertificateConfiguration:
        """What the files hold now."""
        pair = (self.key.read_bytes(), self.certificate.read_bytes())
        return grpc.ssl_server_certificate_configuration([pair], self.client_authority.read_bytes())


class MutualTls:
    """TLS with client certificates, and officer tokens. A replaced file counts from the next handshake on."""

    mode = "mtls"

    def __init__(self, address: str, files: TlsFiles, certificates: Certificates, tokens: OfficerTokens) -> None:
        self._address = address
        self._files = files
        self._certificates = certificates
        self._tokens = tokens
        self._changed_at = files.changed_at()

    def open(self, server: grpc.aio.Server) -> int:
        """See :class:`Entrance`."""
        newer = cast(Callable[[], grpc.ServerCertificateConfiguration], self._newer)  # None: nothing changed
        credentials = grpc.dynamic_ssl_server_credentials(
            self._files.configuration(), newer, require_client_authentication=True
        )
        return server.add_secure_port(self._address, credentials)

    def vouched(self, context: Context, metadata: Metadata) -> Vouched:
        """See :class:`Entrance`."""
        pem = next(iter(context.auth_context().get("x509_pem_cert", ())), None)
        if pem is None:
            raise _refused("CERTIFICATE_MISSING", "The call came without a client certificate")
        agency, ends = self._certificates.agency(pem)
        token = metadata.get(TOKEN)
        if not isinstance(token, str):
            raise _refused("TOKEN_MISSING", f"The metadata {TOKEN} with the officer's token is missing")
        officer = self._tokens.vouched(token, agency)
        return officer if officer.until <= ends else Vouched(officer.caller, ends)

    def _newer(self) -> grpc.ServerCertificateConfiguration | None:
        """Asked at each handshake; files that are being replaced leave the old ones in use."""
        try:
            changed_at = self._files.changed_at()
            if changed_at == self._changed_at:
                return None
            configuration = self._files.configuration()
        except OSError:
            return None
        self._changed_at = changed_at
        return configuration


class Loopback:
    """Development: no TLS, and the caller says who it is. It cannot be built for any but a loopback address."""

    mode = "development"

    def __init__(self, address: str, agencies: Mapping[str, str]) -> None:
        if not _is_loopback(address):
            raise EntranceInvalid(
                "DEVELOPMENT_NOT_ON_LOOPBACK",
                f"{address}: without TLS anybody could say to be anybody, so that is taken on 127.0.0.1 or ::1 alone. "
                "Give the server its TLS files, or a loopback address.",
            )
        self._address = address
        self._agencies = agencies

    def open(self, server: grpc.aio.Server) -> int:
        """See :class:`Entrance`."""
        return server.add_insecure_port(self._address)

    def vouched(self, _context: Context, metadata: Metadata) -> Vouched:
        """See :class:`Entrance`."""
        said = [metadata.get(key) for key in DEVELOPMENT_KEYS]
        agency, officer, roles, purpose = (each if isinstance(each, str) else "" for each in said)
        if not (agency and officer and roles and purpose):
            raise _refused("IDENTITY_MISSING", f"Say who calls in the metadata {', '.join(DEVELOPMENT_KEYS)}")
        if agency not in self._agencies:
            raise _refused("AGENCY_UNKNOWN", "The agency is not in the trust file")
        if not is_officer(officer, roles.split(","), purpose):
            raise _refused("IDENTITY_INVALID", "nrm-officer is a pseudonym of A-Z a-z 0-9 _ . -, the others are codes")
        return Vouched(Caller(agency, officer, frozenset(roles.split(",")), purpose), float("inf"))


def _is_loopback(address: str) -> bool:
    host = address.rpartition(":")[0].strip("[]")
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _refused(reason: str, text: str) -> Unauthenticated:
    return Unauthenticated(reason, f"{text}. Nothing was done.")
