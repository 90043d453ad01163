"""An installation on servers of this machine, for tests and the demo: databases, topics, keys, and a configuration.

Everything is in plain text on loopback: what certificates change is shown where they are used.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from nrm import topics
from nrm.config import CONFIG
from nrm.distributed import KEPT
from nrm.founding import founded_keys, write_secret
from nrm.servers.postgres import Place, PostgresServer
from nrm_kernel.adapters.migrating import migrate_postgres
from nrm_kernel.log_topics import Cluster


@dataclass(frozen=True)
class Servers:
    """Where an installation lives."""

    kafka: Cluster
    postgres: PostgresServer


async def install(folder: Path, origins: Sequence[str], policy: Path, servers: Servers, first_port: int = 0) -> Path:
    """Make everything that these agencies need; gives the path of the configuration of all at once.

    Databases carry the agencies' origins and are made anew. Raises FileExistsError for files that are there already,
    and what the servers raise.
    """
    homes = founded_keys(folder, origins)
    places = [await servers.postgres.made(origin.replace("/", "-")) for origin in origins]
    await asyncio.gather(*(migrate_postgres(place.owner_url, place.role, *KEPT) for place in places))
    await asyncio.to_thread(provide, servers.kafka, origins)
    sections = [_head(origins[0].split("/")[0], policy, servers.kafka, homes[origins[-1]])]
    for nth, (origin, place) in enumerate(zip(origins, places, strict=True)):
        write_secret(folder / homes[origin] / "store.password", urlsplit(place.url).password or "")
        sections.append(_section(origin, homes[origin], place, first_port + nth if first_port else 0))
    config = folder / CONFIG
    config.write_text("\n".join(sections), "utf-8")
    return config


def provide(kafka: Cluster, origins: Sequence[str]) -> None:
    """Make the topics of these agencies that are missing."""
    topics.apply(kafka, topics.plan(topics.Wanted.of(origins), topics.look(kafka)))


def _head(deployment: str, policy: Path, kafka: Cluster, auditor: str) -> str:
    brokers = ", ".join(f'"{address}"' for address in kafka.servers)
    return (
        f'deployment = "{deployment}"\ndevelopment = true\npolicy = "{policy}"\ntrust = "trust.toml"\n'
        f'log = "{auditor}/mirror.sqlite"\nhttp = "127.0.0.1:0"\n\n[kafka]\nbootstrap = [{brokers}]\n'
    )


def _section(origin: str, home: str, place: Place, port: int) -> str:
    parts = urlsplit(place.url)
    user, _, host = parts.netloc.rpartition("@")
    store = urlunsplit(parts._replace(netloc=f"{user.partition(':')[0]}@{host}"))
    return (
        f'[[agency]]\norigin = "{origin}"\nfolder = "{home}"\nlisten = "127.0.0.1:{port}"\nstore = "{store}"\n'
        f'store_password = "{home}/store.password"\nsigning_key = "{home}/signing.key"\n'
        f'vault_key = "{home}/vault.key"\n'
    )
