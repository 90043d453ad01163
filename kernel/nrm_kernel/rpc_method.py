"""One wrapper per method, made once: bytes in, bytes out, and every way in which it can end.

The server takes raw bytes, because the library would answer malformed ones, and any fault, with a status and a text of
its own.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from contextvars import Token
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import cast

import grpc
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from opentelemetry.context import Context as TraceContext

from nrm_kernel import telemetry
from nrm_kernel.access import AccessTable
from nrm_kernel.errors import NrmError, Stale
from nrm_kernel.ids import new_ref
from nrm_kernel.paging import is_paged
from nrm_kernel.rpc_command import CommandForm, Given
from nrm_kernel.rpc_gate import Admitted, Gate
from nrm_kernel.rpc_identity import Context, Metadata
from nrm_kernel.rpc_office import Office
from nrm_kernel.rpc_request import Form
from nrm_kernel.rpc_status import TooLate, code_of, internal, status_of
from nrm_kernel.service import Read, Watch, Write
from nrm_kernel.spans import Spans, SpanUnderWay, leave

Run = Callable[[bytes, Admitted], Awaitable[bytes]]
Unary = Callable[[bytes, Context], Awaitable[bytes]]
Streaming = Callable[[bytes, Context], Awaitable[None]]


@dataclass(frozen=True)
class Spot:
    """A method's place: what its wrapper needs to know of it."""

    method: MethodDescriptor
    table: AccessTable
    gate: Gate
    office: Office

    @property
    def domain(self) -> str:
        """The domain of its errors: ``nrm.<service>``."""
        return self.method.full_name.rsplit(".", 3)[0]


def running(row: Write | Read, spot: Spot) -> Run:
    """What a unary method does once a call is admitted."""
    return _recording(row, spot) if isinstance(row, Write) else _answering(row, spot)


def _recording(write: Write, spot: Spot) -> Run:
    office = spot.office
    form = CommandForm(write, spot.method, office, spot.table.hash)
    spans, submit = Spans(office.telemetry.tracer, office.clock), office.appender.submit

    async def record(raw: bytes, admitted: Admitted) -> bytes:
        order = await form.order(raw, Given(admitted.caller, admitted.rule, telemetry.trace_id()))
        span = spans.within("append")
        try:
            answer = await submit(order)
        except Stale as stale:
            if admitted.caller.agency == office.origin:
                raise
            raise stale.unnamed() from None
        finally:
            spans.end(span)
        return form.replayed(answer.reply) if answer.replayed else answer.reply

    return record


def _answering(read: Read, spot: Spot) -> Run:
    form, pages = Form(spot.method.input_type), spot.office.pages
    paged = is_paged(spot.method)

    async def answer(raw: bytes, admitted: Admitted) -> bytes:
        request = _checked(form, raw)
        query = pages.open(request, admitted.caller) if paged else b""
        response = await read.answer(request, admitted.caller)
        if paged:
            pages.close(response, query)
        return response.SerializeToString()

    return answer


def _checked(form: Form, raw: bytes) -> Message:
    request = form.parse(raw)
    form.values(request)
    return request


def unary(run: Run, spot: Spot) -> Unary:
    """The wrapper of a method with one answer."""
    gate, method, table = spot.gate, spot.method.name, spot.table
    ending = _Ending(spot)

    async def call(raw: bytes, context: Context) -> bytes:
        call_of = ending.begin(context)
        try:
            admitted = call_of.admitted = gate.enter_call(context, call_of.metadata, table, method)
            try:
                return await _in_time(run(raw, admitted), context, gate)
            finally:
                gate.leave_call(admitted)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong in here, its text must not go out
            status = ending.of(call_of, error)
        finally:
            ending.end(call_of)
        await context.abort_with_status(status)
        raise AssertionError("abort_with_status always raises")

    return call


async def _in_time(answer: Awaitable[bytes], context: Context, gate: Gate) -> bytes:
    given = cast(float | None, context.time_remaining())
    limit_s = gate.limits.deadline_s if given is None else min(given, gate.limits.deadline_max_s)
    patience = asyncio.timeout(limit_s)
    try:
        async with patience:
            return await answer
    except TimeoutError:
        if patience.expired():
            raise TooLate(limit_s) from None
        raise


