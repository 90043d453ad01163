"""Stories that run side by side: each waits for its day, and for what it needs."""

from datetime import date, timedelta
from functools import partial

import pytest

from nrm.demo.pace import Pace

DAY = date(2026, 1, 1)


def later(days: int) -> date:
    return DAY + timedelta(days=days)


async def test_a_story_goes_on_when_its_day_has_come() -> None:
    pace, told = Pace(), list[str]()

    async def story() -> None:
        told.append(await pace.until(later(5), lambda: "went on"))

    pace.begin(story())
    await pace.advance(later(4))
    assert told == []
    await pace.advance(later(5))
    assert told == ["went on"]


async def test_a_story_waits_for_what_it_needs_however_late() -> None:
    pace, told, found = Pace(), list[str](), dict[str, str]()

    async def story() -> None:
        told.append(await pace.until(DAY, lambda: found.get("ref"), "the story"))

    pace.begin(story())
    await pace.advance(later(1))
    assert told == []
    assert pace.waiting_since(DAY) == ["the story"]
    found["ref"] = "known at last"
    await pace.advance(later(2))
    assert told == ["known at last"]
    assert pace.waiting_since(later(2)) == []


async def test_what_is_due_and_ready_does_not_wait() -> None:
    pace, told = Pace(), list[int]()

    async def story() -> None:
        for nth in range(3):
            told.append(await pace.until(later(nth), partial(int, nth)))

    pace.begin(story())
    await pace.advance(later(1))
    assert told == [0, 1]


async def test_stories_go_on_in_the_order_of_their_days() -> None:
    pace, told = Pace(), list[int]()

    async def story(day: int) -> None:
        await pace.until(later(day), lambda: True)
        told.append(day)

    for day in (3, 1, 2):
        pace.begin(story(day))
    await pace.advance(later(9))
    assert told == [1, 2, 3]


async def test_a_story_that_fails_is_remembered_and_stops_nobody_else() -> None:
    pace, told = Pace(), list[str]()

    async def fails() -> None:
        await pace.until(later(1), lambda: True)
        raise ValueError("the script is wrong")

    async def goes_on() -> None:
        await pace.until(later(1), lambda: True)
        told.append("done")

    pace.begin(fails())
    pace.begin(goes_on())
    await pace.advance(later(1))
    assert [str(fault) for fault in pace.faults] == ["the script is wrong"]
    assert told == ["done"]


async def test_stopping_ends_stories_that_wait_for_ever() -> None:
    pace = Pace()

    async def story() -> None:
        await pace.until(later(1), lambda: None)
        pytest.fail("nothing came, so it cannot go on")

    pace.begin(story())
    await pace.advance(later(9))
    await pace.stop()
    assert not pace.faults
