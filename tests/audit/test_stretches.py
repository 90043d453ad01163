"""A stretch is whole only where going through it entry by entry finds nothing, in this process or beside it."""

import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
import pytest

from nrm_audit import history, verify
from nrm_audit.commands import run_verify
from nrm_audit.report import Verdict, VerifyReport
from nrm_audit.stretches import Stretch
from nrm_audit.workers import Workers
from nrm_kernel.errors import Unavailable
from nrm_kernel.ledger.merkle import leaf_hash

if TYPE_CHECKING:
    from tests.audit.conftest import Deployment

SELF = "/proc/self"
"""Where it leads to is the number of the process that asks."""
STRETCH = 7

TAMPERINGS = {
    "nothing": "SELECT 1",
    "a byte is another": "UPDATE entry SET body = CAST(replace(body, 'shelter', 'sheltex') AS BLOB) WHERE position = 9",
    "a hash is another": "UPDATE entry SET leaf = zeroblob(32) WHERE position = 14",
    "an entry is gone": "DELETE FROM entry WHERE position = 20",
    "the first is gone": "DELETE FROM entry WHERE position = 0",
    "a tail is gone": "DELETE FROM entry WHERE position > 30",
    "it is filed elsewhere": "UPDATE entry SET stream = 'case-9' WHERE position = 21",
    "its number is another": "UPDATE entry SET seq = seq + 100 WHERE position = 6",
    "it is text": "UPDATE entry SET body = CAST(body AS TEXT) WHERE position = 7",
    "it is nothing": "UPDATE entry SET body = NULL WHERE position = 13",
    "it stands elsewhere": "UPDATE entry SET position = 400 WHERE position = 3",
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_stretches_find_what_going_entry_by_entry_finds(
    deployment: "Deployment", monkeypatch: pytest.MonkeyPatch, tampering: str
) -> None:
    deployment.change(deployment.store_of(deployment.first), TAMPERINGS[tampering])
    assert _by_stretches(deployment, monkeypatch) == _entry_by_entry(deployment, monkeypatch)


@pytest.mark.parametrize(
    "said",
    [
        {"seq": True},
        {"seq": 1.0},
        {"seq": "1"},
        {"seq": 7},
        {"prev": None},
        {"prev": "00" * 32},
        {"stream": 5},
        {"stream": None},
        {"origin": "demo/funding/treasury"},
        {"position": 12},
        {"position": False},
        {"deps": [["demo/funding/treasury", 10**6]]},
        {"deps": "none"},
        {"to": 3},
        {"\u0436": 1},
    ],
    ids=str,
)
@pytest.mark.parametrize("position", [0, 8])
def test_whatever_an_agency_writes_into_an_entry_is_found_by_stretches_too(
    deployment: "Deployment", monkeypatch: pytest.MonkeyPatch, said: dict[str, object], position: int
) -> None:
    _rewrite(deployment, position, said)
    assert _by_stretches(deployment, monkeypatch) == _entry_by_entry(deployment, monkeypatch)


def test_an_untouched_log_is_taken_by_stretches_alone(
    deployment: "Deployment", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "STRETCH", STRETCH)
    monkeypatch.setattr(history.History, "_read_batch", None)
    stores = [deployment.store_of(agency) for agency in deployment.agencies]
    assert verify.verify(stores, deployment.trust).verdict is Verdict.VERIFIED


@pytest.mark.slow
def test_results_come_in_the_order_of_the_pieces_from_whoever_they_are() -> None:
    pieces = [bytes(size) for size in range(1_000)]
    with Workers(1) as beside:
        _other_process(beside)
        assert list(beside.in_order(len, pieces)) == [(piece, len(piece)) for piece in pieces]


@pytest.mark.slow
def test_large_pieces_and_large_results_do_not_wait_for_each_other() -> None:
    pieces = [bytes([number]) * 3_000_000 for number in range(12)]
    with Workers(1) as beside:
        _other_process(beside)
        assert [result == piece for piece, result in beside.in_order(bytes, pieces)] == [True] * len(pieces)


@pytest.mark.slow
def test_nothing_that_lies_in_the_working_folder_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "queue.py").write_text("from pathlib import Path\nPath('was-run').touch()\nraise SystemExit(1)\n")
    monkeypatch.chdir(tmp_path)
    with Workers(1) as beside:
        assert _other_process(beside)
    assert not (tmp_path / "was-run").exists()


