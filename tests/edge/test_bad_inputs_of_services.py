"""Every method of every service, every wrong request that its contract allows to be made."""

import asyncio
from pathlib import Path

import grpc
import pytest
from tests.edge import every_door
from tests.edge.every_door import KINDS, Served

from nrm_kernel import access
from nrm_kernel.rpc import service_of
from nrm_kernel.service import Door
from nrm_kernel.testing.bad_inputs import BadInput, bad_inputs
from nrm_kernel.testing.serving import Outcome, a_caller

pytestmark = pytest.mark.slow
AT_ONCE = 32
OTHER_NAMES = {
    "ApproveBudgetLine: foreign ids": (grpc.StatusCode.FAILED_PRECONDITION, "SOURCE_UNKNOWN"),
    "ConfirmReallocation: foreign ids": (grpc.StatusCode.FAILED_PRECONDITION, "REALLOCATION_UNKNOWN"),
}
"""What is not there has a name of its own where a command works on something else."""


def as_it_should(bad: BadInput, got: Outcome) -> bool:
    code, reason = OTHER_NAMES.get(str(bad), (bad.code, bad.reason))
    domain = "nrm." + bad.path.split(".")[1]
    return got.code is code and (not reason or (got.reason, got.domain) == (reason, domain))


async def endings(served: Served, door: Door) -> list[tuple[BadInput, Outcome]]:
    """Each wrong request with how it ends."""
    table, rows = access.load(service_of(door.descriptor)), list(bad_inputs(door))
    found: list[tuple[BadInput, Outcome]] = []
    for first in range(0, len(rows), AT_ONCE):
        some = rows[first : first + AT_ONCE]
        callers = [a_caller(table, bad.path.rsplit("/", 1)[1], served.origin) for bad in some]
        calls = [served.ending(bad.path, bad.raw, caller) for bad, caller in zip(some, callers, strict=True)]
        found += zip(some, await asyncio.gather(*calls), strict=True)
    return found


@pytest.mark.parametrize("kind", KINDS)
async def test_each_is_refused_with_its_status_and_reason(kind: str, tmp_path: Path) -> None:
    async with every_door.service(kind, tmp_path) as served:
        for door in served.doors:
            ended = await endings(served, door)
            assert [(str(bad), got) for bad, got in ended if not as_it_should(bad, got)] == []
            assert {bad.path for bad, _ in ended} == {
                f"/{door.descriptor.full_name}/{method.name}" for method in door.descriptor.methods
            }
        assert await served.agency.store.size() == 0
