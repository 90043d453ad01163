"""A notice that a newer release wrote waits for the upgrade: it is neither passed over nor recorded as unreadable."""

from pathlib import Path
from typing import cast

import pytest
from tests.kernel.pair import ELSEWHERE, HERE, THIRD, Side, forged, handover, notice, opened, reacted

from nrm_contracts import catalogue
from nrm_kernel.entry import Json
from nrm_kernel.errors import EventUnknown
from nrm_kernel.testing.memory import MemoryStore
from nrm_kernel.testing.toy import Raise, RaisedNotified

NEWER: list[dict[str, Json]] = [{"schema": 2}, {"type": "testing.RaisedMuchNotified"}]


@pytest.mark.parametrize("newer", NEWER)
async def test_a_notice_of_a_newer_release_stops_its_origin_until_this_one_is_upgraded(
    pair: tuple[Side, Side], newer: dict[str, Json], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, other = pair
    await forged(here, notice(2, 2), notice(1, 5) | newer, notice(3, 3))
    reacting = await other.reacting(HERE)
    for loop in (reacting, reacting, await other.reacting(HERE)):
        with pytest.raises(EventUnknown) as alarm:
            await reacted(other, loop)
        assert (alarm.value.reason, alarm.value.facts) == ("EVENT_UNKNOWN", {"origin": HERE, "position": "1"})
        assert await other.values() == [2], "what stands before it had its effect, once"
    assert await other.refusals() == []

    async with opened(MemoryStore(THIRD), here.log, tmp_path) as third:
        await third.give(Raise(7, ELSEWHERE, handover(9)))
        await third.publish()
    await reacted(other, await other.reacting(THIRD))
    assert await other.values() == [2, 7], "another origin goes on"

    kind = catalogue.type_of(RaisedNotified)
    known = (str(newer.get("type", kind.name)), cast(int, newer.get("schema", 1)))
    monkeypatch.setitem(catalogue._BY_NAME, known, kind)
    await reacted(other, await other.reacting(HERE))
    assert sorted(await other.values()) == [2, 3, 5, 7], "nothing was lost, and nothing came twice"
    assert await other.refusals() == []


async def test_a_notice_of_a_newer_release_to_somebody_else_stops_nobody(pair: tuple[Side, Side]) -> None:
    here, other = pair
    await forged(here, notice(1) | {"schema": 2, "to": THIRD}, notice(3, 3))
    await reacted(other)
    assert await other.values() == [3]


async def test_a_release_that_is_older_than_its_own_log_publishes_nothing_of_it(
    pair: tuple[Side, Side], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, _ = pair
    await here.give(Raise(1))
    with monkeypatch.context() as older:
        older.delitem(catalogue._BY_NAME, ("testing.Raised", 1))
        with pytest.raises(EventUnknown) as alarm:
            await here.publish()
    assert alarm.value.facts == {"origin": HERE, "position": "0"}
    assert await here.log.size(HERE) == 0
    await here.publish()
    assert await here.log.size(HERE) == 1
