"""What every shared log must keep to. Subclass it and give a ``log`` fixture."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from nrm_kernel.entry import Entry, canonical
from nrm_kernel.follow import Alarm, Follower
from nrm_kernel.ledger.merkle import Frontier
from nrm_kernel.ledger.note import Checkpoint, Heartbeat, SigningKey, sign
from nrm_kernel.ledger.trust import Trust, TrustedKey, TrustedOrigin
from nrm_kernel.log import Behind, Body, Fork, Published, Run, SharedLog, Signed
from nrm_kernel.testing.toy import DAY_0

ORIGIN = "toy/counting/here"
OTHER = "toy/counting/elsewhere"
THIRD = "toy/counting/third"
COORDINATOR = "toy/coordinator/national"
KEY = SigningKey.generate(ORIGIN)
TRUST = Trust("toy", (TrustedOrigin(ORIGIN, (TrustedKey(KEY.verifier(), 0, None),), {}),))


def written(count: int, audience: str = "own", to: str = "", first: int = 0) -> list[Published]:
    """Entries as a relay hands them over."""
    return [
        Published(Entry.of(ORIGIN, at, canonical({"origin": ORIGIN, "position": at})), audience, to)
        for at in range(first, first + count)
    ]


def signed(entries: Sequence[Published]) -> str:
    """The checkpoint over all of these."""
    frontier = Frontier().extend([one.entry.leaf for one in entries])
    return sign(Checkpoint(ORIGIN, frontier.size, frontier.root()), KEY)


def follower(log: SharedLog, reader: str) -> Follower:
    """A reader from the beginning."""
    return Follower(log, TRUST, ORIGIN, reader, Frontier())


class LogContract:
    """The tests. Every adapter passes all of them."""

    async def test_each_reader_gets_the_bodies_for_it_and_the_hashes_of_the_rest(self, log: SharedLog) -> None:
        entries = [*written(3), *written(2, "notice", OTHER, 3), *written(1, "all", "", 5), *written(1, first=6)]
        await log.publish(ORIGIN, entries, signed(entries))
        leaves = [one.entry.leaf for one in entries]
        bodies = [Body(at, one.entry.body) for at, one in enumerate(entries)]
        note = Signed(signed(entries))
        assert await log.read(ORIGIN, ORIGIN, 0, 100) == [*bodies, note]
        assert await log.read(ORIGIN, COORDINATOR, 0, 100) == [*bodies, note]
        assert await log.read(ORIGIN, OTHER, 0, 100) == [
            Run(0, tuple(leaves[:3])),
            *bodies[3:6],
            Run(6, (leaves[6],)),
            note,
        ]
        assert await log.read(ORIGIN, THIRD, 0, 100) == [
            Run(0, tuple(leaves[:5])),
            bodies[5],
            Run(6, (leaves[6],)),
            note,
        ]

    async def test_every_reader_recomputes_the_same_root(self, log: SharedLog) -> None:
        entries = [*written(5), *written(4, "notice", OTHER, 5)]
        await log.publish(ORIGIN, entries, signed(entries))
        for reader in (ORIGIN, OTHER, THIRD, COORDINATOR):
            covered = await follower(log, reader).next()
            assert covered is not None
            assert covered.frontier.root() == Frontier().extend([one.entry.leaf for one in entries]).root()
        assert await follower(log, THIRD).next() is not None

    async def test_reading_in_small_steps_gives_the_same_as_in_one(self, log: SharedLog) -> None:
        entries = written(10)
        for size in (3, 4, 10):
            await log.publish(ORIGIN, entries[:size], signed(entries[:size]))
        reader = follower(log, COORDINATOR)
        sizes = []
        while (covered := await reader.next(limit=1)) is not None:
            sizes.append(covered.frontier.size)
        assert sizes == [3, 4, 10]
        whole = await follower(log, COORDINATOR).next()
        assert whole is not None
        assert whole.frontier == reader.frontier

    async def test_publishing_again_changes_nothing(self, log: SharedLog) -> None:
        entries = written(6)
        await log.publish(ORIGIN, entries[:4], signed(entries[:4]))
        await log.publish(ORIGIN, entries[:4], signed(entries[:4]))
        await log.publish(ORIGIN, entries[2:], signed(entries))
        assert await log.size(ORIGIN) == 6
        assert len(await log.read(ORIGIN, COORDINATOR, 0, 100)) == 7

    async def test_another_entry_at_a_taken_position_is_a_fork(self, log: SharedLog) -> None:
        entries = written(4)
        await log.publish(ORIGIN, entries, signed(entries))
        other = replace(entries[2], entry=Entry.of(ORIGIN, 2, b'{"other":2}'))
        with pytest.raises(Fork) as alarm:
            await log.publish(ORIGIN, [entries[1], other], signed(entries))
        assert alarm.value.facts == {"origin": ORIGIN, "position": "2"}
        assert await log.size(ORIGIN) == 4

    async def test_entries_behind_a_gap_are_not_taken(self, log: SharedLog) -> None:
        entries = written(6)
        await log.publish(ORIGIN, entries[:2], signed(entries[:2]))
        with pytest.raises(Behind) as refusal:
            await log.publish(ORIGIN, entries[3:], signed(entries))
        assert refusal.value.facts == {"origin": ORIGIN, "held": "2"}
        assert await log.size(ORIGIN) == 2
        assert len(await log.read(ORIGIN, COORDINATOR, 0, 100)) == 3

    async def test_entries_that_the_checkpoint_does_not_fit_are_not_applied(self, log: SharedLog) -> None:
        entries, altered = written(4), written(4)
        other = canonical({"origin": ORIGIN, "other": 1, "position": 1})
        altered[1] = replace(altered[1], entry=Entry.of(ORIGIN, 1, other))
        await log.publish(ORIGIN, altered, signed(entries))
        with pytest.raises(Alarm) as alarm:
            await follower(log, COORDINATOR).next()
        assert alarm.value.reason == "LOG_CONTRADICTS"

    async def test_an_unknown_origin_is_empty(self, log: SharedLog) -> None:
        assert await log.size(THIRD) == 0
        assert await log.read(THIRD, COORDINATOR, 0, 10) == []
        assert await log.checkpoint(THIRD) is None
        assert await log.last_beat(THIRD) is None

    async def test_the_newest_checkpoint_is_the_one_that_covers_most(self, log: SharedLog) -> None:
        entries = written(5)
        for size in (2, 5):
            await log.publish(ORIGIN, entries[:size], signed(entries[:size]))
            assert await log.checkpoint(ORIGIN) == signed(entries[:size])

    async def test_a_waiting_reader_is_woken_by_what_is_published(self, log: SharedLog) -> None:
        entries = written(1)
        assert not await log.wait(ORIGIN, 0, 0.02)
        waiting = asyncio.create_task(log.wait(ORIGIN, 0, 60))
        await asyncio.sleep(0.02)
        await log.publish(ORIGIN, entries, signed(entries))
        assert await waiting

    async def test_the_newest_heartbeat_stands(self, log: SharedLog) -> None:
        for size in (1, 2):
            await log.beat(ORIGIN, sign(Heartbeat(ORIGIN, size, DAY_0), KEY))
        assert await log.last_beat(ORIGIN) == sign(Heartbeat(ORIGIN, 2, DAY_0), KEY)
