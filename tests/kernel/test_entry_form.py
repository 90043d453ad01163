"""An entry's bytes are the canonical form that RFC 8785 gives, and what has no such form is refused."""

from datetime import date
from enum import StrEnum

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from nrm_contracts.catalogue import UnknownEvent
from nrm_kernel.entry import INT_MAX, Entry, Json, NotCanonical, canonical
from nrm_kernel.testing.entries import event_data
from nrm_kernel.testing.toy import Raised, RaisedNotified

KEYS = st.text(st.characters(max_codepoint=0x7F), max_size=8)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
LEAVES = st.booleans() | st.integers(-INT_MAX, INT_MAX) | TEXTS
VALUES: st.SearchStrategy[Json] = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=20
)
OBJECTS = st.dictionaries(KEYS, VALUES, max_size=8)


class Odd(StrEnum):
    """Text of another class."""

    ONE = "one"


def nested(depth: int) -> dict[str, Json]:
    """An object in an object in an object."""
    value: dict[str, Json] = {}
    for _ in range(depth):
        value = {"a": value}
    return value


@given(OBJECTS)
def test_the_form_is_that_of_rfc_8785(value: dict[str, Json]) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@given(OBJECTS)
def test_writing_again_what_was_read_gives_the_same_bytes(value: dict[str, Json]) -> None:
    body = canonical(value)
    assert canonical(Entry.of("a/b/c", 0, body).envelope) == body


@pytest.mark.parametrize("character", [chr(code) for code in (*range(0x20), 0x22, 0x5C, 0x7F, 0x2028, 0xE9, 0x1F600)])
def test_every_character_is_escaped_as_rfc_8785_says(character: str) -> None:
    assert canonical({"a": character}) == rfc8785.dumps({"a": character})


@pytest.mark.parametrize(
    "value",
    [
        {"a": None},
        {"a": 1.0},
        {"a": [[None]]},
        {"a": INT_MAX + 1},
        {"a": -INT_MAX - 1},
        {"a": 2**64},
        {"a": b"bytes"},
        {"a": date(2026, 1, 1)},
        {"a": {"b", "c"}},
        {"é": 1},
        {1: 1},
        {"a": "\ud800"},
        {"\udfff": 1},
        nested(2_000),
    ],
)
def test_what_has_no_form_is_refused(value: dict[str, Json]) -> None:
    with pytest.raises(NotCanonical):
        canonical(value)


def test_text_and_numbers_of_other_classes_are_written_as_what_they_are() -> None:
    assert canonical({"a": Odd.ONE, "b": True}) == b'{"a":"one","b":true}'


def test_an_event_that_its_own_catalogue_refuses_is_not_written() -> None:
    with pytest.raises(ValueError, match="handover_id"):
        event_data(RaisedNotified("no reference", 1))


def test_an_event_comes_back_as_it_was_written() -> None:
    body = canonical({"type": "testing.Raised", "schema": 1, "data": event_data(Raised(3))})
    assert Entry.of("a/b/c", 0, body).event == Raised(3)


def test_an_event_of_a_newer_release_is_told_apart() -> None:
    body = canonical({"type": "testing.Raised", "schema": 2, "data": {}})
    with pytest.raises(UnknownEvent):
        _ = Entry.of("a/b/c", 0, body).event
