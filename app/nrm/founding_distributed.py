"""Founding a deployment of the distributed mode: keys, certificates, a trust file and a configuration for each agency.

For trying things out. In a real installation each agency makes its own keys and gets its certificate from the country's
authority; the trust file is agreed between them. One folder holds it all:

trust.toml policy.toml officers.toml    what all share
nrm.toml                                one configuration for all agencies at once
certs/                                  see :mod:`nrm.certs`
agencies/<kind>-<name>/                 nrm.toml, signing.key, vault.key, officers.key; state/ for what it keeps there
"""

import errno
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

import tomli_w
from joserfc.jwk import OKPKey

from nrm import certs
from nrm.config import CONFIG
from nrm.config_distributed import DistributedConfig
from nrm.founding import trusted, write_secret
from nrm_kernel.adapters.vault_seal import AgencyKeys
from nrm_kernel.clock import SystemClock
from nrm_kernel.identity import service_of
from nrm_kernel.ids import new_ref
from nrm_kernel.ledger.note import SigningKey
from nrm_kernel.ledger.trust import Trust
from nrm_kernel.policy import load_history
from nrm_kernel.tokens import TokenSigner

AGENCIES = "agencies"
CERTIFICATES = "certs"
KEYSTORE = "broker.keystore"
"""Kafka wants its key and its certificate in one file."""

POLICY = "policy.toml"
PASSWORDS = ("postgres.password", "grafana.password")
"""Of the accounts that these servers want at their first start; nothing of ours logs in with them."""

NEW_TRUST = "trust.new.toml"
"""The trust file with an agency more, until everybody has it."""

GRPC_PORT = 7443
HTTP_PORT = 9464
STATE = "/var/lib/nrm"
COLLECTOR = "http://collector:4317"
"""Where containers send their traces: to the collector beside them, by whose name no other machine is reached."""


@dataclass(frozen=True)
class Surrounds:
    """Where an installation's servers are reached, as host:port each, and where its agencies listen.

    In containers each agency has a machine of its own and listens for all; else they share this one's loopback, from
    ``first_port`` on.
    """

    kafka: Sequence[str]
    postgres: str
    in_containers: bool = False
    first_port: int = GRPC_PORT

    def listens(self, nth: int) -> str:
        """The nth agency's address."""
        return f"0.0.0.0:{GRPC_PORT}" if self.in_containers else f"127.0.0.1:{self.first_port + nth}"

    def state(self, own: str) -> str:
        """Where an agency keeps what must stand outside its database; in a container, on a volume of its own."""
        return STATE if self.in_containers else f"{own}state"

    def telemetry(self) -> dict[str, Any]:
        """The part of a configuration about traces; on this machine alone nobody collects them."""
        return {"telemetry": {"endpoint": COLLECTOR}} if self.in_containers else {}

    def http(self, nth: int) -> str:
        """Where the process of the nth agency tells of its health."""
        return (
            f"0.0.0.0:{HTTP_PORT}"
            if self.in_containers
            else f"127.0.0.1:{HTTP_PORT - GRPC_PORT + self.first_port + nth}"
        )


def found(
    folder: Path,
    origins: Sequence[str],
    policy: Path,
    surrounds: Surrounds,
    organisations: Mapping[str, str] = MappingProxyType({}),
) -> Path:
    """Make all files of a new deployment of these agencies; gives the path of the configuration of all at once.

    ``organisations`` says of agencies what kind of organisation they are, see :func:`nrm.founding.trusted`. Raises
    FileExistsError rather than write over anything, PolicyRefused, and OSError when the policy cannot be read.
    """
    load_history(policy)
    (folder / AGENCIES).mkdir(parents=True)
    deployment = origins[0].split("/")[0]
    _certificates(folder / CERTIFICATES, deployment, origins, surrounds)
    (folder / POLICY).write_bytes(policy.read_bytes())
    signing = {origin: _keys(folder, origin) for origin in origins}
    logs = [trusted(origin, key, organisations.get(origin, "")) for origin, key in signing.items()]
    (folder / "trust.toml").write_text(Trust(deployment, tuple(logs)).render(), "utf-8")
    (folder / "officers.toml").write_text("\n".join(_officers(folder, origin) for origin in origins), "utf-8")
    for name in PASSWORDS:
        write_secret(folder / name, new_ref())
    return _configured(folder, deployment, origins, surrounds)


def further(folder: Path, origin: str, organisation: str, admitted: Mapping[str, int]) -> Path:
    """Make the files of one agency more, which acts on nothing below these sizes of the others' logs.

    Gives the path of its configuration. The trust file that names it stands beside the one that holds: the others go
    by the old one until it is put in its place. Raises FileExistsError rather than write over anything, and what is
    raised for a configuration, a trust file or a certificate that is wrong.
    """
    config = DistributedConfig.load(folder / CONFIG)
    trust, origins = Trust.load(config.trust), [agency.origin for agency in config.agency]
    first = config.agency[0]
    surrounds = Surrounds(config.kafka.bootstrap, first.store_address, first_port=int(first.listen.rpartition(":")[2]))
    if home(folder, origin).exists():
        raise FileExistsError(errno.EEXIST, "it is there already", str(home(folder, origin)))
    certs.make(folder / CERTIFICATES, certs.Wanted(config.deployment, [origin]), SystemClock().now())
    key = _keys(folder, origin)
    with (folder / "officers.toml").open("a", encoding="utf-8") as officers:
        officers.write(f"\n{_officers(folder, origin)}")
    new = replace(trusted(origin, key, organisation), admitted=admitted)
    (folder / NEW_TRUST).write_text(replace(trust, logs=(*trust.logs, new)).render(), "utf-8")
    nth = len(trust.logs) + 1  # one port is between them: the health of all at once is told there
    path = home(folder, origin) / CONFIG
    path.write_text(_own(config.deployment, origin, nth, origins, surrounds), "utf-8")
    return path


