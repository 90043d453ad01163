"""How things are measured: ours and the peer in turns within one run, then the median of each."""

import os
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

Take = Callable[[], Awaitable[float]]
"""One measurement, in the row's unit."""

FSYNCS = 300
PAGE_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison. ``ratio`` is ours to the peer's; ``goal`` is what it should be, such as ``>= 0.4``.

    A bare limit has no goal: it says how near to the others' goals one can come at all.
    """

    name: str
    unit: str
    ours: float
    peer: float
    peer_name: str
    ratio: float
    goal: str

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; None where there is none."""
        if not self.goal:
            return None
        sign, number = self.goal.split()
        return self.ratio >= float(number) if sign == ">=" else self.ratio <= float(number)


@dataclass(frozen=True)
class Results:
    """What results.json holds; ``fsync_us`` is how long this disk takes to have one page for certain."""

    machine: Mapping[str, str | int]
    fsync_us: Mapping[str, int]
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Title:
    """What a row says beside its figures."""

    name: str
    unit: str
    peer_name: str
    goal: str

    def row(self, ours: float, peer: float) -> Row:
        """The row with these figures."""
        return Row(
            self.name, self.unit, _rounded(ours), _rounded(peer), self.peer_name, _rounded(ours / peer), self.goal
        )


async def in_turns(title: Title, rounds: int, ours: Take, peer: Take) -> Row:
    """Ours, peer, ours, peer …: whatever else the machine does meanwhile meets both."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        taken[0].append(await ours())
        taken[1].append(await peer())
    return title.row(median(taken[0]), median(taken[1]))


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that so many percent of the others do not exceed."""
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def fsync_seconds(folder: Path) -> list[float]:
    """How long the disk takes to have one page for certain, some hundred times."""
    taken = []
    with (folder / "fsync").open("wb", buffering=0) as file:
        for _ in range(FSYNCS):
            file.write(bytes(PAGE_BYTES))
            began = time.perf_counter()
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - began)
    return taken


def _rounded(figure: float) -> float:
    """Four significant digits: more would say more than was measured."""
    return float(f"{figure:.4g}")
