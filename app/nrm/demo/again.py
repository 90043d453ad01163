"""The views made again in a process of its own, which knows of the entries nothing but what stands in the files.

A process that wrote entries has the newest of them at hand, parsed. What it made of them would be no witness.
"""

import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from nrm.config_distributed import load
from nrm.services import views_in_folders
from nrm_audit.commands import run_replay
from nrm_audit.replay_report import ReplayReport
from nrm_audit.report import Verdict


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many rows were made again, whether all are what is shown, and the report in words."""

    rows: int
    equal: bool
    told: str


def replayed(logs: Sequence[Path], trust: Path, config: Path) -> Replayed:
    """Every view in the folders of that configuration, made again from the entries of these logs."""
    _, report = run_replay(logs, trust, views_in_folders(load(config)))
    if not isinstance(report, ReplayReport):
        return Replayed(0, equal=False, told=report.text().strip())
    return Replayed(report.rows, report.verdict is Verdict.VERIFIED, report.text().strip())


@contextmanager
def replaying_apart(logs: Sequence[Path], trust: Path, config: Path) -> Iterator[Future[Replayed]]:
    """The same in a fresh process, beside the block. Ctrl-C is this process's business alone."""
    unmoved = partial(signal.signal, signal.SIGINT, signal.SIG_IGN)
    with ProcessPoolExecutor(1, get_context("spawn"), initializer=unmoved) as apart:
        yield apart.submit(replayed, logs, trust, config)
