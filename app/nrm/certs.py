"""A folder of certificates for trying out the distributed mode: an authority, and who it has signed for.

Each agency, server and administrator has ``<name>.pem`` and, for its owner alone, ``<name>.key`` (PKCS#8). An agency's
certificate carries its origin as common name, which is its Kafka principal and its PostgreSQL role; in the file's name
dots stand for slashes, ``demo.assistance.ngo-dawn.pem``.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.oid import NameOID

from nrm_kernel.certifying import Authority, Certified, Lifetime, Names
from nrm_kernel.errors import NrmError

AUTHORITY = "authority"
ADMINISTRATOR = "administrator"
BROKER = "broker"
DATABASE = "postgres"
AUTHORITY_DAYS = 1_825
DAYS = 365
DAYS_LEFT_MIN = 30
"""With fewer days left a certificate is to be replaced."""

NAME_MAX = 64
"""Characters of a subject's common name (X.520, ub-common-name)."""

LOCAL = ("localhost", "127.0.0.1")


class CertificateExists(NrmError):
    """A file is there already; nothing was written."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            "CERTIFICATE_EXISTS",
            f"{path} is there already and is not written over; nothing was written. Name another folder, only those "
            "who have none yet, or move it away first.",
        )


class CertificateNameInvalid(NrmError):
    """A name that no certificate can carry; nothing was written."""


class CertificateUnreadable(NrmError):
    """A file that should hold a certificate holds none."""


class CertificateEnded(NrmError):
    """A certificate's time is over: no server lets in who shows it."""


class CertificateNotYet(NrmError):
    """A certificate's time has not begun: no server lets in who shows it."""


def require_live(paths: Iterable[Path], now: datetime) -> None:
    """Raises CertificateEnded or CertificateNotYet for the first that does not hold, and CertificateUnreadable."""
    for shown in show(paths, now):
        whose = f"{shown.path}, the certificate of {shown.name},"
        so = "UTC, so no server lets in who shows it. Nothing was started or changed."
        if shown.ends <= now:
            text = f"{whose} ended on {shown.ends:%Y-%m-%d %H:%M} {so} Put a new one in its place."
            raise CertificateEnded("CERTIFICATE_ENDED", text)
        if shown.is_early:
            text = f"{whose} begins to hold on {shown.begins:%Y-%m-%d %H:%M} {so} Put one in its place that holds "
            raise CertificateNotYet("CERTIFICATE_NOT_YET_VALID", f"{text}now, or set this machine's clock right.")


@dataclass(frozen=True)
class Wanted:
    """Who is to get certificates: agencies by origin, and servers by name with the hosts where they are reached."""

    deployment: str
    agencies: Sequence[str] = ()
    servers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    administrator: bool = False

    def names(self) -> list[Names]:
        """What each certificate is to say."""
        found = [Names(origin, [f"spiffe://{origin}"], _agency_hosts(origin)) for origin in self.agencies]
        found += [self._own(name, hosts) for name, hosts in self.servers.items()]
        return [*found, self._own(ADMINISTRATOR, ())] if self.administrator else found

    def _own(self, name: str, hosts: Sequence[str]) -> Names:
        return Names(name, [f"spiffe://{self.deployment}/infrastructure/{name}"], hosts)


@dataclass(frozen=True, slots=True)
class Shown:
    """A certificate as it is told of: whose it is, from when until when it holds, how many whole days are left."""

    name: str
    path: Path
    begins: datetime
    ends: datetime
    days_left: int
    is_early: bool
    """Whether it does not hold yet."""

    @property
    def ends_soon(self) -> bool:
        """Whether it is to be replaced."""
        return self.days_left < DAYS_LEFT_MIN


def dotted(name: str) -> str:
    """A name as a file's and a database's."""
    return name.replace("/", ".")


def make(folder: Path, wanted: Wanted, now: datetime, days: int = DAYS) -> list[Shown]:
    """Make what is wanted, and an authority if the folder has none.

    Raises CertificateExists and CertificateNameInvalid, and nothing is written then.
    """
    names = wanted.names()
    _check(folder, names)
    folder.mkdir(parents=True, exist_ok=True)
    authority = _authority(folder, wanted.deployment, now)
    for one in names:
        _write(folder, dotted(one.common), authority.certified(one, Lifetime.of_days(now, days)))
    made = [AUTHORITY, *(dotted(one.common) for one in names)]
    return show([folder / f"{name}.pem" for name in made], now)


def show(paths: Iterable[Path], now: datetime) -> list[Shown]:
    """What these files say of themselves. Raises CertificateUnreadable."""
    return [_shown(path, now) for path in paths]


def name_of(path: Path) -> str:
    """Whom the certificate in this file names, as servers read it. Raises OSError and ValueError."""
    return _named(x509.load_pem_x509_certificate(path.read_bytes()))


def _named(certificate: x509.Certificate) -> str:
    common = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return ", ".join(str(name.value) for name in common)


def is_issued_by(path: Path, authority: Path) -> bool:
    """Whether one of the authorities in a file issued that certificate, itself or by those in between.

    Those in between stand behind the certificate or among the authorities. Raises OSError and ValueError.
    """
    own, known = (x509.load_pem_x509_certificates(one.read_bytes()) for one in (path, authority))
    issuers, trusted = [own[0]], set(known)
    for issuer in issuers:  # which grows meanwhile
        issuers += [each for each in (*own, *known) if each not in issuers and _issued(issuer, each)]
    return not trusted.isdisjoint(issuers)


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def in_folder(folder: Path) -> list[Path]:
    """Every certificate of a folder; none where there is no folder."""
    return sorted(folder.glob("*.pem"))


def _shown(path: Path, now: datetime) -> Shown:
    try:
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError) as fault:
        text = f"{path} holds no certificate that can be read. Make it again or name another file."
        raise CertificateUnreadable("CERTIFICATE_UNREADABLE", text) from fault
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return Shown(
        _named(certificate) or path.stem, path, begins, ends, (ends - now) // timedelta(days=1), is_early=begins > now
    )


def _check(folder: Path, names: Sequence[Names]) -> None:
    for one in names:
        if len(one.common) > NAME_MAX:
            text = f"{one.common} has more than {NAME_MAX} characters, the most a certificate's name may have."
            raise CertificateNameInvalid("CERTIFICATE_NAME_TOO_LONG", text)
        for suffix in (".pem", ".key"):
            if (path := folder / f"{dotted(one.common)}{suffix}").exists():
                raise CertificateExists(path)


def _authority(folder: Path, deployment: str, now: datetime) -> Authority:
    certificate, key = folder / f"{AUTHORITY}.pem", folder / f"{AUTHORITY}.key"
    if certificate.exists():
        return Authority(Certified(key.read_bytes(), certificate.read_bytes()))
    lifetime = Lifetime.of_days(now, AUTHORITY_DAYS)
    authority = Authority.founded(f"{deployment} development authority", lifetime)
    _write(folder, AUTHORITY, authority.pair)
    return authority


def _write(folder: Path, name: str, pair: Certified) -> None:
    """The key first: a certificate without its key would be of no use, and could not be made again."""
    _write_new(folder / f"{name}.key", pair.key, 0o600)
    _write_new(folder / f"{name}.pem", pair.certificate, 0o644)


def _write_new(path: Path, content: bytes, mode: int) -> None:
    with open(path, "xb", opener=lambda file, flags: os.open(file, flags, mode)) as file:
        file.write(content)


def _agency_hosts(origin: str) -> Sequence[str]:
    """Where an agency's own server is reached: on this machine, and by the name that its container has."""
    return ("-".join(origin.split("/")[1:]), *LOCAL)
