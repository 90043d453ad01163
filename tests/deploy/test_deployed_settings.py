"""The settings that containers get, run as plain processes: who has no certificate of the right name gets nowhere."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

import asyncpg
import pytest
import yaml

from nrm import certs
from nrm.founding_distributed import Surrounds, found
from nrm.neighbours import CLOSED, SHARED
from nrm.servers import postgres as servers

ROOT = Path(__file__).parents[2]
DEPLOYED = ROOT / "deploy" / "postgres"
DAWN, HARBOUR = "demo/assistance/ngo-dawn", "demo/assistance/ngo-harbour"
PORT = "54329"
pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Database:
    """A server with the deployed settings, and an installation's certificates."""

    installation: Path
    socket: Path

    def url(self, role: str, certificate: str | None, database: str) -> str:
        folder = self.installation / "certs"
        named = {"sslmode": "verify-full", "sslrootcert": str(folder / "authority.pem")}
        if certificate:
            stem = folder / certs.dotted(certificate)
            named |= {"sslcert": f"{stem}.pem", "sslkey": f"{stem}.key"}
        return f"postgresql://{quote(role, safe='')}@localhost:{PORT}/{database}?{urlencode(named)}"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    folder = tmp_path_factory.mktemp("deployed")
    found(folder / "i", [DAWN, HARBOUR], ROOT / "policies" / "gb.toml", Surrounds(["kafka:9092"], f"localhost:{PORT}"))
    try:
        with servers.postgres({"port": PORT}) as server:
            if server.folder is None:
                pytest.skip("the running PostgreSQL has settings of its own")
            _given_the_deployed_settings(server, folder / "i")
            _made_databases(server.folder)
            yield Database(folder / "i", server.folder)
    except servers.PostgresMissing as missing:
        if os.environ.get(servers.REQUIRED) == "1":
            raise
        pytest.skip(missing.text)


def _given_the_deployed_settings(server: servers.PostgresServer, installation: Path) -> None:
    """The deployed files with their places changed, a trusted local socket, and a test's quick disk."""
    assert server.folder is not None
    account = server.folder.stat()
    for name in ("authority.pem", "postgres.pem", "postgres.key"):
        shutil.copy(installation / "certs" / name, server.folder / name)
        os.chown(server.folder / name, account.st_uid, account.st_gid)
    rules = (DEPLOYED / "pg_hba.conf").read_text()
    (server.folder / "pg_hba.conf").write_text(f"local all postgres trust\n{rules}")
    settings = (DEPLOYED / "postgresql.conf").read_text().replace("/run/secrets", str(server.folder))
    settings = settings.replace("/etc/postgresql", str(server.folder)).replace("fsync = on", "fsync = off")
    settings += f"port = {PORT}\nunix_socket_directories = '{server.folder}'\nlisten_addresses = 'localhost'\n"
    settings += (
        f"logging_collector = on\nlog_directory = '{server.folder}'\nlog_filename = 'said'\nlog_file_mode = 0644\n"
    )
    (server.folder / "data" / "postgresql.auto.conf").write_text(settings)
    server.restart()


def _made_databases(socket: Path) -> None:
    """By the script that the image runs at its first start; twice, as for a further agency."""
    environment = os.environ | {"PGHOST": str(socket), "PGPORT": PORT, "POSTGRES_USER": "postgres"}
    for agencies in (DAWN, f"{DAWN} {HARBOUR}"):
        script = [shutil.which("sh") or "sh", str(DEPLOYED / "databases.sh")]
        subprocess.run(script, env=environment | {"NRM_AGENCIES": agencies}, check=True, capture_output=True)


async def reached(url: str) -> str:
    connection = await asyncpg.connect(url, timeout=60)
    try:
        return str(await connection.fetchval("SELECT current_user"))
    finally:
        await connection.close()


async def test_an_agency_gets_into_its_own_database_by_its_certificate(database: Database) -> None:
    assert await reached(database.url(DAWN, DAWN, "demo.assistance.ngo-dawn")) == DAWN
    assert await reached(database.url(HARBOUR, HARBOUR, "demo.assistance.ngo-harbour")) == HARBOUR


async def test_nobody_else_gets_in(database: Database) -> None:
    own = "demo.assistance.ngo-dawn"
    with pytest.raises(asyncpg.exceptions.PostgresError, match="permission denied for database"):
        await reached(database.url(HARBOUR, HARBOUR, own))
    with pytest.raises(asyncpg.exceptions.PostgresError, match="certificate authentication failed"):
        await reached(database.url(DAWN, HARBOUR, own))
    with pytest.raises(asyncpg.exceptions.PostgresError, match="requires a valid client certificate"):
        await reached(database.url(DAWN, None, own))
    with pytest.raises(asyncpg.exceptions.PostgresError, match="no encryption"):
        await reached(f"postgresql://{quote(DAWN, safe='')}@localhost:{PORT}/{own}?sslmode=disable")


@pytest.mark.parametrize("shared", SHARED)
async def test_no_agency_gets_into_what_every_server_has(database: Database, shared: str) -> None:
    with pytest.raises(asyncpg.exceptions.InsufficientPrivilegeError, match="permission denied for database"):
        await reached(database.url(DAWN, DAWN, shared))


def test_the_script_closes_what_every_server_has_as_servers_do_that_are_started_here() -> None:
    assert f"\n{CLOSED};\n" in (DEPLOYED / "databases.sh").read_text("utf-8")


async def test_an_agency_can_make_no_role_and_no_database(database: Database) -> None:
    connection = await asyncpg.connect(database.url(DAWN, DAWN, "demo.assistance.ngo-dawn"), timeout=60)
    try:
        for statement in ("CREATE ROLE x", "CREATE DATABASE x", f'GRANT "{HARBOUR}" TO "{DAWN}"'):
            with pytest.raises(asyncpg.exceptions.InsufficientPrivilegeError):
                await connection.execute(statement)
    finally:
        await connection.close()


async def test_no_value_of_a_refused_row_reaches_the_servers_log(database: Database) -> None:
    connection = await asyncpg.connect(database.url(DAWN, DAWN, "demo.assistance.ngo-dawn"), timeout=60)
    try:
        await connection.execute("CREATE SCHEMA refused")
        await connection.execute("CREATE TABLE refused.row (told text UNIQUE, number int NOT NULL)")
        for number in (1, 1, None):
            with contextlib.suppress(asyncpg.exceptions.IntegrityConstraintViolationError):
                await connection.execute("INSERT INTO refused.row VALUES ($1, $2)", "canary-of-a-row", number)
    finally:
        await connection.close()
    said = (database.socket / "said").read_text()
    assert [rule for rule in ("unique constraint", "not-null constraint") if rule not in said] == []
    assert "canary-of-a-row" not in said


def test_the_health_check_sees_the_server_and_leaves_no_refusal_in_its_log(database: Database) -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    how, check = compose["services"]["postgres"]["healthcheck"]["test"]
    of_the_container, _, asks = check.partition(" && ")
    assert (how, of_the_container) == ("CMD-SHELL", "grep -qx postgres /proc/1/comm")
    program, *options = asks.split()
    said, before = database.socket / "said", (database.socket / "said").read_text()
    for folder, status in ((database.socket, 0), (database.socket / "nowhere", 2)):
        environment = os.environ | {"PGHOST": str(folder), "PGPORT": PORT}
        done = subprocess.run([shutil.which(program) or program, *options], env=environment, check=False)
        assert done.returncode == status
    assert "FATAL" not in said.read_text().removeprefix(before)
