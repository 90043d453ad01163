"""The appender: what fails, fails alone or whole, and leaves nothing behind in memory that is not in the store."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace

import pytest

from nrm_kernel import appender as appending_module
from nrm_kernel.appender import BATCH_MAX, Answer, Appender, Order
from nrm_kernel.clock import SystemClock
from nrm_kernel.decider import At, Decision, Fold
from nrm_kernel.entry import Entry, canonical
from nrm_kernel.errors import NrmError, Refused, RequestReused, Unavailable
from nrm_kernel.ledger.merkle import Frontier
from nrm_kernel.service import Ask
from nrm_kernel.store import Batch, Cursor, NewEntry, Wanted, Writing
from nrm_kernel.testing import toy
from nrm_kernel.testing.memory import MemoryStore
from nrm_kernel.testing.store_contract import appending, at_once
from nrm_kernel.testing.toy import COUNTER, ELSEWHERE, LIMIT, Announce, Counter, Raise, Raised
from nrm_kernel.views import Add

TOLD = Raise(1, ELSEWHERE, "a" * 32)


@dataclass
class Disk:
    """What the disk does at a commit: fails, or waits until it is let go."""

    fails: int = 0
    turning: asyncio.Event = field(default_factory=asyncio.Event)
    commits: list[Batch] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.turning.set()


class StoreOnDisk(MemoryStore):
    """A store whose commits meet a disk."""

    def __init__(self, disk: Disk) -> None:
        super().__init__(toy.ORIGIN)
        self.disk = disk

    @asynccontextmanager
    async def writing(self, wanted: Wanted) -> AsyncIterator[Writing]:
        async with super().writing(wanted) as writing:
            record = writing.commit

            async def commit(batch: Batch) -> None:
                await self.disk.turning.wait()
                if self.disk.fails:
                    self.disk.fails -= 1
                    raise Unavailable("STORE_UNAVAILABLE", "The disk is full.")
                self.disk.commits.append(batch)
                await record(batch)

            vars(writing)["commit"] = commit
            yield writing


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def store(disk: Disk) -> StoreOnDisk:
    return StoreOnDisk(disk)


async def chained(store: MemoryStore) -> None:
    """Every stream's entries follow on each other."""
    entries = await store.read(0, 100_000)
    assert [entry.position for entry in entries] == list(range(len(entries)))
    for name in {entry.stream for entry in entries}:
        chain = await store.stream(name)
        assert [entry.seq for entry in chain] == list(range(len(chain)))
        assert [entry.text("prev") for entry in chain] == ["", *(entry.leaf.hex() for entry in chain[:-1])]


async def test_when_the_commit_fails_everybody_hears_of_it_and_nothing_is_remembered(
    store: StoreOnDisk, disk: Disk
) -> None:
    async with appending(store) as appender:
        await appender.submit(toy.order(replace(TOLD, by=LIMIT - 1)))
        disk.fails = 1
        over_the_limit_only_if_the_first_counts = [toy.order(Raise(1)), toy.order(Raise(1))]
        outcomes = await at_once(appender, over_the_limit_only_if_the_first_counts)
        assert [type(one) for one in outcomes] == [Unavailable, Unavailable]
        assert isinstance(await appender.submit(toy.order(TOLD)), Answer)
    assert await store.size() == 5
    await chained(store)


async def test_the_same_request_goes_through_after_a_failed_commit(store: StoreOnDisk, disk: Disk) -> None:
    once = toy.order(Raise(1))
    async with appending(store) as appender:
        disk.fails = 1
        with pytest.raises(Unavailable):
            await appender.submit(once)
        assert not (await appender.submit(once)).replayed
        assert (await appender.submit(once)).replayed
    assert await store.size() == 1


async def test_who_goes_away_before_the_turn_comes_asks_for_nothing(store: StoreOnDisk, disk: Disk) -> None:
    async with appending(store) as appender:
        disk.turning.clear()
        first = asyncio.create_task(appender.submit(toy.order(Raise(1))))
        await asyncio.sleep(0.01)
        second = asyncio.create_task(appender.submit(toy.order(Raise(2))))
        await asyncio.sleep(0.01)
        second.cancel()
        await asyncio.sleep(0)
        disk.turning.set()
        await first
        await appender.submit(toy.order(Raise(3)))
    assert [entry.event for entry in await store.read(0, 10)] == [Raised(1), Raised(3)]


