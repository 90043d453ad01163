"""The note of a parked record: what others write in its place is none, and is never shown as one."""

import orjson
import pytest

from nrm_kernel.log_parked import Parked

NOTE = Parked.of("log.demo.police.to.national", 7, "its bytes are no entry", b"\xff")


def test_it_is_read_back_as_it_was() -> None:
    assert Parked.parse(NOTE.text()) == NOTE
    assert Parked.parse(NOTE.let_go().text()).released


@pytest.mark.parametrize(
    "wrong",
    [
        {"digest": 5},
        {"offset": "7"},
        {"offset": None},
        {"released": "false"},
        {"topic": ["log"]},
        {"why": "\x1b[2J"},
        {"topic": "log\nanother line"},
    ],
    ids=str,
)
def test_a_note_of_another_form_is_none(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Parked.parse(orjson.dumps({**orjson.loads(NOTE.text()), **wrong}))


@pytest.mark.parametrize("text", [b"", b"\xff", b"[]", b"7", b"{}", b"[" * 100_000], ids=range(6))
def test_what_is_no_note_at_all_is_none(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        Parked.parse(text)
