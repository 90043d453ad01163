"""The feed through a real server: what one reader gets of a log, from any position on, checkable."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import grpc
import pytest

from nrm_contracts.feed.v1.feed_pb2 import SubscribeRequest, SubscribeResponse
from nrm_kernel.adapters.log_sqlite import SqliteLog
from nrm_kernel.entry import Entry
from nrm_kernel.ledger.merkle import Frontier, leaf_hash
from nrm_kernel.ledger.note import Checkpoint, SigningKey, sign, stated
from nrm_kernel.log import Published
from nrm_kernel.rpc_feed import feed_door
from nrm_kernel.testing import serving
from nrm_kernel.testing.serving import Metadata, ended, says
from nrm_kernel.testing.toy_door import AGENCIES, ORIGIN, OTHER

PATH = "/nrm.feed.v1.FeedService/Subscribe"
SYSTEM = says(ORIGIN, "relay", "assist")


class Feeding:
    """A log with entries of another agency, and the feed over it."""

    def __init__(self, log: SqliteLog, channel: grpc.aio.Channel) -> None:
        self.log, self._channel = log, channel
        self.key = SigningKey.generate(OTHER)
        self.frontier = Frontier()
        self.entries: list[Published] = []

    async def publish(self, *audiences: str) -> None:
        first = len(self.entries)
        for nth, audience in enumerate(audiences, start=first):
            entry = Entry.of(OTHER, nth, f'{{"nth":{nth}}}'.encode())
            self.entries.append(Published(entry, audience, ORIGIN if audience == "notice" else ""))
        new = self.entries[first:]
        self.frontier = self.frontier.extend([one.entry.leaf for one in new])
        note = sign(Checkpoint(OTHER, self.frontier.size, self.frontier.root()), self.key)
        await self.log.publish(OTHER, new, note)

    def subscribe(
        self, after: int = 0, origin: str = OTHER, caller: Metadata = SYSTEM
    ) -> grpc.aio.UnaryStreamCall[bytes, bytes]:
        method: grpc.aio.UnaryStreamMultiCallable[bytes, bytes] = self._channel.unary_stream(PATH)
        return method(SubscribeRequest(origin=origin, after=after).SerializeToString(), metadata=caller)


async def records(stream: grpc.aio.UnaryStreamCall[bytes, bytes], count: int) -> list[SubscribeResponse]:
    async with asyncio.timeout(60):
        read = [await stream.read() for _ in range(count)]
    return [SubscribeResponse.FromString(one) for one in read if isinstance(one, bytes)]


@pytest.fixture
async def feeding(tmp_path: Path) -> AsyncIterator[Feeding]:
    log = SqliteLog(tmp_path / "log.db")
    async with serving.agency(tmp_path, ORIGIN, AGENCIES) as agency:
        door = feed_door(ORIGIN, log, AGENCIES, heartbeat_s=0.2)
        async with (
            serving.served(agency.office, [door]) as port,
            grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel,
        ):
            yield Feeding(log, channel)
    await log.close()


async def test_bodies_that_may_be_read_come_verbatim_and_the_others_as_hashes(feeding: Feeding) -> None:
    await feeding.publish("own", "own", "notice", "own", "all")
    got = await records(feeding.subscribe(), 5)
    assert [one.WhichOneof("record") for one in got] == ["run", "entry", "run", "entry", "checkpoint"]
    assert [got[1].entry.body, got[3].entry.body] == [b'{"nth":2}', b'{"nth":4}']
    assert (got[0].run.first, len(got[0].run.leaves)) == (0, 2)


async def test_a_reader_can_recompute_the_root_that_was_signed(feeding: Feeding) -> None:
    await feeding.publish("own", "all", "own")
    leaves: list[bytes] = []
    for one in await records(feeding.subscribe(), 4):
        leaves += [leaf_hash(one.entry.body)] if one.HasField("entry") else one.run.leaves
    checkpoint = stated((await records(feeding.subscribe(), 4))[-1].checkpoint.note)
    assert Frontier().extend(leaves).root() == checkpoint.root


async def test_a_feed_begins_where_it_is_asked_to_and_goes_on_with_what_comes(feeding: Feeding) -> None:
    await feeding.publish("all", "all", "all")
    stream = feeding.subscribe(after=2)
    first = await records(stream, 2)
    assert (first[0].entry.position, first[1].checkpoint.size) == (2, 3)
    await feeding.publish("all")
    later = [one for one in await records(stream, 3) if not one.HasField("heartbeat")]
    assert later[0].entry.position == 3


@pytest.mark.slow
async def test_an_idle_feed_says_that_it_is_alive(feeding: Feeding) -> None:
    await feeding.publish("all")
    got = await records(feeding.subscribe(), 4)
    assert [one.heartbeat.size for one in got[2:]] == [1, 1]


async def test_a_position_ahead_of_the_log_waits_for_it(feeding: Feeding) -> None:
    await feeding.publish("all")
    [only] = await records(feeding.subscribe(after=9), 1)
    assert only.heartbeat.size == 9


@pytest.mark.parametrize(
    ("after", "origin", "caller", "code"),
    [
        (0, "toy/boats/nowhere", SYSTEM, grpc.StatusCode.NOT_FOUND),
        (-1, OTHER, SYSTEM, grpc.StatusCode.INVALID_ARGUMENT),
        (0, OTHER, says(OTHER, "relay", "assist"), grpc.StatusCode.PERMISSION_DENIED),
        (0, OTHER, says(ORIGIN, "case_worker", "assist"), grpc.StatusCode.PERMISSION_DENIED),
    ],
    ids=["unknown origin", "below 0", "another agency's system", "not a system"],
)
async def test_a_wrong_subscription_is_refused(
    feeding: Feeding, after: int, origin: str, caller: Metadata, code: grpc.StatusCode
) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await feeding.subscribe(after, origin, caller).read()
    assert ended(refused.value).code is code
