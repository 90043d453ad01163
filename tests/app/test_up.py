"""`nrm up` says where it listens, ends calls that are under way, and loses nothing that it acknowledged."""

import asyncio
import signal
import socket
import sqlite3
import uuid
from contextlib import closing
from pathlib import Path

import grpc
import pytest
from tests.app.running import Running, answered, founded, nrm, up
from tests.pathways.deployment import COORDINATOR, POLICE
from tests.pathways.stories import SOMEBODY

from nrm.services import STORE

pytestmark = pytest.mark.slow


async def _detected(running: Running) -> str:
    found = await running.ask("DetectPerson", request_id=str(uuid.uuid4()), detection_channel="raid", **SOMEBODY)
    return str(found.person_ref)


async def _still_there(config: Path, refs: list[str]) -> None:
    """Started again, it knows these persons; stopped again, the auditors' commands say yes."""
    async with up(config) as running:
        for ref in refs:
            assert (await running.ask("GetPerson", person_ref=ref)).person.person_ref == ref
        running.signal(signal.SIGTERM)
        assert (await running.ended())[0] == 0
    for command in ("verify", "replay"):
        code, told = await answered("audit", command, str(config.parent))
        assert code == 0, told


async def test_when_it_serves_then_each_agency_stands_with_its_address_and_development_is_said_once(
    tmp_path: Path,
) -> None:
    async with up(founded(tmp_path / "deployment")) as running:
        *agencies, last = running.lines
        assert [line.partition("  ")[0] for line in agencies] == [POLICE, COORDINATOR]
        ports = [line.partition("  127.0.0.1:")[2] for line in agencies]
        assert all(int(port) > 0 for port in ports)
        assert last == "DEVELOPMENT: no TLS, loopback only, callers say who they are."
        running.signal(signal.SIGINT)
        code, told = await running.ended()
        assert code == 0
        assert "Traceback" not in told


async def test_when_it_is_stopped_with_a_call_under_way_then_the_call_is_answered_and_kept(tmp_path: Path) -> None:
    config = founded(tmp_path / "deployment")
    async with up(config) as running:
        before = await _detected(running)
        with closing(
            sqlite3.connect(next(config.parent.glob(f"identification-*/{STORE}")), isolation_level=None)
        ) as other:
            # Somebody else writes to the store, so that the call cannot be recorded before the stop is asked for.
            other.execute("BEGIN IMMEDIATE")
            call = asyncio.create_task(_detected(running))
            # Calls of one channel arrive in their order: once this one is answered, that one is under way.
            await running.ask("GetPerson", person_ref=before)
            running.signal(signal.SIGTERM)
            await asyncio.sleep(1)
            assert not call.done()
            other.execute("ROLLBACK")
        during = await call
        code, told = await running.ended()
        assert code == 0, told
        assert "Traceback" not in told
    await _still_there(config, [before, during])


async def test_when_it_is_killed_under_calls_then_everything_acknowledged_is_kept_and_verifies(tmp_path: Path) -> None:
    config = founded(tmp_path / "deployment")
    acknowledged: list[str] = []
    enough = asyncio.Event()
    async with up(config) as running:

        async def calls() -> None:
            while True:
                acknowledged.append(await _detected(running))
                if len(acknowledged) >= 8:
                    enough.set()

        callers = [asyncio.create_task(calls()) for _ in range(4)]
        await enough.wait()
        running.signal(signal.SIGKILL)
        ends = await asyncio.gather(*callers, return_exceptions=True)
        assert all(isinstance(end, grpc.aio.AioRpcError) for end in ends)
        assert (await running.ended())[0] == -signal.SIGKILL
    await _still_there(config, acknowledged)


async def test_when_something_is_asked_in_the_terminal_while_it_runs_then_its_views_stay_where_they_are(
    tmp_path: Path,
) -> None:
    config = founded(tmp_path / "deployment")
    files = config.parent / "coordinator-national" / "views"
    async with up(config) as running:
        before = {path.stat().st_ino for path in files.glob("*.sqlite")}
        await _detected(running)
        for _ in range(2):
            code, told = await answered("funnel", "--dir", str(config.parent))
            assert code == 0, told
        assert {path.stat().st_ino for path in files.glob("*.sqlite")} == before
        code, told = await nrm("up", "--config", str(config))
        assert (code, "VIEWS_KEPT" in told) == (2, True), told
        running.signal(signal.SIGTERM)
        assert (await running.ended())[0] == 0


async def test_when_somebody_else_listens_there_then_it_cannot_start_and_says_so(tmp_path: Path) -> None:
    config = founded(tmp_path / "deployment")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        config.write_text(config.read_text("utf-8").replace("127.0.0.1:0", address, 1), "utf-8")
        code, told = await nrm("up", "--config", str(config))
    assert code == 2
    assert address in told
    assert "(ADDRESS_TAKEN)" in told
    assert "DEVELOPMENT" not in told


async def test_when_a_key_file_is_missing_then_it_is_named_and_nothing_is_served(tmp_path: Path) -> None:
    config = founded(tmp_path / "deployment")
    missing = next(config.parent.glob("identification-*/signing.key"))
    missing.unlink()
    code, told = await nrm("up", "--config", str(config))
    assert code == 3
    text = "No such file or directory; mend that, or name another path in the configuration. Nothing was started."
    assert f"{missing}: {text} (CONFIG_INVALID)" in told
    assert "Traceback" not in told
