"""A zygote that starts the processes which the tests kill."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest
from tests.faults.driver import RUNS, Job

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Zygote:
    """Starts processes and waits for their end."""

    process: subprocess.Popen[str]

    def start(self, job: Job) -> int:
        """The process that does the job."""
        return self._asked(asdict(job))

    def end(self, pid: int) -> int:
        """How it ended: its exit status, or the number of the signal below zero."""
        return self._asked({"wait": pid})

    def ended(self, pid: int) -> int | None:
        """The same of one that has ended; None while it runs."""
        status = self._asked({"wait": pid, "now": True})
        return None if status == RUNS else status

    def stopped(self, pid: int) -> int:
        """The signal that stopped it, once it stands still."""
        return self._asked({"stopped": pid})

    def done(self, job: Job) -> int:
        """Both."""
        return self.end(self.start(job))

    def _asked(self, request: dict[str, object]) -> int:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@contextmanager
def started(module: str) -> Iterator[Zygote]:
    """The zygote of that module."""
    command = [sys.executable, "-m", module, "zygote"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Zygote(process)


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    with started("tests.faults.driver") as one:
        yield one


@pytest.fixture(scope="session")
def real_zygote() -> Iterator[Zygote]:
    with started("tests.faults.real") as one:
        yield one


@pytest.fixture(scope="session")
def up_zygote() -> Iterator[Zygote]:
    with started("tests.faults.upped") as one:
        yield one
