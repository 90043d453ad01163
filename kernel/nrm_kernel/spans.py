"""Spans, made once when they end: each command has two at the edge and one in each batch that takes it on, and a
general one costs four times as much. Ids, sampling, resource and the way to the exporter are the tracer's own.
"""

from collections.abc import Iterable, Mapping
from contextvars import Token
from dataclasses import dataclass, field
from time import perf_counter_ns

from opentelemetry import trace
from opentelemetry.context import Context, attach, detach
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace import Tracer as SdkTracer
from opentelemetry.sdk.trace.id_generator import IdGenerator, RandomIdGenerator
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, Status, StatusCode, TraceFlags, Tracer

from nrm_kernel.clock import Clock

_SCOPE = InstrumentationScope("nrm")
_SAMPLED, _LEFT_OUT = TraceFlags(TraceFlags.SAMPLED), TraceFlags(TraceFlags.DEFAULT)
_FAILED, _WENT_ON = Status(StatusCode.ERROR), Status(StatusCode.UNSET)


@dataclass(slots=True)
class SpanUnderWay:
    """A span under way. Attributes are for allowed keys alone; see :data:`nrm_kernel.telemetry.SPAN_KEYS`."""

    name: str
    context: SpanContext
    parent: SpanContext | None
    kind: SpanKind
    began_ns: int
    ticks_ns: int
    attributes: dict[str, str | int] = field(default_factory=dict)
    status: Status = _WENT_ON

    def enter(self) -> Token[Context]:
        """Make it the current span until :func:`leave`."""
        return attach(trace.set_span_in_context(NonRecordingSpan(self.context)))

    def fail(self, code: int, reason: str) -> None:
        """What the span is about did not work."""
        self.status = _FAILED
        self.attributes |= {"rpc.grpc.status_code": code, "nrm.reason": reason}


def leave(token: Token[Context]) -> None:
    """The span that was current before is so again."""
    detach(token)


class Spans:
    """Makes spans for one tracer."""

    def __init__(self, tracer: Tracer, clock: Clock) -> None:
        self._clock = clock
        self._sdk = tracer if isinstance(tracer, SdkTracer) and tracer.sampler is not ALWAYS_OFF else None
        self._ids: IdGenerator = self._sdk.id_generator if self._sdk else RandomIdGenerator()
        self._flags = _SAMPLED if self._sdk else _LEFT_OUT

    def of_call(self, name: str, caller: SpanContext | None, attributes: Mapping[str, str | int]) -> SpanUnderWay:
        """The span of a call, in the caller's trace if it has one."""
        return self._begun(name, caller, SpanKind.SERVER, dict(attributes))

    def within(self, name: str) -> SpanUnderWay:
        """A span within the current one."""
        return self._begun(name, trace.get_current_span().get_span_context(), SpanKind.INTERNAL, {})

    def of_entries(self, name: str, traces: Iterable[int], attributes: Mapping[str, str | int]) -> list[SpanUnderWay]:
        """One span in each of these traces, of commands whose entries are taken on; none when nobody gets them."""
        if self._sdk is None:
            return []
        once_each = dict.fromkeys(traces)
        return [self._begun(name, _recorded(one), SpanKind.INTERNAL, dict(attributes)) for one in once_each]

    def alone(self, name: str, attributes: Mapping[str, str | int]) -> SpanUnderWay:
        """A span in a trace of its own."""
        return self._begun(name, None, SpanKind.INTERNAL, dict(attributes))

    def _begun(
        self, name: str, parent: SpanContext | None, kind: SpanKind, attributes: dict[str, str | int]
    ) -> SpanUnderWay:
        if parent is not None and not parent.is_valid:
            parent = None
        trace_id = parent.trace_id if parent else self._ids.generate_trace_id()
        context = SpanContext(trace_id, self._ids.generate_span_id(), is_remote=False, trace_flags=self._flags)
        now_ns = int(self._clock.now().timestamp() * 1e9) if self._sdk else 0
        return SpanUnderWay(name, context, parent, kind, now_ns, perf_counter_ns(), attributes)

    def end(self, span: SpanUnderWay) -> None:
        """The span is over; it goes to the exporter, if there is one."""
        if self._sdk is None:
            return
        self._sdk.span_processor.on_end(
            ReadableSpan(
                name=span.name,
                context=span.context,
                parent=span.parent,
                resource=self._sdk.resource,
                attributes=span.attributes,
                kind=span.kind,
                status=span.status,
                start_time=span.began_ns,
                end_time=span.began_ns + perf_counter_ns() - span.ticks_ns,
                instrumentation_scope=_SCOPE,
            )
        )


def _recorded(trace_number: int) -> SpanContext:
    """Where a command's trace stood when its entry was made; the entry keeps no span, any id but zero stands for it."""
    some_span = trace_number & (2**64 - 1) or 1
    return SpanContext(trace_number, some_span, is_remote=True, trace_flags=_SAMPLED)
