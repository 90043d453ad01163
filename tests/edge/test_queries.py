"""Queries, pages and streams through a real server."""

import asyncio
from contextlib import suppress
from itertools import islice
from typing import Any

import grpc
import pytest
from google.protobuf.message_factory import GetMessageClass
from tests.edge.every_door import Nothing

from nrm_kernel.decider import Fold
from nrm_kernel.reactions import StoreLookup
from nrm_kernel.rpc_gate import Limits
from nrm_kernel.rpc_identity import EntranceInvalid, Loopback
from nrm_kernel.testing import serving, toy_door
from nrm_kernel.testing.serving import Agency, Metadata, Outcome, ended, outcome, says
from nrm_kernel.testing.toy_door import CONTRACT, ORIGIN, OTHER, Loose, message, path

CODE = grpc.StatusCode


def reply(result: Outcome, name: str) -> Loose:
    assert result.code is CODE.OK, result
    return GetMessageClass(CONTRACT.file.message_types_by_name[name]).FromString(result.reply)


async def page(channel: grpc.aio.Channel, caller: Metadata, **values: object) -> Outcome:
    return await outcome(channel, path("ListBoats"), message("ListBoatsRequest", **values).SerializeToString(), caller)


async def test_pages_follow_one_another_to_the_end(channel: grpc.aio.Channel, worker: Metadata) -> None:
    names: list[str] = []
    token = ""
    for _ in range(10):
        answer = reply(await page(channel, worker, page_size=50, page_token=token), "ListBoatsResponse")
        names += answer.names
        token = answer.next_page_token
        if not token:
            break
    assert names == [f"boat {nth}" for nth in range(120)]


async def test_a_page_without_a_size_has_the_default_one(channel: grpc.aio.Channel, worker: Metadata) -> None:
    assert len(reply(await page(channel, worker), "ListBoatsResponse").names) == 50


async def test_a_page_token_is_good_for_its_query_and_caller_alone(channel: grpc.aio.Channel, worker: Metadata) -> None:
    token = reply(await page(channel, worker), "ListBoatsResponse").next_page_token
    colleague = says(ORIGIN, "case_worker", "assist", officer="officer-2")
    for caller, values in ((worker, {"sex": "female"}), (colleague, {})):
        result = await page(channel, caller, page_token=token, **values)
        assert (result.code, result.reason) == (CODE.INVALID_ARGUMENT, "PAGE_TOKEN_INVALID")
    assert (await page(channel, worker, page_token=token, page_size=7)).code is CODE.OK


async def test_a_page_token_with_any_character_changed_is_refused(channel: grpc.aio.Channel, worker: Metadata) -> None:
    token = reply(await page(channel, worker), "ListBoatsResponse").next_page_token
    for at in range(len(token)):
        other = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        assert (await page(channel, worker, page_token=other)).reason == "PAGE_TOKEN_INVALID"


async def test_what_is_not_there_is_not_found(channel: grpc.aio.Channel, worker: Metadata) -> None:
    request = message("GetBoatRequest", person_ref="0" * 32).SerializeToString()
    result = await outcome(channel, path("GetBoat"), request, worker)
    assert (result.code, result.reason) == (CODE.NOT_FOUND, "NOT_FOUND")


async def test_an_unknown_method_is_unimplemented(channel: grpc.aio.Channel, worker: Metadata) -> None:
    assert (await outcome(channel, path("SinkBoat"), b"", worker)).code is CODE.UNIMPLEMENTED


