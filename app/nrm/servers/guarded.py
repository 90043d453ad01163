"""PostgreSQL and Kafka on this machine with an installation's own certificates, where there is no Docker.

For trying an installation out and for its tests: the same rules of who gets in as in containers, nothing kept when it
ends.
"""

import asyncio
import os
import shutil
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from nrm.certs import ADMINISTRATOR, AUTHORITY, DATABASE
from nrm.config_distributed import POSTGRES_PORT, DistributedConfig
from nrm.founding_distributed import CERTIFICATES, KEYSTORE
from nrm.migration import role_of
from nrm.servers.kafka import BrokerTls, fresh_folder, new_cluster
from nrm.servers.postgres import QUICK, PostgresServer, fresh_postgres, new_database
from nrm_kernel.errors import Unavailable
from nrm_kernel.log_topics import ClientTls, Cluster

RULES = "local all postgres trust\nhostssl all all all cert\n"


class PortTaken(Unavailable):
    """Somebody listens where a server of the installation is to listen; none was started."""

    def __init__(self, port: int) -> None:
        super().__init__(
            "PORT_TAKEN",
            f"Port {port} of this machine, which the installation names for a server, is taken. No server was started. "
            "End whoever listens there, or found the installation with another address.",
        )


@contextmanager
def guarded(
    installation: Path, config: DistributedConfig, settings: Mapping[str, str] = QUICK
) -> Iterator[PostgresServer]:
    """Both servers as long as the block, on the ports that the configuration names, with a database for each agency.

    ``settings`` are PostgreSQL's; an empty mapping is one whose commits wait for the disk. Raises PostgresMissing,
    KafkaMissing and PortTaken.
    """
    certificates = installation / CERTIFICATES
    for port in (_port(config), _kafka_port(config)):
        _require_free(port)
    with _database(certificates, config, settings) as server, _broker(certificates, config):
        yield server


def _port(config: DistributedConfig) -> int:
    return urlsplit(config.agency[0].store).port or POSTGRES_PORT


def _kafka_port(config: DistributedConfig) -> int:
    return int(config.kafka.bootstrap[0].rpartition(":")[2])


def _require_free(port: int) -> None:
    with socket.socket() as trying:
        trying.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # one that was just let go is free
        try:
            trying.bind(("127.0.0.1", port))
        except OSError as fault:
            raise PortTaken(port) from fault


@contextmanager
def _database(certificates: Path, config: DistributedConfig, settings: Mapping[str, str]) -> Iterator[PostgresServer]:
    port = str(_port(config))
    with fresh_postgres({**settings, "port": port}) as server:
        assert server.folder is not None, "it was started here"
        _guard(server.folder, certificates, port)
        server.restart()
        asyncio.run(_made(server, {role_of(one): urlsplit(one.store).path.strip("/") for one in config.agency}))
        yield server


def _guard(folder: Path, certificates: Path, port: str) -> None:
    """Its files, where the account that runs it may read them, and the rules of who gets in."""
    account = folder.stat()
    for name in (f"{AUTHORITY}.pem", f"{DATABASE}.pem", f"{DATABASE}.key"):
        shutil.copy(certificates / name, folder / name)
        os.chown(folder / name, account.st_uid, account.st_gid)
    (folder / "data" / "pg_hba.conf").write_text(RULES)
    settings = {
        "listen_addresses": "localhost",
        "port": port,
        "ssl": "on",
        "ssl_ca_file": str(folder / f"{AUTHORITY}.pem"),
        "ssl_cert_file": str(folder / f"{DATABASE}.pem"),
        "ssl_key_file": str(folder / f"{DATABASE}.key"),
    }
    with (folder / "data" / "postgresql.auto.conf").open("a") as conf:
        conf.writelines(f"{name} = '{value}'\n" for name, value in settings.items())


async def _made(server: PostgresServer, databases: Mapping[str, str]) -> None:
    """A database for each role, which nobody else gets into; the administrator owns the tables in all of them."""
    connection = await asyncpg.connect(server.admin_url)
    try:
        await connection.execute(f'CREATE ROLE "{ADMINISTRATOR}" LOGIN SUPERUSER')
        for role, name in databases.items():
            await connection.execute(f'CREATE ROLE "{role}" LOGIN')
            await new_database(connection, name, role)
    finally:
        await connection.close()


@contextmanager
def _broker(certificates: Path, config: DistributedConfig) -> Iterator[None]:
    own = certificates / f"{ADMINISTRATOR}.pem"
    tls = ClientTls(own, own.with_suffix(".key"), certificates / f"{AUTHORITY}.pem")
    guard = BrokerTls((certificates / KEYSTORE).resolve(), tls.authority.resolve())
    with fresh_folder() as folder:
        cluster = new_cluster(folder, 1, guard, Cluster("", tls))
        cluster.nodes[0].port = _kafka_port(config)
        cluster.administrator = Cluster(cluster.bootstrap, tls)
        try:
            cluster.start()
            yield
        finally:
            cluster.stop()
