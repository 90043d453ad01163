"""Traces and log lines: one trace per command, and nothing of a person in any of them."""

import io
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import grpc
import orjson
import pytest
from google.protobuf.message import Message
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from nrm_contracts.vault.v1.vault_pb2 import Identity, Narrative, PersonalData
from nrm_kernel import telemetry
from nrm_kernel.entry import Entry
from nrm_kernel.reactions import StoreLookup
from nrm_kernel.telemetry import LibraryLines, Telemetry
from nrm_kernel.testing import serving, toy_door
from nrm_kernel.testing.serving import Agency, Metadata, Outcome, outcome
from nrm_kernel.testing.toy_door import AGENCIES, FAULT_TEXT, ORIGIN, message, path

CANARY = "Canary Name-Of-Nobody"
REQUEST_ID = "7c2e9a4c-0b53-4b38-9a55-0d5e8f1f6a01"


class Watched:
    """An agency whose spans and log lines are kept."""

    def __init__(self) -> None:
        self.exporter = InMemorySpanExporter()
        self.lines = io.BytesIO()
        provider = telemetry.tracing("nrm-boats", self.exporter, at_once=True)
        self.telemetry = Telemetry(provider.get_tracer("nrm"), telemetry.log_to(self.lines))
        self.agency: Agency
        self.channel: grpc.aio.Channel

    @property
    def spans(self) -> list[ReadableSpan]:
        return list(self.exporter.get_finished_spans())

    @property
    def log(self) -> list[dict[str, object]]:
        return [orjson.loads(line) for line in self.lines.getvalue().splitlines()]

    async def send(self, request: Message, caller: Metadata, *more: tuple[str, str]) -> Outcome:
        method = type(request).DESCRIPTOR.name.removesuffix("Request")
        return await outcome(self.channel, path(method), request.SerializeToString(), (*caller, *more))


@pytest.fixture
async def watched(tmp_path: Path) -> AsyncIterator[Watched]:
    one = Watched()
    async with serving.agency(tmp_path, ORIGIN, AGENCIES, telemetry=one.telemetry) as agency:
        doors = [toy_door.door(StoreLookup(agency.store))]
        async with (
            serving.served(agency.office, doors, tables={"boats": toy_door.table()}) as port,
            grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel,
        ):
            one.agency, one.channel = agency, channel
            yield one


def registration(**values: object) -> Message:
    given = {"request_id": REQUEST_ID, "sex": "female", "seen_on": "2026-01-02", "title": "Sea Star", **values}
    return message("RegisterBoatRequest", **given)


async def test_a_command_is_one_trace_from_the_caller_to_its_entry(watched: Watched, worker: Metadata) -> None:
    sent = f"{'4b' * 16}-{'c1' * 8}"
    assert (await watched.send(registration(), worker, ("traceparent", f"00-{sent}-01"))).code is grpc.StatusCode.OK
    [entry] = await watched.agency.store.read(0, 10)
    append, rpc = watched.spans
    assert rpc.context is not None
    assert append.context is not None
    assert [f"{span.context.trace_id:032x}" for span in (rpc, append) if span.context] == ["4b" * 16] * 2
    assert entry.text("trace_id") == "4b" * 16
    assert (rpc.parent.span_id if rpc.parent else 0) == int("c1" * 8, 16)
    assert (append.parent.span_id if append.parent else 0) == rpc.context.span_id
    assert dict(rpc.attributes or {}) == {
        "rpc.system": "grpc",
        "rpc.service": "nrm.boats.v1.BoatsService",
        "rpc.method": "RegisterBoat",
    }


async def test_a_malformed_traceparent_is_as_none(watched: Watched, worker: Metadata) -> None:
    for sent in ("00-xyz", f"00-{'0' * 32}-{'0' * 16}-01", "ff"):
        await watched.send(registration(), worker, ("traceparent", sent))
    assert all(span.parent is None for span in watched.spans if span.name != "append")


async def test_views_and_relays_continue_the_trace_of_an_entry(watched: Watched) -> None:
    tracer = watched.telemetry.tracer
    made_by = ["ab" * 16, "cd" * 16, "ab" * 16, "no trace"]
    entries = [Entry.of("a/b/c", at, f'{{"trace_id":"{trace}"}}'.encode()) for at, trace in enumerate(made_by)]
    with telemetry.joining(tracer, "relay", entries):
        pass
    assert {f"{span.context.trace_id:032x}" for span in watched.spans if span.context} == {"ab" * 16, "cd" * 16}
    assert {(span.name, (span.attributes or {})["nrm.entries"]) for span in watched.spans} == {("relay", 4)}


