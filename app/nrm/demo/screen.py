"""What the demo says: progress while the history is written, then what there is and what to try."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from importlib.metadata import version
from pathlib import Path
from shlex import quote
from shutil import which
from textwrap import wrap
from time import perf_counter
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from nrm.demo import STARTED_S
from nrm.demo.agencies import AUTHORITY

if TYPE_CHECKING:  # the first line does not wait for them
    from nrm.demo.folder import Handle
    from nrm_contracts.coordinator.v1 import coordinator_pb2 as pb

DEFAULT_FOLDER = Path("nrm-demo")
LINES = 8
"""How often a plain screen tells the progress."""
TOGETHER = "\N{NO-BREAK SPACE}"
"""Stands, until it is printed, between words that stay on one line."""


class Screen:
    """Writes to a terminal, or plain lines where there is none. ``quiet`` says nothing at all."""

    def __init__(self, *, quiet: bool = False, to_stderr: bool = False) -> None:
        self._console = Console(quiet=quiet, stderr=to_stderr, highlight=False, soft_wrap=True)
        self.first_s: float | None = None
        """How long it took, from the start, until the coordinator's counts were shown for the first time."""

    def line(self, text: str = "") -> None:
        """One line."""
        self._console.print(text, markup=False)

    def folded(self, text: str, indent: int) -> None:
        """A text; on a terminal that is narrower, several lines, the ones below indented."""
        room = self._console.width if self._console.is_terminal else len(text) + 1
        for line in wrap(text, room, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False):
            self.line(line.replace(TOGETHER, " "))

    def head(self, folder: Path, *, distributed: bool = False) -> None:
        """What this is."""
        mode, kept = ("distributed", "PostgreSQL and Kafka") if distributed else ("embedded", "SQLite")
        self.line(f"nrm {version('nrm')}  {mode} demo in {folder}  ({kept}, invented people, not for real cases)")

    def another(self, folder: Path, seed: int, persons: int) -> None:
        """The folder holds another world than was asked for."""
        self.line(f" {folder} holds the world of seed {seed}, {persons:,} persons, and goes on with it.")

    @contextmanager
    def progress(self, start: date, end: date) -> Iterator[Callable[[date, int], None]]:
        """Shows how far the history is written."""
        days = (end - start).days
        if self._console.is_terminal:
            with self._bar(days) as show:
                yield lambda day, entries: show((day - start).days, day, entries)
            return
        told = -1

        def plain(day: date, entries: int) -> None:
            nonlocal told
            part = (day - start).days * LINES // days
            if part > told:
                told = part
                self.line(f" history {day}  {entries:>7,} events")

        yield plain

    @contextmanager
    def _bar(self, days: int) -> Iterator[Callable[[int, date, int], None]]:
        columns = (TextColumn(" history {task.fields[day]}  {task.fields[events]:>7} events"), BarColumn(None))
        with Progress(*columns, TimeElapsedColumn(), console=self._console, transient=False) as bar:
            task = bar.add_task("history", total=days, day="", events="0")

            def show(done: int, day: date, entries: int) -> None:
                bar.update(task, completed=done, day=day.isoformat(), events=f"{entries:,}")

            yield show

    def early(self, day: date, funnels: "pb.GetFunnelsResponse") -> None:
        """What there is so far, while the history is being written."""
        self.line(f" The coordinator on {day}, a simulated day: the history goes on, and the ports open behind it.")
        self.funnels(funnels)

    def funnels(self, funnels: "pb.GetFunnelsResponse") -> None:
        """The coordinator's first look: persons, cases and defendants, never mixed."""
        for title, counts in (
            ("Persons", funnels.persons),
            ("Criminal cases", funnels.cases),
            ("Defendants", funnels.defendants),
        ):
            counted = "   ".join(f"{one.step}{TOGETHER}{one.count:,}" for one in counts)
            self.folded(f" {title:<15}{counted}", indent=16)
        self.first_s = self.first_s or perf_counter() - STARTED_S

    def ports(self, ports: dict[str, int], first: int) -> None:
        """Where to call; ``first`` is the port that the first agency has where nobody else has it."""
        self.line()
        self.line(" gRPC with reflection, on loopback, where callers say themselves who they are:")
        for origin, port in ports.items():
            self.line(f"   127.0.0.1:{port:<6} {origin}")
        if list(ports.values()) != list(range(first, first + len(ports))):
            self.folded(f" Another program has ports from {first} on: where pages name those, take these.", 1)

    def look_at(self, stories: "Sequence[Handle]", folder: Path) -> None:
        """What to try next."""
        where = _where(folder)
        self.line()
        self.line("Look at")
        for number, story in enumerate(stories, start=1):
            command = f"nrm pathway {story.ref}{where}".replace(" ", TOGETHER)
            self.folded(f" {number:>2}  {command}   {story.title}", indent=5)
        self.line(f"     nrm funnel{where}   nrm overdue{where} --owner {AUTHORITY}")
        verify = "" if folder == DEFAULT_FOLDER else f" {quote(str(folder))}"
        self.line(f"     nrm audit verify{verify}   nrm audit replay{verify}")
        if entered := _entered():
            self.line(f"     In another terminal, first: {entered}")

    def stopped(self, folder: Path, entries: int, *, finished: bool) -> None:
        """What was kept and how to go on."""
        again = f"nrm demo{_where(folder)}"
        if not finished:
            self.line(f"Stopped while the history was being written: {entries:,} events are in {folder}.")
            self.line(f"It cannot be gone on with. Begin anew: {again}   Remove: delete {folder}")
            return
        self.line(f"Stopped. {entries:,} events kept in {folder} ({_size_mb(folder):.0f} MB).")
        self.line(f"Go on: {again}   Verify: nrm audit verify {quote(str(folder))}   Remove: delete {folder}")


def _entered() -> str:
    """By what a shell finds `nrm`; empty where it does, or where it is not in an environment of its own."""
    activate = Path(sys.executable).with_name("activate")
    if which("nrm") or not activate.exists():
        return ""
    return f"source {quote(os.path.relpath(activate))}"


def _where(folder: Path) -> str:
    return "" if folder == DEFAULT_FOLDER else f" --dir {quote(str(folder))}"


def _size_mb(folder: Path) -> float:
    """How much room it takes, in megabytes."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
