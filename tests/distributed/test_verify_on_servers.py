"""`nrm audit verify --config`: stores, vaults, kept checkpoints and topics of an installation, against each other."""

import asyncio
import json
import uuid
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
from tests.distributed.country import KINDS, NATIONAL, address_of, ask, founded, running, until
from tests.pathways.stories import SOMEBODY
from typer.testing import CliRunner

from nrm import cli_audit
from nrm.config_distributed import DistributedConfig
from nrm.servers.installing import Servers
from nrm_contracts.vault.v1.vault_pb2 import Identity, PersonalData

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("fresh_topics")]  # other tests' logs are on no trust file here


def verified(config: Path) -> tuple[int, Mapping[str, list[dict[str, object]]]]:
    """Exit code and report."""
    done = CliRunner().invoke(cli_audit.app, ["verify", f"--config={config}", "--json"])
    return done.exit_code, json.loads(done.stdout)


async def test_a_vault_on_postgres_is_held_against_its_log_and_kafka(tmp_path: Path, servers: Servers) -> None:
    path = await founded(tmp_path / "country", servers, KINDS[0], NATIONAL)
    config = DistributedConfig.load(path)
    police = config.agency[0].origin
    async with running(config) as house:
        identity = PersonalData(identity=Identity(given_names="Invented"))
        request = {"request_id": str(uuid.uuid4()), "detection_channel": "raid", "identity": identity, **SOMEBODY}
        await ask(address_of(house, police), police, "DetectPerson", **request)
        agency = house.at(police).agency
        size = await agency.store.size()
        await until(lambda: agency.relay.size >= size)
    code, report = await asyncio.to_thread(verified, path)
    assert code == 0, report
    holders = {str(copy["holder"]): copy for copy in report["copies"] if copy["origin"] == police}
    [store] = [copy for holder, copy in holders.items() if holder.startswith("postgresql ")]
    assert store["sealed"] == {"present": 1, "erased": 0, "missing": 0}
    assert any(holder.startswith("kafka ") for holder in holders)
    place = urlsplit(servers.postgres.admin_url)._replace(path=urlsplit(config.agency[0].store).path)
    connection = await asyncpg.connect(place.geturl())
    await connection.execute("UPDATE vault_blob SET blob = blob || 'x'")
    await connection.close()
    code, report = await asyncio.to_thread(verified, path)
    assert (code, [finding["kind"] for finding in report["findings"]]) == (1, ["SEALED"])
