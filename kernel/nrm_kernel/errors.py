"""The one tree of errors. Each says what happened to which thing, why, and what to do, under a stable reason.

``reason`` is UPPER_SNAKE and never changes once released; ``rpc.py`` turns the class into a gRPC status. ``facts`` are
safe to show to the caller: codes, versions, origins, positions; never personal data.
"""

from collections.abc import Mapping


class NrmError(Exception):
    """Any failure that a caller can be told about."""

    def __init__(self, reason: str, text: str, **facts: str | int) -> None:
        super().__init__(text)
        self.reason = reason
        self.text = text
        self.facts: Mapping[str, str] = {name: str(value) for name, value in facts.items()}


class Refused(NrmError):
    """The rules refuse the command in the present state. Nothing was recorded."""


class Invalid(NrmError):
    """The request itself is wrong whatever the state; ``fields`` names the faulty ones and what is wrong with each."""

    def __init__(self, reason: str, text: str, fields: Mapping[str, str] | None = None, **facts: str | int) -> None:
        super().__init__(reason, text, **facts)
        self.fields: Mapping[str, str] = fields or {}


class Unauthenticated(NrmError):
    """Who is calling could not be established."""


class Forbidden(NrmError):
    """The caller's kind, role or purpose may not call this method."""


class NotFound(NrmError):
    """Unknown, or not for this caller: the two are told in the same words."""

    def __init__(self) -> None:
        super().__init__("NOT_FOUND", "There is nothing under this reference that you may see. Check the reference.")


class Stale(NrmError):
    """The stream has moved on since the caller read it. Nothing was recorded."""

    def __init__(self, stream: str, expected: int, current: int, changed_by: str, changed_at: str) -> None:
        changed = f"changed{' by ' + changed_by if changed_by else ''} at {changed_at}" if changed_at else "it is empty"
        super().__init__(
            "VERSION_STALE",
            f"{stream} is at version {current}, not {expected}: {changed}. Nothing was saved. Read it again and decide "
            "again.",
            stream=stream,
            expected_version=expected,
            current_version=current,
            changed_by=changed_by,
            changed_at=changed_at,
        )

    def unnamed(self) -> "Stale":
        """The same without the officer: for other agencies, whom it does not concern who works here."""
        said = self.facts
        versions = int(said["expected_version"]), int(said["current_version"])
        return Stale(said["stream"], *versions, changed_by="", changed_at=said["changed_at"])


class RequestReused(NrmError):
    """The request id was used before with another body or by another caller."""

    def __init__(self, request_id: str, recorded_at: str) -> None:
        super().__init__(
            "REQUEST_ID_REUSED",
            f"Request {request_id} was used on {recorded_at} with other content. Nothing was saved. "
            "Send the same content again, or take a new request id.",
            request_id=request_id,
        )


class Exhausted(NrmError):
    """A limit was reached: too large, too many, too often."""


class Unavailable(NrmError):
    """The store or the log cannot be reached now; the same request may be sent again after a while."""


class DataLoss(NrmError):
    """Stored bytes do not match their hash. The service stops writing; an auditor must look."""


class Halted(DataLoss):
    """An alarm about its own log, altered, forked or of a newer release, has ended all recording of an agency."""

    def __init__(self, alarm: DataLoss) -> None:
        super().__init__(
            "WRITING_HALTED",
            f"This agency records nothing since an alarm about its own log ({alarm.reason}). Nothing was saved. Its "
            "operator finds in the service's log what to do; send the same request again when it is started anew.",
            cause=alarm.reason,
        )


class EventUnknown(DataLoss):
    """A newer release wrote an entry: this one can neither act on it nor pass it over."""

    def __init__(self, origin: str, position: int, what: str) -> None:
        super().__init__(
            "EVENT_UNKNOWN",
            f"{origin} at {position}: {what}; a newer release wrote it. Nothing from there on is applied, and nothing "
            "of it is lost. Upgrade this service, then it goes on from there.",
            origin=origin,
            position=position,
        )
