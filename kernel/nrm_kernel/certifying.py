"""An authority that signs X.509 certificates: for development and tests. A real installation has an authority already.

A certificate names its holder twice, by a SPIFFE URI for gRPC and by its subject's common name for Kafka and
PostgreSQL, which know no URI. It serves both ends of a connection.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

EARLY = timedelta(minutes=5)
"""A certificate holds from so long ago on: clocks differ."""


@dataclass(frozen=True, slots=True)
class Certified:
    """A key (PKCS#8) and its certificate, as PEM."""

    key: bytes
    certificate: bytes

    @property
    def serial(self) -> int:
        """The certificate's serial number."""
        return x509.load_pem_x509_certificate(self.certificate).serial_number


@dataclass(frozen=True, slots=True)
class Lifetime:
    """When a certificate begins and ends to hold."""

    begins: datetime
    ends: datetime

    @classmethod
    def of_days(cls, now: datetime, days: int) -> Self:
        """From now on, so many days."""
        return cls(now - EARLY, now + timedelta(days=days))


@dataclass(frozen=True, slots=True)
class Names:
    """What a certificate calls its holder: the common name (at most 64 characters), URIs, host names, addresses."""

    common: str
    uris: Sequence[str] = ()
    hosts: Sequence[str] = ()

    def alternatives(self) -> list[x509.GeneralName]:
        """The subject's alternative names."""
        return [*map(x509.UniformResourceIdentifier, self.uris), *map(_host, self.hosts)]


class Authority:
    """Signs certificates."""

    def __init__(self, pair: Certified) -> None:
        self.pair = pair
        self._certificate = x509.load_pem_x509_certificate(pair.certificate)
        key = load_pem_private_key(pair.key, None)
        assert isinstance(key, ec.EllipticCurvePrivateKey), "an authority made by this very class"
        self._key = key

    @classmethod
    def founded(cls, name: str, lifetime: Lifetime) -> Self:
        """A new authority, which signs itself."""
        key, own = ec.generate_private_key(ec.SECP256R1()), _subject(name)
        builder = (
            _begun(own, own, key.public_key(), lifetime)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )
        return cls(_certified(key, builder.sign(key, hashes.SHA256())))

    @property
    def certificate(self) -> bytes:
        """Its certificate, as PEM: what those trust who trust what it signs."""
        return self.pair.certificate

    def certified(self, names: Names, lifetime: Lifetime) -> Certified:
        """A new key and a certificate of it."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = (
            _begun(_subject(names.common), self._certificate.subject, key.public_key(), lifetime)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(
                x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]),
                critical=False,
            )
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
        )
        if alternatives := names.alternatives():
            builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        return _certified(key, builder.sign(self._key, hashes.SHA256()))


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, lifetime: Lifetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(lifetime.begins)
        .not_valid_after(lifetime.ends)
    )


def _certified(key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> Certified:
    return Certified(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), certificate.public_bytes(Encoding.PEM)
    )


def _subject(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _host(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
