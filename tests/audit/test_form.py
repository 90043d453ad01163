"""The verifier's own reading of an entry agrees with the form that the kernel writes, and with RFC 8785."""

import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from nrm_audit.form import NotCanonical, read_envelope
from nrm_kernel.entry import Json, canonical

WIDEST = 2**53 - 1
texts = st.text(max_size=12)
keys = st.text(st.characters(max_codepoint=126, min_codepoint=32), max_size=6)
allowed: st.SearchStrategy[Json] = st.recursive(
    texts | st.booleans() | st.integers(-WIDEST, WIDEST),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)
envelopes = st.dictionaries(keys, allowed, max_size=8)
strange = st.none() | st.floats() | st.sampled_from([2**53, -(2**53), 2**64, 10**30, 1e16, 1e-7, -0.0])


@given(envelopes)
def test_what_the_kernel_writes_is_read_back(envelope: dict[str, Json]) -> None:
    body = canonical(envelope)
    assert body == rfc8785.dumps(envelope)
    assert read_envelope(body) == envelope


@given(envelopes, strange, st.sampled_from(["at the top", "in a list", "in an object"]))
def test_a_null_a_fraction_or_a_wide_integer_is_refused_at_any_depth(
    envelope: dict[str, Json], value: object, place: str
) -> None:
    nested = {"at the top": value, "in a list": ["text", [value]], "in an object": {"kind": {"deep": value}}}[place]
    body = json.dumps({**envelope, "odd": nested}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    with pytest.raises(NotCanonical):
        read_envelope(body.encode())


@given(envelopes.filter(bool), st.data())
def test_another_spelling_of_the_same_values_is_refused(envelope: dict[str, Json], data: st.DataObject) -> None:
    body = canonical(envelope)
    at = data.draw(st.sampled_from([place for place, byte in enumerate(body) if byte in b'{}[]":,']))
    spaced = body[:at] + b" " + body[at:]
    try:
        same = json.loads(spaced) == envelope
    except json.JSONDecodeError:
        same = False
    if same:
        with pytest.raises(NotCanonical):
            read_envelope(spaced)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'"text"',
        b"{",
        b'{"a":1,"a":1}',
        b'{"a":1,"a":2}',
        b'{"b":1,"a":1}',
        b'{"a":01}',
        b'{"a":1.0}',
        b'{"a":-0}',
        b'{"a":"\\u0041"}',
        b'{"a":null}',
        b'{"a":[true,null]}',
        b'{"a":"\xff"}',
        '{"ключ":1}'.encode(),
        b'{"a":' + b"[" * 2000 + b"]" * 2000 + b"}",
    ],
)
def test_bytes_that_are_no_entry_are_refused(body: bytes) -> None:
    with pytest.raises(NotCanonical):
        read_envelope(body)
