"""Whether a command and its request fit together, field by field: found out at start, not at the first call."""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from functools import reduce
from operator import or_
from types import GenericAlias, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from google.protobuf.descriptor import Descriptor, MethodDescriptor

from nrm_contracts.fields import Day
from nrm_contracts.vault.v1.vault_pb2 import PersonalData
from nrm_kernel.rpc_request import FormInvalid
from nrm_kernel.service import Write

TRANSPORT = {"request_id": 1, "expected_version": 2, "occurred_on": 3, "legal_basis": 4}
"""Fields that every command's request has, and their numbers."""
FILLED_IN = frozenset(
    {"now", "occurred_on", "officer", "roles", "caller_agency", "agency", "policy", "agencies", "legal_basis"}
)
"""Fields of a command that the kernel fills in."""


def filled_in_fields(write: Write) -> list[str]:
    """The fields of the command that the kernel fills in."""
    return [each.name for each in fields(write.command) if each.name in FILLED_IN]


def required_fields(write: Write) -> set[str]:
    """The fields of the command that have no default."""
    return {each.name for each in fields(write.command) if _is_required(each)}


def _is_required(field: Field[object]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def own_fields(write: Write) -> Mapping[str, Any]:
    """The fields of the command that its request gives, with their types."""
    hints = get_type_hints(write.command, include_extras=True)
    kernel = FILLED_IN | set(write.minted)
    return {each.name: _read_as(hints[each.name]) for each in fields(write.command) if each.name not in kernel}


def _read_as(hint: Any) -> Any:  # noqa: ANN401 - a type annotation, of whatever form
    """The annotation with every plain date read as a :data:`Day`: dates alone are also read from numbers."""
    form: object = get_origin(hint)
    if hint is date:
        return Day
    if form is tuple:
        return GenericAlias(tuple, tuple(map(_read_as, get_args(hint))))
    if form in (Union, UnionType):
        return reduce(or_, map(_read_as, get_args(hint)))
    return hint


def check_fit(write: Write, method: MethodDescriptor) -> None:
    """Raises FormInvalid naming every place where contract and command do not fit together."""
    faults = list(_faults(write, method))
    if faults:
        raise FormInvalid(f"{method.full_name}: {'; '.join(faults)}")


def _faults(write: Write, method: MethodDescriptor) -> Iterator[str]:
    request, reply = method.input_type, method.output_type
    for name, number in TRANSPORT.items():
        if name not in request.fields_by_name or request.fields_by_name[name].number != number:
            yield f"the request lacks {name} = {number}"
    if "receipt" not in reply.fields_by_name or reply.fields_by_name["receipt"].number != 1:
        yield "the response lacks receipt = 1"
    in_request = {field.name for field in request.fields} - TRANSPORT.keys()
    own = own_fields(write)
    yield from (f"the command has no field {name}" for name in sorted(in_request - own.keys() - write.sealed.keys()))
    yield from (f"the request has no field {name}" for name in sorted(own.keys() - in_request))
    yield from _sealed_faults(write, request)
    for name in sorted(in_request & own.keys()):
        yield from _nested_faults(name, request.fields_by_name[name].message_type, own[name])


def _sealed_faults(write: Write, request: Descriptor) -> Iterator[str]:
    personal = {
        field.name
        for field in request.fields
        if field.message_type is not None and field.message_type.full_name == PersonalData.DESCRIPTOR.full_name
    }
    yield from (f"{name} is personal data that nothing seals" for name in sorted(personal - write.sealed.keys()))
    yield from (f"{name} is sealed and no personal data" for name in sorted(write.sealed.keys() - personal))
    known = {field.name for field in PersonalData.DESCRIPTOR.fields}
    yield from (f"{one} is no class of personal data" for one in sorted(set(write.sealed.values()) - known))
    if write.sealed and write.person not in {each.name for each in fields(write.command)}:
        yield f"the command has no field {write.person} to seal under"


def _nested_faults(path: str, descriptor: Descriptor | None, hint: object) -> Iterator[str]:
    if descriptor is None:
        return
    form = _dataclass_in(hint)
    if form is None:
        yield f"{path} is a message, but the command's field is no dataclass"
        return
    hints = get_type_hints(form, include_extras=True)
    theirs = {field.name for field in descriptor.fields}
    yield from (f"{path}.{name} has no field in {form.__name__}" for name in sorted(theirs - hints.keys()))
    yield from (f"{path}.{name} has no field in the request" for name in sorted(hints.keys() - theirs))
    for field in descriptor.fields:
        if field.name in hints:
            yield from _nested_faults(f"{path}.{field.name}", field.message_type, hints[field.name])


def _dataclass_in(hint: object) -> type[Any] | None:
    """The dataclass somewhere inside an annotation such as tuple[Lot, ...] or Lot | None."""
    if isinstance(hint, type) and is_dataclass(hint):
        return hint
    return next((found for each in get_args(hint) if (found := _dataclass_in(each))), None)
