"""What every agency store must keep to, whatever it is made of. Subclass it and give a ``store`` fixture."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import pytest

from nrm_kernel.appender import Answer, Appender, Order
from nrm_kernel.clock import SystemClock
from nrm_kernel.entry import Entry, canonical
from nrm_kernel.errors import Invalid, Refused, RequestReused, Stale
from nrm_kernel.ledger.merkle import Frontier
from nrm_kernel.store import Batch, Cursor, NewEntry, Store, Wanted
from nrm_kernel.testing import toy
from nrm_kernel.testing.toy import Announce, Raise

CALLERS = 64


@asynccontextmanager
async def appending(store: Store) -> AsyncIterator[Appender]:
    """An appender that runs as long as the block."""
    appender = Appender(store, SystemClock())
    running = asyncio.create_task(appender.run())
    try:
        yield appender
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def at_once(appender: Appender, orders: Sequence[Order]) -> list[Answer | BaseException]:
    """What becomes of orders that are given all at once."""
    return await asyncio.gather(*map(appender.submit, orders), return_exceptions=True)


class StoreContract:
    """The tests. Every adapter passes all of them."""

    async def test_positions_have_no_gap_and_every_entry_is_what_was_hashed(self, store: Store) -> None:
        async with appending(store) as appender:
            await at_once(appender, [toy.order(Raise(1), f"k{n}") for n in range(CALLERS)])
        entries = await store.read(0, 1_000)
        assert [entry.position for entry in entries] == list(range(CALLERS))
        assert all(Entry.of(store.origin, e.position, e.body).leaf == e.leaf for e in entries)
        assert all(canonical(entry.envelope) == entry.body for entry in entries)

    async def test_of_64_writers_on_one_version_one_wins_and_the_others_learn_the_current_one(
        self, store: Store
    ) -> None:
        async with appending(store) as appender:
            for version in range(5):
                orders = [toy.order(Raise(1), expected_version=version) for _ in range(CALLERS)]
                outcomes = await at_once(appender, orders)
                stale = [one for one in outcomes if isinstance(one, Stale)]
                assert len(stale) == CALLERS - 1
                assert {one.facts["current_version"] for one in stale} == {str(version + 1)}
        assert await store.size() == 5

    async def test_twenty_appends_at_any_version_give_twenty_entries(self, store: Store) -> None:
        async with appending(store) as appender:
            outcomes = await at_once(appender, [toy.order(Raise(1)) for _ in range(20)])
        assert all(isinstance(one, Answer) for one in outcomes)
        assert [entry.seq for entry in await store.stream("counter-one")] == list(range(20))

    async def test_the_same_request_a_hundred_times_at_once_has_one_effect_and_one_answer(self, store: Store) -> None:
        once = toy.order(Raise(1), request_id="00000000-0000-4000-8000-000000000001")
        async with appending(store) as appender:
            first = await at_once(appender, [once] * 100)
        async with appending(store) as restarted:
            again = await restarted.submit(once)
        answers = [one for one in first if isinstance(one, Answer)]
        assert len(answers) == 100
        assert sum(not one.replayed for one in answers) == 1
        assert {one.reply for one in answers} | {again.reply} == {b"0 1"}
        assert again.replayed
        assert await store.size() == 1

    async def test_a_request_id_with_other_content_is_refused(self, store: Store) -> None:
        request_id = "00000000-0000-4000-8000-000000000002"
        async with appending(store) as appender:
            await appender.submit(toy.order(Raise(1), request_id=request_id))
            with pytest.raises(RequestReused):
                await appender.submit(toy.order(Raise(2), request_id=request_id))

    async def test_a_refused_command_does_not_fail_its_neighbours(self, store: Store) -> None:
        async with appending(store) as appender:
            outcomes = await at_once(
                appender, [toy.order(Raise(1), "a"), toy.order(Raise(toy.LIMIT + 1), "b"), toy.order(Raise(1), "c")]
            )
        assert [type(one) for one in outcomes] == [Answer, Refused, Answer]
        assert await store.size() == 2

    async def test_a_command_on_an_existing_stream_must_say_which_version_it_read(self, store: Store) -> None:
        async with appending(store) as appender:
            await appender.submit(toy.order(Raise(1), expected_version=None))
            with pytest.raises(Invalid) as refusal:
                await appender.submit(toy.order(Raise(1), expected_version=None))
        assert refusal.value.reason == "EXPECTED_VERSION_MISSING"

    async def test_a_rule_over_a_stream_holds_however_many_commands_come_at_once(self, store: Store) -> None:
        async with appending(store) as appender:
            outcomes = await at_once(appender, [toy.order(Raise(100)) for _ in range(CALLERS)])
        assert sum(isinstance(one, Answer) for one in outcomes) == toy.LIMIT // 100

    async def test_two_appenders_on_one_store_see_each_other(self, store: Store) -> None:
        async with appending(store) as one, appending(store) as other:
            for _ in range(10):
                await at_once(one, [toy.order(Raise(100))])
                await at_once(other, [toy.order(Raise(100))])
            await at_once(other, [toy.order(Announce())])
        entries = await store.stream("counter-one")
        assert [entry.event for entry in entries][-1] == toy.Announced(toy.LIMIT)
        assert len(entries) == toy.LIMIT // 100 + 1

    async def test_the_chain_of_a_stream_and_of_notices_goes_on_after_a_restart(self, store: Store) -> None:
        told = Raise(1, toy.ELSEWHERE, "a" * 32)
        for _ in range(3):
            async with appending(store) as appender:
                await appender.submit(toy.order(told))
        for stream in ("counter-one", f"notice-{'a' * 32}"):
            entries = await store.stream(stream)
            assert [entry.seq for entry in entries] == list(range(len(entries)))
            assert [entry.text("prev") for entry in entries][1:] == [entry.leaf.hex() for entry in entries][:-1]
        known, unknown = "a" * 32, "b" * 32
        assert await store.people_behind((known, unknown), toy.ELSEWHERE) == {known: "0" * 32}
        assert await store.people_behind((known,), "toy/counting/third") == {}

    async def test_a_write_that_is_left_without_commit_records_nothing(self, store: Store) -> None:
        with pytest.raises(RuntimeError):
            async with store.writing(Wanted()):
                raise RuntimeError
        assert await store.size() == 0
        async with appending(store) as appender:
            await appender.submit(toy.order(Raise(1)))
        assert await store.size() == 1

    async def test_a_writer_held_before_its_commit_never_makes_a_reader_skip(self, store: Store) -> None:
        entry = Entry.of(store.origin, 0, b"{}")
        holding, let_go = asyncio.Event(), asyncio.Event()

        async def hold() -> None:
            async with store.writing(Wanted()) as writing:
                holding.set()
                await let_go.wait()
                await writing.commit(Batch(entries=[NewEntry("s", 0, entry)]))

        async with appending(store) as appender:
            held = asyncio.create_task(hold())
            await holding.wait()
            later = asyncio.create_task(appender.submit(toy.order(Raise(1))))
            await asyncio.sleep(0.05)
            seen_meanwhile = await store.read(0, 10)
            let_go.set()
            await asyncio.gather(held, later)
        assert not seen_meanwhile
        assert [one.position for one in await store.read(0, 10)] == [0, 1]

    async def test_a_cursor_only_moves_forward(self, store: Store) -> None:
        ahead, behind = (Cursor("c", Frontier().extend([b"x" * 32] * size)) for size in (5, 3))
        assert await store.cursor("c") is None
        assert await store.move(ahead)
        assert not await store.move(behind)
        assert not await store.move(ahead)
        assert await store.cursor("c") == ahead

    async def test_the_largest_checkpoint_is_the_one_that_counts(self, store: Store) -> None:
        assert await store.checkpoint() is None
        seven, three = (Cursor("relay", Frontier().extend([b"x" * 32] * size)) for size in (7, 3))
        await store.save_checkpoint(7, "seven", seven)
        await store.save_checkpoint(3, "three", three)
        await store.save_checkpoint(7, "seven again", seven)
        assert await store.checkpoint() == "seven"
        assert await store.cursor("relay") == seven
