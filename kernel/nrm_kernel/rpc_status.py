"""From errors to gRPC statuses: every one carries a google.rpc.ErrorInfo, none carries the text of a fault.

A caller acts on ``ErrorInfo.reason`` under the domain ``nrm.<service>``; the message is for people.
"""

from collections.abc import Mapping
from datetime import timedelta

import grpc
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RetryInfo
from google.rpc.status_pb2 import Status
from grpc_status import rpc_status

from nrm_kernel import errors


class TooLate(errors.NrmError):
    """The time given for the call is over."""

    def __init__(self, limit_s: float) -> None:
        super().__init__(
            "DEADLINE_EXCEEDED",
            f"No answer within {limit_s:g} s. A command may still be recorded: send the same request again, with the "
            "same request id, to learn what became of it.",
            limit_ms=int(limit_s * 1000),
        )


CODES: Mapping[type[errors.NrmError], grpc.StatusCode] = {
    errors.Refused: grpc.StatusCode.FAILED_PRECONDITION,
    errors.Invalid: grpc.StatusCode.INVALID_ARGUMENT,
    errors.Unauthenticated: grpc.StatusCode.UNAUTHENTICATED,
    errors.Forbidden: grpc.StatusCode.PERMISSION_DENIED,
    errors.NotFound: grpc.StatusCode.NOT_FOUND,
    errors.Stale: grpc.StatusCode.ABORTED,
    errors.RequestReused: grpc.StatusCode.ALREADY_EXISTS,
    errors.Exhausted: grpc.StatusCode.RESOURCE_EXHAUSTED,
    errors.Unavailable: grpc.StatusCode.UNAVAILABLE,
    errors.DataLoss: grpc.StatusCode.DATA_LOSS,
    TooLate: grpc.StatusCode.DEADLINE_EXCEEDED,
}
"""The status of each class of error; a class that does not stand here, or below one that does, is a fault of ours."""

RETRY_AFTER = timedelta(seconds=1)
PASSING = frozenset({"TOO_MANY_CALLS", "TOO_MANY_CALLS_OF_AGENCY", "TOO_MANY_STREAMS"})
"""Reasons of Exhausted that go away by waiting; a request that is too large stays so."""
TEXT_MAX = 1_000
FACT_MAX = 200
VIOLATIONS_MAX = 20


def code_of(error: errors.NrmError) -> grpc.StatusCode | None:
    """The status code of an error; None for one that no caller may be told about."""
    return next((CODES[kind] for kind in type(error).__mro__ if kind in CODES), None)


def status_of(error: errors.NrmError, code: grpc.StatusCode, domain: str) -> grpc.Status:
    """An error as its caller gets it. Long texts are cut: statuses travel in headers."""
    facts = {name: value[:FACT_MAX] for name, value in error.facts.items()}
    details: list[Message] = [ErrorInfo(reason=error.reason, domain=domain, metadata=facts)]
    if isinstance(error, errors.Invalid) and error.fields:
        details.append(_violations(error.fields))
    if isinstance(error, errors.Unavailable) or error.reason in PASSING:
        details.append(RetryInfo(retry_delay=Duration(seconds=int(RETRY_AFTER.total_seconds()))))
    return _status(code, error.text, details)


def internal(incident: str, domain: str) -> grpc.Status:
    """A fault of ours. What went wrong stands in our log under the incident id, and there alone."""
    info = ErrorInfo(reason="INTERNAL", domain=domain, metadata={"incident": incident})
    text = f"The service failed on this request; it is on record as incident {incident}. Tell the agency's operator."
    return _status(grpc.StatusCode.INTERNAL, text, [info])


def _violations(fields: Mapping[str, str]) -> BadRequest:
    named = list(fields.items())[:VIOLATIONS_MAX]
    return BadRequest(
        field_violations=[
            BadRequest.FieldViolation(field=field[:FACT_MAX], description=text[:TEXT_MAX]) for field, text in named
        ]
    )


def _status(code: grpc.StatusCode, text: str, details: list[Message]) -> grpc.Status:
    status = Status(code=code.value[0], message=text[:TEXT_MAX])
    for detail in details:
        status.details.add().Pack(detail)
    return rpc_status.to_status(status)
