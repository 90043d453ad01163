"""Every method of every service, every wrong request that its contract allows to be made."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn, cast

import grpc
import pytest
from sqlalchemy import Row, Select

from nrm_kernel import access
from nrm_kernel.clock import SystemClock
from nrm_kernel.decider import Fold
from nrm_kernel.ledger.trust import Trust
from nrm_kernel.log import SharedLog
from nrm_kernel.rpc import service_of
from nrm_kernel.rpc_feed import feed_door
from nrm_kernel.rpc_vault import vault_door
from nrm_kernel.service import Door, Service, Watch
from nrm_kernel.testing import serving
from nrm_kernel.testing.bad_inputs import BadInput, bad_inputs
from nrm_kernel.testing.serving import Agency, Outcome, a_caller, outcome, stream_outcome
from nrm_kernel.views import Completeness

AT_ONCE = 32
OTHER_NAMES = {
    "ApproveBudgetLine: foreign ids": (grpc.StatusCode.FAILED_PRECONDITION, "SOURCE_UNKNOWN"),
    "ConfirmReallocation: foreign ids": (grpc.StatusCode.FAILED_PRECONDITION, "REALLOCATION_UNKNOWN"),
}
"""What is not there has a name of its own where a command works on something else."""
KINDS = ("assistance", "audit", "coordinator", "funding", "identification", "prosecution")


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


def doors(kind: str, agency: Agency) -> Sequence[Door]:
    """The service's own doors and, with those of one service, the kernel's."""
    build: Callable[..., Service] = import_module(f"nrm_{kind}.service").build
    match kind:
        case "audit":
            return build((), Trust("demo", ()), (), no_look).doors
        case "coordinator":
            return build(Nothing(), no_look, SystemClock()).doors
        case "assistance":
            service = build(Nothing(), Nothing())
            assert service.sight is not None
            vault = vault_door(agency.office, agency.store, service.sight)
            return [
                *service.doors,
                vault,
                feed_door(agency.office.origin, cast(SharedLog, NoLog()), agency.office.agencies),
            ]
        case _:
            return build(Nothing(), Nothing()).doors


class NoLog:
    """A shared log that is never reached."""

    def __getattr__(self, name: str) -> NoReturn:
        raise AssertionError(f"a wrong subscription came as far as the log: {name}")


async def ending(channel: grpc.aio.Channel, door: Door, bad: BadInput, caller: serving.Metadata) -> Outcome:
    method = bad.path.rsplit("/", 1)[1]
    if any(isinstance(row, Watch) and row.name == method for row in door.methods):
        return await stream_outcome(channel, bad.path, bad.raw, caller, list)
    return await outcome(channel, bad.path, bad.raw, caller)


def as_it_should(bad: BadInput, got: Outcome) -> bool:
    code, reason = OTHER_NAMES.get(str(bad), (bad.code, bad.reason))
    domain = "nrm." + bad.path.split(".")[1]
    return got.code is code and (not reason or (got.reason, got.domain) == (reason, domain))


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
async def test_each_is_refused_with_its_status_and_reason(kind: str, tmp_path: Path) -> None:
    origin = f"demo/{kind}/one"
    agencies = {f"demo/{each}/one": each for each in KINDS}
    wrong: list[tuple[str, Outcome]] = []
    async with (
        serving.agency(tmp_path, origin, agencies) as agency,
        serving.served(agency.office, doors(kind, agency)) as port,
        grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel,
    ):
        for door in doors(kind, agency):
            table = access.load(service_of(door.descriptor))
            rows = list(bad_inputs(door))
            for first in range(0, len(rows), AT_ONCE):
                some = rows[first : first + AT_ONCE]
                callers = [a_caller(table, bad.path.rsplit("/", 1)[1], origin) for bad in some]
                got = await asyncio.gather(*map(partial(ending, channel, door), some, callers))
                wrong += [(str(bad), one) for bad, one in zip(some, got, strict=True) if not as_it_should(bad, one)]
        assert wrong == []
        assert await agency.store.size() == 0
