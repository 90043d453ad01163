"""A process that works beside the one that verifies: `python -P -m nrm_audit.worker DESCRIPTOR`, started by it alone.

Takes a function and what to call it with, gives what it returns, until the other end is closed, however that came.
"""

import sys
from contextlib import suppress
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Thread


def work(pipe: Connection) -> None:
    """Say that it is there, then do what is asked."""
    asked: SimpleQueue[tuple[object, ...] | None] = SimpleQueue()
    Thread(target=_listen, args=(pipe, asked), daemon=True).start()
    pipe.send(None)
    while (task := asked.get()) is not None:
        function, piece = task
        assert callable(function)
        pipe.send(function(piece))


def _listen(pipe: Connection, asked: "SimpleQueue[tuple[object, ...] | None]") -> None:
    """In a thread of its own: whoever asks never waits until a result has been taken."""
    try:
        with suppress(EOFError, OSError):
            while True:
                asked.put(pipe.recv())
    finally:  # also when something was asked that is unknown here: whoever asked must not wait for ever
        asked.put(None)


if __name__ == "__main__":
    with suppress(BrokenPipeError, ConnectionResetError):
        work(Connection(int(sys.argv[1])))
