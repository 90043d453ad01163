"""The officers' desks: a step becomes a call of a method, in process or over the wire, by an officer who may."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import walk_packages
from typing import Protocol, cast
from uuid import NAMESPACE_URL, uuid5

from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

import nrm_contracts
from nrm.demo.agencies import short
from nrm.demo.known import Known
from nrm.demo.step import Step
from nrm_contracts.prosecution.v1.victims_pb2 import LinkVictimRequest
from nrm_contracts.record.v1.receipt_pb2 import Receipt
from nrm_kernel import access
from nrm_kernel.errors import NrmError, Unavailable
from nrm_kernel.identity import Caller

Call = Callable[[str, str, bytes, Caller], Awaitable[bytes]]
"""Calls a method at an agency: its origin, ``/<service>/<method>``, the request, who asks. Raises NrmError."""

OFFICERS = 7
_STREAMS = (
    ("person_ref", "person"),
    ("contract_ref", "contract"),
    ("criminal_case_id", "case"),
    ("incident_id", "incident"),
    ("from_line_id", "line"),
    ("service_code", "standard"),
    ("source_id", "source"),
)
"""By which field of a request its own stream is found: the first that it has."""
_FRESH = frozenset({"ApproveBudgetLine"})
"""Methods that begin a stream although they name another one."""


class _Replied(Protocol):
    """Every command's reply."""

    @property
    def receipt(self) -> Receipt: ...


class Unplanned(Exception):
    """A request was refused that the script had not planned to be refused."""

    def __init__(self, agency: str, step: Step, error: NrmError) -> None:
        super().__init__(f"{agency}: {step.method} on {step.on}: {error.reason}: {error.text}")
        self.reason = error.reason


@dataclass(frozen=True, slots=True)
class Method:
    """Where a request goes, and who may send it."""

    path: str
    name: str
    service: str
    reply: type[Message]


@dataclass
class Desks:
    """All desks. Requests on one stream go one after another: each must know the version that the last one left."""

    call: Call
    known: Known
    seed: str
    sent: int = 0

    def __post_init__(self) -> None:
        self._turns: dict[tuple[str, str], asyncio.Lock] = {}

    async def send(self, agency: str, step: Step, request: Message) -> None:
        """Send a step's request, its labels filled in. Raises Unplanned for a refusal, and Unavailable."""
        stream = _stream(step.method, request)
        if not stream:
            await self._send(agency, step, request, "", 0)
            return
        beside = _beside(request)
        async with self._turn(agency, stream), self._turn(agency, beside) if beside else nullcontext():
            await self._send(agency, step, request, stream, 0)
            if beside:
                self.known.moved(agency, beside)

    async def send_all(self, agency: str, steps: Sequence[Step], requests: Sequence[Message]) -> None:
        """Send many requests on one stream at once, where each is known to add one entry to it."""
        stream = _stream(steps[0].method, requests[0])
        async with self._turn(agency, stream):
            await asyncio.gather(
                *(
                    self._send(agency, step, request, stream, nth)
                    for nth, (step, request) in enumerate(zip(steps, requests, strict=True))
                )
            )

    def _turn(self, agency: str, stream: str) -> asyncio.Lock:
        return self._turns.setdefault((agency, stream), asyncio.Lock())

    async def _send(self, agency: str, step: Step, request: Message, stream: str, ahead: int) -> None:
        method, self.sent = method_of(request), self.sent + 1
        _set(request, request_id=_request_id(self.seed, agency, self.sent), occurred_on=step.on.isoformat())
        version = self.known.version(agency, stream) if stream else 0
        if version:
            _set(request, expected_version=version + ahead)
        caller = officer(step.by or agency, agency, method, step.officer)
        try:
            raw = await self.call(agency, method.path, request.SerializeToString(), caller)
        except Unavailable:  # no refusal: the machine's fault
            raise
        except NrmError as error:
            raise Unplanned(agency, step, error) from error
        self._learn(agency, step, method.reply.FromString(raw))

    def _learn(self, agency: str, step: Step, reply: Message) -> None:
        self.known.recorded(agency, cast(_Replied, reply).receipt)
        for name, label in step.gives.items():
            self.known.name(agency, label, getattr(reply, name))
        if step.marks:
            self.known.marks.add(step.marks)


def _set(request: Message, **values: str | int) -> None:
    for name, value in values.items():
        setattr(request, name, value)


def _stream(method: str, request: Message) -> str:
    """The name of the request's own stream; empty where the request begins one."""
    fields = request.DESCRIPTOR.fields_by_name
    if method in _FRESH:
        return ""
    return next((f"{category}-{getattr(request, name)}" for name, category in _STREAMS if name in fields), "")


def _beside(request: Message) -> str:
    """The other stream to which this command adds an entry: the case notes who is a victim in it."""
    return f"case-{request.criminal_case_id}" if isinstance(request, LinkVictimRequest) else ""


@cache
def declared() -> tuple[ServiceDescriptor, ...]:
    """Every service of the contracts."""
    modules = (one.name for one in walk_packages(nrm_contracts.__path__, "nrm_contracts.") if one.name.endswith("_pb2"))
    found = (import_module(name).DESCRIPTOR.services_by_name for name in modules)
    return tuple(service for services in found for service in services.values())


@cache
def _methods() -> Mapping[str, Method]:
    return {
        method.input_type.full_name: _described(service, method) for service in declared() for method in service.methods
    }


def _described(service: ServiceDescriptor, method: MethodDescriptor) -> Method:
    package = str(service.file.package).split(".")[1]
    path = f"/{service.full_name}/{method.name}"
    return Method(path, method.name, package, GetMessageClass(method.output_type))


def method_of(request: Message) -> Method:
    """The method that takes a request of this kind."""
    return _methods()[request.DESCRIPTOR.full_name]


def officer(caller: str, serving: str, method: Method, number: int) -> Caller:
    """An officer of that agency who may call the method there, by the access table. Raises StopIteration for none."""
    pseudonym = f"{short(caller)}-{number % OFFICERS + 1}"
    return _allowed(caller, serving, method.service, method.name, pseudonym)


_table = cache(access.load)


@cache
def _allowed(caller: str, serving: str, service: str, method: str, pseudonym: str) -> Caller:
    nobody = Caller(caller, pseudonym, frozenset(), "")
    rows = _table(service).rows[method]
    row = next(row for row in rows if row.fits_agency(nobody, serving))
    return Caller(caller, pseudonym, row.roles, min(row.purposes))


def _request_id(seed: object, agency: str, nth: int) -> str:
    """The same request has the same id whenever this world is written."""
    return str(uuid5(NAMESPACE_URL, f"nrm-demo:{seed}:{agency}:{nth}"))