async def test_who_goes_away_during_the_commit_finds_the_answer_later(store: StoreOnDisk, disk: Disk) -> None:
    once = toy.order(Raise(1))
    async with appending(store) as appender:
        disk.turning.clear()
        waiting = asyncio.create_task(appender.submit(once))
        await asyncio.sleep(0.01)
        waiting.cancel()
        await asyncio.sleep(0)
        disk.turning.set()
        assert (await appender.submit(once)).replayed
    assert await store.size() == 1


async def test_a_stop_finishes_the_batch_under_way_and_tells_all_who_wait(store: StoreOnDisk, disk: Disk) -> None:
    appender = Appender(store, SystemClock())
    running = asyncio.create_task(appender.run())
    disk.turning.clear()
    under_way = asyncio.create_task(appender.submit(toy.order(Raise(1))))
    await asyncio.sleep(0.01)
    waiting = [asyncio.create_task(appender.submit(toy.order(Raise(1)))) for _ in range(2 * BATCH_MAX + 1)]
    await asyncio.sleep(0)
    running.cancel()
    await asyncio.sleep(0)
    disk.turning.set()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert (await under_way).reply == b"0 1"
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert {one.reason for one in outcomes if isinstance(one, NrmError)} == {"STOPPING"}
    assert not any(isinstance(one, Answer) for one in outcomes)
    with pytest.raises(Unavailable, match="stopping"):
        await appender.submit(toy.order(Raise(1)))
    assert await store.size() == 1


async def test_a_fault_in_a_rule_is_that_commands_own_failure(store: StoreOnDisk) -> None:
    def faulty(_command: object, _state: Counter) -> Decision:
        raise KeyError("a mistake in the rules")

    async with appending(store) as appender:
        orders = [toy.order(Raise(1)), replace(toy.order(Raise(1)), decide=faulty), toy.order(Raise(1))]
        outcomes = await at_once(appender, orders)
    assert [type(one) for one in outcomes] == [Answer, KeyError, Answer]
    assert await store.size() == 2


async def test_a_command_whose_answer_cannot_be_written_leaves_nothing(store: StoreOnDisk) -> None:
    def no_answer(_recorded: object) -> bytes:
        raise ValueError("a mistake in the reply")

    async with appending(store) as appender:
        orders = [replace(toy.order(TOLD), reply=no_answer), toy.order(TOLD)]
        outcomes = await at_once(appender, orders)
    assert [type(one) for one in outcomes] == [ValueError, Answer]
    assert await store.size() == 3
    await chained(store)


async def test_a_stream_that_cannot_be_read_fails_only_who_needs_it(store: StoreOnDisk) -> None:
    body = canonical({"type": "testing.OfANewerRelease", "schema": 1, "data": {}, "seq": 0, "stream": "counter-new"})
    async with store.writing(Wanted()) as writing:
        await writing.commit(Batch(entries=[NewEntry("counter-new", 0, Entry.of(toy.ORIGIN, 0, body))]))
    async with appending(store) as appender:
        outcomes = await at_once(appender, [toy.order(Raise(1), "new"), toy.order(Raise(1), "old")])
    assert [type(one).__name__ for one in outcomes] == ["UnknownEvent", "Answer"]


async def test_one_request_id_with_two_contents_in_one_batch_counts_once(store: StoreOnDisk) -> None:
    request_id = "00000000-0000-4000-8000-000000000003"
    orders = [toy.order(Raise(by), request_id=request_id) for by in (1, 1, 2)]
    async with appending(store) as appender:
        outcomes = await at_once(appender, orders)
    assert [type(one) for one in outcomes] == [Answer, Answer, RequestReused]
    assert await store.size() == 1


