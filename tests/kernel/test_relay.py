"""The relay publishes what is durable, signs what it read back, and notices a store that went backwards."""

import asyncio
import io
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest
from tests.kernel.pair import ELSEWHERE, HERE, KEYS, Side, opened

from nrm_kernel.adapters.log_sqlite import SqliteLog
from nrm_kernel.adapters.memory import MemoryLog, MemoryStore
from nrm_kernel.adapters.store_sql import SqlStore
from nrm_kernel.clock import SystemClock
from nrm_kernel.errors import DataLoss, Unavailable
from nrm_kernel.ledger.kept import newest_kept
from nrm_kernel.ledger.merkle import Frontier, root_of
from nrm_kernel.ledger.note import Checkpoint, SigningKey, sign, stated, verify, verify_heartbeat
from nrm_kernel.log import Behind, Body, Published, SharedLog, Signed
from nrm_kernel.relay import Relay
from nrm_kernel.telemetry import Telemetry, log_to, silent
from nrm_kernel.testing.toy import Announce, Raise


@dataclass
class Place:
    """One agency's files, opened as often as a test likes."""

    folder: Path

    @property
    def store(self) -> Path:
        return self.folder / "store.sqlite"

    @property
    def log(self) -> Path:
        return self.folder / "log.sqlite"

    @property
    def witness(self) -> Path:
        return self.folder / "here.txt"

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Side]:
        store = await SqlStore.open_sqlite(self.store, HERE)
        log = SqliteLog(self.log)
        try:
            async with opened(store, log, self.folder) as side:
                yield side
        finally:
            await store.close()
            await log.close()

    async def filled(self, count: int = 12) -> None:
        """That many more entries, relayed in two batches."""
        async with self.open() as side:
            for number in range(count):
                await side.give(Raise(1), f"k{number % 3}")
                if number == count // 2:
                    await side.publish()
            await side.publish()

    def altered(self, path: Path, *statements: str) -> None:
        """The file, changed behind everybody's back."""
        with closing(sqlite3.connect(path)) as connection, connection:
            for trigger in ("entry_no_update", "entry_no_delete"):
                connection.execute(f"DROP TRIGGER IF EXISTS {trigger}")
            for statement in statements:
                connection.execute(statement)

    def dump(self) -> list[tuple[object, ...]]:
        """Everything that the shared log says of entries."""
        with closing(sqlite3.connect(self.log)) as connection:
            return connection.execute("SELECT * FROM log_entry ORDER BY position").fetchall()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


async def refused(place: Place) -> DataLoss:
    """Why the agency does not start."""
    with pytest.raises(DataLoss) as refusal:
        async with place.open():
            pass
    return refusal.value


async def test_what_is_published_is_what_is_stored_and_signed(place: Place) -> None:
    await place.filled()
    async with place.open() as side:
        entries = await side.store.read(0, 100)
        *bodies, last = await side.log.read(HERE, HERE, 0, 100)
    assert bodies == [Body(entry.position, entry.body) for entry in entries]
    assert isinstance(last, Signed)
    checkpoint = verify(last.note, KEYS[HERE].verifier())
    assert (checkpoint.size, checkpoint.root) == (12, root_of([entry.leaf for entry in entries]))


async def test_audience_and_addressee_go_with_each_entry(tmp_path: Path) -> None:
    class Told(MemoryLog):
        def __init__(self) -> None:
            super().__init__()
            self.seen: list[tuple[str, str]] = []

        async def publish(self, origin: str, entries: Sequence[Published], note: str) -> None:
            self.seen += [(one.audience, one.to) for one in entries]
            await super().publish(origin, entries, note)

    async with opened(MemoryStore(HERE), log := Told(), tmp_path) as side:
        await side.give(Raise(1, ELSEWHERE, "a" * 32))
        await side.give(Announce())
        await side.publish()
    assert log.seen == [("own", ""), ("own", ""), ("notice", ELSEWHERE), ("all", "")]


