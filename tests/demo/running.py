"""The demo as a process of its own, and in this one."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from nrm.demo.opening import Demo, opened
from nrm.demo.screen import Screen

PERSONS = 60
SEED = 3
NRM = (sys.executable, "-c", "from nrm.cli import main; main()")
NO_LARGE_FILES = ("sh", "-c", 'ulimit -f 800 && exec "$0" "$@"')
"""No file grows further than 800 blocks of 512 bytes, as on a full disk."""


def reopened(folder: Path) -> AbstractAsyncContextManager[Demo]:
    """The demo in this process, without a word."""
    return opened(folder, SEED, PERSONS, Screen(quiet=True), asyncio.Event())


def started(folder: Path, *more: str, within: Sequence[str] = ()) -> subprocess.Popen[str]:
    """`nrm demo` on the folder; what goes to standard error comes with the rest."""
    arguments = ("demo", "--dir", str(folder), "--seed", str(SEED), "--persons", str(PERSONS), *more)
    return subprocess.Popen(
        [*within, *NRM, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )


def read_until(demo: subprocess.Popen[str], words: str) -> str:
    """What it printed, up to the line with these words."""
    told = ""
    assert demo.stdout is not None
    while words not in told:
        line = demo.stdout.readline()
        assert line, told
        told += line
    return told


def nrm(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Another `nrm` command, to its end."""
    return subprocess.run([*NRM, *arguments], capture_output=True, text=True, timeout=600, check=False)
