"""Every method of the toy, every wrong request that its contract allows to be made."""

import grpc
import pytest
from tests.edge.every_door import Nothing

from nrm_kernel.testing import toy_door
from nrm_kernel.testing.bad_inputs import BadInput, bad_inputs
from nrm_kernel.testing.serving import Agency, Metadata, Outcome, outcome, stream_outcome

ROWS = list(bad_inputs(toy_door.door(Nothing())))


async def ending(channel: grpc.aio.Channel, bad: BadInput, worker: Metadata) -> Outcome:
    if bad.path.endswith("WatchBoats"):
        return await stream_outcome(channel, bad.path, bad.raw, worker, list)
    return await outcome(channel, bad.path, bad.raw, worker)


async def test_each_is_refused_with_its_status_and_reason(
    agency: Agency, channel: grpc.aio.Channel, worker: Metadata
) -> None:
    wrong = []
    for bad in ROWS:
        got = await ending(channel, bad, worker)
        if got.code is not bad.code or (bad.reason and (got.reason, got.domain) != (bad.reason, "nrm.boats")):
            wrong.append((str(bad), got))
    assert wrong == []
    assert await agency.store.size() == 0


@pytest.mark.parametrize("method", toy_door.METHODS)
def test_every_method_has_rows(method: str) -> None:
    names = {bad.name for bad in ROWS if bad.path.endswith(f"/{method}")}
    assert {"random bytes", "unknown field", "too many bytes"} <= names