async def test_a_store_rolled_back_to_an_older_copy_is_not_started(place: Place) -> None:
    await place.filled()
    copy = place.store.read_bytes()
    await place.filled()
    place.store.write_bytes(copy)
    refusal = await refused(place)
    assert refusal.reason == "STORE_ROLLED_BACK"
    assert refusal.facts == {"origin": HERE, "held": "12", "signed": "24"}


async def test_also_when_the_shared_log_is_gone(place: Place) -> None:
    await place.filled()
    copy = place.store.read_bytes()
    await place.filled()
    place.store.write_bytes(copy)
    place.log.unlink()
    assert (await refused(place)).reason == "STORE_ROLLED_BACK"


async def test_also_when_the_witness_file_was_rolled_back_with_it(place: Place) -> None:
    await place.filled()
    copies = place.store.read_bytes(), place.witness.read_bytes()
    await place.filled()
    place.store.write_bytes(copies[0])
    place.witness.write_bytes(copies[1])
    assert (await refused(place)).reason == "STORE_ROLLED_BACK"


async def test_also_when_it_was_written_on_before_the_relay_came(place: Place) -> None:
    await place.filled()
    copies = place.store.read_bytes(), place.witness.read_bytes()
    await place.filled()
    place.store.write_bytes(copies[0])
    place.witness.write_bytes(copies[1])
    async with opened(store := await SqlStore.open_sqlite(place.store, HERE), MemoryLog(), place.folder) as side:
        for _ in range(20):
            await side.give(Raise(2))
    await store.close()
    assert (await refused(place)).reason == "STORE_ROLLED_BACK"


async def test_a_store_with_other_bytes_than_were_signed_is_not_started(place: Place) -> None:
    await place.filled()
    place.altered(place.store, "UPDATE entry SET body = CAST(replace(body, 'r-7', 'r-8') AS BLOB) WHERE position = 3")
    refusal = await refused(place)
    assert refusal.reason == "STORE_ROLLED_BACK"


async def test_an_entry_taken_out_of_the_store_is_found(place: Place) -> None:
    await place.filled()
    place.altered(place.store, "DELETE FROM entry WHERE position = 3")
    assert (await refused(place)).reason == "STORE_ROLLED_BACK"


async def test_a_log_that_holds_more_than_the_store_keeps_it_from_starting(place: Place) -> None:
    await place.filled()
    place.altered(place.log, f"INSERT INTO log_entry VALUES ('{HERE}', 12, 'own', NULL, x'7b7d', x'00')")
    refusal = await refused(place)
    assert refusal.facts == {"origin": HERE, "held": "12", "signed": "13"}


async def test_a_checkpoint_that_another_wrote_into_the_log_does_not(place: Place) -> None:
    await place.filled()
    forged = sign(Checkpoint(HERE, 12, b"\x01" * 32), SigningKey(HERE, b"\x02" * 32))
    place.altered(place.log, f"UPDATE log_checkpoint SET note = '{forged}' WHERE size = 12")
    async with place.open():
        pass


async def test_entries_are_read_back_before_they_are_signed(place: Place) -> None:
    await place.filled()
    async with place.open() as side:
        await side.give(Raise(1))
        await side.give(Raise(1))
    place.altered(place.store, "UPDATE entry SET body = CAST(replace(body, 'r-7', 'r-8') AS BLOB) WHERE position = 13")
    async with place.open() as side:
        with pytest.raises(DataLoss) as alarm:
            await side.publish()
        assert await side.log.size(HERE) == 12
    assert (alarm.value.reason, alarm.value.facts["position"]) == ("ENTRY_ALTERED", "13")


async def test_an_entry_missing_behind_the_last_checkpoint_is_not_passed_over(place: Place) -> None:
    await place.filled()
    async with place.open() as side:
        for _ in range(3):
            await side.give(Raise(1))
    place.altered(place.store, "DELETE FROM entry WHERE position = 13")
    async with place.open() as side:
        with pytest.raises(DataLoss) as alarm:
            await side.publish()
    assert (alarm.value.reason, alarm.value.facts["position"]) == ("ENTRY_ALTERED", "13")


