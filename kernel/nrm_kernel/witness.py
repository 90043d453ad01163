"""The witness: an agency's newest signed checkpoint, in a file of its own outside the database.

It never moves backward, whoever writes: a log that lost something is signed again from there on, and another process
of the same agency may have signed more.
"""

import asyncio
import errno
import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nrm_kernel.errors import DataLoss, Unavailable
from nrm_kernel.ledger.kept import PLACE_BYTES, PLACES, Kept, newest_kept, place_of
from nrm_kernel.ledger.note import stated


@dataclass(frozen=True)
class Witness:
    """One agency's file. Both methods raise Unavailable when it cannot be used, DataLoss when it is no checkpoint."""

    path: Path

    async def note(self) -> str | None:
        """The checkpoint in the file, its signature not looked at; None before the first."""
        return await asyncio.to_thread(self._note)

    async def keep(self, note: str) -> None:
        """Put this checkpoint there, durably, unless one that covers as much stands there."""
        await asyncio.to_thread(self._keep, note)

    def _note(self) -> str | None:
        with _told():
            return self._newest().note if self.path.exists() else None

    def _keep(self, note: str) -> None:
        with _told(), _alone_in(self.path.parent) as folder:
            if not self.path.exists():
                self._begin(note)
                os.fsync(folder)  # else a power cut may take the new name back
                return
            newest = self._newest()
            if newest.size < stated(note).size:
                self._put(note, (newest.place + 1) % PLACES)

    def _newest(self) -> Kept:
        """The newest checkpoint. Raises DataLoss when the file holds none."""
        newest = newest_kept(self.path.read_bytes())
        if newest is None:
            raise DataLoss(
                "CHECKPOINT_FILE_ALTERED",
                "The file with the agency's last checkpoint holds none. Nothing is signed. Run `nrm audit verify` and "
                "call the auditor; once the log is shown to be whole, the file may be taken away.",
            )
        return newest

    def _begin(self, note: str) -> None:
        """The file gets its name when it is on disk, as large as it will ever be."""
        descriptor, name = tempfile.mkstemp(prefix=f"{self.path.name}.", dir=self.path.parent)
        fresh = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(place_of(note) * PLACES)
                file.flush()
                os.fsync(descriptor)
            fresh.replace(self.path)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise

    def _put(self, note: str, place: int) -> None:
        descriptor = os.open(self.path, os.O_WRONLY)
        try:
            os.pwrite(descriptor, place_of(note), place * PLACE_BYTES)
            os.fdatasync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def _alone_in(folder: Path) -> Iterator[int]:
    """The folder, with no other process or thread in here; the kernel lets go of the lock of one that dies."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _told() -> Iterator[None]:
    """What is wrong with the file goes to the log, without its path."""
    try:
        yield
    except OSError as fault:
        raise Unavailable(
            "CHECKPOINT_FILE_UNAVAILABLE",
            "The file with the agency's last checkpoint cannot be read or written. Nothing further is signed until it "
            "can. Check the disk and the rights of the agency's folder.",
            cause=errno.errorcode.get(fault.errno or 0, type(fault).__name__),
        ) from fault
