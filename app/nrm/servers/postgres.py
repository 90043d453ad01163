"""A real PostgreSQL: the one that ``NRM_POSTGRES`` names, or one that is started here from the machine's own programs.

Sorting by bytes is part of what a store promises (the same order on every machine), so databases are made with the
collation "C".
"""

import asyncio
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit, urlunsplit

import asyncpg
from asyncpg import exceptions

from nrm.neighbours import CLOSED
from nrm_kernel.errors import NrmError
from nrm_kernel.ids import new_ref

RUNNING = "NRM_POSTGRES"
REQUIRED = "NRM_REQUIRE_SERVERS"
"""Set to 1, a server that is missing is a failure and no skipped test."""
VERSION_MIN = 15
ACCOUNT = "postgres"
"""The account that runs the server when this process is root, which PostgreSQL refuses to run as."""
START_TIMEOUT_S = 120
QUICK: Mapping[str, str] = {"fsync": "off", "full_page_writes": "off", "wal_level": "minimal", "max_wal_senders": "0"}
"""For tests: nothing survives a power cut, everything survives a killed server. Durability on disk needs none of it."""
PLAIN: Mapping[str, str] = {"listen_addresses": "", "max_connections": "200", "log_min_messages": "fatal"}


class PostgresMissing(NrmError):
    """There is no PostgreSQL here."""

    def __init__(self, why: str) -> None:
        super().__init__(
            "POSTGRES_MISSING",
            f"No PostgreSQL: {why}. Install version {VERSION_MIN} or newer (Debian: apt-get install postgresql), or "
            f"name a running one: {RUNNING}=postgresql://user:password@host/postgres",
        )


@dataclass(frozen=True)
class Place:
    """A database of one agency: ``owner_url`` migrates it, ``url`` is what its services run with."""

    name: str
    owner_url: str
    url: str
    role: str


@dataclass(frozen=True)
class PostgresServer:
    """A server that answers; ``admin_url`` may make databases and roles. ``folder`` is set for one started here."""

    admin_url: str
    folder: Path | None = None

    async def made(self, name: str) -> Place:
        """A fresh database of that name with a role that runs it; one that was there is dropped."""
        role, password = f"{name}_runs", new_ref()
        connection = await asyncpg.connect(self.admin_url)
        try:
            await _dropped(connection, name)
            await connection.execute(f"CREATE ROLE \"{role}\" LOGIN PASSWORD '{password}'")
            await new_database(connection, name, role)
        finally:
            await connection.close()
        return Place(name, _at(self.admin_url, name), _at(self.admin_url, name, f"{role}:{password}"), role)

    async def dropped(self, name: str) -> None:
        """Without that database and its role, whoever is connected."""
        connection = await asyncpg.connect(self.admin_url)
        try:
            await _dropped(connection, name)
        finally:
            await connection.close()

    def restart(self, mode: str = "fast") -> None:
        """Stop it and start it again; "immediate" is like a crash. Only for a server that was started here."""
        assert self.folder is not None, "a server that others run is theirs to restart"
        _control(self.folder, "restart", "-m", mode)


async def new_database(connection: asyncpg.Connection, name: str, role: str) -> None:
    """A database that only this role gets into."""
    await connection.execute(
        f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
    )
    await connection.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
    await connection.execute(f'GRANT CONNECT, CREATE ON DATABASE "{name}" TO "{role}"')


async def _dropped(connection: asyncpg.Connection, name: str) -> None:
    await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    await connection.execute(f'DROP ROLE IF EXISTS "{name}_runs"')


@contextmanager
def postgres(settings: Mapping[str, str] | None = None) -> Iterator[PostgresServer]:
    """A server as long as the block: the running one, else a fresh one with these settings. Raises PostgresMissing."""
    running = os.environ.get(RUNNING)
    if running:
        asyncio.run(_reached(running))
        yield PostgresServer(running)
        return
    with fresh_postgres(settings) as server:
        yield server