async def test_the_place_to_go_on_is_hashed_again_and_not_believed(place: Place) -> None:
    await place.filled()
    wrong = Frontier().extend([b"x" * 32] * 12).to_bytes().hex()
    place.altered(place.store, f"UPDATE cursor SET frontier = x'{wrong}' WHERE name = 'relay'")
    async with place.open() as side:
        await side.give(Raise(1))
        await side.publish()
        leaves = [entry.leaf for entry in await side.store.read(0, 100)]
        note = await side.store.checkpoint()
    assert note is not None
    assert stated(note).root == root_of(leaves)


async def test_a_wiped_log_is_filled_again_byte_for_byte(place: Place) -> None:
    await place.filled()
    before = place.dump()
    place.log.unlink()
    async with place.open() as side:
        await side.publish()
    assert place.dump() == before


async def test_a_log_that_lost_its_end_is_filled_up(place: Place) -> None:
    await place.filled()
    before = place.dump()
    place.altered(place.log, "DELETE FROM log_entry WHERE position >= 7", "DELETE FROM log_checkpoint WHERE size > 7")
    async with place.open() as side:
        await side.publish()
    assert place.dump() == before


async def test_a_log_wiped_while_the_relay_runs_is_filled_again(place: Place) -> None:
    async with place.open() as side:
        for _ in range(5):
            await side.give(Raise(1))
        await side.publish()
        place.altered(place.log, "DELETE FROM log_entry", "DELETE FROM log_checkpoint")
        await side.give(Raise(1))
        with pytest.raises(Unavailable):
            await side.relay.relay()
        running = asyncio.create_task(side.relay.run())
        assert await side.log.wait(HERE, 5, 5)
        running.cancel()
        assert await side.log.size(HERE) == 6


