"""An installation on servers of this machine, for tests and the demo: databases, topics, keys, and a configuration.

Everything is in plain text on loopback: what certificates change is shown where they are used.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import tomli_w

from nrm import topics
from nrm.config import CONFIG
from nrm.founding import founded_keys, section, write_secret
from nrm.migration import KEPT
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
    for origin, place in zip(origins, places, strict=True):
        write_secret(folder / homes[origin] / "store.password", urlsplit(place.url).password or "")
    written = {
        "deployment": origins[0].split("/")[0],
        "development": True,
        "policy": str(policy),
        "trust": "trust.toml",
        "log": f"{homes[origins[-1]]}/mirror.sqlite",
        "http": "127.0.0.1:0",
        "kafka": {"bootstrap": servers.kafka.servers},
        "agency": [
            section(origin, homes[origin], first_port + nth if first_port else 0) | _stored(place, homes[origin])
            for nth, (origin, place) in enumerate(zip(origins, places, strict=True))
        ],
    }
    config = folder / CONFIG
    config.write_text(tomli_w.dumps(written), "utf-8")
    return config


def provide(kafka: Cluster, origins: Sequence[str]) -> None:
    """Make the topics of these agencies that are missing."""
    topics.apply(kafka, topics.plan(topics.Wanted.of(origins), topics.look(kafka)))


def _stored(place: Place, home: str) -> dict[str, Any]:
    parts = urlsplit(place.url)
    user, _, host = parts.netloc.rpartition("@")
    store = urlunsplit(parts._replace(netloc=f"{user.partition(':')[0]}@{host}"))
    return {"store": store, "store_password": f"{home}/store.password"}