@pytest.mark.parametrize(
    ("caller", "reason"),
    [
        (says("toy/harbours/east", "case_worker", "assist"), "AGENCY_NOT_ALLOWED"),
        (says(OTHER, "case_worker", "assist"), "AGENCY_NOT_ALLOWED"),
        (says(ORIGIN, "auditor", "assist"), "ROLE_NOT_ALLOWED"),
        (says(ORIGIN, "case_worker", "fund"), "PURPOSE_NOT_ALLOWED"),
    ],
    ids=["other kind", "other agency", "other role", "other purpose"],
)
async def test_a_caller_outside_the_table_is_denied_before_its_bytes_are_read(
    channel: grpc.aio.Channel, caller: Metadata, reason: str
) -> None:
    result = await outcome(channel, path("CloseBoat"), b"\xff\xff", caller)
    assert (result.code, result.reason) == (CODE.PERMISSION_DENIED, reason)


@pytest.mark.parametrize("missing", ["nrm-agency", "nrm-officer", "nrm-roles", "nrm-purpose"])
async def test_a_caller_who_does_not_say_who_it_is_is_not_served(
    channel: grpc.aio.Channel, worker: Metadata, missing: str
) -> None:
    said = tuple((key, value) for key, value in worker if key != missing)
    result = await outcome(channel, path("GetBoat"), b"", said)
    assert (result.code, result.reason) == (CODE.UNAUTHENTICATED, "IDENTITY_MISSING")


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("nrm-officer", "Maria Lopez"),
        ("nrm-officer", "x" * 65),
        ("nrm-roles", "case_worker,A Friend"),
        ("nrm-purpose", "to see Maria"),
    ],
)
async def test_a_caller_who_says_a_name_or_a_sentence_is_not_served_so_that_no_entry_keeps_it(
    channel: grpc.aio.Channel, worker: Metadata, key: str, said: str
) -> None:
    caller = tuple((each, said if each == key else value) for each, value in worker)
    result = await outcome(channel, path("GetBoat"), b"", caller)
    assert (result.code, result.reason) == (CODE.UNAUTHENTICATED, "IDENTITY_INVALID")


async def test_too_much_metadata_is_refused(channel: grpc.aio.Channel, worker: Metadata) -> None:
    result = await outcome(channel, path("GetBoat"), b"", (*worker, ("padding", "x" * 20_000)))
    assert result.code is CODE.RESOURCE_EXHAUSTED


@pytest.mark.slow
async def test_a_small_message_that_unpacks_to_a_large_one_is_refused(
    channel: grpc.aio.Channel, worker: Metadata
) -> None:
    bomb = bytes(30 << 20)
    result = await outcome(channel, path("GetBoat"), bomb, worker, compression=grpc.Compression.Gzip)
    assert result.code is CODE.RESOURCE_EXHAUSTED


GET = message("GetBoatRequest", person_ref="0" * 32).SerializeToString()
WATCH = message("WatchBoatsRequest", count=1_000).SerializeToString()


