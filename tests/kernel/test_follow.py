"""A reader believes nothing: whatever does not fit what was signed stops it, and nothing from there on is applied."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrm_kernel.entry import canonical
from nrm_kernel.follow import Alarm, Follower
from nrm_kernel.ledger.merkle import Frontier, leaf_hash
from nrm_kernel.ledger.note import Checkpoint, SigningKey, sign
from nrm_kernel.ledger.trust import Trust, TrustedKey, TrustedOrigin
from nrm_kernel.log import Body, Record, Run, Signed
from nrm_kernel.testing.memory import MemoryLog

ORIGIN, READER = "toy/counting/here", "toy/counting/elsewhere"
OLD, NEW, FOREIGN = (SigningKey(ORIGIN, bytes([number]) * 32) for number in (1, 2, 3))
ROTATED = (TrustedKey(OLD.verifier(), 0, 6), TrustedKey(NEW.verifier(), 6))


def trusting(*keys: TrustedKey) -> Trust:
    """A trust file with these keys of the one origin."""
    return Trust("toy", (TrustedOrigin(ORIGIN, keys),))


TRUST = trusting(TrustedKey(OLD.verifier()))


def body(position: int, origin: str = ORIGIN, text: str = "") -> bytes:
    """An entry's bytes."""
    return canonical({"origin": origin, "position": position, "text": text})


BODIES = [body(position) for position in range(10)]
LEAVES = tuple(leaf_hash(one) for one in BODIES)


def note(size: int, leaves: Sequence[bytes] = LEAVES, key: SigningKey = OLD, origin: str = ORIGIN) -> Signed:
    """A checkpoint over that many leaves."""
    return Signed(sign(Checkpoint(origin, size, Frontier().extend(leaves[:size]).root()), key))


def bodies(first: int, end: int) -> list[Record]:
    """Entries that the reader may read."""
    return [Body(position, BODIES[position]) for position in range(first, end)]


@dataclass
class Shown(MemoryLog):
    """A log that shows the reader whatever a test says."""

    answers: list[list[Record]] = field(default_factory=list)

    async def read(self, origin: str, reader: str, after: int, limit: int) -> Sequence[Record]:
        return self.answers.pop(0) if self.answers else []


def reader(*answers: list[Record], trust: Trust = TRUST, after: int = 0) -> Follower:
    """A follower to whom these are shown, one after another."""
    return Follower(Shown(list(answers)), trust, ORIGIN, READER, Frontier().extend(LEAVES[:after]))


async def alarmed(follower: Follower) -> Alarm:
    """What stops the reader, who stays where it was."""
    before = follower.frontier
    with pytest.raises(Alarm) as alarm:
        await follower.next()
    assert follower.frontier == before
    return alarm.value


async def test_what_is_covered_is_given_with_every_leaf() -> None:
    covered = await reader([*bodies(0, 3), Run(3, LEAVES[3:7]), *bodies(7, 10), note(10)]).next()
    assert covered is not None
    assert [entry.position for entry in covered.entries] == [0, 1, 2, 7, 8, 9]
    assert covered.leaves == list(LEAVES)
    assert covered.until(5).frontier == Frontier().extend(LEAVES[:5])


async def test_reading_goes_on_behind_what_was_covered() -> None:
    follower = reader([*bodies(0, 4), note(4)], [*bodies(4, 10), note(10)])
    assert [await follower.next() is not None for _ in range(3)] == [True, True, False]
    assert follower.frontier.size == 10


@pytest.mark.parametrize(
    "records",
    [
        [*bodies(1, 4), note(4)],
        [*bodies(0, 2), *bodies(3, 4), note(4)],
        [*bodies(0, 2), *bodies(1, 4), note(4)],
        [Run(0, LEAVES[:2]), Run(3, LEAVES[3:4]), note(4)],
        [Run(0, LEAVES[:3]), *bodies(2, 4), note(4)],
        [*reversed(bodies(0, 4)), note(4)],
    ],
    ids=["late", "gap", "twice", "gap-in-runs", "overlap", "backwards"],
)
async def test_a_gap_or_another_order_stops_the_reader(records: list[Record]) -> None:
    assert "is due" in str(await alarmed(reader(records)))


