"""kill -9 at each named place with all on PostgreSQL: nothing acknowledged is lost or doubled, all fits again."""

import asyncio
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.faults import checks
from tests.faults.conftest import Zygote
from tests.faults.driver import ELSEWHERE, HERE, PAIR, Job, short
from tests.servers.postgres import KINDS

from nrm.servers.postgres import Place, PostgresServer
from nrm_kernel.adapters.migrating import migrate_postgres
from nrm_kernel.failpoints import NAMES

pytestmark = pytest.mark.slow
OTHER = "nrm_test_elsewhere"


@pytest.fixture
def place(tmp_path: Path, database: Place, postgres_server: PostgresServer) -> Iterator[Path]:
    """A folder that says where each agency's database is."""

    async def other() -> str:
        place = await postgres_server.made(OTHER)
        await migrate_postgres(place.owner_url, place.role, *KINDS)
        return place.url

    (tmp_path / f"{short(HERE)}.url").write_text(database.url)
    (tmp_path / f"{short(ELSEWHERE)}.url").write_text(asyncio.run(other()))
    yield tmp_path
    asyncio.run(postgres_server.dropped(OTHER))


@pytest.mark.parametrize("failpoint", [*NAMES, "store.in_commit:9", "append.after_commit:7"])
async def test_a_process_killed_at_a_failpoint_loses_and_doubles_nothing(
    zygote: Zygote, place: Path, failpoint: str
) -> None:
    assert zygote.done(Job("agencies", str(place), 12, failpoint=failpoint)) == -signal.SIGKILL
    await checks.whole(place, *PAIR)
    assert zygote.done(Job("agencies", str(place), 18)) == 0
    await checks.at_rest(place, 18)
