"""A small service with a gRPC contract of its own, for tests of the edge: one method of each sort."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, Any, TypeAlias

from google.protobuf import descriptor_pool
from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto, FileDescriptorProto
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from nrm_contracts.catalogue import Audience, event
from nrm_contracts.fields import AmountMinor, Code, Day, Origin, Ref
from nrm_contracts.record.v1 import receipt_pb2
from nrm_contracts.vault.v1 import vault_pb2
from nrm_kernel import access
from nrm_kernel.access import AccessTable
from nrm_kernel.asked import on_list, reference
from nrm_kernel.decider import At, Decision, Fold
from nrm_kernel.errors import NotFound, Refused
from nrm_kernel.identity import Caller
from nrm_kernel.service import Door, Lookup, Read, Watch, Write

Loose: TypeAlias = Any
"""A message or command whose form this module makes at run time, where no type checker sees it."""

PACKAGE = "nrm.boats.v1"
SERVICE = f"{PACKAGE}.BoatsService"
ORIGIN = "toy/boats/north"
OTHER = "toy/boats/south"
AGENCIES: Mapping[str, str] = {ORIGIN: "boats", OTHER: "boats", "toy/harbours/east": "harbours"}
FAULT_TEXT = "fault about Canary Fault-Person"
"""What the faulty method says; nobody may ever read it."""
_TYPES = {
    "string": FieldDescriptorProto.TYPE_STRING,
    "int64": FieldDescriptorProto.TYPE_INT64,
    "int32": FieldDescriptorProto.TYPE_INT32,
    "bool": FieldDescriptorProto.TYPE_BOOL,
}
_TRANSPORT = "request_id:string=1 expected_version:int64?=2 occurred_on:string=3 legal_basis:string=4 "
_MESSAGES = {
    "Lot": "sex:string=1 price_minor:int64=2 note:string=3",
    "RegisterBoatRequest": _TRANSPORT
    + "sex:string=10 needs:string*=11 seen_on:string=12 title:string=13 lots:.nrm.boats.v1.Lot*=14 note:string=15 "
    "identity:.nrm.vault.v1.PersonalData=16 narrative:.nrm.vault.v1.PersonalData=17",
    "RegisterBoatResponse": "receipt:.nrm.record.v1.Receipt=1 person_ref:string=10",
    "CloseBoatRequest": _TRANSPORT + "person_ref:string=10 explode:bool=11",
    "CloseBoatResponse": "receipt:.nrm.record.v1.Receipt=1",
    "GetBoatRequest": "person_ref:string=10",
    "GetBoatResponse": "title:string=10 open:bool=11",
    "ListBoatsRequest": "page_size:int32=1 page_token:string=2 sex:string=10",
    "ListBoatsResponse": "next_page_token:string=1 names:string*=10",
    "WatchBoatsRequest": "count:int32=10",
    "WatchBoatsResponse": "nth:int32=10",
}
METHODS = ("RegisterBoat", "CloseBoat", "GetBoat", "ListBoats", "WatchBoats")


def _field(text: str) -> FieldDescriptorProto:
    name, _, rest = text.partition(":")
    kind, _, number = rest.partition("=")
    field = FieldDescriptorProto(name=name, number=int(number), label=FieldDescriptorProto.LABEL_OPTIONAL)
    if kind.endswith("*"):
        field.label = FieldDescriptorProto.LABEL_REPEATED
    plain = kind.rstrip("*?")
    if plain in _TYPES:
        field.type = _TYPES[plain]
    else:
        field.type, field.type_name = FieldDescriptorProto.TYPE_MESSAGE, plain
    return field


def _message(name: str, text: str) -> DescriptorProto:
    message = DescriptorProto(name=name)
    for one in text.split():
        field = _field(one)
        if "?" in one:
            field.proto3_optional, field.oneof_index = True, len(message.oneof_decl)
            message.oneof_decl.add(name=f"_{field.name}")
        message.field.append(field)
    return message


def _contract() -> ServiceDescriptor:
    file = FileDescriptorProto(name="toy/boats.proto", package=PACKAGE, syntax="proto3")
    file.dependency.extend([receipt_pb2.DESCRIPTOR.name, vault_pb2.DESCRIPTOR.name])
    file.message_type.extend(_message(name, text) for name, text in _MESSAGES.items())
    service = file.service.add(name="BoatsService")
    for name in METHODS:
        service.method.add(
            name=name,
            input_type=f".{PACKAGE}.{name}Request",
            output_type=f".{PACKAGE}.{name}Response",
            server_streaming=name == "WatchBoats",
        )
    pool = descriptor_pool.Default()
    pool.AddSerializedFile(file.SerializeToString())
    return pool.FindServiceByName(SERVICE)


CONTRACT = _contract()


def message(name: str, **values: object) -> Message:
    """A message of the contract."""
    return GetMessageClass(CONTRACT.file.message_types_by_name[name])(**values)


def path(method: str) -> str:
    """The method's path on the wire."""
    return f"/{SERVICE}/{method}"


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class BoatRegistered:
    """A boat with a person on it."""

    person_ref: Ref
    sex: Annotated[str, Code("sex")]
    title: str


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class BoatClosed:
    """It is done with."""

    closed_on: Day
    closed_by: str


