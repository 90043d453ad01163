"""A collector of traces, as processes send them by OTLP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import grpc
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span

EXPORT = "opentelemetry.proto.collector.trace.v1.TraceService"


@dataclass
class Collector:
    """Keeps the spans that came, by the hexadecimal ids of their traces, and from whom: each process is a peer."""

    address: str = ""
    spans: dict[str, list[Span]] = field(default_factory=dict)
    peers: dict[tuple[str, str], set[str]] = field(default_factory=dict)

    def peers_of(self, trace: str, name: str) -> set[str]:
        """Which processes told of spans of that name in the trace."""
        return self.peers.get((trace, name), set())

    async def export(
        self, request: ExportTraceServiceRequest, context: "grpc.aio.ServicerContext[object, object]"
    ) -> ExportTraceServiceResponse:
        """Take spans in."""
        for of_process in request.resource_spans:
            for of_library in of_process.scope_spans:
                for span in of_library.spans:
                    trace = span.trace_id.hex()
                    self.spans.setdefault(trace, []).append(span)
                    self.peers.setdefault((trace, span.name), set()).add(context.peer())
        return ExportTraceServiceResponse()


@asynccontextmanager
async def collecting() -> AsyncIterator[Collector]:
    """A collector as long as the block."""
    collector = Collector()
    server = grpc.aio.server()
    export = grpc.unary_unary_rpc_method_handler(
        collector.export, ExportTraceServiceRequest.FromString, ExportTraceServiceResponse.SerializeToString
    )
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(EXPORT, {"Export": export})])
    collector.address = f"http://127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    await server.start()
    try:
        yield collector
    finally:
        await server.stop(None)
