"""The table of results in the page on benchmarks, written from results.json."""

import re
from pathlib import Path

from pydantic import TypeAdapter

from bench.measure import Results, Row

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference" / "bench.md"
RESULTS = Path(__file__).with_name("results.json")
_TABLE = re.compile(r"(?<=<!-- results -->\n).*?(?=<!-- end of results -->)", re.DOTALL)
_HEAD = "| Row | Ours | Peer | Unit | Ratio | Goal | Reached |\n|---|--:|--:|---|--:|--:|---|\n"
_RESULTS = TypeAdapter(Results)


def filled(page: str, kept: Results) -> str:
    """The page with the table of these results."""
    return _TABLE.sub(lambda _: _table(kept), page)


def fill() -> None:
    """Write the table of the results that are kept into the page."""
    PAGE.write_text(filled(PAGE.read_text("utf-8"), read(RESULTS)), "utf-8")


def read(path: Path) -> Results:
    """The results in a file."""
    return _RESULTS.validate_json(path.read_bytes())


def _table(kept: Results) -> str:
    machine, synced = kept.machine, kept.fsync_us
    where = (
        f"Python {machine['python']} on {machine['cores']} cores, {machine['system']}. The disk takes "
        f"{synced['p50']} µs to have one page for certain, {synced['p99']} µs at the 99th percentile.\n\n"
    )
    return where + _HEAD + "".join(map(_line, kept.rows))


def _line(row: Row) -> str:
    reached = {True: "yes", False: "no", None: ""}[row.met]
    figures = f"{row.ours:,.12g} | {row.peer:,.12g} | {row.unit} | {row.ratio:,.12g}"
    return f"| {row.name} | {figures} | {row.goal} | {reached} |\n"


if __name__ == "__main__":
    fill()
