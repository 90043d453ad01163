"""`python -m bench`: every row of this run, printed as it comes and written to results.json."""

import argparse
import asyncio
import json
import os
import platform
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from bench import calling, growing, page, rebuilding, recording, seeing, servers, verifying
from bench.caseload import caseload
from bench.measure import Results, Row, fsync_seconds, percentile
from bench.office import NATIONAL, POLICE, office
from nrm.servers.kafka import KafkaMissing
from nrm.servers.postgres import REQUIRED, PostgresMissing


@dataclass(frozen=True)
class Extent:
    """How much is measured: rounds of each pair, seconds of each measurement, and the sizes of the data."""

    rounds: int
    seconds: float
    persons: int
    samples: int
    entries: int


Part = Callable[[Extent, Path], AsyncIterator[Row]]

FULL = Extent(rounds=5, seconds=3.0, persons=1_000, samples=300, entries=1_000)
QUICK = Extent(rounds=1, seconds=0.2, persons=50, samples=10, entries=20)


async def in_files(extent: Extent, folder: Path) -> AsyncIterator[Row]:
    """Every row of the embedded mode. What is measured runs alone; only its peer takes turns with it."""
    async with office(folder / "police", POLICE, beside=False) as police:
        await recording.recorded(police, extent.entries)
        for row in await calling.rows(police, extent.rounds, extent.seconds):
            yield row
        for row in await recording.rows(police, folder, extent.rounds, extent.seconds):
            yield row
    async with office(folder / "beside", POLICE) as police:
        await recording.recorded(police, extent.entries)
        for row in await calling.rows(police, extent.rounds, extent.seconds, [True]):
            yield row
        for row in await recording.rows(police, folder / "beside", extent.rounds, extent.seconds, [recording.MOST]):
            yield row
    async with caseload(folder / "caseload", extent.persons) as told:
        yield await rebuilding.row(told, folder, extent.rounds)
        for row in await verifying.rows(told, extent.rounds):
            yield row
    async with office(folder / "both", POLICE, NATIONAL) as both:
        await recording.recorded(both, extent.entries)
        for row in await seeing.rows(both, folder, extent.samples):
            yield row
    async with office(folder / "growing", POLICE, NATIONAL) as grown:
        for row in await growing.rows(grown, extent.entries, max(1, extent.rounds // 2), extent.seconds):
            yield row


async def on_servers(extent: Extent, folder: Path) -> AsyncIterator[Row]:
    """Every row on PostgreSQL and Kafka; without them none, unless they are required."""
    rounds = max(1, extent.rounds - 2)
    try:
        async for row in servers.rows(folder / "servers", rounds, extent.seconds, extent.samples):
            yield row
    except (KafkaMissing, PostgresMissing) as missing:
        if os.environ.get(REQUIRED) == "1":
            raise
        _say(f"The rows on PostgreSQL and Kafka are left out. {missing.text}")


PARTS: Mapping[str, Part] = {"files": in_files, "servers": on_servers}


async def run(extent: Extent, parts: Sequence[Part]) -> Results:
    """Measure and print."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="nrm-bench-", ignore_cleanup_errors=True) as folder:
        syncs = [seconds * 1e6 for seconds in fsync_seconds(Path(folder))]
        fsync_us = {"p50": round(median(syncs)), "p99": round(percentile(syncs, 99))}
        _say(f"fsync of one page on this disk: {fsync_us['p50']} us, 99th percentile {fsync_us['p99']} us\n")
        for part in parts:
            async for row in part(extent, Path(folder)):
                rows.append(row)
                _say(_line(row))
    return Results(_machine(), fsync_us, rows)


def _machine() -> dict[str, str | int]:
    return {"cores": os.cpu_count() or 0, "python": platform.python_version(), "system": platform.platform(terse=True)}


def _line(row: Row) -> str:
    return (
        f"{row.name:<82} {row.ours:>10,.4g} {row.peer:>10,.4g} {row.unit:<11} "
        f"{row.ratio:>7.3g} {row.goal:<6} {'missed' if row.met is False else ''}"
    )


def _say(line: str) -> None:
    print(line, flush=True)


def main() -> int:
    """The exit code is 0 whether or not the goals are reached: they are read from the figures."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only that it runs: the figures mean nothing")
    parser.add_argument("--out", type=Path, default=page.RESULTS, help="where the results go (default: %(default)s)")
    parser.add_argument("--part", choices=PARTS, help="only these rows; they are kept where --out says, and need it")
    options = parser.parse_args()
    if options.part and options.out == page.RESULTS:
        parser.error("--part does not replace the kept results: name a file with --out")
    parts = [PARTS[options.part]] if options.part else list(PARTS.values())
    results = asyncio.run(run(QUICK if options.quick else FULL, parts))
    options.out.write_text(json.dumps(asdict(results), indent=2) + "\n", "utf-8")
    if options.out == page.RESULTS:
        page.fill()
    goals = [row.met for row in results.rows if row.goal]
    _say(f"\n{sum(map(bool, goals))} of {len(goals)} goals reached; written to {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
