"""The client of the rows on calls, in a process of its own: so many callers, each with its next call after the last.

It is the same for every server that is measured. Reads its task as JSON from standard input, writes calls a second.
"""

import asyncio
import json
import sys
import time
from dataclasses import asdict, dataclass, field
from uuid import uuid4

import grpc


@dataclass(frozen=True)
class Task:
    """Whom to call, how, and for how long. ``rest`` is the request behind its id, in hex; PEM texts where TLS is on."""

    target: str
    path: str
    rest: str
    seconds: float
    callers: int = 64
    metadata: list[tuple[str, str]] = field(default_factory=list)
    authority: str = ""
    key: str = ""
    certificate: str = ""

    def channel(self) -> grpc.aio.Channel:
        """With mutual TLS, or in plain text where there is no authority."""
        if not self.authority:
            return grpc.aio.insecure_channel(self.target)
        pem = (text.encode() for text in (self.authority, self.key, self.certificate))
        return grpc.aio.secure_channel(self.target, grpc.ssl_channel_credentials(*pem))


async def calls_per_second(task: Task) -> float:
    """The client's work. Raises AioRpcError when a call fails."""
    rest, metadata = bytes.fromhex(task.rest), tuple(task.metadata)
    done = 0
    async with task.channel() as channel:
        method: grpc.aio.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(task.path)

        async def call_until(end: float) -> None:
            nonlocal done
            while time.perf_counter() < end:
                await method(b"\x0a\x24" + str(uuid4()).encode() + rest, metadata=metadata, timeout=30)
                done += 1

        warm = time.perf_counter() + task.seconds / 4
        await asyncio.gather(*(call_until(warm) for _ in range(task.callers)))
        done, began = 0, time.perf_counter()
        await asyncio.gather(*(call_until(began + task.seconds) for _ in range(task.callers)))
        return done / (time.perf_counter() - began)


async def run(task: Task) -> float:
    """Do the task in a fresh process. Raises RuntimeError with what that process said last."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bench.client",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, complained = await process.communicate(json.dumps(asdict(task)).encode())
    if process.returncode:
        raise RuntimeError(f"the client ended with {process.returncode}: {complained.decode()[-2000:]}")
    return float(said)


if __name__ == "__main__":
    print(asyncio.run(calls_per_second(Task(**json.load(sys.stdin)))))
