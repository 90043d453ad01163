"""What every place where views are kept must keep to. Subclass it and give a ``views`` fixture of the toy's view."""

import asyncio

import pytest

from nrm_kernel.entry import Entry, canonical
from nrm_kernel.errors import Unavailable
from nrm_kernel.ledger.merkle import Frontier
from nrm_kernel.projecting import Moved, RebuiltStore, Stretch
from nrm_kernel.testing.fresh import dump
from nrm_kernel.testing.toy import ELSEWHERE, ORIGIN, VIEW, raised, unannounced
from nrm_kernel.views import Add, Completeness, Put, Remove

LEAF = b"\x01" * 32


def stretch(after: int, count: int, origin: str = ORIGIN, recorded_at: str = "2026-01-01T00:00:00Z") -> Stretch:
    """Entries from a position on; what they say does not matter here."""
    entries = [
        Entry.of(origin, at, canonical({"position": at, "recorded_at": recorded_at}))
        for at in range(after, after + count)
    ]
    return Stretch(origin, after, entries, Frontier().extend([LEAF] * (after + count)))


def fact(position: int, by: int = 1) -> Add:
    """A row that nobody changes."""
    return Add(raised, {"origin": ORIGIN, "position": position, "stream": "s", "by": by})


def put(stream: str, by: int, **cells: str) -> Put:
    """A row that others change."""
    return Put(unannounced, {"stream": stream, "last_by": by, **cells})


class ViewsContract:
    """The tests. Every adapter passes all of them."""

    async def test_rows_and_cursor_change_together(self, views: RebuiltStore) -> None:
        await views.apply([fact(0), fact(1)], stretch(0, 2))
        assert (await dump(views, VIEW))["raised"] == [[ORIGIN, 0, "s", 1], [ORIGIN, 1, "s", 1]]
        assert await views.frontier(ORIGIN) == Frontier().extend([LEAF] * 2)
        assert await views.completeness() == Completeness({ORIGIN: 2}, {ORIGIN: "2026-01-01T00:00:00Z"})

    async def test_when_one_row_cannot_be_written_nothing_changes(self, views: RebuiltStore) -> None:
        await views.apply([fact(0)], stretch(0, 1))
        before = await dump(views, VIEW)
        with pytest.raises(Exception, match=r"(?i)unique") as fault:
            await views.apply([put("a", 1), fact(1), fact(0)], stretch(1, 2))
        assert not isinstance(fault.value, Unavailable), "waiting does not help"
        assert await dump(views, VIEW) == before
        assert (await views.frontier(ORIGIN)).size == 1

    @pytest.mark.parametrize("after", [0, 1, 3])
    async def test_a_stretch_that_does_not_begin_where_the_views_stand_changes_nothing(
        self, views: RebuiltStore, after: int
    ) -> None:
        await views.apply([fact(0), fact(1)], stretch(0, 2))
        with pytest.raises(Moved) as refusal:
            await views.apply([fact(9)], stretch(after, 1))
        assert refusal.value.facts["position"] == "2"
        assert len((await dump(views, VIEW))["raised"]) == 2
        assert (await views.frontier(ORIGIN)).size == 2

    async def test_changes_of_a_row_stand_in_their_order(self, views: RebuiltStore) -> None:
        await views.apply([put("a", 1, told_to="x"), put("a", 2), put("b", 1), Remove(unannounced, {"stream": "b"})],
                          stretch(0, 1))  # fmt: skip
        assert (await dump(views, VIEW))["unannounced"] == [["a", 2, "x"]]
        await views.apply([Remove(unannounced, {"stream": "a"}), put("a", 3)], stretch(1, 1))
        assert (await dump(views, VIEW))["unannounced"] == [["a", 3, None]]
        await views.apply([Remove(unannounced, {"stream": "unknown"})], stretch(2, 1))
        assert (await dump(views, VIEW))["unannounced"] == [["a", 3, None]]

    async def test_each_origin_has_a_cursor_of_its_own(self, views: RebuiltStore) -> None:
        await views.apply([], stretch(0, 3))
        await views.apply([], stretch(0, 1, ELSEWHERE))
        assert (await views.completeness()).sizes == {ORIGIN: 3, ELSEWHERE: 1}
        assert await views.frontier("toy/counting/nobody") == Frontier()

    async def test_what_may_not_be_read_moves_the_cursor_but_says_nothing_of_time(self, views: RebuiltStore) -> None:
        await views.apply([], stretch(0, 1, recorded_at="2026-01-02T00:00:00Z"))
        hidden = Stretch(ORIGIN, 1, (), Frontier().extend([LEAF] * 5))
        await views.apply([], hidden)
        assert await views.completeness() == Completeness({ORIGIN: 5}, {ORIGIN: "2026-01-02T00:00:00Z"})

    async def test_rows_made_beside_are_seen_when_they_take_the_place(self, views: RebuiltStore) -> None:
        await views.apply([fact(0, by=1)], stretch(0, 1))
        fresh = await views.beside()
        assert await fresh.frontier(ORIGIN) == Frontier()
        await fresh.apply([fact(0, by=2), fact(1, by=2)], stretch(0, 2))
        assert (await dump(views, VIEW))["raised"] == [[ORIGIN, 0, "s", 1]]
        await views.replace_by(fresh)
        assert (await dump(views, VIEW))["raised"] == [[ORIGIN, 0, "s", 2], [ORIGIN, 1, "s", 2]]
        assert (await views.frontier(ORIGIN)).size == 2
        await views.apply([fact(2)], stretch(2, 1))

    async def test_rows_made_beside_can_be_thrown_away_and_made_again(self, views: RebuiltStore) -> None:
        await views.apply([fact(0)], stretch(0, 1))
        for _ in range(2):
            fresh = await views.beside()
            await fresh.apply([fact(0, by=2)], stretch(0, 1))
            await fresh.discard()
        assert (await dump(views, VIEW))["raised"] == [[ORIGIN, 0, "s", 1]]

    async def test_reads_go_on_while_the_rows_are_replaced(self, views: RebuiltStore) -> None:
        await views.apply([fact(at) for at in range(50)], stretch(0, 50))
        seen: set[int] = set()
        done = asyncio.Event()

        async def reading() -> None:
            while not done.is_set():
                seen.add(len((await dump(views, VIEW))["raised"]))

        readers = [asyncio.create_task(reading()) for _ in range(3)]
        for turn in range(4):
            fresh = await views.beside()
            await fresh.apply([fact(at) for at in range(50)], stretch(0, 50))
            await views.replace_by(fresh)
            await views.apply([fact(50)] if turn == 3 else [], stretch(50, 1))
        done.set()
        await asyncio.gather(*readers)
        assert seen <= {50, 51}
        assert len((await dump(views, VIEW))["raised"]) == 51
