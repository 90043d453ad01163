"""What the doctor says of a database in which an agency cannot record, asked as that agency."""

from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from nrm.config_distributed import DistributedAgency
from nrm.doctor.findings import Finding, State
from nrm.doctor.store import of_store
from nrm.servers.postgres import Place, PostgresServer
from nrm_kernel.adapters import vault_sql
from nrm_kernel.adapters.store_postgres import PostgresStore
from nrm_kernel.clock import SystemClock

ORIGIN = "demo/assistance/ngo-dawn"
HARMS = {
    'ALTER DATABASE "{database}" SET default_transaction_read_only = on': "it can only be read",
    'REVOKE CREATE ON DATABASE "{database}" FROM "{role}"': "lacks CREATE on the database",
    "UPDATE head SET frontier = '\\x00'": "the row that says how long its log is was altered",
    "DELETE FROM head": "the row that says how long its log is was altered",
    "UPDATE origin_id SET origin = 'demo/funding/fund'": "it holds the log of demo/funding/fund",
}


@pytest.fixture
def agency(tmp_path: Path, database: Place) -> DistributedAgency:
    parts = urlsplit(database.url)
    user, _, host = parts.netloc.rpartition("@")
    (tmp_path / "password").write_text(user.partition(":")[2])
    return DistributedAgency(
        origin=ORIGIN,
        folder=tmp_path,
        listen="127.0.0.1:0",
        store=parts._replace(netloc=f"{user.partition(':')[0]}@{host}").geturl(),
        store_password=tmp_path / "password",
        signing_key=tmp_path / "signing.key",
        vault_key=tmp_path / "vault.key",
    )


async def _wrong(agency: DistributedAgency) -> list[Finding]:
    found = await of_store(agency, SystemClock(), trying_out=True)
    return [one for one in found if one.state is not State.OK]


@pytest.mark.parametrize(("harm", "told"), HARMS.items())
async def test_what_keeps_an_agency_from_recording_is_said_with_what_to_do(
    agency: DistributedAgency, database: Place, harm: str, told: str
) -> None:
    await (await PostgresStore.open(database.url, ORIGIN, vault_sql.metadata)).close()
    assert await _wrong(agency) == []
    owner = await asyncpg.connect(database.owner_url)
    await owner.execute(harm.format(database=database.name, role=database.role))
    await owner.close()
    [wrong] = await _wrong(agency)
    assert (wrong.state, told in wrong.text, bool(wrong.action)) == (State.ACT, True, True), wrong


async def test_a_database_that_takes_nobody_is_unseen_in_the_servers_words(
    agency: DistributedAgency, database: Place, postgres_server: PostgresServer
) -> None:
    admin = await asyncpg.connect(postgres_server.admin_url)
    await admin.execute(f'ALTER ROLE "{database.role}" NOLOGIN')
    await admin.close()
    [wrong] = await _wrong(agency)
    assert (wrong.state, "is not permitted to log in" in wrong.text) == (State.UNSEEN, True)