async def test_a_log_of_which_the_heartbeat_finds_that_it_was_wiped_is_filled_again_without_anything_new(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with place.open() as side:
        for _ in range(5):
            await side.give(Raise(1))
        await side.publish()
        place.altered(place.log, "DELETE FROM log_entry", "DELETE FROM log_checkpoint")
        beat = side.log.beat

        async def looking(origin: str, note: str) -> None:
            if (held := await side.log.size(origin)) < 5:
                raise Behind(origin, held)
            await beat(origin, note)

        monkeypatch.setattr(side.log, "beat", looking)
        running = asyncio.create_task(side.relay.run())
        async with asyncio.timeout(60):
            await beaten(side.log)
        running.cancel()
        assert await side.log.size(HERE) == 5


async def test_a_log_that_is_filled_again_never_moves_the_last_checkpoint_backward(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nrm_kernel.relay.BATCH_MAX", 3)
    await place.filled()
    place.log.unlink()
    async with place.open() as side:
        await side.relay.relay()
        assert await side.log.size(HERE) == 3, "it is filled up by and by"
        kept = newest_kept(place.witness.read_bytes())
        assert kept is not None
        assert kept.size == 12
    copy = place.store.read_bytes()
    place.altered(place.store, "DELETE FROM entry WHERE position >= 3", "DELETE FROM checkpoint", "DELETE FROM cursor")
    assert place.store.read_bytes() != copy
    assert (await refused(place)).facts["signed"] == "12"


async def test_when_the_log_is_away_as_it_is_filled_again_then_the_relay_waits_and_goes_on(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nrm_kernel.relay.RETRY_S", 0.01)
    lines = io.BytesIO()
    async with place.open() as side:
        for _ in range(5):
            await side.give(Raise(1))
        telemetry = Telemetry(silent().tracer, log_to(lines))
        relay = Relay(side.store, side.log, KEYS[HERE], place.witness, SystemClock(), telemetry)
        await relay.start()
        await relay.relay()
        place.altered(place.log, "DELETE FROM log_entry", "DELETE FROM log_checkpoint")
        size, asked = side.log.size, 0

        async def away(origin: str) -> int:
            nonlocal asked
            asked += 1
            if asked < 4:
                raise Unavailable("AWAY", "It is away.", cause="Gone")
            return await size(origin)

        monkeypatch.setattr(side.log, "size", away)
        await side.give(Raise(1))
        running = asyncio.create_task(relay.run())
        async with asyncio.timeout(60):
            await beaten(side.log)  # which follows everything that was published
            await asyncio.sleep(0.05)
        running.cancel()
    told = [orjson.loads(line) for line in lines.getvalue().splitlines()]
    assert [(line["event"], line.get("reason")) for line in told] == [("relay_waits", "AWAY"), ("relay_goes_on", None)]


@pytest.mark.parametrize("lost", ["log.publish", "store.save_checkpoint"])
async def test_whatever_fails_under_way_everything_arrives_once(
    place: Place, lost: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with place.open() as side:
        for _ in range(5):
            await side.give(Raise(1))
        part, _, name = lost.partition(".")

        async def away(*_arguments: object) -> None:
            raise Unavailable("AWAY", "It is away.")

        with monkeypatch.context() as patch:
            patch.setattr(getattr(side, part), name, away)
            with pytest.raises(Unavailable):
                await side.relay.relay()
        await side.give(Raise(1))
        await side.publish()
        assert [position for _, position, *_ in place.dump()] == list(range(6))
        assert side.relay.size == 6


async def beaten(log: SharedLog, before: str = "") -> str:
    """The next heartbeat."""
    while True:
        note = await log.last_beat(HERE)
        if note is not None and note != before:
            return note
        await asyncio.sleep(0.005)


async def test_a_heartbeat_says_how_far_the_log_is_and_is_signed(place: Place) -> None:
    async with place.open() as side:
        await side.give(Raise(1))
        running = asyncio.create_task(side.relay.run())
        async with asyncio.timeout(60):
            note = await beaten(side.log)
        running.cancel()
    assert verify_heartbeat(note, KEYS[HERE].verifier()).size == 1


async def test_heartbeats_go_on_while_nothing_happens(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nrm_kernel.relay.HEARTBEAT_S", 0.02)
    async with place.open() as side:
        running = asyncio.create_task(side.relay.run())
        note = ""
        async with asyncio.timeout(60):
            for _ in range(4):
                note = await beaten(side.log, note)
        running.cancel()


async def test_a_relay_that_was_stopped_between_signing_and_publishing_publishes_what_it_signed(place: Place) -> None:
    async with place.open() as side:
        for _ in range(4):
            await side.give(Raise(1))
        frontier = Frontier().extend([entry.leaf for entry in await side.store.read(0, 4)])
        place.witness.write_text(sign(Checkpoint(HERE, 4, frontier.root()), KEYS[HERE]))
    async with place.open() as side:
        await side.publish()
        assert await side.log.size(HERE) == 4


async def test_a_relay_never_signs_for_another_origin(tmp_path: Path) -> None:
    store = MemoryStore(ELSEWHERE)
    relay = Relay(store, MemoryLog(), KEYS[HERE], tmp_path / "witness.txt", SystemClock())
    async with opened(store, MemoryLog(), tmp_path) as side:
        await side.give(Raise(1))
    with pytest.raises(Exception, match="does not sign for"):
        await relay.relay()


async def test_a_stop_in_the_middle_of_the_relay_leaves_it_whole(place: Place) -> None:
    async with place.open() as side:
        for _ in range(50):
            await side.give(Raise(1))
        running = asyncio.create_task(side.relay.run())
        await asyncio.sleep(0.01)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await side.give(Raise(1))
    async with place.open() as side:
        await side.publish()
    assert [position for _, position, *_ in place.dump()] == list(range(51))
