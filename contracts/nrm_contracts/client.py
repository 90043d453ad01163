"""An agency's API in few lines: who calls, a request id for each command, and the same request again when it got lost.

What answers in a stream, or belongs to another service of the same server, takes ``channel`` and ``metadata`` with the
generated stubs.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import grpc
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message_factory import GetMessageClass
from google.rpc.error_details_pb2 import ErrorInfo
from google.rpc.status_pb2 import Status

Metadata = tuple[tuple[str, str], ...]

TIMEOUT_S: Final = 20.0
"""How long a call may take, all attempts together."""
ATTEMPTS: Final = 5
"""How often a request is sent while it meets UNAVAILABLE, with waits of up to 0.2, 0.4, 0.8 and 1.6 s between."""
SERVICES: Final = ("identification", "assistance", "prosecution", "funding", "coordinator", "audit")
"""The second part of an origin: what the agency's server offers."""
_RETRY: Final = {
    "maxAttempts": ATTEMPTS,
    "initialBackoff": "0.2s",
    "maxBackoff": "2s",
    "backoffMultiplier": 2,
    "retryableStatusCodes": ["UNAVAILABLE"],
}
_OPTIONS: Final = [("grpc.service_config", json.dumps({"methodConfig": [{"name": [{}], "retryPolicy": _RETRY}]}))]
_PLAIN: Final = [*_OPTIONS, ("grpc.enable_http_proxy", 0)]
"""What is sent without TLS goes through nobody's proxy."""
_DETAILS: Final = "grpc-status-details-bin"
_REFUSALS: Final = frozenset(
    {
        grpc.StatusCode.FAILED_PRECONDITION,
        grpc.StatusCode.INVALID_ARGUMENT,
        grpc.StatusCode.UNAUTHENTICATED,
        grpc.StatusCode.PERMISSION_DENIED,
        grpc.StatusCode.NOT_FOUND,
        grpc.StatusCode.ABORTED,
        grpc.StatusCode.ALREADY_EXISTS,
        grpc.StatusCode.RESOURCE_EXHAUSTED,
        grpc.StatusCode.UNIMPLEMENTED,
    }
)
"""Statuses that an agency gives before it does anything; after any other one nobody knows what it did."""


class CallFailed(Exception):
    """A call brought no response. The text is for people; programs act on the class and on ``reason``.

    ``status`` is the gRPC status, ``facts`` is what the reason names, such as ``current_version``. ``request_id`` is
    the command's; empty for a question.
    """

    def __init__(
        self, status: grpc.StatusCode, reason: str, text: str, facts: Mapping[str, str], request_id: str
    ) -> None:
        super().__init__(f"{reason}: {text}")
        self.status, self.reason, self.facts, self.request_id = status, reason, facts, request_id


class CallRefused(CallFailed):
    """The agency refused what it was sent.

    Where the reason passes by itself, as TOO_MANY_CALLS or a token that ended, send the command again by its
    ``request_id``: an attempt before may have been done, and its answer lost.
    """


class OutcomeUnknown(CallFailed):
    """No answer came, or none that says what was done: a command may be recorded, now or in a moment.

    Send it again with the same fields by its ``request_id``: it has one effect, and its answer is the first one. With
    a fresh id it would be another command.
    """


