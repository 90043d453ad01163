"""What a server says of itself: its health, and in development its contract. The library's own services, with one
difference: bytes that are no request are answered INVALID_ARGUMENT and not with the library's status and text.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar, cast

import grpc
from google.protobuf.message import DecodeError, Message
from grpc_health.v1 import health
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_reflection.v1alpha import reflection
from grpc_reflection.v1alpha.reflection_pb2 import ServerReflectionRequest, ServerReflectionResponse

from nrm_kernel.rpc_identity import Context

M = TypeVar("M", bound=Message)
HEALTH = "grpc.health.v1.Health"


class Health:
    """Whether the server and each of its services serve (grpc.health.v1)."""

    def __init__(self, services: Sequence[str]) -> None:
        self._services = ("", *services)
        self._servicer = health.aio.HealthServicer()

    def handlers(self) -> grpc.GenericRpcHandler:
        """The service, for the server."""
        read, write = _or_none(HealthCheckRequest), HealthCheckResponse.SerializeToString
        check = grpc.unary_unary_rpc_method_handler(_guarded(self._servicer.Check), read, write)
        watch = grpc.unary_stream_rpc_method_handler(_guarded(self._servicer.Watch), read, write)
        return grpc.method_handlers_generic_handler(HEALTH, {"Check": check, "Watch": watch})

    async def serve(self) -> None:
        """From now on, everything serves."""
        for name in self._services:
            await self._servicer.set(name, HealthCheckResponse.SERVING)

    async def halt(self) -> None:
        """Nothing serves, as far as who asks is to know; calls are still answered."""
        for name in self._services:
            await self._servicer.set(name, HealthCheckResponse.NOT_SERVING)

    async def drain(self) -> None:
        """From now on, nothing does."""
        await self._servicer.enter_graceful_shutdown()


def reflection_handlers(services: Sequence[str]) -> grpc.GenericRpcHandler:
    """The contract of these services, for whoever asks (grpc.reflection.v1alpha)."""
    servicer = cast(Any, reflection).aio.ReflectionServicer([*services, reflection.SERVICE_NAME])
    read = _or_empty(ServerReflectionRequest)  # which the library answers with INVALID_ARGUMENT, inside its answer
    write = ServerReflectionResponse.SerializeToString
    handler = grpc.stream_stream_rpc_method_handler(servicer.ServerReflectionInfo, read, write)
    return grpc.method_handlers_generic_handler(reflection.SERVICE_NAME, {"ServerReflectionInfo": handler})


def _or_none(form: type[M]) -> Callable[[bytes], M | None]:
    def read(raw: bytes) -> M | None:
        try:
            return form.FromString(raw)
        except DecodeError:
            return None

    return read


def _or_empty(form: type[M]) -> Callable[[bytes], M]:
    read = _or_none(form)
    return lambda raw: read(raw) or form()


def _guarded(answer: Callable[[Any, Context], Awaitable[Any]]) -> Callable[[Message | None, Context], Awaitable[Any]]:
    async def call(request: Message | None, context: Context) -> object:
        if request is None:
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, "These bytes are no request of this method.")
        return await answer(request, context)

    return call
