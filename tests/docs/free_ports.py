"""Other ports for what a page starts: another process, or another run of the tests, may have those that it names."""

import os
import re
import socket
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Final

PORT: Final[re.Pattern[str]] = re.compile(r"\b1[5-9]\d{3}\b")
BESIDE: Final = 6
"""A page names the first port of several that follow each other."""
STEPS: Final[Sequence[int]] = [*range(0, 13_000, 500)]
"""Further up a system gives ports to whoever calls."""


def moved(text: str, by: int) -> str:
    """The text with each of its servers' ports so much higher."""
    return PORT.sub(lambda named: str(int(named[0]) + by), text)


def free_step(text: str) -> int:
    """How much higher all ports of the text are free. Processes begin to look in different places."""
    first = os.getpid() % len(STEPS)
    named = {int(port) for port in PORT.findall(text)}
    return next(step for step in [*STEPS[first:], *STEPS[:first]] if _are_free([port + step for port in named]))


def _are_free(ports: Sequence[int]) -> bool:
    with ExitStack() as held:
        for port in {port + beside for port in ports for beside in range(BESIDE)}:
            each = held.enter_context(socket.socket())
            each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                each.bind(("127.0.0.1", port))
            except OSError:
                return False
    return True
