"""The configuration of the distributed mode: agencies on PostgreSQL, with Kafka as the log that they share.

A file with a table ``[kafka]`` is one of the distributed mode; a file without is one of the embedded mode. Each agency
is a principal of its own: by its certificate (``[agency.client]``, else that of its server) Kafka and PostgreSQL know
it. Without one, servers are reached on this machine alone.
"""

import errno
import ipaddress
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, ClassVar, Self
from urllib.parse import parse_qs, quote, urlencode, urlsplit, urlunsplit

from pydantic import AfterValidator, BaseModel, Field

from nrm.config import Address, AgencySection, Config, ConfigInvalid, Section, TlsSection, meet
from nrm_contracts.fields import Origin
from nrm_kernel.log import READS_EVERYTHING
from nrm_kernel.log_topics import ClientTls, Cluster

POSTGRES_PORT = 5432
MIRROR = Path("mirror.sqlite")
"""The auditor's own copy of every log, beside the file where nothing else is said."""


class KafkaSection(Section):
    """Where the brokers are reached, each as host:port."""

    bootstrap: Annotated[tuple[Address, ...], Field(min_length=1)]


class ClientSection(Section):
    """An agency's own certificate as a client, and the authority that signed the servers'; PEM files."""

    certificate: Path
    key: Path
    authority: Path

    def url_options(self) -> dict[str, str]:
        """As PostgreSQL's connection URLs say it: both sides show who they are.

        Raises OSError naming the file that cannot be used.
        """
        ClientTls(self.certificate, self.key, self.authority).context()
        return {
            "sslmode": "verify-full",
            "sslcert": str(self.certificate),
            "sslkey": str(self.key),
            "sslrootcert": str(self.authority),
        }


