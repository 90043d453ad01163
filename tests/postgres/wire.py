"""A wire to the database that can be cut at a chosen moment."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qs, urlsplit, urlunsplit

COMMIT = b"COMMIT\0"


@dataclass
class Wire:
    """Passes bytes on. With ``cut`` the next commit does not reach the server, or its answer not the client."""

    url: str
    server: tuple[str, int] | str
    cut: Literal["", "question", "answer"] = ""
    is_down: bool = False
    stays_down: bool = False
    refused: int = 0
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    def break_off(self) -> None:
        """Every connection is lost."""
        for writer in self._open:
            writer.transport.abort()
        self._open.clear()

    async def passed_on(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        """One connection, as long as it lasts."""
        if self.is_down:
            self.refused += 1
            to_client.transport.abort()
            return
        if isinstance(self.server, str):
            server, to_server = await asyncio.open_unix_connection(self.server)
        else:
            server, to_server = await asyncio.open_connection(*self.server)
        self._open |= {to_client, to_server}
        back = asyncio.create_task(_copied(server, to_client))
        with suppress(ConnectionError):
            while data := await client.read(65_536):
                if COMMIT in data and self.cut:
                    await self._cut(data, server, to_server, back)
                    break
                to_server.write(data)
        for writer in (to_client, to_server):
            writer.transport.abort()
            self._open.discard(writer)
        back.cancel()

    async def _cut(
        self, data: bytes, server: asyncio.StreamReader, to_server: asyncio.StreamWriter, back: asyncio.Task[None]
    ) -> None:
        cut, self.cut = self.cut, ""
        self.is_down = self.stays_down
        if cut == "answer":
            back.cancel()
            with suppress(asyncio.CancelledError):
                await back
            to_server.write(data)
            assert await server.read(1), "the server did commit"


async def _copied(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await source.read(65_536):
            target.write(data)
    target.transport.abort()


@asynccontextmanager
async def wire(url: str) -> AsyncIterator[Wire]:
    """A wire to the database of this URL; its own URL leads through it."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    at: tuple[str, int] | str = (parts.hostname or "127.0.0.1", parts.port or 5432)
    if "host" in query:
        at = f"{query['host'][0]}/.s.PGSQL.{query['port'][0]}"
    between = Wire("", at)
    listening = await asyncio.start_server(between.passed_on, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    who = parts.netloc.rpartition("@")[0]
    between.url = urlunsplit(parts._replace(netloc=f"{who}@127.0.0.1:{port}", query=""))
    yield between
    between.break_off()
    listening.close()
