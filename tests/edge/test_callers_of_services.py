"""Every method of every service, called by everybody who has no row for it, and by somebody who sets no deadline."""

import asyncio
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NoReturn

import grpc
import pytest
from tests.edge import every_door
from tests.edge.every_door import AGENCIES, KINDS, Served

from nrm_contracts.codes import code_list
from nrm_kernel import access
from nrm_kernel.rpc import service_of
from nrm_kernel.rpc_gate import Limits
from nrm_kernel.rpc_office import Office
from nrm_kernel.service import Door, Read, Watch, Write
from nrm_kernel.testing.bad_inputs import sample
from nrm_kernel.testing.serving import Metadata, a_caller, says

pytestmark = pytest.mark.slow
ROLES, PURPOSES = code_list("access_role").codes, code_list("access_purpose").codes
PATIENCE_S = 0.2
Allow = Mapping[str, Any]


@dataclass(frozen=True)
class Uninvited:
    """A caller without a row, and why it is turned away."""

    caller: Metadata
    reason: str


@cache
def allowed(service: str) -> Sequence[Allow]:
    """The rows of a service's access table, as they are written."""
    rows: list[Allow] = tomllib.loads((files(f"nrm_contracts.{service}") / "access.toml").read_text())["allow"]
    return rows


def lets_agency(row: Allow, agency: str, serving: str) -> bool:
    own = not row.get("own_agency", False) or agency == serving
    return own and agency.split("/")[1] in row.get("kind", KINDS)


def uninvited(rows: Sequence[Allow], serving: str) -> Iterator[Uninvited]:
    """A caller of each kind, and at agencies with a row of each role and purpose, that no row lets in."""
    for agency in AGENCIES:
        fitting = [row for row in rows if lets_agency(row, agency, serving)]
        if not fitting:
            role, purpose = min(rows[0]["roles"]), min(rows[0]["purposes"])
            yield Uninvited(says(agency, role, purpose), "AGENCY_NOT_ALLOWED")
            continue
        for role in ROLES:
            purposes = {one for row in fitting if role in row["roles"] for one in row["purposes"]}
            if not purposes:
                yield Uninvited(says(agency, role, min(fitting[0]["purposes"])), "ROLE_NOT_ALLOWED")
        role = min(fitting[0]["roles"])
        purposes = {one for row in fitting if role in row["roles"] for one in row["purposes"]}
        for purpose in sorted(set(PURPOSES) - purposes):
            yield Uninvited(says(agency, role, purpose), "PURPOSE_NOT_ALLOWED")


async def let_in(served: Served, door: Door, row: Write | Read | Watch) -> list[tuple[str, object]]:
    """Who should have been turned away from this method and was not, or with other words."""
    path, service = f"/{door.descriptor.full_name}/{row.name}", service_of(door.descriptor)
    raw = sample(door.descriptor.methods_by_name[row.name], row).SerializeToString()
    mine = [one for one in allowed(service) if row.name in one["rpc"]]
    found: list[tuple[str, object]] = []
    everybody = list(uninvited(mine, served.origin))
    for one, got in zip(
        everybody, await asyncio.gather(*(served.ending(path, raw, one.caller) for one in everybody)), strict=True
    ):
        if (got.code, got.reason) != (grpc.StatusCode.PERMISSION_DENIED, one.reason):
            found.append((f"{path} {one.caller} {one.reason}", got))
    got = await served.ending(path, raw, ())
    if got.code is not grpc.StatusCode.UNAUTHENTICATED:
        found.append((f"{path} nobody", got))
    return found


@pytest.mark.parametrize("kind", KINDS)
async def test_who_has_no_row_is_turned_away_from_every_method(kind: str, tmp_path: Path) -> None:
    async with every_door.service(kind, tmp_path) as served:
        for door, row in served.methods():
            assert await let_in(served, door, row) == []
        assert await served.agency.store.size() == 0


async def test_a_caller_whom_a_planted_row_lets_in_is_found(tmp_path: Path) -> None:
    text = (files("nrm_contracts.audit") / "access.toml").read_bytes()
    methods = ", ".join(f'"{name}"' for row in allowed("audit") for name in row["rpc"])
    planted = (
        f'\n[[allow]]\nrule = "X"\nrpc = [{methods}]\nkind = ["funding"]\nroles = ["auditor"]\npurposes = ["audit"]'
    )
    tables = {"audit": access.parse(text + planted.encode())}
    async with every_door.service("audit", tmp_path, tables=tables) as served:
        wrong = [found for door, row in served.methods() for found in await let_in(served, door, row)]
    assert wrong
    assert all("funding" in told for told, _ in wrong)


class Stuck:
    """A store, views and a shared log that never answer."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - stands for every method there is
        async def never(*_given: object) -> NoReturn:
            await asyncio.Event().wait()
            raise AssertionError

        return never


AT_ONCE = {
    "Verify": grpc.StatusCode.OK,
    "CompareViews": grpc.StatusCode.OK,
    **dict.fromkeys(
        ("ListEntries", "GetCheckpoint", "GetInclusionProof", "GetConsistencyProof"), grpc.StatusCode.NOT_FOUND
    ),
    **dict.fromkeys(
        ("OpenOwn", "OpenSealed", "ProposeErasure", "ConfirmErasure", "GetErasuresToConfirm"), grpc.StatusCode.NOT_FOUND
    ),
    "Subscribe": grpc.StatusCode.NOT_FOUND,
}
"""What is answered without waiting: an auditor without any log, a vault and a feed asked for what is not there."""


@pytest.mark.parametrize("kind", KINDS)
async def test_a_call_without_a_deadline_ends_by_the_servers_own(kind: str, tmp_path: Path) -> None:
    async def ending(door: Door, row: Write | Read | Watch) -> grpc.StatusCode:
        raw = sample(door.descriptor.methods_by_name[row.name], row).SerializeToString()
        caller = a_caller(access.load(service_of(door.descriptor)), row.name, served.origin)
        return (await served.ending(f"/{door.descriptor.full_name}/{row.name}", raw, caller, timeout_s=None)).code

    def nobody_appends(office: Office) -> Office:
        return replace(office, appender=Stuck())

    async with every_door.service(kind, tmp_path, Stuck(), nobody_appends, Limits(deadline_s=PATIENCE_S)) as served:
        methods = served.methods()
        got = await asyncio.gather(*(ending(door, row) for door, row in methods))
    expected = [AT_ONCE.get(row.name, grpc.StatusCode.DEADLINE_EXCEEDED) for _, row in methods]
    assert [
        (row.name, code) for (_, row), code, due in zip(methods, got, expected, strict=True) if code is not due
    ] == []