def _store(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "postgresql" or not parts.path.strip("/") or parts.port == 0:
        raise ValueError("a store is named postgresql://role@host:port/database")
    if parts.password:
        raise ValueError("a password does not stand in this file: name the file that holds it, as store_password")
    return url


def password_in(file: Path) -> str:
    """The password that a file holds, as a URL needs it. Raises OSError when it cannot be read, or holds none."""
    try:
        held = file.read_text("utf-8").strip()
    except UnicodeDecodeError:
        held = ""
    if not held:
        raise OSError(errno.EINVAL, "it holds no password, as text in UTF-8", str(file))
    return quote(held, safe="")


class Database(Section):
    """A database: ``store`` names it and the role that gets in, without the password."""

    store: Annotated[str, AfterValidator(_store)]
    store_password: Path | None = None

    def url(self, principal: ClientSection | None) -> str:
        """The URL with all that is needed to get in. Raises OSError when the password's file cannot be read."""
        parts = urlsplit(self.store)
        if self.store_password is not None:
            user, _, host = parts.netloc.rpartition("@")
            parts = parts._replace(netloc=f"{user}:{password_in(self.store_password)}@{host}")
        if principal is not None:
            options = [parts.query, urlencode(principal.url_options())]
            parts = parts._replace(query="&".join(filter(None, options)))
        return urlunsplit(parts)


class ShownSection(Database):
    """Another agency's views that this process may read, to hold them against the entries: the auditor's."""

    origin: Origin


class DistributedAgency(AgencySection, Database):
    """One agency: ``folder`` holds its last checkpoint, ``store`` names its database."""

    client: ClientSection | None = None

    @property
    def principal(self) -> ClientSection | None:
        """By what Kafka and PostgreSQL know it."""
        return self.client or (_as_client(self.tls) if self.tls else None)

    @property
    def certificates(self) -> Sequence[Path]:
        """The files with which it shows who it is, as a server and as a client, and whom it believes."""
        sections = [one for one in (self.tls, self.client) if one is not None]
        return list(dict.fromkeys(path for one in sections for path in (one.certificate, one.authority)))

    @property
    def secrets(self) -> Sequence[Path]:
        """The files that nobody but its own processes may read."""
        keys = [one.key for one in (self.tls, self.client) if one is not None]
        password = [self.store_password] if self.store_password else []
        return [self.signing_key, self.vault_key, *keys, *password]

    def store_url(self) -> str:
        """The store's URL, as the agency gets in. Raises OSError when the password's file cannot be read."""
        return self.url(self.principal)

    @property
    def store_address(self) -> str:
        """Where the database is, as host:port, for people."""
        return f"{self.store_host}:{urlsplit(self.store).port or POSTGRES_PORT}"

    @property
    def store_host(self) -> str:
        """Where the database is: a host, an address, or the folder of a socket."""
        parts = urlsplit(self.store)
        return parts.hostname or next(iter(parse_qs(parts.query).get("host", ())), "localhost")


class DistributedConfig(Config):
    """One process of the distributed mode. ``log`` is the auditor's mirror; no other agency needs one."""

    kafka: KafkaSection
    agency: Annotated[tuple[DistributedAgency, ...], Field(min_length=1)]
    log: Path = MIRROR
    http: Address | None = None
    shown: tuple[ShownSection, ...] = ()

    in_files: ClassVar[bool] = False
    SECTIONS: ClassVar[Mapping[str, type[BaseModel]]] = {
        **Config.SECTIONS,
        "agency": DistributedAgency,
        "client": ClientSection,
        "kafka": KafkaSection,
        "shown": ShownSection,
    }

    @classmethod
    def load(cls, path: Path) -> Self:
        """See :meth:`nrm.config.Config.load`; and refuses a server elsewhere that would not know whom it serves."""
        if _has_kafka(path) is False:
            raise ConfigInvalid(
                path, "it has no [kafka], so it is one of the embedded mode, without servers; name another"
            )
        config = super().load(path)
        for agency in config.agency:
            if agency.principal is None and (far := config.far_from(agency)):
                text = f'agency "{agency.origin}" reaches {far[0]} without a certificate; give it [agency.tls] or '
                raise ConfigInvalid(path, f"{text}[agency.client]. In plain text servers are reached on this machine")
        return config

    def _check_apart(self, path: Path) -> None:
        super()._check_apart(path)
        for nth, agency in enumerate(self.agency):
            if self.http and meet(self.http, agency.listen):
                raise ConfigInvalid(
                    path, f'http and agency.{nth} both have the address "{self.http}"; each needs its own'
                )

    def cluster(self, agency: DistributedAgency) -> Cluster:
        """Kafka, as this agency reaches it."""
        own = agency.principal
        tls = ClientTls(own.certificate, own.key, own.authority) if own else None
        return Cluster(",".join(self.kafka.bootstrap), tls)

    @property
    def reads_most(self) -> DistributedAgency:
        """The agency here to whom Kafka shows most: the auditor or the coordinator, else the first one."""
        order = (*READS_EVERYTHING, *{agency.kind for agency in self.agency})
        return min(self.agency, key=lambda agency: order.index(agency.kind))

    def far_from(self, agency: DistributedAgency) -> Sequence[str]:
        """The servers of that agency that are not on this machine."""
        hosts = [address.rpartition(":")[0] for address in self.kafka.bootstrap]
        return [host for host in (*hosts, agency.store_host) if not _is_near(host)]


def load(path: Path) -> Config:
    """The configuration of either mode. Raises ConfigInvalid."""
    return (DistributedConfig if _has_kafka(path) else Config).load(path)


def _has_kafka(path: Path) -> bool | None:
    """None when it cannot be read: what is wrong with it is told by whoever loads it."""
    try:
        return "kafka" in tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return None


def _as_client(tls: TlsSection) -> ClientSection:
    return ClientSection(certificate=tls.certificate, key=tls.key, authority=tls.authority)


def _is_near(host: str) -> bool:
    if host == "localhost" or host.startswith("/"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
