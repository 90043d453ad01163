"""One trace leads from a call through the store and the log to the views, and to the entry."""

from pathlib import Path

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from tests.pathways.deployment import POLICE, deployed, eventually, method_of, officer_for
from tests.pathways.stories import SOMEBODY

from nrm_contracts.identification.v1.persons_pb2 import DetectPersonRequest
from nrm_kernel import telemetry
from nrm_kernel.telemetry import Telemetry

TRACE, SPAN = "4b" * 16, "c1" * 8
REQUEST_ID = "7c2e9a4c-0b53-4b38-9a55-0d5e8f1f6a01"


@pytest.mark.slow
async def test_a_callers_trace_leads_to_the_entry_and_on_to_the_views(tmp_path: Path) -> None:
    exporter = InMemorySpanExporter()
    tracer = telemetry.tracing("nrm", exporter, at_once=True).get_tracer("nrm")
    async with deployed(tmp_path / "deployment", Telemetry(tracer, telemetry.log_to(None))) as deployment:
        method = method_of(POLICE, "DetectPerson")
        request = DetectPersonRequest(request_id=REQUEST_ID, detection_channel="raid", **SOMEBODY)
        caller = (*officer_for(POLICE, method), ("traceparent", f"00-{TRACE}-{SPAN}-01"))
        await deployment.call(POLICE, method, request.SerializeToString(), caller)

        async def spans() -> list[ReadableSpan]:
            return [
                one for one in exporter.get_finished_spans() if one.context and one.context.trace_id == int(TRACE, 16)
            ]

        found = await eventually(spans, lambda made: sum(one.name == "project" for one in made) >= 2)
        entries = await deployment.entries(POLICE)
    assert {entry.text("trace_id") for entry in entries} == {TRACE}
    by_name = {one.name: one for one in found}
    assert {"append", "relay", "project"} < by_name.keys()
    [called] = [one for one in found if (one.attributes or {}).get("rpc.method") == "DetectPerson"]
    assert called.context is not None
    assert called.parent is not None
    assert called.parent.span_id == int(SPAN, 16)
    appended = by_name["append"].parent
    assert appended is not None
    assert appended.span_id == called.context.span_id
    assert {(one.attributes or {})["nrm.origin"] for one in found if one.name in ("relay", "project")} == {POLICE}