async def test_no_personal_data_stands_in_spans_lines_or_errors(
    watched: Watched, worker: Metadata, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    identity = PersonalData(identity=Identity(given_names=CANARY, birth_date=CANARY, other_names=[CANARY]))
    narrative = PersonalData(narrative=Narrative(text=CANARY))
    requests = [
        registration(identity=identity, narrative=narrative),
        registration(identity=identity, narrative=narrative, sex="no"),
        registration(identity=narrative),
        registration(identity=PersonalData(identity=Identity(given_names=f"{CANARY}\0"))),
        registration(identity=identity, request_id=CANARY),
        registration(identity=identity, title="reused"),
        registration(title=CANARY + "\0"),
        registration(sex=CANARY),
        registration(occurred_on=CANARY),
        message("CloseBoatRequest", request_id=REQUEST_ID[:-1] + "2", person_ref="0" * 32, explode=True),
        message("GetBoatRequest", person_ref=CANARY),
        message("ListBoatsRequest", page_token=CANARY),
    ]
    results = [await watched.send(request, worker) for request in requests]
    results.append(await outcome(watched.channel, path("GetBoat"), b"", (("nrm-agency", CANARY),)))
    results.append(await outcome(watched.channel, path("GetBoat"), CANARY.encode(), worker))
    assert len(watched.log) >= len(results) - 1
    told = repr(results) + watched.lines.getvalue().decode() + caplog.text + "".join(capfd.readouterr())
    told += "".join(span.to_json() for span in watched.spans)
    for secret in (CANARY, FAULT_TEXT):
        assert secret not in told


async def test_a_fault_is_logged_by_kind_and_place_under_the_incident_that_the_caller_was_told(
    watched: Watched, worker: Metadata
) -> None:
    request = message("CloseBoatRequest", request_id=REQUEST_ID, person_ref="0" * 32, explode=True)
    result = await watched.send(request, worker)
    [fault] = [line for line in watched.log if line["event"] == "rpc_fault"]
    assert fault["incident"] == (result.facts or {})["incident"]
    assert fault["fault"] == "ValueError"
    assert "toy_door.py" in str(fault["place"])


def test_a_line_keeps_allowed_keys_alone_and_its_event_is_a_name() -> None:
    stream = io.BytesIO()
    log = telemetry.log_to(stream)
    log.info("relayed", origin="toy/boats/north", size=3, person_ref="0" * 32, text=CANARY)
    log.info(f"met {CANARY}")
    log.info("odd", reason=object())
    first, second, third = (orjson.loads(line) for line in stream.getvalue().splitlines())
    assert first.keys() == {"event", "level", "timestamp", "origin", "size"}
    assert second["event"] == "unnamed"
    assert third["reason"] == "‹left out›"


def test_what_libraries_log_is_told_by_place_alone() -> None:
    stream = io.BytesIO()
    lines = LibraryLines(telemetry.log_to(stream))
    record = logging.LogRecord("grpc.aio", logging.ERROR, "_server.py", 7, f"failed on {CANARY}", None, None)
    lines.handle(record)
    [line] = (orjson.loads(each) for each in stream.getvalue().splitlines())
    assert (line["event"], line["library"], line["place"]) == ("library_line", "grpc.aio", "_server:7")
    assert CANARY not in stream.getvalue().decode()


def test_what_a_library_says_at_each_retry_is_told_once_in_a_while() -> None:
    stream = io.BytesIO()
    lines = LibraryLines(telemetry.log_to(stream))
    for created in (0.0, 1.0, telemetry.SAME_LINE_S):
        for line, fault in ((7, None), (7, (ValueError, ValueError(CANARY), None)), (8, None)):
            record = logging.LogRecord("grpc.aio", logging.ERROR, "_server.py", line, "again", None, fault)
            record.created = created
            lines.handle(record)
    told = [(line["place"], line["fault"]) for line in map(orjson.loads, stream.getvalue().splitlines())]
    assert told == [("_server:7", ""), ("_server:7", "ValueError"), ("_server:8", "")] * 2


def test_a_span_leaves_out_what_is_not_allowed() -> None:
    exporter = InMemorySpanExporter()
    tracer = telemetry.tracing("nrm", exporter, at_once=True).get_tracer("nrm")

    def work() -> None:
        with tracer.start_as_current_span("work") as span:
            span.set_attributes({"rpc.method": "GetBoat", "person": CANARY})
            raise ValueError(CANARY)

    with pytest.raises(ValueError, match="Canary"):
        work()
    [kept] = exporter.get_finished_spans()
    assert CANARY not in kept.to_json()
    assert dict(kept.attributes or {}) == {"rpc.method": "GetBoat"}
    assert kept.status.description is None
