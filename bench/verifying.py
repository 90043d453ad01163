"""The auditor's verification of a store, beside no more than hashing and parsing the same bytes."""

import asyncio
import hashlib
import json
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import orjson

from bench.caseload import Caseload
from bench.measure import Row, Title, in_turns
from nrm.services import STORE
from nrm_audit.report import Verdict
from nrm_audit.verify import verify
from nrm_kernel.ledger.trust import Trusted

GOAL = ">= 0.6"
BATCH = 1_000
PARSERS: Mapping[str, Callable[[bytes], object]] = {
    "the standard library alone: sqlite3 read, hashlib, json": json.loads,
    "the same with the fastest parser: sqlite3 read, hashlib, orjson": orjson.loads,
}


async def rows(caseload: Caseload, rounds: int) -> list[Row]:
    """Entries a second, beside a parser that everybody has and beside the one that ours uses."""
    stores = [section.folder / STORE for section in caseload.house.config.agency]
    return [await _row(stores, caseload, rounds, name) for name in PARSERS]


async def _row(stores: Sequence[Path], caseload: Caseload, rounds: int, peer: str) -> Row:
    async def ours() -> float:
        return caseload.events / await asyncio.to_thread(verified, stores, caseload.house.around.trust)

    async def theirs() -> float:
        return caseload.events / await asyncio.to_thread(_hashed_and_parsed, stores, PARSERS[peer])

    return await in_turns(Title("verify of a store", "entries/s", peer, GOAL), rounds, ours, theirs)


def verified(stores: Sequence[Path], trust: Trusted) -> float:
    """Seconds for everything that `nrm audit verify` checks."""
    began = time.perf_counter()
    report = verify(stores, trust)
    seconds = time.perf_counter() - began
    assert report.verdict is Verdict.VERIFIED, report.findings
    return seconds


def _hashed_and_parsed(stores: Sequence[Path], parse: Callable[[bytes], object]) -> float:
    began = time.perf_counter()
    for store in stores:
        with closing(sqlite3.connect(f"{store.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            rows = connection.execute("SELECT body FROM entry ORDER BY position")
            while batch := rows.fetchmany(BATCH):
                for (body,) in batch:
                    hashlib.sha256(b"\x00" + body).digest()
                    parse(body)
    return time.perf_counter() - began
