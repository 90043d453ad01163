"""Who keeps a folder of views: one process at a time, which alone may change and delete files there."""

import asyncio
import fcntl
import os
from contextlib import suppress
from pathlib import Path

from nrm_kernel.errors import Unavailable

LOCK = "owner.lock"
PATIENCE_S = 5.0
"""How long a process waits for another one that is about to end, such as a command that just asked something."""
POLL_S = 0.05


class ViewsKept(Unavailable):
    """Another process keeps these views."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            "VIEWS_KEPT",
            f"{folder}: another process keeps these views, and two would throw away each other's files. Nothing was "
            "changed. End the other process, or read them without keeping them.",
        )


class Ownership:
    """The lock on a folder of views. The operating system lets go of the lock of a process that dies."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    @classmethod
    async def of(cls, folder: Path, patience_s: float = PATIENCE_S) -> "Ownership":
        """Take the folder, which is made if it is not there. Raises :class:`ViewsKept` when it is not free in time."""
        descriptor = _opened(folder)
        until = asyncio.get_running_loop().time() + patience_s
        try:
            while not _taken(descriptor):
                if asyncio.get_running_loop().time() >= until:
                    raise ViewsKept(folder)
                await asyncio.sleep(POLL_S)
        except BaseException:
            os.close(descriptor)
            raise
        return cls(descriptor)

    def end(self) -> None:
        """Let others have it. Again, it does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def generations(folder: Path) -> list[Path]:
    """The folder's files of rows: the first one is shown, those after it are being made."""
    return sorted(folder.glob("*.sqlite"))


def _opened(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    return os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)


def _taken(descriptor: int) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False
