"""From a request to an order for the appender: one compiled translation per command.

Fields go over by name. The kernel alone fills in who acts, when, and under which policy: a request has no field for it.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial
from typing import Any, NotRequired, Protocol, cast

from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from pydantic import TypeAdapter, ValidationError
from typing_extensions import TypedDict

from nrm_contracts import codes
from nrm_contracts.policy import NationalPolicy
from nrm_contracts.record.v1.receipt_pb2 import Receipt
from nrm_contracts.vault.v1.vault_pb2 import PersonalData
from nrm_kernel.appender import Order
from nrm_kernel.clock import stamp
from nrm_kernel.errors import Invalid
from nrm_kernel.identity import Caller
from nrm_kernel.ids import is_request_id, new_ref
from nrm_kernel.recording import Context, Recorded
from nrm_kernel.rpc_fit import TRANSPORT, check_fit, filled_in_fields, own_fields, required_fields
from nrm_kernel.rpc_office import Office
from nrm_kernel.rpc_request import Form
from nrm_kernel.service import Write
from nrm_kernel.vault import Sealed, SealedBlob

EARLIEST = date(1900, 1, 1)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class _Transport(Protocol):
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str


@dataclass(frozen=True, slots=True)
class Given:
    """Under what one command was given."""

    caller: Caller
    rule: str
    trace_id: str


@dataclass(frozen=True, slots=True)
class _Filling:
    """What the kernel alone fills in."""

    caller: Caller
    now: datetime
    occurred_on: date
    basis: str
    policy: NationalPolicy | None


class CommandForm:
    """How one command is read from its requests and how its replies are written."""

    def __init__(self, write: Write, method: MethodDescriptor, office: Office, access_hash: str) -> None:
        self._write = write
        self._office = office
        self._form = Form(method.input_type)
        self._reply = GetMessageClass(method.output_type)
        self._access_hash = access_hash
        check_fit(write, method)
        self._validate = _adapter(write).validator.validate_python  # the adapter's own takes longer than this
        self._filled_in = filled_in_fields(write)
        self._basis_needed = "legal_basis" in required_fields(write)
        self._minted_back = [name for name in write.minted if name in method.output_type.fields_by_name]

    async def order(self, raw: bytes, given: Given) -> Order:
        """The order that these bytes ask for. Raises Invalid; nothing was recorded."""
        request = self._form.parse(raw)
        values = self._form.values(request)
        transport = cast(_Transport, request)
        now = self._office.clock.now()
        occurred_on = self._occurred_on(transport.occurred_on, now)
        _check_transport(transport)
        policy = self._office.policy_at(now)
        filling = _Filling(given.caller, now, occurred_on, transport.legal_basis, policy)
        command = self._command(values, filling)
        pieces = list(self._personal_data(request))
        blobs = [await self._sealed(command, data_class, content) for _, data_class, content in pieces]
        for name, _, _ in pieces:
            request.ClearField(name)
        beside = await self._write.beside(command) if self._write.beside else None
        return Order(
            request_id=transport.request_id,
            request_hash=self._hash(request, given.caller, [content for _, _, content in pieces]),
            command=command,
            decide=partial(self._write.decide, beside.found) if beside else self._write.decide,
            streams=[*(beside.streams if beside else ()), *self._write.streams(command)],
            context=Context(
                recorded_at=stamp(now),
                occurred_at=occurred_on.isoformat(),
                agency=given.caller.agency,
                actor=given.caller.officer,
                purpose=given.caller.purpose,
                basis=transport.legal_basis,
                policy={"rule": given.rule, "access": self._access_hash, "version": policy.version if policy else ""},
                trace_id=given.trace_id,
                sealed=[blob.commitment for blob in blobs],
            ),
            reply=lambda recorded: self._answer(command, recorded),
            expected_version=transport.expected_version if request.HasField("expected_version") else None,
            rows=[*(row for blob in blobs for row in blob.rows), *(beside.rows if beside else ())],
        )

    def replayed(self, reply: bytes) -> bytes:
        """The first answer again, marked as such."""
        message = self._reply.FromString(reply)
        cast(Any, message).receipt.replayed = True
        return message.SerializeToString()

    def _command(self, values: Mapping[str, object], filling: "_Filling") -> object:
        own = {name: value for name, value in values.items() if name not in TRANSPORT}
        try:
            given = self._validate(own)
        except ValidationError as fault:
            raise _invalid(fault) from None
        filled_in = {
            "now": filling.now,
            "occurred_on": filling.occurred_on,
            "officer": filling.caller.officer,
            "roles": filling.caller.roles,
            "caller_agency": filling.caller.agency,
            "agency": self._office.origin,
            "policy": filling.policy,
            "agencies": self._office.agencies,
            "legal_basis": filling.basis,
        }
        if not filling.basis and not self._basis_needed:
            del filled_in["legal_basis"]
        minted = {name: new_ref() for name in self._write.minted}
        kernel = {name: filled_in[name] for name in self._filled_in if name in filled_in}
        return self._write.command(**given, **minted, **kernel)

    def _occurred_on(self, text: str, now: datetime) -> date:
        today = now.astimezone(self._office.zone).date()
        if not text:
            return today
        try:
            day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
        except ValueError:
            day = None
        if day is None:
            raise _wrong("FIELD_INVALID", "occurred_on", "is not a day of the calendar, written YYYY-MM-DD")
        if day > today:
            raise _wrong("OCCURRED_IN_FUTURE", "occurred_on", f"is after today, {today.isoformat()}")
        if day < EARLIEST:
            raise _wrong("FIELD_INVALID", "occurred_on", f"is before {EARLIEST.isoformat()}")
        return day

    def _personal_data(self, request: Message) -> Iterator[tuple[str, str, Sealed]]:
        """Field, class and content of each piece that the request holds."""
        for name, data_class in self._write.sealed.items():
            if request.HasField(name):
                data: PersonalData = getattr(request, name)
                if data.WhichOneof("content") != data_class:
                    raise _wrong("SEALED_CLASS_WRONG", name, f"does not hold data of the class {data_class}")
                yield name, data_class, Sealed(data.SerializeToString(deterministic=True))

    async def _sealed(self, command: object, data_class: str, content: Sealed) -> SealedBlob:
        person = getattr(command, self._write.person)
        fresh = self._write.person in self._write.minted
        return await self._office.vault.seal(person, data_class, content, new_person=fresh)

    def _hash(self, request: Message, caller: Caller, contents: list[Sealed]) -> bytes:
        """Covers request and caller; personal data by a keyed fingerprint, because the hash outlives an erasure."""
        names = f"{self._form.descriptor.full_name}\n{caller.agency}\n{caller.officer}\n{len(contents)}\n"
        fingerprints = b"".join(map(self._office.vault.fingerprint, contents))
        body = request.SerializeToString(deterministic=True)
        return hashlib.sha256(names.encode() + fingerprints + body).digest()

    def _answer(self, command: object, recorded: Recorded) -> bytes:
        receipt = Receipt(
            origin=recorded.origin,
            position=recorded.position,
            stream=recorded.stream,
            version=recorded.version,
            entry_hash=recorded.entry_hash,
        )
        minted = {name: getattr(command, name) for name in self._minted_back}
        return self._reply(receipt=receipt, **minted).SerializeToString()


def _check_transport(transport: _Transport) -> None:
    if not is_request_id(transport.request_id):
        raise _wrong("REQUEST_ID_INVALID", "request_id", "is not a UUID in lower-case hex with dashes (RFC 9562)")
    if transport.expected_version < 0:
        raise _wrong("FIELD_INVALID", "expected_version", "is below 0")
    if transport.legal_basis:
        try:
            codes.check("legal_basis", transport.legal_basis)
        except codes.UnknownCode as unknown:
            raise _wrong("CODE_UNKNOWN", "legal_basis", str(unknown)) from None


def _wrong(reason: str, field: str, why: str) -> Invalid:
    return Invalid(reason, f"{field} {why}. Nothing was saved.", {field: why})


def _invalid(fault: ValidationError) -> Invalid:
    """What the fields lack, by their paths; never what was in them."""
    found = fault.errors(include_url=False, include_context=False, include_input=False)
    wrong = {".".join(map(str, each["loc"])): each["msg"] for each in found}
    reasons = {"code_unknown": "CODE_UNKNOWN", "missing": "FIELD_MISSING"}
    path, why = next(iter(wrong.items()))
    more = f" ({len(wrong) - 1} more)" if len(wrong) > 1 else ""
    text = f"{path}: {why.removesuffix('.')}{more}. Nothing was saved."
    return Invalid(reasons.get(found[0]["type"], "FIELD_INVALID"), text, wrong)


def _adapter(write: Write) -> TypeAdapter[dict[str, Any]]:
    """Checks the request's part of a command: a dictionary type made of the command's own fields."""
    needed = required_fields(write)
    hints = own_fields(write).items()
    return _reading(write.name, tuple((name, hint if name in needed else NotRequired[hint]) for name, hint in hints))


@cache
def _reading(name: str, shape: tuple[tuple[str, Any], ...]) -> TypeAdapter[dict[str, Any]]:
    """One for all agencies of a process that take the command: making it is most of what their start costs."""
    form = cast(Any, TypedDict)(name, dict(shape))  # made at run time, which the type's own signature does not foresee
    form.__pydantic_config__ = {"extra": "forbid"}
    return TypeAdapter(form)
