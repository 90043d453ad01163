"""An agency whose own log contradicts itself records nothing more and says so; the others in the process go on."""

import asyncio
import io
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from pathlib import Path

import grpc
import orjson
import pytest
from google.rpc.error_details_pb2 import ErrorInfo
from google.rpc.status_pb2 import Status
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from prometheus_client import CollectorRegistry
from starlette.requests import Request
from tests.pathways import stories
from tests.pathways.deployment import AUTHORITY, NGO, POLICE, Deployment, deployed, eventually

from nrm import http_status
from nrm.doctor.findings import State
from nrm.doctor.process import of_process
from nrm.services import STORE
from nrm_kernel.telemetry import Telemetry, log_to, silent

pytestmark = pytest.mark.slow

CODE, HEALTH = grpc.StatusCode, HealthCheckResponse


@pytest.fixture
def lines() -> io.BytesIO:
    return io.BytesIO()


@pytest.fixture
async def deployment(tmp_path: Path, lines: io.BytesIO) -> AsyncIterator[Deployment]:
    telemetry = Telemetry(silent().tracer, log_to(lines))
    async with deployed(tmp_path / "deployment", telemetry) as one:
        yield one


def altered(path: Path, statement: str, *values: object) -> None:
    """The file, changed behind everybody's back."""
    with closing(sqlite3.connect(path, timeout=10)) as connection, connection:
        connection.execute(statement, values)


def forked(deployment: Deployment) -> None:
    """Somebody published another entry at the police's next position."""
    size = deployment.house.at(POLICE).agency.relay.size
    statement = "INSERT INTO log_entry VALUES (?, ?, 'own', NULL, x'7b7d', x'00')"
    altered(deployment.house.config.log, statement, POLICE, size)


def misread(deployment: Deployment) -> None:
    """The police's next entry is stored with bytes that are not those which were hashed."""
    home = next(section.folder for section in deployment.house.config.agency if section.origin == POLICE)
    change = "UPDATE entry SET leaf = x'00' WHERE position = NEW.position"
    altered(home / STORE, "DROP TRIGGER entry_no_update")
    altered(home / STORE, f"CREATE TRIGGER mishap AFTER INSERT ON entry BEGIN {change}; END")


async def health(deployment: Deployment, agency: str) -> int:
    """What the agency's server says of itself."""
    call: grpc.aio.UnaryUnaryMultiCallable[HealthCheckRequest, HealthCheckResponse] = deployment.channels[
        agency
    ].unary_unary(
        "/grpc.health.v1.Health/Check",
        request_serializer=HealthCheckRequest.SerializeToString,
        response_deserializer=HealthCheckResponse.FromString,
    )
    return (await call(HealthCheckRequest())).status


async def refused(deployment: Deployment) -> tuple[grpc.StatusCode, str, dict[str, str]]:
    """How the police refuses to record anything."""
    with pytest.raises(grpc.aio.AioRpcError) as told:
        await stories.detected(deployment)
    status = Status.FromString(dict(told.value.trailing_metadata())["grpc-status-details-bin"])
    info = ErrorInfo()
    status.details[0].Unpack(info)
    return told.value.code(), info.reason, dict(info.metadata)


@pytest.mark.parametrize(("harm", "reason"), [(forked, "LOG_FORKED"), (misread, "ENTRY_ALTERED")])
async def test_after_a_contradiction_in_its_own_log_an_agency_records_nothing_and_the_others_go_on(
    deployment: Deployment, lines: io.BytesIO, harm: Callable[[Deployment], None], reason: str
) -> None:
    person = await stories.detected(deployment)
    await eventually(_relayed(deployment), bool)
    harm(deployment)
    await stories.detected(deployment)
    alarms = await eventually(lambda: _alarms(deployment), bool)
    assert alarms == [reason]

    size = len(await deployment.entries(POLICE))
    assert [await refused(deployment) for _ in range(3)] == [(CODE.DATA_LOSS, "WRITING_HALTED", {"cause": reason})] * 3
    assert len(await deployment.entries(POLICE)) == size
    assert await health(deployment, POLICE) == HEALTH.NOT_SERVING
    assert (await deployment.ask(POLICE, "GetPerson", person_ref=person)).person.person_ref == person

    assert [await health(deployment, other) for other in (AUTHORITY, NGO)] == [HEALTH.SERVING] * 2
    await stories.contracted(deployment)
    told = [orjson.loads(line) for line in lines.getvalue().splitlines()]
    stopped = [(line["origin"], line["reason"]) for line in told if line["event"] == "loop_stopped"]
    assert stopped == [(POLICE, reason)], "it is told once"


def _relayed(deployment: Deployment) -> Callable[[], Awaitable[bool]]:
    police = deployment.house.at(POLICE).agency

    async def done() -> bool:
        return police.relay.size == await police.store.size()

    return done


async def _alarms(deployment: Deployment) -> list[str]:
    return [alarm.reason for alarm in deployment.house.at(POLICE).agency.alarms]


async def test_a_process_with_an_agency_that_has_halted_is_not_ready(deployment: Deployment) -> None:
    status = http_status.Status(CollectorRegistry())
    status.serves(deployment.house)
    page = Request({"type": "http"})
    assert (await status.readyz(page)).status_code == 200
    forked(deployment)
    await stories.detected(deployment)
    await eventually(lambda: _alarms(deployment), bool)
    answer = await status.readyz(page)
    told = orjson.loads(answer.body)
    assert (answer.status_code, told["agencies"][POLICE], told["agencies"][NGO]) == (503, "halted", "serving")
    assert told["reasons"] == {POLICE: ["LOG_FORKED"]}
    async with http_status.serving(status.app(), "127.0.0.1:0") as address:
        found = await asyncio.to_thread(lambda: list(of_process(address)))
        metrics = (await status.metrics(page)).body
    [halted] = [one for one in found if "has halted" in one.text]
    assert (halted.text, halted.state) == (
        f"{POLICE} has halted and records nothing any more (LOG_FORKED)",
        State.ACT,
    )
    assert "nrm admin topics refill" in halted.action
    assert f'nrm_halted{{origin="{POLICE}"}} 1.0'.encode() in metrics
    assert f'nrm_halted{{origin="{NGO}"}} 0.0'.encode() in metrics
