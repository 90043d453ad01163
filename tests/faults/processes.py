"""One `nrm up` as a test sees it: it begins, serves, ends, and what it said can be read. And how tests wait."""

import asyncio
import json
import os
import shutil
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.conftest import Zygote
from tests.faults.driver import Job

READY = "DEVELOPMENT"
PATIENCE_S = 120.0
"""However slow the machine is: what takes longer does not come at all."""
POLL_S = 0.02


async def until(what: str | Callable[[], str], holds: Callable[[], Awaitable[object]]) -> None:
    """Wait until it holds. When it does not, what was waited for is said."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not await holds():  # noqa: ASYNC110 - other processes bring it about
                await asyncio.sleep(POLL_S)
    except TimeoutError:
        awaited = what if isinstance(what, str) else what()
        raise AssertionError(f"waited {PATIENCE_S:g} s in vain until {awaited}") from None


@dataclass
class Up:
    """A process of the configuration ``NAME.toml`` in the folder."""

    zygote: Zygote
    folder: Path
    name: str
    pid: int = 0
    addresses: dict[str, str] = field(default_factory=dict)
    """Where its agencies listen, and ``http``."""
    _ended: int | None = None
    _before: int = 0

    def replica(self, name: str) -> "Up":
        """Another process of the same agency, not yet begun."""
        shutil.copy(self.folder / f"{self.name}.toml", self.folder / f"{name}.toml")
        return Up(self.zygote, self.folder, name)

    def begin(self, failpoint: str = "") -> None:
        """Start it; it may die of the failpoint at once."""
        self._before = len(self.lines("out"))
        self._ended = None
        self.pid = self.zygote.start(Job("up", str(self.folder), 0, self.name, failpoint))

    async def serves(self) -> bool:
        """Whether it takes calls, or took them before it died of its failpoint."""
        lines = self.lines("out")[self._before :]
        if not (lines and lines[-1].startswith(READY)):
            assert self.status in (None, -signal.SIGKILL), "\n".join(self.lines("err"))
            return self.status is not None
        self.addresses = dict(line.split("  ") for line in lines[:-1])
        return True

    async def start(self, failpoint: str = "") -> None:
        """Start it and wait until it serves."""
        self.begin(failpoint)
        await until(f"{self.name} serves", self.serves)

    @property
    def status(self) -> int | None:
        """How it ended; None while it runs."""
        if self._ended is None:
            self._ended = self.zygote.ended(self.pid)
        return self._ended

    async def gone(self) -> bool:
        """Whether it has ended."""
        return self.status is not None

    async def end(self, number: signal.Signals) -> int | None:
        """Send it the signal; gives how it ended."""
        if self.pid and self.status is None:
            os.kill(self.pid, number)
            await until(f"{self.name} ends by {number.name}", self.gone)
        return self.status

    async def stands_still(self) -> bool:
        """Whether a signal stopped it."""
        return self._state == "T"

    @property
    def _state(self) -> str:
        """As Linux tells it: a letter behind the command's name."""
        return Path(f"/proc/{self.pid}/stat").read_text().rpartition(") ")[2][0]

    def send(self, number: signal.Signals) -> None:
        """Send it the signal."""
        os.kill(self.pid, number)

    def lines(self, form: str) -> list[str]:
        """What it printed to "out" or "err", over all its lives."""
        path = self.folder / f"{self.name}.{form}"
        return path.read_text().splitlines() if path.exists() else []

    def events(self) -> list[str]:
        """What its log lines are about, over all its lives."""
        return [str(json.loads(line).get("event")) for line in self.lines("err") if line.startswith("{")]
