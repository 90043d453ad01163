"""Every method of every service, every wrong request that its contract allows to be made."""

import asyncio
from collections.abc import Sequence
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any

import grpc
import pytest
from sqlalchemy import Row, Select

from nrm_kernel import access
from nrm_kernel.clock import SystemClock
from nrm_kernel.decider import Fold
from nrm_kernel.rpc import service_of
from nrm_kernel.service import Door, Service, Watch
from nrm_kernel.testing import serving
from nrm_kernel.testing.bad_inputs import BadInput, bad_inputs
from nrm_kernel.testing.serving import Outcome, a_caller, outcome, stream_outcome
from nrm_kernel.views import Completeness

AT_ONCE = 32
KINDS = ("assistance", "coordinator", "funding", "identification", "prosecution")


class Nothing:
    """A store and views without anything in them."""

    async def state(self, fold: Fold[Any, Any], key: str) -> tuple[object, int]:
        return fold.initial, 0

    async def person_behind(self, handover_id: str) -> str | None:
        return None

    async def rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        return ()

    async def completeness(self) -> Completeness:
        return Completeness({}, {})


async def no_look(*_look: object) -> None:
    pass


@cache
def service(kind: str) -> Service:
    build = import_module(f"nrm_{kind}.service").build
    built = build(Nothing(), no_look, SystemClock()) if kind == "coordinator" else build(Nothing(), Nothing())
    assert isinstance(built, Service)
    return built


async def ending(channel: grpc.aio.Channel, door: Door, bad: BadInput, caller: serving.Metadata) -> Outcome:
    method = bad.path.rsplit("/", 1)[1]
    if any(isinstance(row, Watch) and row.name == method for row in door.methods):
        return await stream_outcome(channel, bad.path, bad.raw, caller, list)
    return await outcome(channel, bad.path, bad.raw, caller)


def as_it_should(bad: BadInput, got: Outcome) -> bool:
    domain = "nrm." + bad.path.split(".")[1]
    return got.code is bad.code and (not bad.reason or (got.reason, got.domain) == (bad.reason, domain))


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
async def test_each_is_refused_with_its_status_and_reason(kind: str, tmp_path: Path) -> None:
    origin = f"demo/{kind}/one"
    agencies = {f"demo/{each}/one": each for each in KINDS}
    wrong: list[tuple[str, Outcome]] = []
    async with (
        serving.agency(tmp_path, origin, agencies) as agency,
        serving.served(agency.office, service(kind).doors) as port,
        grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel,
    ):
        for door in service(kind).doors:
            table = access.load(service_of(door.descriptor))
            rows = list(bad_inputs(door))
            for first in range(0, len(rows), AT_ONCE):
                some = rows[first : first + AT_ONCE]
                callers = [a_caller(table, bad.path.rsplit("/", 1)[1], origin) for bad in some]
                got = await asyncio.gather(*map(partial(ending, channel, door), some, callers))
                wrong += [(str(bad), one) for bad, one in zip(some, got, strict=True) if not as_it_should(bad, one)]
        assert wrong == []
        assert await agency.store.size() == 0
