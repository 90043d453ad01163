"""Work that is done on every core: pieces in, results out in the order of the pieces.

The processes beside this one are started when there is enough to do, and are fresh ones: nothing of this process, its
threads and open files, is in them.
"""

import os
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from multiprocessing import Pipe
from types import TracebackType
from typing import Generic, Self, TypeVar, cast

from nrm_kernel.errors import Unavailable

ALONE = 300
"""So many pieces are done before other processes are started: a small log is done before they would have earned it."""
AHEAD = 2
"""So many pieces lie with a process at most: one to do and one to go on with."""
WAITING = 64
"""So many results wait at most for one before them."""
MOST = 7
"""So many processes beside this one are all that it can supply."""

Piece = TypeVar("Piece")
Result = TypeVar("Result")


class Workers:
    """Processes that help, if there are cores for them. They end with the block at the latest."""

    def __init__(self, count: int | None = None) -> None:
        self._count = min(MOST, _cores() - 1) if count is None else count
        self._beside: list[_Beside] = []
        self._pieces = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        for one in self._beside:
            one.end()

    def start(self) -> None:
        """Begin at once, where it is known that there is enough to do. Again, it does nothing."""
        with suppress(OSError):  # without them it takes longer
            while len(self._beside) < self._count:
                self._beside.append(_Beside())

    def in_order(self, work: Callable[[Piece], Result], pieces: Iterable[Piece]) -> Iterator[tuple[Piece, Result]]:
        """Each piece with what comes of it. ``work`` is a function of a module, and raises nothing.

        Raises Unavailable when a process that was started ends by itself.
        """
        waiting: deque[_Slot[Piece, Result]] = deque()
        for piece in pieces:
            waiting.append(self._begun(work, piece))
            while waiting and (waiting[0].results or len(waiting) > WAITING):
                yield waiting.popleft().taken()
        for slot in waiting:
            yield slot.taken()

    def _begun(self, work: Callable[[Piece], Result], piece: Piece) -> "_Slot[Piece, Result]":
        """Given to a process that is free, else done here."""
        self._pieces += 1
        if self._pieces == ALONE:
            self.start()
        free = next((one for one in self._beside if one.is_free()), None)
        slot = _Slot[Piece, Result](piece, free)
        if free is None:
            slot.tell(work(piece))
        else:
            free.give(work, piece, slot.tell)
        return slot


def _cores() -> int:
    """How many this process may use, where the system says so, else how many there are."""
    usable = getattr(os, "sched_getaffinity", None)
    return len(usable(0)) if usable else os.cpu_count() or 1


class _Slot(Generic[Piece, Result]):
    """A piece, who has it, and its one result when it is there."""

    def __init__(self, piece: Piece, given_to: "_Beside | None") -> None:
        self._piece = piece
        self._given_to = given_to
        self.results: list[Result] = []

    def tell(self, result: object) -> None:
        """This came of it."""
        self.results.append(cast(Result, result))

    def taken(self) -> tuple[Piece, Result]:
        """The piece and its result, waiting for it."""
        while not self.results:
            assert self._given_to is not None
            self._given_to.take()
        return self._piece, self.results[0]


class _Beside:
    """One process."""

    def __init__(self) -> None:
        self._pipe, theirs = Pipe()
        self._is_up = False
        self._tell: deque[Callable[[object], None]] = deque()
        # -P: nothing is taken from the working folder, which may be the very copy that is to be verified
        command = [sys.executable, "-P", "-m", "nrm_audit.worker", str(theirs.fileno())]
        with theirs:  # in a group of its own: whoever breaks the verification off is told by this process alone
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()], process_group=0
            )

    def is_free(self) -> bool:
        """Whether it has come up and may be given one more."""
        while self._pipe.poll():
            self.take()
        return self._is_up and len(self._tell) < AHEAD

    def give(self, work: Callable[[Piece], object], piece: Piece, tell: Callable[[object], None]) -> None:
        """One more to do. Raises Unavailable."""
        self._tell.append(tell)
        try:
            self._pipe.send((work, piece))
        except OSError as fault:
            raise self._ended() from fault

    def take(self) -> None:
        """The next result, waiting for it. Raises Unavailable."""
        try:
            result = self._pipe.recv()
        except (EOFError, OSError) as fault:
            raise self._ended() from fault
        if self._is_up:
            self._tell.popleft()(result)
        self._is_up = True

    def end(self) -> None:
        """It keeps nothing that could be lost."""
        self._process.kill()
        self._process.wait()
        self._pipe.close()

    def _ended(self) -> Unavailable:
        code = self._process.wait()
        return Unavailable(
            "WORKER_ENDED",
            f"A process that checked entries beside this one ended before it was done (exit code {code}): nothing is "
            "verified. Run the command again; if it ends again, see to the machine's memory.",
        )
