"""Every method of the toy, every wrong request that its contract allows to be made."""

import grpc
import pytest
from google.protobuf.message import Message
from tests.edge.every_door import Nothing

from nrm_kernel.identity import Caller
from nrm_kernel.service import Door, Read
from nrm_kernel.testing import toy_door
from nrm_kernel.testing.bad_inputs import BadInput, bad_inputs
from nrm_kernel.testing.serving import Agency, Metadata, Outcome, outcome, served, stream_outcome

ROWS = list(bad_inputs(toy_door.door(Nothing())))


async def ending(channel: grpc.aio.Channel, bad: BadInput, worker: Metadata) -> Outcome:
    if bad.path.endswith("WatchBoats"):
        return await stream_outcome(channel, bad.path, bad.raw, worker, list)
    return await outcome(channel, bad.path, bad.raw, worker)


def as_it_should(bad: BadInput, got: Outcome) -> bool:
    return got.code is bad.code and (not bad.reason or (got.reason, got.domain) == (bad.reason, "nrm.boats"))


async def test_each_is_refused_with_its_status_and_reason(
    agency: Agency, channel: grpc.aio.Channel, worker: Metadata
) -> None:
    ended = [(bad, await ending(channel, bad, worker)) for bad in ROWS]
    assert [(str(bad), got) for bad, got in ended if not as_it_should(bad, got)] == []
    assert await agency.store.size() == 0


@pytest.mark.slow
async def test_a_method_that_looks_at_nothing_is_found(agency: Agency, worker: Metadata) -> None:
    async def careless(_request: object, _caller: Caller) -> Message:
        return toy_door.message("GetBoatResponse")

    whole = toy_door.door(Nothing())
    door = Door(whole.descriptor, [row for row in whole.methods if row.name != "GetBoat"] + [Read("GetBoat", careless)])
    async with (
        served(agency.office, [door], tables={"boats": toy_door.table()}) as port,
        grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel,
    ):
        found = [bad.name for bad in bad_inputs(door) if not as_it_should(bad, await ending(channel, bad, worker))]
    assert found == ["person_ref: missing", "person_ref: no reference", "foreign ids"]


@pytest.mark.parametrize("method", toy_door.METHODS)
def test_every_method_has_rows(method: str) -> None:
    names = {bad.name for bad in ROWS if bad.path.endswith(f"/{method}")}
    assert {"random bytes", "unknown field", "too many bytes"} <= names
