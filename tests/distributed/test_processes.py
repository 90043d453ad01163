"""`nrm up` as a process on real servers: killed under calls it loses nothing that it acknowledged, and goes on."""

import asyncio
import signal
import sys
import tomllib
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import grpc
import orjson
import pytest
import tomli_w
from tests.distributed.country import KINDS, NATIONAL, ask, detected, founded, shown

from nrm.servers.installing import Servers

pytestmark = pytest.mark.slow
NRM = (sys.executable, "-c", "from nrm.cli import main; main()")
READY = "DEVELOPMENT"
WRITERS = 8


@dataclass
class Running:
    """A process and where its agencies listen."""

    process: Process
    addresses: dict[str, str]

    async def ended(self, number: signal.Signals) -> int | None:
        """The exit code, once it was sent that signal."""
        self.process.send_signal(number)
        await asyncio.wait_for(self.process.communicate(), 120)
        return self.process.returncode


@asynccontextmanager
async def up(config: Path) -> AsyncIterator[Running]:
    process = await asyncio.create_subprocess_exec(*NRM, "up", "--config", str(config), stdout=PIPE, stderr=PIPE)
    assert process.stdout is not None
    addresses = {}
    while not (line := (await process.stdout.readline()).decode()).startswith(READY):
        assert line, "it ended before it served"
        name, _, address = line.strip().partition("  ")
        addresses[name] = address
    try:
        yield Running(process, addresses)
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def test_killed_under_calls_it_keeps_what_it_acknowledged_and_everybody_sees_it(
    tmp_path: Path, servers: Servers
) -> None:
    config = await founded(tmp_path / "country", servers, KINDS[0], NATIONAL)
    acknowledged: list[str] = []
    enough = asyncio.Event()

    async def writing(address: str, police: str) -> None:
        try:
            while True:
                acknowledged.append(await detected(address, police))
                if len(acknowledged) >= 3 * WRITERS:
                    enough.set()
        except grpc.aio.AioRpcError:
            return  # it was killed

    async with up(config) as running:
        police, national = [name for name in running.addresses if name != "http"]
        writers = [asyncio.create_task(writing(running.addresses[police], police)) for _ in range(WRITERS)]
        await enough.wait()
        assert await running.ended(signal.SIGKILL) == -signal.SIGKILL
        await asyncio.gather(*writers)
    async with up(config) as running:
        for ref in acknowledged:
            found = await ask(running.addresses[police], police, "GetPerson", person_ref=ref)
            assert found.person.person_ref == ref
        assert await shown(running.addresses[national], national, len(acknowledged)) >= len(acknowledged)
        assert await running.ended(signal.SIGTERM) == 0


async def test_a_process_waits_for_its_database_and_can_be_stopped_meanwhile(tmp_path: Path, servers: Servers) -> None:
    config = await founded(tmp_path / "country", servers, KINDS[0])
    text = config.read_text()
    [store] = [line for line in text.splitlines() if line.startswith("store = ")]
    config.write_text(text.replace(store, 'store = "postgresql://police@127.0.0.1:9/nothing"'))
    process = await asyncio.create_subprocess_exec(*NRM, "up", "--config", str(config), stdout=PIPE, stderr=PIPE)
    assert process.stderr is not None
    async with asyncio.timeout(120):
        while b"waits_for_server" not in (line := await process.stderr.readline()):
            assert line, "it ended"
    await asyncio.sleep(3)
    process.send_signal(signal.SIGTERM)
    _, told = await asyncio.wait_for(process.communicate(), 120)
    assert process.returncode == 0
    assert told.count(b"waits_for_server") == 0  # one line for a change of state, none for each retry
    assert b"Traceback" not in told


async def test_what_it_says_of_a_kafka_that_is_away_is_json_line_by_line(tmp_path: Path, servers: Servers) -> None:
    config = await founded(tmp_path / "country", servers, KINDS[0])
    away = tomllib.loads(config.read_text()) | {"kafka": {"bootstrap": ["127.0.0.1:9"]}}
    config.write_text(tomli_w.dumps(away))
    process = await asyncio.create_subprocess_exec(*NRM, "up", "--config", str(config), stdout=PIPE, stderr=PIPE)
    assert process.stderr is not None
    events: list[str] = []
    async with asyncio.timeout(120):
        while "kafka_away" not in events:
            events.append(orjson.loads(await process.stderr.readline())["event"])
    process.send_signal(signal.SIGTERM)
    _, told = await asyncio.wait_for(process.communicate(), 120)
    events += [orjson.loads(line)["event"] for line in told.splitlines()]
    assert (process.returncode, events.count("kafka_away")) == (0, 1)