@pytest.mark.parametrize(
    "records",
    [
        [*bodies(0, 3), Body(3, body(3, text="other")), note(4)],
        [*bodies(0, 3), Run(3, (LEAVES[4],)), note(4)],
        [*bodies(0, 4), note(4, LEAVES[::-1])],
    ],
    ids=["body", "leaf", "root"],
)
async def test_bytes_that_were_not_signed_stop_the_reader(records: list[Record]) -> None:
    assert "not the one that was signed" in str(await alarmed(reader(records)))


async def test_entries_without_a_checkpoint_are_not_applied() -> None:
    assert "cannot be relied on" in str(await alarmed(reader(bodies(0, 4))))


@pytest.mark.parametrize("size", [3, 5])
async def test_a_checkpoint_of_another_size_stops_the_reader(size: int) -> None:
    assert f"is for {size} entries" in str(await alarmed(reader([*bodies(0, 4), note(size)])))


async def test_a_signature_of_an_unknown_key_stops_the_reader() -> None:
    assert "cannot be relied on" in str(await alarmed(reader([*bodies(0, 4), note(4, key=FOREIGN)])))


async def test_a_forged_signature_stops_the_reader() -> None:
    forged = note(4).note.replace("\n4\n", "\n5\n")
    assert "cannot be relied on" in str(await alarmed(reader([*bodies(0, 5), Signed(forged)])))


async def test_what_is_no_note_stops_the_reader() -> None:
    assert "cannot be relied on" in str(await alarmed(reader([*bodies(0, 4), Signed("nothing")])))


async def test_another_logs_checkpoint_stops_the_reader() -> None:
    other = SigningKey(READER, bytes([1]) * 32)
    assert "cannot be relied on" in str(await alarmed(reader([*bodies(0, 4), note(4, key=other, origin=READER)])))


@pytest.mark.parametrize(
    ("text", "raw"),
    [
        ("says that it is", body(3, origin=READER)),
        ("says that it is", body(4)),
        ("is no entry", b"\xff"),
        ("is no entry", b"[]"),
        ("is no entry", b"{}"),
        ("is no entry", b""),
    ],
)
async def test_an_entry_that_does_not_say_that_it_belongs_there_stops_the_reader(text: str, raw: bytes) -> None:
    leaves = (*LEAVES[:3], leaf_hash(raw))
    assert text in str(await alarmed(reader([*bodies(0, 3), Body(3, raw), note(4, leaves)])))


async def test_a_key_is_believed_for_its_own_sizes_alone() -> None:
    rotated = trusting(*ROTATED)
    follower = reader([*bodies(0, 5), note(5)], [*bodies(5, 10), note(10, key=NEW)], trust=rotated)
    assert [await follower.next() is not None for _ in range(2)] == [True, True]
    await alarmed(reader([*bodies(0, 5), note(5, key=NEW)], trust=rotated))
    await alarmed(reader([*bodies(0, 10), note(10)], trust=rotated))


async def test_a_size_that_no_key_may_sign_stops_the_reader() -> None:
    ended = trusting(TrustedKey(OLD.verifier(), 0, 4))
    assert "no key" in str(await alarmed(reader([*bodies(0, 4), note(4)], trust=ended)))


async def test_another_history_than_the_one_read_before_stops_the_reader() -> None:
    other = [body(position, text="other") for position in range(10)]
    leaves = [leaf_hash(one) for one in other]
    follower = reader([*(Body(position, other[position]) for position in range(4, 10)), note(10, leaves)], after=4)
    assert "not the one that was signed" in str(await alarmed(follower))


async def test_a_log_that_went_backwards_shows_nothing_new() -> None:
    assert await reader([], after=4).next() is None


@given(st.integers(0, 9), st.integers(0, 400), st.integers(1, 255))
async def test_one_changed_byte_anywhere_stops_the_reader(position: int, at: int, change: int) -> None:
    raw = bytearray(BODIES[position])
    raw[at % len(raw)] ^= change
    records = bodies(0, 10)
    records[position] = Body(position, bytes(raw))
    await alarmed(reader([*records, note(10)]))


@given(st.lists(st.integers(1, 9), unique=True))
async def test_however_the_log_is_cut_into_stretches_the_end_is_the_same(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), 10]
    follower = reader(*([*bodies(first, end), note(end)] for first, end in pairwise(edges)))
    while await follower.next():
        pass
    assert follower.frontier == Frontier().extend(LEAVES)
