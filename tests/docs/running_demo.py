"""A small demo that runs beside the tests that are about one, the same for all of them."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from nrm.demo.agencies import ORIGINS
from nrm.demo.ports import FIRST_PORT

ADDRESS = re.compile(r"127\.0\.0\.1:\d+")


@dataclass(frozen=True)
class RunningDemo:
    """A small demo under way: the folder in which it was started, what it said, and where its agencies listen.

    ``addresses`` maps those that pages name to those it has: others where another process had the ports.
    """

    folder: Path
    said: tuple[str, ...]
    addresses: Mapping[str, str]

    def at_hand(self, text: str) -> str:
        """A block with the addresses that this demo has."""
        return ADDRESS.sub(lambda named: self.addresses.get(named[0], named[0]), text)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    folder = tmp_path_factory.mktemp("demo")
    nrm = [str(Path(sys.executable).with_name("nrm")), "demo", "--persons", "50", "--still"]
    with subprocess.Popen(nrm, cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said: list[str] = []
        for line in process.stdout:
            said.append(line.rstrip("\n"))
            if "Ctrl-C ends" in line:
                break
        real = [address for line in said for address in ADDRESS.findall(line)]
        named = [f"127.0.0.1:{FIRST_PORT + number}" for number in range(len(ORIGINS))]
        yield RunningDemo(folder, tuple(said), dict(zip(named, real, strict=True)))
        process.send_signal(signal.SIGINT)
        process.stdout.read()
    assert process.returncode == 0
