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
"""How often a request is sent before UNAVAILABLE is raised, with waits of up to 0.2, 0.4, 0.8 and 1.6 s between."""
_RETRY: Final = {
    "maxAttempts": ATTEMPTS,
    "initialBackoff": "0.2s",
    "maxBackoff": "2s",
    "backoffMultiplier": 2,
    "retryableStatusCodes": ["UNAVAILABLE"],
}
_OPTIONS: Final = [("grpc.service_config", json.dumps({"methodConfig": [{"name": [{}], "retryPolicy": _RETRY}]}))]
_DETAILS: Final = "grpc-status-details-bin"


class CallRefused(Exception):
    """The agency did not do what it was asked. The text is for people; programs act on ``reason``.

    ``status`` is the gRPC status, ``facts`` is what the reason names, such as ``current_version``.
    """

    def __init__(self, status: grpc.StatusCode, reason: str, text: str, facts: Mapping[str, str]) -> None:
        super().__init__(f"{reason}: {text}")
        self.status, self.reason, self.facts = status, reason, facts


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
        """In development, as in the demo: no TLS, and the caller says who it is, an officer of that same agency."""
        said = (("nrm-agency", origin), ("nrm-officer", officer), ("nrm-roles", role), ("nrm-purpose", purpose))
        return cls(origin, grpc.insecure_channel(address, _OPTIONS), lambda: said)

    def send(self, method: str, /, after: Any = None, **fields: Any) -> Any:  # noqa: ANN401 - each has its own reply
        """Call a method with these fields of its request; gives its response.

        A command gets a fresh ``request_id`` unless one is given: give that of a call that ended without an answer, to
        learn what became of it. ``after`` is the reply to the last command on the same stream; its version is expected.
        Raises CallRefused, and ValueError for a method or a field that does not exist.
        """
        called = _method(self._service(), method)
        asks, answers = GetMessageClass(called.input_type), GetMessageClass(called.output_type)
        request = asks(**{**_transport(called, after), **fields})
        call = self.channel.unary_unary(
            f"/{called.containing_service.full_name}/{called.name}",
            request_serializer=asks.SerializeToString,
            response_deserializer=answers.FromString,
        )
        try:
            return call(request, timeout=TIMEOUT_S, metadata=self.metadata())
        except grpc.RpcError as error:
            raise _refused(error) from error

    def close(self) -> None:
        """Hang up."""
        self.channel.close()

    def _service(self) -> ServiceDescriptor:
        return _service(self.origin.split("/")[1])


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
    given: dict[str, object] = {}
    if "request_id" in method.input_type.fields_by_name:
        given["request_id"] = str(uuid4())
    if after is not None:
        given["expected_version"] = after.receipt.version
    return given


def _refused(error: grpc.RpcError) -> CallRefused:
    info = ErrorInfo()
    for one in error.trailing_metadata() or ():
        if one.key == _DETAILS and isinstance(one.value, bytes):
            for detail in Status.FromString(one.value).details:
                detail.Unpack(info)
    status = error.code()
    return CallRefused(status, info.reason or status.name, error.details() or "", dict(info.metadata))