def _configured(folder: Path, deployment: str, origins: Sequence[str], surrounds: Surrounds) -> Path:
    """A configuration for each agency, and one for all at once on this machine, whose path it gives."""
    for nth, origin in enumerate(origins):
        (home(folder, origin) / CONFIG).write_text(_own(deployment, origin, nth, origins, surrounds), "utf-8")
    here = replace(surrounds, in_containers=False)
    everybody = _head(deployment, here, here.http(len(origins)), "", ".")
    sections = [_section(origin, nth, here, "", f"{AGENCIES}/{short(origin)}/") for nth, origin in enumerate(origins)]
    config = folder / CONFIG
    config.write_text(tomli_w.dumps(everybody | {"agency": sections}), "utf-8")
    return config


def _own(deployment: str, origin: str, nth: int, origins: Sequence[str], surrounds: Surrounds) -> str:
    """The text of one agency's configuration."""
    head = _head(deployment, surrounds, surrounds.http(nth), "../../", surrounds.state(""))
    agency = {"agency": [_section(origin, nth, surrounds, "../../", "")]}
    return tomli_w.dumps(head | agency | _shown_to(origin, origins, surrounds))


def _certificates(folder: Path, deployment: str, origins: Sequence[str], surrounds: Surrounds) -> None:
    servers = {
        certs.BROKER: (*certs.LOCAL, *_hosts(surrounds.kafka)),
        certs.DATABASE: (*certs.LOCAL, *_hosts([surrounds.postgres])),
    }
    certs.make(folder, certs.Wanted(deployment, origins, servers, administrator=True), SystemClock().now())
    both = ((folder / f"{certs.BROKER}{suffix}").read_text("ascii") for suffix in (".key", ".pem"))
    write_secret(folder / KEYSTORE, "".join(both))


def short(origin: str) -> str:
    """An agency's name inside its deployment: its folder's and its container's."""
    return "-".join(origin.split("/")[1:])


def home(folder: Path, origin: str) -> Path:
    """The folder of one agency of an installation."""
    return folder / AGENCIES / short(origin)


def _keys(folder: Path, origin: str) -> SigningKey:
    own, key = home(folder, origin), SigningKey.generate(origin)
    own.mkdir()
    (own / "state").mkdir()
    write_secret(own / "signing.key", key.text())
    AgencyKeys.generate("1").save(own / "vault.key")
    return key


def _officers(folder: Path, origin: str) -> str:
    key = OKPKey.generate_key("Ed25519")
    write_secret(home(folder, origin) / "officers.key", key.as_pem(private=True).decode())
    return TokenSigner(origin, SystemClock(), key).keys_file()


def _hosts(addresses: Sequence[str]) -> list[str]:
    found = dict.fromkeys(address.rpartition(":")[0] for address in addresses)
    return [host for host in found if host not in certs.LOCAL]


def _head(deployment: str, surrounds: Surrounds, http: str, up: str, state: str) -> dict[str, Any]:
    return {
        "deployment": deployment,
        "policy": f"{up}{POLICY}",
        "trust": f"{up}trust.toml",
        "log": f"{state}/mirror.sqlite",
        "officer_keys": f"{up}officers.toml",
        "http": http,
        "kafka": {"bootstrap": surrounds.kafka},
        **surrounds.telemetry(),
    }


def _shown_to(origin: str, origins: Sequence[str], surrounds: Surrounds) -> dict[str, Any]:
    """The auditor may read what the coordinator shows, once the owner of its tables lets it."""
    if service_of(origin) != "audit":
        return {}
    shown = [other for other in origins if service_of(other) == "coordinator"]
    return {"shown": [{"origin": other, "store": _store(origin, other, surrounds)} for other in shown]}


def _store(role: str, origin: str, surrounds: Surrounds) -> str:
    return f"postgresql://{quote(role, safe='')}@{surrounds.postgres}/{certs.dotted(origin)}"


def _section(origin: str, nth: int, surrounds: Surrounds, up: str, own: str) -> dict[str, Any]:
    certificate = f"{up}{CERTIFICATES}/{certs.dotted(origin)}"
    return {
        "origin": origin,
        "folder": surrounds.state(own),
        "listen": surrounds.listens(nth),
        "store": _store(origin, origin, surrounds),
        "signing_key": f"{own}signing.key",
        "vault_key": f"{own}vault.key",
        "tls": {
            "certificate": f"{certificate}.pem",
            "key": f"{certificate}.key",
            "authority": f"{up}{CERTIFICATES}/authority.pem",
        },
    }
