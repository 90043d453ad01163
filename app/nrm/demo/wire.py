"""Calls over real gRPC to the agencies' own servers on loopback, in the development identity that they take there."""

from collections.abc import AsyncIterator, Mapping

import grpc
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import ErrorInfo
from google.rpc.status_pb2 import Status

from nrm_kernel.errors import NrmError
from nrm_kernel.identity import Caller

TIMEOUT_S = 60.0
DETAILS = "grpc-status-details-bin"
"""The trailer in which a status brings its details."""


class Wire:
    """A channel to each agency's port. Close it in the end."""

    def __init__(self, ports: Mapping[str, int]) -> None:
        self._channels = {origin: grpc.aio.insecure_channel(f"127.0.0.1:{port}") for origin, port in ports.items()}

    async def call(self, agency: str, path: str, raw: bytes, caller: Caller) -> bytes:
        """Call a method with one answer. Raises NrmError with the reason that came with the status."""
        method: grpc.aio.UnaryUnaryMultiCallable[bytes, bytes] = self._channels[agency].unary_unary(path)
        try:
            return await method(raw, timeout=TIMEOUT_S, metadata=_said(caller))
        except grpc.aio.AioRpcError as error:
            raise _told(error) from error

    async def watch(self, agency: str, path: str, request: Message, caller: Caller) -> AsyncIterator[bytes]:
        """Read a method whose answer goes on."""
        method: grpc.aio.UnaryStreamMultiCallable[bytes, bytes] = self._channels[agency].unary_stream(path)
        async for message in method(request.SerializeToString(), timeout=TIMEOUT_S, metadata=_said(caller)):
            yield message

    async def close(self) -> None:
        """Hang up."""
        for channel in self._channels.values():
            await channel.close()


def _said(caller: Caller) -> tuple[tuple[str, str], ...]:
    return (
        ("nrm-agency", caller.agency),
        ("nrm-officer", caller.officer),
        ("nrm-roles", ",".join(sorted(caller.roles))),
        ("nrm-purpose", caller.purpose),
    )


def _told(error: grpc.aio.AioRpcError) -> NrmError:
    info = ErrorInfo()
    for key, value in error.trailing_metadata() or ():
        if key == DETAILS and isinstance(value, bytes):
            for detail in Status.FromString(value).details:
                detail.Unpack(info)
    return NrmError(info.reason or error.code().name, error.details() or "")
