"""What every call passes before it is read: limits, certificate, officer token, access. In this order."""

from collections import Counter
from dataclasses import dataclass

from nrm_kernel.access import AccessTable
from nrm_kernel.errors import Exhausted
from nrm_kernel.identity import Caller
from nrm_kernel.rpc_identity import Context, Entrance, Metadata


@dataclass(frozen=True)
class Limits:
    """How much one server takes on at once. Sizes in bytes, times in seconds.

    ``deadline_s`` is for calls that bring none, ``deadline_max_s`` for those that would wait longer: who waits for ever
    holds resources for ever. A stream's proof of who reads is looked at again every ``proof_recheck_s``.
    """

    calls: int = 512
    calls_of_agency: int = 256
    streams_of_agency: int = 4
    connection_streams: int = 1_024  # well above calls_of_agency: whom we refuse we tell why
    deadline_s: float = 10.0
    deadline_max_s: float = 60.0
    metadata_soft: int = 8 << 10
    metadata: int = 16 << 10
    handshake_s: float = 5.0
    connection_age_s: float = 900.0
    ping_interval_s: float = 10.0
    proof_recheck_s: float = 2.0


@dataclass(frozen=True, slots=True)
class Admitted:
    """A call that may go on: who calls, and under which rule of the access table."""

    caller: Caller
    rule: str


class Gate:
    """The gate of one server. It counts the calls that are inside; whoever enters must leave."""

    def __init__(self, serving: str, entrance: Entrance, limits: Limits) -> None:
        self.limits = limits
        self._serving = serving
        self._entrance = entrance
        self._calls: Counter[str] = Counter()
        self._streams: Counter[str] = Counter()

    def admit(self, context: Context, metadata: Metadata, table: AccessTable, method: str) -> Admitted:
        """Who calls and by which rule. Raises Unauthenticated or Forbidden."""
        caller = self._entrance.vouched(context, metadata).caller
        return Admitted(caller, table.decide(caller, method, self._serving))

    def enter_call(self, context: Context, metadata: Metadata, table: AccessTable, method: str) -> Admitted:
        """Let a call in. Raises Exhausted, Unauthenticated or Forbidden."""
        if self._calls.total() >= self.limits.calls:
            raise Exhausted("TOO_MANY_CALLS", "The service is busy with other calls. Try again in a moment.")
        admitted = self.admit(context, metadata, table, method)
        agency = admitted.caller.agency
        if self._calls[agency] >= self.limits.calls_of_agency:
            raise _busy("TOO_MANY_CALLS_OF_AGENCY", "calls", self.limits.calls_of_agency)
        self._calls[agency] += 1
        return admitted

    def leave_call(self, admitted: Admitted) -> None:
        """The call is over."""
        self._calls[admitted.caller.agency] -= 1

    def enter_stream(self, context: Context, metadata: Metadata, table: AccessTable, method: str) -> Admitted:
        """Let a stream in. Raises Exhausted, Unauthenticated or Forbidden."""
        admitted = self.admit(context, metadata, table, method)
        agency = admitted.caller.agency
        if self._streams[agency] >= self.limits.streams_of_agency:
            raise _busy("TOO_MANY_STREAMS", "streams", self.limits.streams_of_agency)
        self._streams[agency] += 1
        return admitted

    def leave_stream(self, admitted: Admitted) -> None:
        """The stream is over."""
        self._streams[admitted.caller.agency] -= 1


def _busy(reason: str, what: str, limit: int) -> Exhausted:
    text = f"Your agency has {limit} {what} open here, which is the limit. Wait until one ends."
    return Exhausted(reason, text, limit=limit)
