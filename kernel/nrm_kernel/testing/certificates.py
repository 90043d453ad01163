"""Certificates for tests: an authority, the server's, and clients' with any names one wishes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import grpc
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from nrm_kernel.rpc_identity import TlsFiles

SERVER_NAME = "localhost"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Certified:
    """A key and its certificate, as PEM."""

    key: bytes
    certificate: bytes

    @property
    def serial(self) -> int:
        """The certificate's serial number."""
        return x509.load_pem_x509_certificate(self.certificate).serial_number


class Authority:
    """Signs certificates that are valid from a day before ``now`` to a day after, unless told otherwise."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test authority")])
        self.certificate = self._signed(self._key, self._name, (), now - DAY, now + DAY, is_authority=True)

    def server(self) -> Certified:
        """For a server on this machine."""
        return self._new((x509.DNSName(SERVER_NAME),))

    def client(
        self, *uris: str, begins: datetime | None = None, ends: datetime | None = None, dns: Sequence[str] = ()
    ) -> Certified:
        """For a client with these URI names."""
        names = (*(x509.UniformResourceIdentifier(uri) for uri in uris), *(x509.DNSName(name) for name in dns))
        return self._new(names, begins, ends)

    def agency(self, origin: str) -> Certified:
        """For a client of that agency."""
        return self.client(f"spiffe://{origin}")

    def files(self, folder: Path) -> TlsFiles:
        """A server's TLS files, written there."""
        files = TlsFiles(folder / "server.key", folder / "server.pem", folder / "authority.pem")
        pair = self.server()
        files.key.write_bytes(pair.key)
        files.certificate.write_bytes(pair.certificate)
        files.client_authority.write_bytes(self.certificate)
        return files

    def channel(self, port: int, client: Certified | None) -> grpc.aio.Channel:
        """A channel to a server of this authority, with the client's certificate or none."""
        pair = (client.key, client.certificate) if client else (None, None)
        credentials = grpc.ssl_channel_credentials(self.certificate, *pair)
        return grpc.aio.secure_channel(f"{SERVER_NAME}:{port}", credentials)

    def _new(
        self, names: Sequence[x509.GeneralName], begins: datetime | None = None, ends: datetime | None = None
    ) -> Certified:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
        signed = self._signed(key, subject, names, begins or self._now - DAY, ends or self._now + DAY)
        return Certified(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), signed)

    def _signed(
        self,
        key: ec.EllipticCurvePrivateKey,
        subject: x509.Name,
        names: Sequence[x509.GeneralName],
        begins: datetime,
        ends: datetime,
        *,
        is_authority: bool = False,
    ) -> bytes:
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins)
            .not_valid_after(ends)
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        )
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(self._key, hashes.SHA256()).public_bytes(Encoding.PEM)
