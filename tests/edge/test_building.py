"""A server that does not fit its contract is not built at all."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import grpc
import pytest
from google.protobuf.message import Message
from grpc_health.v1 import health_pb2
from grpc_reflection.v1alpha import reflection_pb2

from nrm_kernel import access
from nrm_kernel.access import AccessInvalid
from nrm_kernel.errors import NotFound
from nrm_kernel.identity import Caller
from nrm_kernel.reactions import StoreLookup
from nrm_kernel.rpc import Server
from nrm_kernel.rpc_fit import check_fit
from nrm_kernel.rpc_identity import Loopback
from nrm_kernel.rpc_request import FormInvalid
from nrm_kernel.service import Door, Read, Watch, Write
from nrm_kernel.testing import serving, toy_door
from nrm_kernel.testing.serving import ANY_LOOPBACK_PORT, Agency, outcome, stream_outcome
from nrm_kernel.testing.toy_door import AGENCIES, CONTRACT, CloseBoat, RegisterBoat, decide, table

REFLECTION = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"
SERVING = health_pb2.HealthCheckResponse.SERVING


async def nothing(_request: object, _caller: Caller) -> Message:
    raise NotFound


async def no_stream(_request: object, _caller: Caller) -> AsyncIterator[Message]:
    nothing_comes: tuple[Message, ...] = ()
    for message in nothing_comes:
        yield message


def changed(door: Door, name: str, *rows: Write | Read | Watch) -> Door:
    """The door with one row taken out and others put in."""
    return replace(door, methods=(*(row for row in door.methods if row.name != name), *rows))


def built(agency: Agency, door: Door) -> Server:
    return Server(agency.office, [door], Loopback(ANY_LOOPBACK_PORT, AGENCIES), tables={"boats": table()})


@pytest.fixture
def door(agency: Agency) -> Door:
    return toy_door.door(StoreLookup(agency.store))


async def test_a_method_without_a_row_is_refused(agency: Agency, door: Door) -> None:
    with pytest.raises(FormInvalid, match="no row for GetBoat"):
        built(agency, changed(door, "GetBoat"))


async def test_a_row_without_a_method_is_refused(agency: Agency, door: Door) -> None:
    with pytest.raises(FormInvalid, match="no such method: SinkBoat"):
        built(agency, changed(door, "", Read("SinkBoat", nothing)))


async def test_two_rows_for_a_method_are_refused(agency: Agency, door: Door) -> None:
    with pytest.raises(FormInvalid, match="two rows"):
        built(agency, changed(door, "", Read("GetBoat", nothing)))


async def test_a_stream_where_the_contract_has_one_answer_is_refused(agency: Agency, door: Door) -> None:
    with pytest.raises(FormInvalid, match="answers with a stream"):
        built(agency, changed(door, "GetBoat", Watch("GetBoat", no_stream)))


async def test_a_method_without_an_access_row_is_refused(agency: Agency, door: Door) -> None:
    closed = access.parse(b"")
    with pytest.raises(AccessInvalid, match="RegisterBoat has no row"):
        Server(agency.office, [door], Loopback(ANY_LOOPBACK_PORT, AGENCIES), tables={"boats": closed})


def forms_of(command: type[object], **options: object) -> Write:
    return Write(command, decide, lambda _command: [], **options)  # type: ignore[arg-type]  # wrong options are tried


@dataclass(frozen=True, slots=True)
class More:
    """RegisterBoat, but for a field that its request lacks and one that it has under another form."""

    person_ref: str
    sex: str
    needs: tuple[str, ...]
    seen_on: str
    title: str
    lots: tuple[str, ...]
    weight: int
    note: str


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (forms_of(More, minted=("person_ref",)), "the request has no field weight"),
        (forms_of(More, minted=("person_ref",)), "lots is a message, but"),
        (forms_of(RegisterBoat), "the request has no field person_ref"),
        (forms_of(RegisterBoat, minted=("person_ref",)), "identity is personal data that nothing seals"),
        (forms_of(RegisterBoat, sealed={"title": "identity"}), "title is sealed and no personal data"),
        (forms_of(RegisterBoat, sealed={"identity": "gossip"}), "gossip is no class"),
        (forms_of(CloseBoat), "the command has no field lots"),
    ],
)
def test_a_command_that_does_not_fit_its_request_is_refused(write: Write, said: str) -> None:
    with pytest.raises(FormInvalid) as fault:
        check_fit(write, CONTRACT.methods_by_name["RegisterBoat"])
    assert said in str(fault.value)


@pytest.mark.slow
async def test_health_says_serving_until_the_server_drains(agency: Agency, door: Door) -> None:
    server = built(agency, door)
    port = await server.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        for name in ("", toy_door.SERVICE):
            raw = health_pb2.HealthCheckRequest(service=name).SerializeToString()
            result = await outcome(channel, "/grpc.health.v1.Health/Check", raw)
            assert health_pb2.HealthCheckResponse.FromString(result.reply).status == SERVING
        watch: grpc.aio.UnaryStreamMultiCallable[bytes, bytes] = channel.unary_stream("/grpc.health.v1.Health/Watch")
        watching = watch(health_pb2.HealthCheckRequest(service=toy_door.SERVICE).SerializeToString())
        seen = [await watching.read()]
        draining = asyncio.create_task(server.drain(0.5))
        seen.append(await watching.read())
        await draining
        gone = await outcome(channel, "/grpc.health.v1.Health/Check", b"", timeout_s=60)
    told = [health_pb2.HealthCheckResponse.FromString(one).status for one in seen if isinstance(one, bytes)]
    assert told == [SERVING, health_pb2.HealthCheckResponse.NOT_SERVING]
    assert gone.code is grpc.StatusCode.UNAVAILABLE


async def test_the_servers_own_services_answer_bytes_that_are_no_request_as_every_method_does(
    agency: Agency, door: Door
) -> None:
    async with (
        serving.served(agency.office, [door], tables={"boats": table()}, reflects=True) as port,
        grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel,
    ):
        check = await outcome(channel, "/grpc.health.v1.Health/Check", b"\xff")
        watch = await stream_outcome(channel, "/grpc.health.v1.Health/Watch", b"\xff", (), list)
        assert (check.code, watch.code) == (grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.INVALID_ARGUMENT)
        method: grpc.aio.StreamStreamMultiCallable[bytes, bytes] = channel.stream_stream(REFLECTION)
        answer = await method(iter([b"\xff"])).read()
    assert isinstance(answer, bytes)
    said = reflection_pb2.ServerReflectionResponse.FromString(answer).error_response
    assert said.error_code == grpc.StatusCode.INVALID_ARGUMENT.value[0]


async def reflected(channel: grpc.aio.Channel) -> list[str]:
    method: grpc.aio.StreamStreamMultiCallable[bytes, bytes] = channel.stream_stream(REFLECTION)
    call = method(iter([reflection_pb2.ServerReflectionRequest(list_services="").SerializeToString()]))
    answer = await call.read()
    assert isinstance(answer, bytes)
    listed = reflection_pb2.ServerReflectionResponse.FromString(answer).list_services_response
    return [one.name for one in listed.service]


async def test_reflection_is_there_only_where_it_is_wanted(agency: Agency, door: Door) -> None:
    for reflects in (True, False):
        async with (
            serving.served(agency.office, [door], tables={"boats": table()}, reflects=reflects) as port,
            grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel,
        ):
            if reflects:
                assert toy_door.SERVICE in await reflected(channel)
            else:
                with pytest.raises(grpc.aio.AioRpcError, match="UNIMPLEMENTED"):
                    await reflected(channel)
