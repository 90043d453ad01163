"""The agency's feed to its own systems: what the shared log holds for this reader, unchanged and resumable."""

from collections.abc import AsyncIterator, Collection

from nrm_contracts.feed.v1 import feed_pb2
from nrm_contracts.feed.v1.feed_pb2 import SubscribeRequest, SubscribeResponse
from nrm_kernel.errors import Invalid, NotFound
from nrm_kernel.identity import Caller
from nrm_kernel.ledger.note import stated
from nrm_kernel.log import Body, Record, Run, SharedLog, Signed, end_of
from nrm_kernel.service import Door, Watch

ENTRIES_AT_ONCE = 500
HEARTBEAT_S = 10.0


def feed_door(reader: str, log: SharedLog, origins: Collection[str], heartbeat_s: float = HEARTBEAT_S) -> Door:
    """The feed of the agency ``reader`` over the logs of these origins."""

    async def subscribe(request: SubscribeRequest, _caller: Caller) -> AsyncIterator[SubscribeResponse]:
        if request.origin not in origins:
            raise NotFound
        if request.after < 0:
            raise Invalid("FIELD_INVALID", "after is below 0; a log begins at 0.", {"after": "is below 0"})
        after = request.after
        while True:
            records = await log.read(request.origin, reader, after, ENTRIES_AT_ONCE)
            for record in records:
                yield _message(record)
                after = max(after, end_of(record))
            if not records and not await log.wait(request.origin, after, heartbeat_s):
                yield SubscribeResponse(heartbeat=feed_pb2.HeartbeatRecord(size=after))

    return Door(feed_pb2.DESCRIPTOR.services_by_name["FeedService"], (Watch("Subscribe", subscribe),))


def _message(record: Record) -> SubscribeResponse:
    match record:
        case Body(position=position, body=body):
            return SubscribeResponse(entry=feed_pb2.EntryRecord(position=position, body=body))
        case Run(first=first, leaves=leaves):
            return SubscribeResponse(run=feed_pb2.RunRecord(first=first, leaves=leaves))
        case Signed(note=note):
            return SubscribeResponse(checkpoint=feed_pb2.CheckpointRecord(size=stated(note).size, note=note))