@dataclass(frozen=True)
class Client:
    """Calls the service of one agency, by its origin ``<deployment>/<service>/<agency>``.

    ``metadata`` gives what goes along with a call: who asks. It is asked at every call, because tokens end.
    """

    origin: str
    channel: grpc.Channel
    metadata: Callable[[], Metadata]

    @classmethod
    def secured(cls, address: str, origin: str, folder: Path, token: Callable[[], str], agency: str = "") -> "Client":
        """Over mutual TLS. Raises OSError when a file cannot be read.

        The folder holds ``authority.pem`` and, with dots for slashes, ``<agency>.pem`` and ``<agency>.key`` of the
        caller: the same agency, or ``agency``. ``token`` gives an officer's token that still holds.
        """
        own = folder / (agency or origin).replace("/", ".")
        authority, key, certificate = (
            path.read_bytes() for path in (folder / "authority.pem", Path(f"{own}.key"), Path(f"{own}.pem"))
        )
        credentials = grpc.ssl_channel_credentials(authority, key, certificate)
        channel = grpc.secure_channel(address, credentials, _OPTIONS)
        return cls(origin, channel, lambda: (("nrm-token", token()),))

    @classmethod
    def on_loopback(cls, address: str, origin: str, officer: str, role: str, purpose: str) -> "Client":
        """In development, as in the demo: no TLS, and the caller says who it is, an officer of that same agency.

        Raises ValueError for the address of another machine: personal data would travel in plain text.
        """
        if not _is_loopback(address):
            raise ValueError(
                f"{address} is not on loopback, so what is sent there could be read on the way. "
                "Nothing was sent. Use Client.secured, or localhost, 127.0.0.1 or [::1] with a port."
            )
        said = (("nrm-agency", origin), ("nrm-officer", officer), ("nrm-roles", role), ("nrm-purpose", purpose))
        return cls(origin, grpc.insecure_channel(address, _PLAIN), lambda: said)

    def send(self, method: str, /, after: Any = None, **fields: Any) -> Any:  # noqa: ANN401 - each has its own reply
        """Call a method with these fields of its request; gives its response.

        A command gets a fresh ``request_id`` unless one is given: that of OutcomeUnknown, with all else as it was, to
        learn what became of it. ``after`` is the reply to a command: the last one on the same stream, whose version is
        expected, or for a question about a pathway one that the answer must cover.
        Raises CallRefused, OutcomeUnknown, and ValueError for a method or a field that does not exist.
        """
        called = _method(self._service(), method)
        asks, answers = GetMessageClass(called.input_type), GetMessageClass(called.output_type)
        told = {**_transport(called, after), **fields}
        request = asks(**told)
        call = self.channel.unary_unary(
            f"/{called.containing_service.full_name}/{called.name}",
            request_serializer=asks.SerializeToString,
            response_deserializer=answers.FromString,
        )
        try:
            return call(request, timeout=TIMEOUT_S, metadata=self.metadata())
        except grpc.RpcError as error:
            raise _failed(error, str(told.get("request_id", ""))) from error

    def close(self) -> None:
        """Hang up."""
        self.channel.close()

    def _service(self) -> ServiceDescriptor:
        match self.origin.split("/"):
            case [_, kind, _] if kind in SERVICES:
                return _service(kind)
        raise ValueError(f"{self.origin!r} is not <deployment>/<service>/<agency>, of {', '.join(SERVICES)}")


@cache
def _service(kind: str) -> ServiceDescriptor:
    module = import_module(f"nrm_contracts.{kind}.v1.{kind}_pb2")
    service: ServiceDescriptor = module.DESCRIPTOR.services_by_name[f"{kind.capitalize()}Service"]
    return service


def _method(service: ServiceDescriptor, name: str) -> MethodDescriptor:
    known = service.methods_by_name
    if name not in known:
        near = get_close_matches(name, known, n=1, cutoff=0.0)[0]
        raise ValueError(f"{service.full_name} has no method {name!r}; the nearest is {near!r}")
    return known[name]


def _transport(method: MethodDescriptor, after: Any) -> dict[str, object]:  # noqa: ANN401 - any command's reply
    fields = method.input_type.fields_by_name
    given: dict[str, object] = {"request_id": str(uuid4())} if "request_id" in fields else {}
    if after is None:
        return given
    if "covers_position" in fields:
        return given | {"covers_origin": after.receipt.origin, "covers_position": after.receipt.position}
    return given | {"expected_version": after.receipt.version}


def _is_loopback(address: str) -> bool:
    host = address.rpartition(":")[0].removeprefix("[").removesuffix("]")
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _failed(error: grpc.RpcError, request_id: str) -> CallFailed:
    info = ErrorInfo()
    for one in error.trailing_metadata() or ():
        if one.key == _DETAILS and isinstance(one.value, bytes):
            for detail in Status.FromString(one.value).details:
                detail.Unpack(info)
    status, text = error.code(), error.details() or ""
    reason, facts = info.reason or status.name, dict(info.metadata)
    if status in _REFUSALS:
        return CallRefused(status, reason, text, facts, request_id)
    if request_id:
        text += f" Whether this was done is not known: send it again with request_id={request_id!r}."
    return OutcomeUnknown(status, reason, text, facts, request_id)
