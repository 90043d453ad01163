"""What is looked at after each fault would be seen: every planted violation is found by the check that is for it."""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from tests.faults import told
from tests.faults.checks import unbroken
from tests.faults.real import ACKNOWLEDGED
from tests.pathways.deployment import POLICE

from nrm_kernel.entry import Entry, canonical
from nrm_kernel.ledger.merkle import Frontier
from nrm_kernel.store import Store, Wanted

REQUESTS = ("one", "one", "two")


def log(requests: Sequence[str] = REQUESTS, kind: str = "identification.PersonDetected") -> list[Entry]:
    """A log of one stream, with an entry for each of these requests."""
    entries: list[Entry] = []
    for seq, request in enumerate(requests):
        prev = {"prev": entries[-1].leaf.hex()} if entries else {}
        body = canonical({"stream": "s", "seq": seq, "request_id": request, "type": kind, **prev})
        entries.append(Entry.of(POLICE, seq, body))
    return entries


@dataclass
class Holding:
    """A store that holds these entries, and says what it was told of their frontier."""

    entries: list[Entry]
    frontier: Frontier

    async def read(self, after: int, limit: int) -> Sequence[Entry]:
        return self.entries[after : after + limit]

    @asynccontextmanager
    async def writing(self, _wanted: Wanted) -> AsyncIterator[SimpleNamespace]:
        yield SimpleNamespace(frontier=self.frontier)


def holding(entries: list[Entry]) -> Store:
    return cast(Store, Holding(entries, Frontier().extend([entry.leaf for entry in log()])))


async def test_a_log_that_is_whole_passes(tmp_path: Path) -> None:
    assert await unbroken(holding(log())) == log()
    (tmp_path / ACKNOWLEDGED).write_text(json.dumps([POLICE, "two", 2]))
    told.nothing_acknowledged_is_lost(tmp_path, {POLICE: log()})
    told.nothing_is_doubled(log())


@pytest.mark.parametrize(
    "plant",
    [
        lambda entries: entries[:2],  # the last one is gone, and with it what the head says
        lambda entries: [entries[0], entries[2]],
        lambda entries: [entries[1], entries[0], entries[2]],
        lambda entries: [entries[0], replace(entries[1], leaf=b"x" * 32), entries[2]],
        lambda entries: [*entries[:2], replace(entries[2], body=entries[2].body.replace(b'"seq":2', b'"seq":3'))],
        lambda entries: [*entries[:2], Entry.of(POLICE, 2, log(["one", "other", "two"])[2].body)],
    ],
    ids=["the last is gone", "a gap", "another order", "another hash", "other bytes", "another before it"],
)
async def test_a_log_that_is_broken_does_not(plant: Callable[[list[Entry]], list[Entry]]) -> None:
    with pytest.raises(AssertionError):
        await unbroken(holding(plant(log())))


@pytest.mark.parametrize("answer", [[POLICE, "two", 1], [POLICE, "three", 2]])
def test_an_answer_whose_entry_is_not_where_it_said_is_seen(tmp_path: Path, answer: list[object]) -> None:
    (tmp_path / ACKNOWLEDGED).write_text(json.dumps(answer))
    with pytest.raises(AssertionError):
        told.nothing_acknowledged_is_lost(tmp_path, {POLICE: log()})


def test_what_was_recorded_twice_is_seen() -> None:
    with pytest.raises(AssertionError, match="request one was recorded"):
        told.nothing_is_doubled(log(["one", "two", "one"]))


@pytest.mark.parametrize(
    "plant",
    [log(["one"]), log(["one", "two", "three"]), [*log(["one", "two"]), *log(["three"], "record.ReactionRefused")]],
)
def test_what_happened_too_seldom_too_often_or_was_refused_is_seen(plant: list[Entry]) -> None:
    only = {(POLICE, "identification.PersonDetected"): 1}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(told, "ONCE_A_PERSON", only)
        told.happened_once_a_person({POLICE: log(["one", "two"])}, 2)
        with pytest.raises(AssertionError):
            told.happened_once_a_person({POLICE: plant}, 2)
