"""A copy with some fields changed is the one that the standard library makes, of whatever class."""

import dataclasses
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrm_kernel import changing


@dataclass(frozen=True, slots=True)
class Slotted:
    one: int
    two: str = "two"
    three: tuple[int, ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived(Slotted):
    four: bool = False


@dataclass(frozen=True)
class Plain:
    one: int
    two: str = "two"


@dataclass(frozen=True, slots=True)
class Checked:
    one: int
    two: str = "two"

    def __post_init__(self) -> None:
        if self.one < 0:
            raise ValueError("below zero")


@dataclass(frozen=True, slots=True)
class Lone:
    one: int


CHANGES = st.fixed_dictionaries({}, optional={"one": st.integers(0), "two": st.text(), "three": st.just((1,))})


@given(CHANGES, st.sampled_from([Slotted(1), Derived(one=1, four=True), Plain(1), Checked(1), Lone(1)]))
def test_a_changed_copy_is_what_the_standard_library_makes(changes: dict[str, object], state: object) -> None:
    assert dataclasses.is_dataclass(state)
    assert not isinstance(state, type)
    names = {each.name for each in dataclasses.fields(state)}
    known = {name: value for name, value in changes.items() if name in names}
    before = dataclasses.asdict(state)
    changed = changing.replace(state, **known)
    assert type(changed) is type(state)
    assert changed == dataclasses.replace(state, **known)
    assert dataclasses.asdict(state) == before


@pytest.mark.parametrize("state", [Slotted(1), Derived(one=1), Plain(1), Checked(1), Lone(1)])
def test_a_field_that_there_is_not_is_refused(state: Slotted) -> None:
    unknown: dict[str, Any] = {"five": 5}
    with pytest.raises(TypeError, match="five"):
        changing.replace(state, **unknown)


def test_what_a_class_says_of_its_fields_holds_for_copies_too() -> None:
    with pytest.raises(ValueError, match="below zero"):
        changing.replace(Checked(1), one=-1)
