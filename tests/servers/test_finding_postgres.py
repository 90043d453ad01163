"""Where a PostgreSQL is looked for, and what is said when there is none."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from nrm.servers import postgres as servers
from nrm.servers.postgres import PostgresMissing, PostgresServer, postgres

ROOT = Path(__file__).parents[2]


def test_a_running_server_that_is_named_is_taken_and_left_alone(
    postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(servers.RUNNING, postgres_server.admin_url)
    with postgres() as server:
        assert server == PostgresServer(postgres_server.admin_url)

    async def still_there() -> str:
        connection = await asyncpg.connect(postgres_server.admin_url)
        name: str = await connection.fetchval("SELECT current_database()")
        await connection.close()
        return name

    assert asyncio.run(still_there()) == "postgres"


def test_a_running_server_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(servers.RUNNING, f"postgresql://nobody@/postgres?host={tmp_path}")
    with pytest.raises(PostgresMissing, match="NRM_POSTGRES names one that does not answer"), postgres():
        raise AssertionError


def test_a_machine_without_one_is_told_in_a_line_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(servers.RUNNING, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(servers, "_packaged", list)
    with pytest.raises(PostgresMissing) as missing, postgres():
        raise AssertionError
    assert missing.value.text.count("\n") == 0
    assert "apt-get install postgresql" in missing.value.text
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
@pytest.mark.parametrize(("required", "outcome"), [("1", "1 error"), ("", "1 skipped")])
def test_a_missing_server_skips_its_tests_or_fails_them_where_servers_are_required(
    tmp_path: Path, required: str, outcome: str
) -> None:
    environment = os.environ | {servers.RUNNING: f"postgresql://nobody@/postgres?host={tmp_path}"}
    environment[servers.REQUIRED] = required
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    test = "tests/postgres/test_store_on_postgres.py::TestPostgresStore::test_a_cursor_only_moves_forward"
    ended = subprocess.run([*command, test], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert outcome in ended.stdout
    assert (ended.returncode != 0) == bool(required)


async def test_a_database_sorts_by_bytes_and_is_closed_to_others(postgres_server: PostgresServer) -> None:
    place = await postgres_server.made("nrm_test_order")
    connection = await asyncpg.connect(place.url)
    rows = await connection.fetch("SELECT x FROM unnest(ARRAY['b', 'B', 'ä', '-a', 'a']) AS x ORDER BY x")
    assert [row["x"] for row in rows] == ["-a", "B", "a", "b", "ä"]
    await connection.close()
    await postgres_server.dropped(place.name)


async def test_a_database_is_made_anew(postgres_server: PostgresServer) -> None:
    for _ in range(2):
        connection = await asyncpg.connect((await postgres_server.made("nrm_test_again")).owner_url)
        await connection.execute("CREATE TABLE left_over (number int)")
        await connection.close()
    await postgres_server.dropped("nrm_test_again")
