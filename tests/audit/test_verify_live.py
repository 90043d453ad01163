"""Verification beside a system at work: entries not signed or relayed yet are no alarm, nor is a key that changed."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from nrm_audit import holders
from nrm_audit.copies import Holder
from nrm_audit.findings import Kind
from nrm_audit.verify import verify
from nrm_kernel.adapters.log_sqlite import SqliteLog
from nrm_kernel.adapters.store_sql import SqlStore
from nrm_kernel.appender import Appender
from nrm_kernel.clock import SystemClock
from nrm_kernel.ledger.note import SigningKey
from nrm_kernel.ledger.trust import Trust, TrustedKey, TrustedOrigin
from nrm_kernel.relay import Relay
from nrm_kernel.testing import toy

if TYPE_CHECKING:
    from tests.audit.conftest import MakeDeployment

KEY = SigningKey(toy.ORIGIN, b"\x07" * 32)
TRUST = Trust("toy", (TrustedOrigin(toy.ORIGIN, (TrustedKey(KEY.verifier()),)),))


async def _work(appender: Appender, relay: Relay) -> None:
    number = 0
    while True:
        await appender.submit(toy.order(toy.Raise(1), key=f"number-{number // 50}"))
        relay.wake()
        number += 1


async def test_no_moment_of_an_agency_at_work_alarms(tmp_path: Path) -> None:
    store = await SqlStore.open_sqlite(tmp_path / "store.sqlite", toy.ORIGIN)
    log, clock = SqliteLog(tmp_path / "log.sqlite"), SystemClock()
    appender, relay = Appender(store, clock), Relay(store, log, KEY, tmp_path / "checkpoint.txt", clock)
    await relay.start()
    tasks = [asyncio.create_task(loop) for loop in (appender.run(), relay.run(), _work(appender, relay))]
    seen = set()
    for _ in range(25):
        report = await asyncio.to_thread(verify, [tmp_path], TRUST)
        assert report.exit_code in {0, 2}, report.text()
        seen |= {finding.kind for finding in report.findings.kept}
    for task in reversed(tasks):
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    while await relay.relay():
        pass
    for part in (store, log):
        await part.close()
    assert seen <= {Kind.BEYOND, Kind.MISSING}
    at_rest = verify([tmp_path], TRUST)
    assert at_rest.exit_code == 0, at_rest.text()
    assert at_rest.copies[0].entries > 0


async def test_what_is_handed_over_while_copies_are_opened_is_no_alarm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await SqlStore.open_sqlite(tmp_path / "store.sqlite", toy.ORIGIN)
    log, clock = SqliteLog(tmp_path / "log.sqlite"), SystemClock()
    relay = Relay(store, log, KEY, tmp_path / "checkpoint.txt", clock)
    await relay.start()
    appending = asyncio.create_task((appender := Appender(store, clock)).run())
    await appender.submit(toy.order(toy.Raise(1)))
    loop, open_one = asyncio.get_running_loop(), holders._open

    def opening(path: Path) -> Holder | None:
        holder = open_one(path)
        if path.name == "log.sqlite":
            asyncio.run_coroutine_threadsafe(relay.relay(), loop).result()
        return holder

    monkeypatch.setattr(holders, "_open", opening)
    report = await asyncio.to_thread(verify, [tmp_path], TRUST)
    appending.cancel()
    with suppress(asyncio.CancelledError):
        await appending
    for part in (store, log):
        await part.close()
    assert report.exit_code == 0, report.text()


def test_a_key_that_took_over_is_believed_from_its_first_size_on(tmp_path: Path, make: "MakeDeployment") -> None:
    deployment = make(tmp_path)
    first, second_key = deployment.first, SigningKey(deployment.first.origin, b"\x21" * 32)
    first.record(5)
    first.sign(second_key)
    store = first.write_store(tmp_path / "store.db")

    def trusting(changed_at: int) -> Trust:
        keys = (TrustedKey(first.key.verifier(), 0, changed_at), TrustedKey(second_key.verifier(), changed_at))
        return Trust("demo", (TrustedOrigin(first.origin, keys),))

    assert verify([store], trusting(41)).exit_code == 0
    too_late = verify([store], trusting(46))
    assert {(finding.kind, finding.position) for finding in too_late.findings.kept} >= {(Kind.SIG, 45)}
    assert too_late.exit_code == 1