@contextmanager
def fresh_postgres(settings: Mapping[str, str] | None = None) -> Iterator[PostgresServer]:
    """A server of this machine's own programs with these settings, as long as the block. Raises PostgresMissing."""
    folder = Path(tempfile.mkdtemp(prefix="nrm-pg-"))
    try:
        server = _started(folder, {**PLAIN, **(settings or {})})
        asyncio.run(_closed(server))
        yield server
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            _control(folder, "stop", "-m", "immediate")
        shutil.rmtree(folder, ignore_errors=True)


async def _closed(server: PostgresServer) -> None:
    """Nobody gets into what every server has, but its administrators."""
    connection = await asyncpg.connect(server.admin_url)
    try:
        await connection.execute(CLOSED)
    finally:
        await connection.close()


async def _reached(url: str) -> None:
    try:
        connection = await asyncpg.connect(url, timeout=START_TIMEOUT_S)
    except (OSError, exceptions.PostgresError, exceptions.InterfaceError, TimeoutError) as fault:
        raise PostgresMissing(f"{RUNNING} names one that does not answer ({type(fault).__name__})") from fault
    version = connection.get_server_version().major
    await connection.close()
    if version < VERSION_MIN:
        raise PostgresMissing(f"{RUNNING} names one of version {version}")


def _started(folder: Path, settings: Mapping[str, str]) -> PostgresServer:
    programs = _programs()
    if os.geteuid() == 0:
        account = _account()
        os.chown(folder, account.pw_uid, account.pw_gid)
    data = folder / "data"
    plain = ["-U", ACCOUNT, "-A", "trust", "--no-sync", "--encoding=UTF8", "--locale=C"]
    _run([str(programs / "initdb"), "-D", str(data), *plain], folder)
    lines = [f"{name} = '{value}'" for name, value in settings.items()]
    (data / "postgresql.auto.conf").write_text("\n".join([*lines, f"unix_socket_directories = '{folder}'", ""]))
    _control(folder, "start", "-l", str(folder / "log"))
    query = urlencode({"host": str(folder), "port": settings.get("port", "5432")})
    return PostgresServer(f"postgresql://{ACCOUNT}@/postgres?{query}", folder)


def _control(folder: Path, *arguments: str) -> None:
    _run([str(_programs() / "pg_ctl"), "-s", "-w", "-t", str(START_TIMEOUT_S), "-D", str(folder / "data"), *arguments],
         folder)  # fmt: skip


def _run(command: list[str], folder: Path) -> None:
    as_account = ["runuser", "-u", ACCOUNT, "--"] if os.geteuid() == 0 else []
    # Its output goes nowhere: a server that keeps our pipe open would be waited for.
    ended = subprocess.run(
        [*as_account, *command], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    if ended.returncode:
        log = folder / "log"
        told = log.read_text(errors="replace").strip().rpartition("\n")[2] if log.exists() else ""
        raise PostgresMissing(f"{Path(command[0]).name} ended with {ended.returncode} {told}".strip())


def _programs() -> Path:
    """The folder with initdb and pg_ctl."""
    places = [*_on_path(), *_configured(), *_packaged()]
    for place in places:
        if all((place / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
            return place
    raise PostgresMissing("initdb and pg_ctl are not on PATH, in `pg_config --bindir` or in /usr/lib/postgresql")


def _on_path() -> list[Path]:
    found = shutil.which("initdb")
    return [Path(found).resolve().parent] if found else []


def _configured() -> list[Path]:
    if not shutil.which("pg_config"):
        return []
    told = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=False)
    return [Path(told.stdout.strip())] if told.returncode == 0 else []


def _packaged() -> list[Path]:
    """The newest first."""
    found = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if path.parent.name.isdecimal()]
    return sorted(found, key=lambda path: int(path.parent.name), reverse=True)


def _account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        raise PostgresMissing(f"it does not run as root, and there is no account {ACCOUNT}") from None


def _at(url: str, database: str, user: str = "") -> str:
    """Another database of the same server, as another user."""
    parts = urlsplit(url)
    netloc = parts.netloc
    if user:
        netloc = f"{user}@{netloc.rpartition('@')[2]}"
    return urlunsplit(parts._replace(netloc=netloc, path=f"/{database}"))
