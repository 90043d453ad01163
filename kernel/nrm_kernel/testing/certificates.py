"""Certificates for tests: an authority, the server's, and clients' with any names one wishes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import grpc

from nrm_kernel import certifying
from nrm_kernel.certifying import Certified, Lifetime, Names
from nrm_kernel.rpc_identity import TlsFiles

__all__ = ["SERVER_NAME", "Authority", "Certified"]

SERVER_NAME = "localhost"
DAY = timedelta(days=1)


class Authority:
    """Signs certificates that are valid from a day before ``now`` to a day after, unless told otherwise."""

    def __init__(self, now: datetime) -> None:
        self._lifetime = Lifetime(now - DAY, now + DAY)
        self._authority = certifying.Authority.founded("test authority", self._lifetime)
        self.certificate = self._authority.certificate

    def server(self) -> Certified:
        """For a server on this machine."""
        return self._authority.certified(Names("test", hosts=[SERVER_NAME]), self._lifetime)

    def client(
        self, *uris: str, begins: datetime | None = None, ends: datetime | None = None, dns: Sequence[str] = ()
    ) -> Certified:
        """For a client with these URI names."""
        lifetime = Lifetime(begins or self._lifetime.begins, ends or self._lifetime.ends)
        return self._authority.certified(Names("test", uris, dns), lifetime)

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
