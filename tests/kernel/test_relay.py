"""The relay publishes what is durable, signs what it read back, and notices a store that went backwards."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from tests.kernel.pair import ELSEWHERE, HERE, KEYS, opened
from tests.kernel.relaying import Place, beaten, refused

from nrm_kernel.adapters.store_sql import SqlStore
from nrm_kernel.clock import SystemClock
from nrm_kernel.errors import DataLoss, Unavailable
from nrm_kernel.ledger.merkle import Frontier, root_of
from nrm_kernel.ledger.note import Checkpoint, SigningKey, sign, stated, verify, verify_heartbeat
from nrm_kernel.log import Body, Published, Signed
from nrm_kernel.relay import Relay
from nrm_kernel.testing.memory import MemoryLog, MemoryStore
from nrm_kernel.testing.toy import Announce, Raise


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