@pytest.mark.slow
def test_a_process_that_ends_before_it_gave_its_result_verifies_nothing() -> None:
    with Workers(1) as beside:
        os.kill(int(_other_process(beside)), signal.SIGKILL)
        with pytest.raises(Unavailable) as ended:
            for _ in beside.in_order(os.readlink, _again_and_again()):
                pass
    assert ended.value.reason == "WORKER_ENDED"


@pytest.mark.slow
def test_a_process_that_is_asked_for_what_it_does_not_know_ends_and_nobody_waits() -> None:
    with Workers(1) as beside:
        _other_process(beside)
        with pytest.raises(Unavailable) as ended:
            for _ in beside.in_order(_unknown_there, _again_and_again()):
                pass
    assert ended.value.reason == "WORKER_ENDED"


def _unknown_there(_piece: str) -> None:
    """The other process cannot import this module."""


def test_when_a_process_ended_the_command_cannot_tell(
    deployment: "Deployment", monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def ended(_workers: Workers, _work: object, _pieces: object) -> Iterator[object]:
        raise Unavailable("WORKER_ENDED", "it ended")

    monkeypatch.setattr(Workers, "in_order", ended)
    trust = tmp_path / "trust.toml"
    trust.write_text(deployment.trust.render(), "utf-8")
    code, report = run_verify([deployment.folder], trust)
    assert (code, report.exit_code) == (2, 2)
    assert "VERIFIED" not in report.text()


@pytest.mark.slow
def test_a_large_log_is_checked_by_other_processes_with_the_same_outcome(
    deployment: "Deployment", monkeypatch: pytest.MonkeyPatch
) -> None:
    here = _by_stretches(deployment, monkeypatch)
    monkeypatch.setattr(verify, "MUCH_BYTES", 0)
    monkeypatch.setattr(verify, "Workers", _up)
    assert _by_stretches(deployment, monkeypatch) == here


def _up() -> Workers:
    beside = Workers(1)
    _other_process(beside)
    return beside


def _other_process(beside: Workers) -> str:
    """The number of the process beside this one, once it has come up."""
    own = Path(SELF).readlink().name
    return next(pid for _, pid in beside.in_order(os.readlink, _again_and_again()) if pid != own)


def _again_and_again() -> Iterator[str]:
    while True:
        yield SELF


def _by_stretches(deployment: "Deployment", monkeypatch: pytest.MonkeyPatch) -> VerifyReport:
    monkeypatch.setattr(history, "STRETCH", STRETCH)
    return verify.verify([deployment.folder], deployment.trust)


def _entry_by_entry(deployment: "Deployment", monkeypatch: pytest.MonkeyPatch) -> VerifyReport:
    monkeypatch.setattr(history, "whole", _never)
    monkeypatch.setattr(verify, "Workers", lambda: Workers(0))  # another process does not know this module
    return verify.verify([deployment.folder], deployment.trust)


def _never(_stretch: Stretch) -> None:
    """Nothing is taken for whole."""


def _rewrite(deployment: "Deployment", position: int, said: dict[str, object]) -> None:
    """The entry as somebody would write it who can write everything, in canonical form where there is one."""
    path = deployment.store_of(deployment.first)
    with closing(sqlite3.connect(path)) as connection, connection:
        ((body,),) = connection.execute("SELECT body FROM entry WHERE position = ?", (position,))
        changed = orjson.dumps({**orjson.loads(body), **said}, option=orjson.OPT_SORT_KEYS)
        row = (changed, leaf_hash(changed), position)
        connection.execute("UPDATE entry SET body = ?, leaf = ? WHERE position = ?", row)
