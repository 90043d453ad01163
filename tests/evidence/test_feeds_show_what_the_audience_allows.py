"""Each agency's own systems get by its feed what the agency may read, resumable and checkable, and nothing else."""

from collections.abc import Sequence

import grpc
import pytest
from tests.pathways import stories
from tests.pathways.deployment import (
    COORDINATOR,
    FUND,
    NGO,
    ORIGINS,
    POLICE,
    Deployment,
    eventually,
    method_of,
    officer_for,
)

from nrm_contracts import catalogue
from nrm_contracts.catalogue import Audience
from nrm_contracts.feed.v1.feed_pb2 import SubscribeRequest, SubscribeResponse
from nrm_kernel.entry import Entry
from nrm_kernel.follow import Alarm, Covered, Follower
from nrm_kernel.ledger.merkle import Frontier
from nrm_kernel.log import READS_EVERYTHING, Body, Record, Run, SharedLog, Signed

pytestmark = pytest.mark.slow


class Fed:
    """What an agency's systems got of one log by the feed, in the form in which the shared log gives it."""

    def __init__(self, records: Sequence[Record]) -> None:
        self.records = records

    async def read(self, _origin: str, _reader: str, after: int, _limit: int) -> Sequence[Record]:
        """Everything, once."""
        return self.records if after == 0 else ()


async def fed(deployment: Deployment, reader: str, origin: str, after: int, count: int = 0) -> list[Record]:
    """Records from that position on, up to the checkpoint behind them; cut off after ``count``, if it is not 0."""
    method = method_of(reader, "Subscribe")
    call: grpc.aio.UnaryStreamMultiCallable[bytes, SubscribeResponse] = deployment.channels[reader].unary_stream(
        f"/{method.containing_service.full_name}/{method.name}", response_deserializer=SubscribeResponse.FromString
    )
    stream = call(
        SubscribeRequest(origin=origin, after=after).SerializeToString(), metadata=officer_for(reader, method)
    )
    records: list[Record] = []
    async for message in stream:
        records.append(_record(message))
        if message.HasField("checkpoint") or len(records) == count:
            break
    stream.cancel()
    return records


def _record(message: SubscribeResponse) -> Record:
    match message.WhichOneof("record"):
        case "entry":
            return Body(message.entry.position, message.entry.body)
        case "run":
            return Run(message.run.first, tuple(message.run.leaves))
        case _:
            return Signed(message.checkpoint.note)


def end_of(records: Sequence[Record]) -> int:
    """The position after them."""
    return sum(len(one.leaves) if isinstance(one, Run) else isinstance(one, Body) for one in records)


async def verified(deployment: Deployment, reader: str, origin: str, records: Sequence[Record]) -> Covered:
    """The stretch that the records make up, held against the origin's key of the trust file."""
    log: SharedLog = Fed(records)  # type: ignore[assignment]  # it can be read, and that is all
    follower = Follower(log, deployment.house.around.trust, origin, reader, Frontier())
    covered = await follower.next()
    assert covered is not None
    return covered


def allowed(entry: Entry, reader: str) -> bool:
    """Whether the audience of the entry's type has this reader in it."""
    audience = catalogue.type_of(type(entry.event)).audience
    everything = reader == entry.origin or reader.split("/")[1] in READS_EVERYTHING
    return everything or audience is Audience.ALL or (audience is Audience.NOTICE and entry.to == reader)


async def lived(deployment: Deployment) -> None:
    """Somebody is helped, and the fund has a price and a contract; everything is published."""
    ref = await stories.asked_for(deployment, await stories.detected(deployment))
    await stories.helped(deployment, ref, await stories.contracted(deployment))
    await published(deployment)


async def published(deployment: Deployment) -> None:
    """Everything that was recorded stands in the shared log."""

    async def behind() -> list[str]:
        return [one.origin for one in deployment.house.agencies if await one.store.size() > one.relay.size]

    await eventually(behind, lambda agencies: not agencies)


async def test_every_agency_is_fed_what_its_audience_allows_and_can_check_the_rest(deployment: Deployment) -> None:
    await lived(deployment)
    seen = 0
    for origin in (POLICE, NGO, FUND):
        stored = await deployment.entries(origin)
        for reader in ORIGINS:
            covered = await verified(deployment, reader, origin, await fed(deployment, reader, origin, 0))
            assert [one.body for one in covered.entries] == [one.body for one in stored if allowed(one, reader)]
            assert list(covered.leaves) == [one.leaf for one in stored]
            seen += len(covered.entries) if reader not in (origin, COORDINATOR) else 0
    assert seen, "notices and prices reach others too"


async def test_a_feed_that_was_cut_goes_on_where_it_stopped(deployment: Deployment) -> None:
    """Cut after each record, and at last before the checkpoint: the next one covers what was read without it."""
    await lived(deployment)
    for reader in (NGO, COORDINATOR):
        records: list[Record] = []
        while end_of(records) < len(await deployment.entries(POLICE)):
            records += await fed(deployment, reader, POLICE, end_of(records), count=1)
        await stories.detected(deployment)
        await published(deployment)
        records += await fed(deployment, reader, POLICE, end_of(records))
        covered = await verified(deployment, reader, POLICE, records)
        assert list(covered.leaves) == [one.leaf for one in await deployment.entries(POLICE)]


async def test_what_was_left_out_or_altered_on_the_way_is_noticed(deployment: Deployment) -> None:
    await lived(deployment)
    records = await fed(deployment, NGO, POLICE, 0)
    bodies = [nth for nth, one in enumerate(records) if isinstance(one, Body)]
    for nth in (0, bodies[0]):
        with pytest.raises(Alarm):
            await verified(deployment, NGO, POLICE, [*records[:nth], *records[nth + 1 :]])
    told = records[bodies[0]]
    assert isinstance(told, Body)
    altered = Body(told.position, told.body.replace(b"shelter", b"clothes"))
    assert altered != told
    with pytest.raises(Alarm):
        await verified(deployment, NGO, POLICE, [altered if one is told else one for one in records])