@pytest.mark.slow
async def test_a_call_without_a_deadline_gets_the_servers_own(agency: Agency, worker: Metadata) -> None:
    doors = [toy_door.door(StoreLookup(agency.store), pause_s=5)]
    limits = Limits(deadline_s=0.1, deadline_max_s=0.2)
    async with (
        serving.served(agency.office, doors, limits=limits, tables={"boats": toy_door.table()}) as port,
        grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel,
    ):
        for timeout_s, limit in ((None, "100"), (60, "200")):
            result = await outcome(channel, path("GetBoat"), GET, worker, timeout_s=timeout_s)
            assert (result.code, result.reason) == (CODE.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED")
            assert result.facts == {"limit_ms": limit}
        late = await outcome(channel, path("GetBoat"), GET, worker, timeout_s=0.05)
        assert late.code is CODE.DEADLINE_EXCEEDED


class Held(Nothing):
    """A look-up that answers nobody until it is let go."""

    def __init__(self) -> None:
        self.open = asyncio.Event()

    async def state(self, fold: Fold[Any, Any], key: str) -> tuple[Any, int]:
        await self.open.wait()
        return await super().state(fold, key)


async def test_calls_beyond_the_limit_are_told_to_come_back(agency: Agency, worker: Metadata) -> None:
    held, stranger = Held(), says(OTHER, "case_worker", "refer")
    limits = Limits(calls=10, calls_of_agency=8)
    async with (
        serving.served(agency.office, [toy_door.door(held)], limits=limits, tables={"boats": toy_door.table()}) as port,
        grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel,
    ):
        flood = [asyncio.create_task(outcome(channel, path("GetBoat"), GET, worker)) for _ in range(40)]
        refused = [await each for each in islice(asyncio.as_completed(flood), 32)]
        other = asyncio.create_task(outcome(channel, path("GetBoat"), GET, stranger))
        held.open.set()
        admitted = [each for each in await asyncio.gather(*flood) if each not in refused]
        again = await outcome(channel, path("GetBoat"), GET, worker)
    assert all(each.retry and each.reason == "TOO_MANY_CALLS_OF_AGENCY" for each in refused)
    assert [each.code for each in (*admitted, await other, again)] == [CODE.NOT_FOUND] * 10


async def test_streams_beyond_the_limit_are_refused_and_calls_go_on(agency: Agency, worker: Metadata) -> None:
    doors = [toy_door.door(StoreLookup(agency.store), pause_s=0.01)]
    limits = Limits(streams_of_agency=2)
    async with (
        serving.served(agency.office, doors, limits=limits, tables={"boats": toy_door.table()}) as port,
        grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel,
    ):
        method: grpc.aio.UnaryStreamMultiCallable[bytes, bytes] = channel.unary_stream(path("WatchBoats"))
        streams = [method(WATCH, metadata=worker) for _ in range(2)]
        for stream in streams:
            await stream.read()
        with pytest.raises(grpc.aio.AioRpcError) as third:
            await method(WATCH, metadata=worker).read()
        assert ended(third.value).reason == "TOO_MANY_STREAMS"
        assert (await outcome(channel, path("GetBoat"), GET, worker)).code is CODE.NOT_FOUND
        streams[0].cancel()
        await taken(method, worker)


async def taken(method: grpc.aio.UnaryStreamMultiCallable[bytes, bytes], caller: Metadata) -> None:
    """Until a stream is taken: a server hears in its own time that another was cancelled."""
    async with asyncio.timeout(60):
        while True:
            with suppress(grpc.aio.AioRpcError):
                stream = method(WATCH, metadata=caller)
                assert [await stream.read(), await stream.read()][1]
                return


async def test_a_stopping_server_ends_its_streams_and_takes_no_more(agency: Agency, worker: Metadata) -> None:
    doors = [toy_door.door(StoreLookup(agency.store), pause_s=0.01)]
    async with grpc.aio.insecure_channel("127.0.0.1:1") as closed:
        assert (await outcome(closed, path("GetBoat"), GET, worker)).code is CODE.UNAVAILABLE
    async with serving.served(agency.office, doors, tables={"boats": toy_door.table()}) as port:
        channel = grpc.aio.insecure_channel(f"127.0.0.1:{port}")
        method: grpc.aio.UnaryStreamMultiCallable[bytes, bytes] = channel.unary_stream(path("WatchBoats"))
        stream = method(WATCH, metadata=worker)
        await stream.read()
    with pytest.raises(grpc.aio.AioRpcError) as end:
        await read_to_the_end(stream)
    assert end.value.code() is CODE.UNAVAILABLE
    await channel.close()


async def read_to_the_end(stream: grpc.aio.UnaryStreamCall[bytes, bytes]) -> None:
    while await stream.read() is not grpc.aio.EOF:
        pass


def test_development_identity_is_for_loopback_alone() -> None:
    for address in ("0.0.0.0:1", "[::]:1", "192.0.2.7:1", "example.org:1", "localhost.example.org:1"):
        with pytest.raises(EntranceInvalid, match="without TLS"):
            Loopback(address, toy_door.AGENCIES)
    Loopback("127.0.0.1:1", toy_door.AGENCIES)
    Loopback("[::1]:1", toy_door.AGENCIES)
