"""The auditor's verification of a store, beside no more than hashing and parsing the same bytes."""

import asyncio
import hashlib
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import orjson

from bench.measure import Row, Title, in_turns
from nrm_audit.report import Verdict
from nrm_audit.verify import verify
from nrm_kernel.ledger.trust import Trust

TITLE = Title("verify of a store", "entries/s", "sqlite3 read, hashlib and orjson over the same bytes", ">= 0.6")
BATCH = 1_000


async def row(stores: Sequence[Path], trust: Trust, entries: int, rounds: int) -> Row:
    """Entries a second."""

    async def ours() -> float:
        return entries / await asyncio.to_thread(verified, stores, trust)

    async def theirs() -> float:
        return entries / await asyncio.to_thread(_hashed_and_parsed, stores)

    return await in_turns(TITLE, rounds, ours, theirs)


def verified(stores: Sequence[Path], trust: Trust) -> float:
    """Seconds for everything that `nrm audit verify` checks."""
    began = time.perf_counter()
    report = verify(stores, trust)
    seconds = time.perf_counter() - began
    assert report.verdict is Verdict.VERIFIED, report.findings
    return seconds


def _hashed_and_parsed(stores: Sequence[Path]) -> float:
    began = time.perf_counter()
    for store in stores:
        with closing(sqlite3.connect(f"{store.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            rows = connection.execute("SELECT body FROM entry ORDER BY position")
            while batch := rows.fetchmany(BATCH):
                for (body,) in batch:
                    hashlib.sha256(b"\x00" + body).digest()
                    orjson.loads(body)
    return time.perf_counter() - began