async def test_forgotten_streams_are_found_again_with_their_chains(
    store: StoreOnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appending_module, "STREAMS_MAX", 3)
    async with appending(store) as appender:
        for turn in range(5):
            keys = [f"k{(turn + step) % 7}" for step in range(9)]
            told = [toy.order(Raise(1, ELSEWHERE, key.encode().hex().zfill(32)), key) for key in keys]
            assert all(isinstance(one, Answer) for one in await at_once(appender, told))
        assert len(appender._streams) <= 3
    await chained(store)
    assert sum(isinstance(entry.event, Raised) for entry in await store.read(0, 1_000)) == 45


async def test_what_other_logs_were_seen_is_said_once_and_again_when_it_changes(store: StoreOnDisk) -> None:
    async with appending(store) as appender:
        appender.has_seen(ELSEWHERE, 4)
        await appender.submit(toy.order(Raise(1)))
        await appender.submit(toy.order(Raise(1)))
        appender.has_seen(ELSEWHERE, 6)
        await appender.submit(toy.order(Raise(1)))
    deps = [entry.envelope.get("deps") for entry in await store.read(0, 10)]
    assert deps == [[[ELSEWHERE, 4]], None, [[ELSEWHERE, 6]]]


async def test_what_was_seen_is_said_by_the_next_when_a_commit_fails(store: StoreOnDisk, disk: Disk) -> None:
    async with appending(store) as appender:
        appender.has_seen(ELSEWHERE, 4)
        disk.fails = 1
        await at_once(appender, [toy.order(Raise(1))])
        await appender.submit(toy.order(Raise(1)))
    assert [entry.envelope.get("deps") for entry in await store.read(0, 10)] == [[[ELSEWHERE, 4]]]


def noted(order: Order, key: str = "refusals") -> Order:
    """The order, with an announcement in another stream for when it is refused."""

    def in_its_place(_fault: Exception) -> Ask:
        return Ask(Announce(), toy.decide, [At(COUNTER, key)])

    return replace(order, instead=in_its_place)


async def test_what_is_recorded_instead_of_a_refused_command_moves_the_cursor_with_it(
    store: StoreOnDisk, disk: Disk
) -> None:
    cursor = Cursor("c", Frontier().append(b"x" * 32))
    refused = replace(noted(toy.order(Raise(LIMIT + 1))), cursor=cursor)
    async with appending(store) as appender:
        first = await appender.submit(refused)
        again = await appender.submit(refused)
    assert (first.reply, again.reply, again.replayed) == (b"0 1", b"0 1", True)
    assert [entry.stream for entry in await store.read(0, 10)] == ["counter-refusals"]
    assert [[one.name for one in batch.cursors] for batch in disk.commits] == [["c"], ["c"]]


async def test_a_cursor_stays_where_it_is_when_its_command_is_refused(store: StoreOnDisk) -> None:
    cursor = Cursor("c", Frontier().append(b"x" * 32))
    async with appending(store) as appender:
        with pytest.raises(Refused):
            await appender.submit(replace(toy.order(Raise(LIMIT + 1)), cursor=cursor))
    assert await store.cursor("c") is None


async def test_sealed_rows_are_kept_only_with_a_fact_that_commits_to_them(store: StoreOnDisk, disk: Disk) -> None:
    row = Add(toy.raised, {"origin": "o", "position": 0, "stream": "s", "by": 1})
    silent: Fold[None, object] = Fold("silent", None, lambda state, _event: state)
    nothing = replace(toy.order(Raise(1)), streams=[At(silent, "one")], decide=lambda _command, _state: [])
    async with appending(store) as appender:
        await appender.submit(replace(toy.order(Raise(1)), rows=[row]))
        await appender.submit(replace(nothing, rows=[row]))
    assert [batch.rows for batch in disk.commits] == [[row], []]


async def test_a_listener_hears_of_every_commit(store: StoreOnDisk) -> None:
    heard: list[int] = []
    appender = Appender(store, SystemClock())
    appender.on_commit(lambda: heard.append(1))
    running = asyncio.create_task(appender.run())
    for _ in range(3):
        await appender.submit(toy.order(Raise(1)))
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert len(heard) == 3
