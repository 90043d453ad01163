"""`nrm up` as a process of its own on a small deployment, called over real gRPC, and stopped in more than one way."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import grpc
from google.protobuf.message_factory import GetMessageClass
from tests.pathways.deployment import COORDINATOR, POLICE, POLICY, Reply, Value, method_of, officer_for

from nrm.cli import main
from nrm.founding import found

NRM = (sys.executable, "-c", "from nrm.cli import main; main()")
READY = b"DEVELOPMENT"


@dataclass
class Running:
    """The process and what it printed; ``channel`` leads to the police."""

    process: Process
    lines: list[str]
    channel: grpc.aio.Channel

    async def ask(self, name: str, **values: Value) -> Reply:
        """Call a method of the police as an officer who may."""
        method = method_of(POLICE, name)
        call: grpc.aio.UnaryUnaryMultiCallable[bytes, Reply] = self.channel.unary_unary(
            f"/{method.containing_service.full_name}/{method.name}",
            response_deserializer=GetMessageClass(method.output_type).FromString,
        )
        request = GetMessageClass(method.input_type)(**values)
        return await call(request.SerializeToString(), metadata=officer_for(POLICE, method), timeout=120)

    def signal(self, number: signal.Signals) -> None:
        """Send the process this signal."""
        self.process.send_signal(number)

    async def ended(self) -> tuple[int | None, str]:
        """The exit code and standard error."""
        _, told = await asyncio.wait_for(self.process.communicate(), 120)
        return self.process.returncode, told.decode()


def founded(folder: Path) -> Path:
    """A deployment of the police and the coordinator; gives the configuration's path."""
    return found(folder, [POLICE, COORDINATOR], POLICY)


@asynccontextmanager
async def up(config: Path) -> AsyncIterator[Running]:
    """`nrm up --config`, once it serves; killed at the end if it still runs."""
    process = await asyncio.create_subprocess_exec(*NRM, "up", "--config", str(config), stdout=PIPE, stderr=PIPE)
    lines = await _printed(process)
    listens = dict(line.split("  ") for line in lines[:-1])
    try:
        async with grpc.aio.insecure_channel(listens[POLICE]) as channel:
            yield Running(process, lines, channel)
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def _printed(process: Process) -> list[str]:
    assert process.stdout is not None
    lines: list[bytes] = []
    while not (lines and lines[-1].startswith(READY)):
        line = await asyncio.wait_for(process.stdout.readline(), 120)
        if not line:
            raise AssertionError((await process.communicate())[1].decode())
        lines.append(line)
    return [line.decode().rstrip("\n") for line in lines]


async def nrm(*arguments: str) -> tuple[int | None, str]:
    """Another `nrm` command as a process of its own: its exit code, and all that it printed."""
    process = await asyncio.create_subprocess_exec(*NRM, *arguments, stdout=PIPE, stderr=PIPE)
    told, complaint = await asyncio.wait_for(process.communicate(), 120)
    return process.returncode, told.decode() + complaint.decode()


async def answered(*arguments: str) -> tuple[int | str | None, str]:
    """The same in a thread of this process: a process of its own takes seconds to import what this one has."""
    return await asyncio.to_thread(_answered, arguments)


def _answered(arguments: tuple[str, ...]) -> tuple[int | str | None, str]:
    with redirect_stdout(StringIO()) as told, redirect_stderr(told):
        try:
            main(arguments)
        except SystemExit as end:
            return end.code, told.getvalue()
    raise AssertionError("a command leaves with its exit code")
