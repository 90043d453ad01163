"""``replace`` of :mod:`dataclasses` for what rules fold: the same copy, without going through ``__init__`` again.

A state has up to twenty fields, and each event makes a new one of it: through ``__init__``, where a frozen class sets
every field by a call of its own, that is the largest part of recording an event.
"""

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from functools import cache
from operator import attrgetter
from types import MemberDescriptorType
from typing import TYPE_CHECKING, TypeVar

__all__ = ["replace"]
T = TypeVar("T")

if not TYPE_CHECKING:  # who checks types knows dataclasses.replace, and every field that is given to it
    _replace = replace

    def replace(state: T, /, **changes: object) -> T:
        """A copy with these fields changed. Raises TypeError for a field that there is not."""
        plan = _plan(type(state))
        if plan is None:
            return _replace(state, **changes)
        names, values_of, put = plan
        values = dict(zip(names, values_of(state), strict=True)) | changes
        if len(values) != len(names):
            return _replace(state, **changes)  # which says what is wrong
        copy = object.__new__(type(state))
        for put_one, value in zip(put, values.values(), strict=True):
            put_one(copy, value)
        return copy


Plan = tuple[Sequence[str], Callable[[object], tuple[object, ...]], Sequence[Callable[[object, object], None]]]


@cache
def _plan(form: type) -> Plan | None:
    """Names, how to read them all, how to set each; None for a class that is more than its slots."""
    known = fields(form)
    slots = [getattr(form, field.name, None) for field in known]
    plain = len(known) > 1 and all(field.init for field in known) and not hasattr(form, "__post_init__")
    if not plain or not all(isinstance(slot, MemberDescriptorType) for slot in slots):
        return None
    names = tuple(field.name for field in known)
    return names, attrgetter(*names), tuple(slot.__set__ for slot in slots if isinstance(slot, MemberDescriptorType))
