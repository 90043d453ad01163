"""Traces and log lines, with nothing in them that could name a person.

Both have a list of allowed keys; whatever else is handed to them is left out, and the text of an exception never goes
in: it may quote what it failed on. A fault is told by its type, the place in the code and an incident id.
"""

import logging
import re
import traceback
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, cast

import orjson
import structlog
from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ALWAYS_ON
from opentelemetry.trace import Link, SpanContext, Status, Tracer
from structlog.typing import EventDict, FilteringBoundLogger, WrappedLogger

from nrm_kernel.clock import SystemClock
from nrm_kernel.entry import Entry
from nrm_kernel.spans import Spans

SPAN_KEYS: Final = frozenset(
    {"rpc.system", "rpc.service", "rpc.method", "rpc.grpc.status_code", "nrm.origin", "nrm.position", "nrm.entries"}
    | {"nrm.reason", "nrm.replayed", "nrm.view", "nrm.reaction"}
)
LOG_KEYS: Final = frozenset(
    {"address", "agency", "cause", "code", "count", "duration_ms", "fault", "incident", "level", "library", "method"}
    | {"mode", "name", "origin", "place", "position", "reason", "rule", "service", "size", "timestamp", "version"}
)
PLACES_MAX = 4
SAME_LINE_S: Final = 600.0
JOINED_MAX = 32
_EVENT_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_TRACE_ID: Final = re.compile(r"[0-9a-f]{32}")
_TRACEPARENT: Final = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")


@dataclass(frozen=True)
class Telemetry:
    """Where one process leaves its traces and its log lines."""

    tracer: Tracer
    log: FilteringBoundLogger


def silent() -> Telemetry:
    """Trace ids, but no spans and no lines: for tools that only read."""
    return Telemetry(tracing("nrm", None).get_tracer("nrm"), log_to(None))


def tracing(service: str, exporter: SpanExporter | None, *, at_once: bool = False) -> TracerProvider:
    """Sends every span to the exporter, in batches or each ``at_once``; with no exporter, only gives trace ids."""
    provider = TracerProvider(
        sampler=ALWAYS_ON if exporter else ALWAYS_OFF,
        resource=Resource({"service.name": service}),
        shutdown_on_exit=False,
    )
    if exporter:
        allowed = AllowedSpans(exporter)
        provider.add_span_processor(SimpleSpanProcessor(allowed) if at_once else BatchSpanProcessor(allowed))
    return provider


def otlp(endpoint: str) -> SpanExporter:
    """Sends spans to an OpenTelemetry collector; ``endpoint`` is a URL such as https://collector:4317.

    Without TLS (http://) they go in plain text.
    """
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter(endpoint=endpoint)


class AllowedSpans(SpanExporter):
    """Passes spans on with allowed attributes alone, without events and without descriptions of errors."""

    def __init__(self, inner: SpanExporter) -> None:
        self._inner = inner

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self._inner.export([_allowed(span) for span in spans])

    def shutdown(self) -> None:
        self._inner.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._inner.force_flush(timeout_millis)


def _allowed(span: ReadableSpan) -> ReadableSpan:
    attributes = span.attributes or {}
    if SPAN_KEYS.issuperset(attributes) and not span.events and span.status.description is None:
        return span
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes={key: value for key, value in attributes.items() if key in SPAN_KEYS},
        links=[Link(link.context) for link in span.links],
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def trace_id() -> str:
    """The current span's trace id in hex, for the entry that is being recorded; empty outside a span."""
    current = trace.get_current_span().get_span_context()
    return f"{current.trace_id:032x}" if current.is_valid else ""


def from_caller(metadata: Mapping[str, str | bytes]) -> SpanContext | None:
    """The caller's trace, if it sent a well-formed ``traceparent`` (W3C Trace Context)."""
    sent = metadata.get("traceparent")
    match = _TRACEPARENT.fullmatch(sent) if isinstance(sent, str) else None
    if match is None:
        return None
    return SpanContext(int(match[1], 16), int(match[2], 16), is_remote=True)


@contextmanager
def joining(tracer: Tracer, name: str, entries: Sequence[Entry]) -> Iterator[None]:
    """What is done to these entries at once, as a span in the trace of each command that made one of them.

    So one trace leads from the command through the log to the view. Beyond ``JOINED_MAX`` entries, as when a view is
    made again, nobody could read them: one span tells of all.
    """
    spans = Spans(tracer, SystemClock())
    attributes: dict[str, str | int] = {"nrm.origin": entries[0].origin if entries else "", "nrm.entries": len(entries)}
    if len(entries) <= JOINED_MAX:
        under_way = spans.of_entries(name, _traces(entries), attributes)
    else:
        under_way = [spans.alone(name, attributes)]
    try:
        yield
    finally:
        for span in under_way:
            spans.end(span)


def _traces(entries: Sequence[Entry]) -> Iterator[int]:
    for entry in entries:
        text = entry.text("trace_id")
        if _TRACE_ID.fullmatch(text) and (number := int(text, 16)):
            yield number


def log_to(stream: IO[bytes] | None) -> FilteringBoundLogger:
    """A logger that writes one JSON object a line; with no stream, nothing."""
    logger = structlog.wrap_logger(
        _Lines(stream),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            allow_listed,
            structlog.processors.JSONRenderer(serializer=_json),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO if stream else logging.CRITICAL),
        context_class=dict,
    )
    return cast(FilteringBoundLogger, logger)


def allow_listed(_logger: WrappedLogger, _method: str, line: EventDict) -> Mapping[str, object]:
    """Leaves out every key that is not allowed; the event is a name, never a sentence with values in it."""
    event = line.get("event")
    kept: MutableMapping[str, object] = {key: value for key, value in line.items() if key in LOG_KEYS}
    kept["event"] = event if isinstance(event, str) and _EVENT_NAME.fullmatch(event) else "unnamed"
    return kept


def place_of(fault: BaseException) -> str:
    """Where in the code a fault arose, innermost first: file, line and function, no values."""
    frames = reversed(list(_frames(fault)))
    return " < ".join(frame for frame, _ in zip(frames, range(PLACES_MAX), strict=False))


def _frames(fault: BaseException) -> Iterator[str]:
    for frame in traceback.extract_tb(fault.__traceback__):
        yield f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"


class LibraryLines(logging.Handler):
    """Takes what libraries log by the standard module: the logger's name, place in the code and fault, not the message.

    The place is where the fault arose, or who tells it. Some say the same at each of their retries: it is told once in
    ``SAME_LINE_S``.
    """

    def __init__(self, log: FilteringBoundLogger) -> None:
        super().__init__(logging.WARNING)
        self._log = log
        self._told_at: dict[tuple[str, str, str], float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        kind, met, _ = record.exc_info or (None, None, None)
        fault = kind.__name__ if kind else ""
        place = (place_of(met) if met else "") or f"{record.module}:{record.lineno}"
        line = (record.name, place, fault)
        told_at = self._told_at.get(line)
        if told_at is None or record.created - told_at >= SAME_LINE_S:
            self._told_at[line] = record.created
            self._log.warning("library_line", library=record.name, place=place, fault=fault)


class _Lines:
    def __init__(self, stream: IO[bytes] | None) -> None:
        self._stream = stream

    def msg(self, line: str) -> None:
        if self._stream is not None:
            self._stream.write(line.encode() + b"\n")
            self._stream.flush()

    debug = info = warning = error = critical = msg


def _json(line: EventDict, **_options: object) -> str:
    return orjson.dumps(line, default=lambda _value: "‹left out›").decode()