def streaming(watch: Watch, spot: Spot) -> Streaming:
    """The wrapper of a method whose answer goes on."""
    gate, method, table = spot.gate, spot.method.name, spot.table
    form = Form(spot.method.input_type)
    ending = _Ending(spot)

    async def call(raw: bytes, context: Context) -> None:
        call_of = ending.begin(context)
        try:
            admitted = call_of.admitted = gate.enter_stream(context, call_of.metadata, table, method)
            try:
                messages = watch.answer(_checked(form, raw), admitted.caller)
                recheck = partial(gate.admit, context, call_of.metadata, table, method)
                async with aclosing(_watched(messages, recheck, gate.limits.proof_recheck_s)) as allowed:
                    async for message in allowed:
                        await context.write(message.SerializeToString())
                return
            finally:
                gate.leave_stream(admitted)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong in here, its text must not go out
            status = ending.of(call_of, error)
        finally:
            ending.end(call_of)
        await context.abort_with_status(status)

    return call


async def _watched(
    messages: AsyncIterator[Message], recheck: Callable[[], object], every_s: float
) -> AsyncGenerator[Message, None]:
    """The messages, as long as who reads them still may: looked at again while waiting and between messages."""
    loop = asyncio.get_running_loop()
    due = loop.time() + every_s
    coming: asyncio.Future[Message] | None = None
    try:
        while True:
            coming = coming or asyncio.ensure_future(anext(messages))
            await asyncio.wait({coming}, timeout=max(0.0, due - loop.time()))
            if loop.time() >= due:
                recheck()
                due = loop.time() + every_s
            if coming.done():
                finished, coming = coming, None
                try:
                    yield finished.result()
                except StopAsyncIteration:
                    return
    finally:
        if coming is not None:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)


@dataclass(slots=True)
class _Call:
    """One call as far as traces and log lines tell of it."""

    span: SpanUnderWay
    token: Token[TraceContext]
    metadata: Metadata
    began: float
    admitted: Admitted | None = None


class _Ending:
    """How calls of one method begin and end in traces, log lines and statuses."""

    def __init__(self, spot: Spot) -> None:
        self._telemetry = spot.office.telemetry
        self._spans = Spans(spot.office.telemetry.tracer, spot.office.clock)
        self._domain = spot.domain
        self._name = spot.method.full_name
        service, _, method = self._name.rpartition(".")
        self._attributes = {"rpc.system": "grpc", "rpc.service": service, "rpc.method": method}

    def begin(self, context: Context) -> _Call:
        metadata: dict[str, str | bytes] = dict(context.invocation_metadata() or ())
        span = self._spans.of_call(self._name, telemetry.from_caller(metadata), self._attributes)
        return _Call(span, span.enter(), metadata, perf_counter())

    def end(self, call: _Call) -> None:
        leave(call.token)
        self._spans.end(call.span)

    def of(self, call: _Call, error: Exception) -> grpc.Status:
        """What the caller is told. An error that is not meant for callers is a fault of ours."""
        code = code_of(error) if isinstance(error, NrmError) else None
        if not isinstance(error, NrmError) or code is None:
            return self._fault(call, error)
        self._note(call, code, error.reason, error.facts.get("cause", ""))
        return status_of(error, code, self._domain)

    def _fault(self, call: _Call, fault: Exception) -> grpc.Status:
        """Its kind and place go to the log under an incident id, its text nowhere."""
        incident = new_ref()[:16]
        self._note(call, grpc.StatusCode.INTERNAL, "INTERNAL")
        self._telemetry.log.error(
            "rpc_fault",
            incident=incident,
            method=self._name,
            fault=type(fault).__name__,
            place=telemetry.place_of(fault),
        )
        return internal(incident, self._domain)

    def _note(self, call: _Call, code: grpc.StatusCode, reason: str, cause: str = "") -> None:
        call.span.fail(code.value[0], reason)
        self._telemetry.log.info(
            "rpc_refused",
            method=self._name,
            code=code.name,
            reason=reason,
            cause=cause,
            agency=call.admitted.caller.agency if call.admitted else "",
            duration_ms=round((perf_counter() - call.began) * 1000, 1),
        )