@dataclass(frozen=True, slots=True)
class Lot:
    """A nested part of a command."""

    sex: Annotated[str, Code("sex")]
    price_minor: AmountMinor
    note: str | None = None


@dataclass(frozen=True, slots=True)
class RegisterBoat:
    """A command with fields of every sort."""

    person_ref: Ref
    sex: Annotated[str, Code("sex")]
    needs: tuple[Annotated[str, Code("immediate_need")], ...]
    seen_on: Day
    title: str
    lots: tuple[Lot, ...]
    now: datetime
    officer: str
    agency: Origin
    note: str | None = None


@dataclass(frozen=True, slots=True)
class CloseBoat:
    """A command on a stream that must exist."""

    person_ref: Ref
    explode: bool
    occurred_on: date
    officer: str


@dataclass(frozen=True, slots=True)
class Boat:
    """A boat as its events make it."""

    title: str = ""
    closed: bool = False
    shared: bool = True


def evolve(state: Boat, happened: object) -> Boat:
    """The boat after an event."""
    match happened:
        case BoatRegistered(title=title):
            return Boat(title)
        case BoatClosed():
            return replace(state, closed=True)
        case _:
            return state


BOAT: Fold[Boat, object] = Fold("person", Boat(), evolve)


def decide(command: object, state: Boat) -> Decision:
    """What a command makes happen."""
    match command:
        case RegisterBoat(person_ref=person_ref, sex=sex, title=title):
            return [BoatRegistered(person_ref, sex, title)]
        case CloseBoat(explode=True):
            raise ValueError(FAULT_TEXT)
        case CloseBoat() if not state.title:
            raise NotFound
        case CloseBoat() if state.closed:
            raise Refused("BOAT_CLOSED", f"{state.title} is closed already. Nothing was saved.", closed=1)
        case CloseBoat(occurred_on=occurred_on, officer=officer):
            return [BoatClosed(occurred_on, officer)]
    raise AssertionError(command)


def _own(command: Loose) -> list[At[Boat, object]]:
    return [At(BOAT, command.person_ref)]


def door(lookup: Lookup, pause_s: float = 0.0) -> Door:
    """The toy's door; ``pause_s`` is how long its queries take."""

    async def get(request: Loose, _caller: Caller) -> Message:
        await asyncio.sleep(pause_s)
        state, version = await lookup.state(BOAT, reference("person_ref", request.person_ref))
        if not version:
            raise NotFound
        return message("GetBoatResponse", title=state.title, open=not state.closed)

    async def list_boats(request: Loose, _caller: Caller) -> Message:
        on_list("sex", "sex", request.sex)
        first = int(request.page_token or 0)
        last = min(first + request.page_size, 120)
        names = [f"boat {nth}" for nth in range(first, last)]
        return message("ListBoatsResponse", names=names, next_page_token=str(last) if last < 120 else "")

    async def watch(request: Loose, _caller: Caller) -> AsyncIterator[Message]:
        for nth in range(request.count):
            await asyncio.sleep(pause_s)
            yield message("WatchBoatsResponse", nth=nth)

    sealed = {"identity": "identity", "narrative": "narrative"}
    return Door(
        CONTRACT,
        (
            Write(RegisterBoat, decide, _own, minted=("person_ref",), sealed=sealed),
            Write(CloseBoat, decide, _own),
            Read("GetBoat", get),
            Read("ListBoats", list_boats),
            Watch("WatchBoats", watch),
        ),
    )


def _rows() -> Iterator[str]:
    everything = ", ".join(f'"{name}"' for name in METHODS)
    yield f'[[allow]]\nrule = "TOY-1"\nrpc = [{everything}]\nown_agency = true'
    yield 'roles = ["case_worker"]\npurposes = ["assist"]\n'
    yield '[[allow]]\nrule = "TOY-2"\nrpc = ["GetBoat"]\nkind = ["boats"]'
    yield 'roles = ["case_worker"]\npurposes = ["refer"]'


def table() -> AccessTable:
    """Who may call the toy: its own case workers everything, those of other agencies of its kind one query."""
    return access.parse("\n".join(_rows()).encode())
