"""The last checkpoint outside the database: it never moves backward, and it is on disk before anybody relies on it."""

import asyncio
import os
import stat
from pathlib import Path

import pytest

from nrm_kernel.errors import DataLoss, Unavailable
from nrm_kernel.ledger.kept import PLACE_BYTES, newest_kept
from nrm_kernel.ledger.note import Checkpoint, SigningKey, sign, stated
from nrm_kernel.witness import Witness

ORIGIN = "toy/counting/here"
KEY = SigningKey.generate(ORIGIN)


def checkpoint(size: int) -> str:
    return sign(Checkpoint(ORIGIN, size, bytes([size]) * 32), KEY)


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    return Witness(tmp_path / "checkpoint.txt")


async def test_before_the_first_there_is_none(witness: Witness) -> None:
    assert await witness.note() is None


async def test_a_smaller_checkpoint_never_takes_the_place_of_a_larger_one(witness: Witness) -> None:
    for size in (3, 7, 5):
        await witness.keep(checkpoint(size))
    assert await witness.note() == checkpoint(7)


async def test_many_writers_at_once_leave_the_largest_and_nothing_else(witness: Witness) -> None:
    others = [Witness(witness.path) for _ in range(4)]
    sizes = [(number * 37) % 64 for number in range(64)]
    await asyncio.gather(*(others[at % 4].keep(checkpoint(size)) for at, size in enumerate(sizes)))
    assert stated(await witness.note() or "").size == 63
    assert list(witness.path.parent.iterdir()) == [witness.path]


async def test_the_folder_is_on_disk_after_the_file(witness: Witness, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []

    def sync(descriptor: int) -> None:
        kind = "folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file"
        synced.append(f"{kind} {witness.path.exists()}")

    monkeypatch.setattr(os, "fsync", sync)
    await witness.keep(checkpoint(1))
    assert synced == ["file False", "folder True"]


async def test_when_the_folder_cannot_be_used_then_it_is_told_without_its_path(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as told:
        await Witness(tmp_path / "gone" / "checkpoint.txt").keep(checkpoint(1))
    assert (told.value.reason, told.value.facts) == ("CHECKPOINT_FILE_UNAVAILABLE", {"cause": "ENOENT"})
    assert str(tmp_path) not in told.value.text


async def test_when_the_disk_is_full_then_the_checkpoint_before_stays(
    witness: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await witness.keep(checkpoint(1))

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fdatasync", full)
    monkeypatch.setattr(os, "pwrite", lambda *_: full(0))
    with pytest.raises(Unavailable) as told:
        await witness.keep(checkpoint(2))
    assert told.value.facts == {"cause": "ENOSPC"}
    assert await witness.note() == checkpoint(1)
    assert list(witness.path.parent.iterdir()) == [witness.path]


@pytest.mark.parametrize("spoilt", [b"\0" * PLACE_BYTES, b"\0" * 30, b""])
async def test_when_a_power_cut_tears_a_checkpoint_then_the_one_before_stands(witness: Witness, spoilt: bytes) -> None:
    for size in (3, 7):
        await witness.keep(checkpoint(size))
    content = witness.path.read_bytes()
    newest = newest_kept(content)
    assert newest is not None
    start = newest.place * PLACE_BYTES
    torn = spoilt + content[start + len(spoilt) :][: PLACE_BYTES - len(spoilt)] if spoilt else b"\n" * PLACE_BYTES
    witness.path.write_bytes(content[:start] + torn + content[start + PLACE_BYTES :])
    assert await witness.note() == checkpoint(3)
    await witness.keep(checkpoint(8))
    assert await witness.note() == checkpoint(8)


async def test_a_plain_note_is_read_and_gone_on_with(witness: Witness) -> None:
    witness.path.write_text(checkpoint(3))
    assert await witness.note() == checkpoint(3)
    await witness.keep(checkpoint(4))
    assert await witness.note() == checkpoint(4)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"nothing of the kind"])
async def test_a_file_that_holds_no_checkpoint_is_an_alarm(witness: Witness, content: bytes) -> None:
    witness.path.write_bytes(content)
    for step in (witness.note(), witness.keep(checkpoint(1))):
        with pytest.raises(DataLoss) as alarm:
            await step
        assert alarm.value.reason == "CHECKPOINT_FILE_ALTERED"
    assert witness.path.read_bytes() == content
