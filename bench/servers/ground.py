"""An installation on PostgreSQL and Kafka of this machine, set up as an operator does it: what the rows here stand on.

The police and the coordinator have a database, a role and certificates each; both servers take mutual TLS alone, and
PostgreSQL waits for the disk before a commit is answered. Peers are the administrator, with a database of their own.
"""

import asyncio
import re
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import grpc
from joserfc.jwk import OKPKey

from bench import client, detection
from bench.office import NATIONAL, OFFICER, POLICE, POLICY
from nrm import topics
from nrm.certs import ADMINISTRATOR
from nrm.config_distributed import ClientSection, DistributedAgency, DistributedConfig
from nrm.founding_distributed import CERTIFICATES, Surrounds, found, home
from nrm.migration import Owner, migrate
from nrm.servers.guarded import guarded
from nrm.servers.installing import provide
from nrm.servers.kafka import free_ports
from nrm.servers.postgres import PostgresServer
from nrm_kernel.clock import SystemClock
from nrm_kernel.log_topics import ClientTls, Cluster
from nrm_kernel.rpc_identity import TOKEN
from nrm_kernel.tokens import TokenSigner

PEERS = "peers"
DURABLE: dict[str, str] = {}
"""PostgreSQL's own settings: a commit is answered when it is on disk."""
READY_S = 60.0
STOP_S = 20.0
_ANY_PORT = re.compile(r'(?m)^(listen|http) = "127\.0\.0\.1:\d+"')


class NotServed(RuntimeError):
    """A process of the installation ended before it served; what it said last is the text."""


@dataclass(frozen=True)
class Ground:
    """The installation, while its servers run."""

    folder: Path
    config: DistributedConfig
    owner: Owner
    postgres: PostgresServer

    def agency(self, origin: str) -> DistributedAgency:
        """Its section of the configuration."""
        return {one.origin: one for one in self.config.agency}[origin]

    def owner_url(self, origin: str) -> str:
        """That agency's database, as the owner of its tables reaches it: by TLS, with a certificate."""
        return self.owner.url(self.agency(origin).store)

    @property
    def peers_url(self) -> str:
        """The peers' database, reached as everybody reaches theirs."""
        return urlunsplit(urlsplit(self.owner_url(POLICE))._replace(path=f"/{PEERS}"))

    @property
    def postgres_port(self) -> str:
        """Also the name of its socket."""
        return str(urlsplit(self.agency(POLICE).store).port)

    @property
    def kafka(self) -> Cluster:
        """Kafka, as the administrator reaches it."""
        own = self.owner.client
        assert own is not None, "the administrator has a certificate"
        return Cluster(",".join(self.config.kafka.bootstrap), ClientTls(own.certificate, own.key, own.authority))

    def calls(self, address: str, seconds: float, *, named: bool) -> client.Task:
        """What a client does that calls the police there with their own certificate and an officer's token."""
        own = self.agency(POLICE).principal
        assert own is not None, "each agency has a certificate"
        return client.Task(
            target=f"localhost:{address.rpartition(':')[2]}",
            path=detection.PATH,
            rest=detection.body(named=named).hex(),
            seconds=seconds,
            metadata=[(TOKEN, self._token())],
            authority=own.authority.read_text("ascii"),
            key=own.key.read_text("ascii"),
            certificate=own.certificate.read_text("ascii"),
        )

    def _token(self) -> str:
        key = OKPKey.import_key((home(self.folder, POLICE) / "officers.key").read_text("ascii"))
        signer = TokenSigner(POLICE, SystemClock(), key)
        return signer.sign(OFFICER.officer, OFFICER.roles, OFFICER.purpose, POLICE)


@asynccontextmanager
async def ground(folder: Path) -> AsyncIterator[Ground]:
    """Servers with an empty installation, as long as the block. Raises KafkaMissing and PostgresMissing."""
    broker, database = free_ports(2)
    surrounds = Surrounds([f"localhost:{broker}"], f"localhost:{database}")
    config = DistributedConfig.load(found(folder, [POLICE, NATIONAL], POLICY, surrounds))
    certificate = folder / CERTIFICATES / f"{ADMINISTRATOR}.pem"
    owner = Owner(
        client=ClientSection(
            certificate=certificate,
            key=certificate.with_suffix(".key"),
            authority=certificate.with_name("authority.pem"),
        )
    )
    servers = guarded(folder, config, DURABLE)
    standing = Ground(folder, config, owner, await asyncio.to_thread(servers.__enter__))
    try:
        await asyncio.to_thread(migrate, config, owner)
        await asyncio.to_thread(provide, standing.kafka, [POLICE, NATIONAL])
        await _make_database(standing)
        yield standing
    finally:
        await asyncio.to_thread(servers.__exit__, None, None, None)


@asynccontextmanager
async def served(standing: Ground, origin: str) -> AsyncIterator[str]:
    """A process that runs this agency, as long as the block; gives its address. Raises NotServed."""
    config = home(standing.folder, origin) / "nrm.toml"
    config.write_text(_ANY_PORT.sub(r'\1 = "127.0.0.1:0"', config.read_text("utf-8")), "utf-8")
    with (config.parent / "lines.jsonl").open("wb") as lines:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", "from nrm.cli import main; main()", "up", "--config", str(config),
            stdout=PIPE, stderr=lines,
        )  # fmt: skip
    try:
        async with asyncio.timeout(READY_S):
            address = await _address(process, origin)
        yield address
    finally:
        if process.returncode is None:
            process.terminate()
        async with asyncio.timeout(STOP_S):
            await process.wait()


@asynccontextmanager
async def called(task: client.Task) -> AsyncIterator["grpc.aio.UnaryUnaryMultiCallable[bytes, bytes]"]:
    """The method of that task, for one call after another from this process."""
    async with task.channel() as channel:
        yield channel.unary_unary(task.path)


async def fresh_topics(standing: Ground, *names: str) -> None:
    """Topics of one partition that keep everything, as those of the shared log."""
    wanted = topics.Wanted(dict.fromkeys(names, topics.FOR_EVER), frozenset())
    await asyncio.to_thread(lambda: topics.apply(standing.kafka, topics.plan(wanted, topics.look(standing.kafka))))


async def _make_database(standing: Ground) -> None:
    connection = await asyncpg.connect(standing.postgres.admin_url)
    try:
        await connection.execute(f"CREATE DATABASE {PEERS} OWNER {ADMINISTRATOR}")
    finally:
        await connection.close()


async def _address(process: asyncio.subprocess.Process, origin: str) -> str:
    assert process.stdout is not None
    said = b""
    async for line in process.stdout:
        said = line
        name, _, address = line.decode().strip().partition("  ")
        if name == origin:
            return address
    raise NotServed(f"{origin} ended: {said.decode(errors='replace').strip()}")
