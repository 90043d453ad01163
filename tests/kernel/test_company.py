"""Waiting for company: who comes with many shares a commit with them, and who comes alone waits for nobody."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrm_kernel import company
from nrm_kernel.company import REST_MAX_S, REST_S, SIBLINGS, TURNS, gathered, rest_s
from nrm_kernel.testing import toy
from nrm_kernel.testing.memory import MemoryStore
from nrm_kernel.testing.store_contract import appending, at_once
from nrm_kernel.testing.toy import Raise

BETWEEN = TURNS // 2
"""Turns of the loop between one caller and the next."""


@pytest.fixture(autouse=True)
def whatever_the_clock_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is, only turns are counted."""
    monkeypatch.setattr(company, "GATHERING_S", 3_600.0)


async def turns(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def one_after_another(waiting: list[int], count: int) -> None:
    for number in range(count):
        await turns(BETWEEN)
        waiting.append(number)


async def test_it_waits_while_others_come_and_no_longer() -> None:
    waiting: list[int] = []
    coming = asyncio.create_task(one_after_another(waiting, 10))
    await gathered(waiting, 100)
    assert len(waiting) == 10
    await coming


async def test_enough_are_enough() -> None:
    waiting: list[int] = []
    coming = asyncio.create_task(one_after_another(waiting, 10))
    await gathered(waiting, 4)
    assert len(waiting) == 4
    await coming


async def test_it_ends_in_time_however_many_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(company, "GATHERING_S", 0.0)
    waiting: list[int] = []
    coming = asyncio.create_task(one_after_another(waiting, 10))
    await gathered(waiting, 100)
    assert not waiting
    await coming


async def commits_after(first: int, callers: int) -> int:
    """Commits for so many callers, one after another, when so many at once came before them."""
    async with appending(MemoryStore(toy.ORIGIN)) as appender:

        async def later(number: int) -> None:
            await turns(BETWEEN * number)
            await appender.submit(toy.order(Raise(1), f"later-{number}"))

        await at_once(appender, [toy.order(Raise(1), f"first-{number}") for number in range(first)])
        commits: list[None] = []
        appender.on_commit(lambda: commits.append(None))
        await asyncio.gather(*map(later, range(callers)))
    return len(commits)


async def test_after_a_group_those_who_come_one_after_another_share_a_commit() -> None:
    assert await commits_after(SIBLINGS, 10) == 1


async def test_after_fewer_each_goes_at_once() -> None:
    assert await commits_after(SIBLINGS - 1, 10) == 10


@given(st.floats(0, 1e6))
def test_a_loop_rests_within_bounds_and_longer_the_longer_its_rounds_are(round_s: float) -> None:
    assert REST_S <= rest_s(round_s) <= REST_MAX_S
    assert rest_s(round_s) <= rest_s(round_s * 2)
    assert rest_s(0.02) > rest_s(0.01)
