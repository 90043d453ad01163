"""Signed notes: the published C2SP vectors, and that nothing but what a trusted key signed is ever read."""

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrm_kernel.ledger import note
from nrm_kernel.ledger.merkle import leaf_hash
from nrm_kernel.ledger.note import Checkpoint, Heartbeat, NoteInvalid, SigningKey, VerifierKey

ORIGIN = "demo/assistance/ngo-dawn"
KEY = SigningKey(ORIGIN, b"\x01" * 32)
OTHER_KEY = SigningKey(ORIGIN, b"\x02" * 32)
CHECKPOINT = Checkpoint(ORIGIN, 42, leaf_hash(b"anything"))
HEARTBEAT = Heartbeat(ORIGIN, 42, datetime(2026, 11, 22, 5, 8, 0, 1, UTC))

# The example of the signed-note format's reference implementation (golang.org/x/mod/sumdb/note).
PUBLISHED_VERIFIER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PUBLISHED_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_the_published_note_is_verified_with_the_published_key() -> None:
    text = note.open_note(PUBLISHED_NOTE, VerifierKey.parse(PUBLISHED_VERIFIER))
    assert (
        text == "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    )


def test_the_second_published_note_is_verified_with_its_key() -> None:
    key = VerifierKey.parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
    published = (
        "This is an example message.\n\n\u2014 example.com/foo "
        "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
    )
    assert note.open_note(published, key) == "This is an example message.\n"


def test_a_checkpoint_is_three_lines_origin_size_and_root() -> None:
    root = base64.b64decode("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")
    assert Checkpoint(ORIGIN, 42, root).body() == f"{ORIGIN}\n42\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"


@given(st.integers(0, 2**53), st.binary(min_size=32, max_size=32))
def test_what_the_origin_signed_reads_back(size: int, root: bytes) -> None:
    checkpoint = Checkpoint(ORIGIN, size, root)
    assert note.verify(note.sign(checkpoint, KEY), KEY.verifier()) == checkpoint


@given(st.integers(0, 2**53), st.integers(0, 2**47))
def test_a_heartbeat_reads_back(size: int, at: int) -> None:
    heartbeat = Heartbeat(ORIGIN, size, datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at))
    assert note.verify_heartbeat(note.sign(heartbeat, KEY), KEY.verifier()) == heartbeat


SIGNED = note.sign(CHECKPOINT, KEY).encode()


@given(st.integers(0, len(SIGNED) - 1), st.integers(1, 255))
def test_no_byte_of_a_signed_checkpoint_can_change(at: int, flip: int) -> None:
    changed = SIGNED[:at] + bytes([SIGNED[at] ^ flip]) + SIGNED[at + 1 :]
    with pytest.raises((NoteInvalid, UnicodeDecodeError)):
        note.verify(changed.decode(), KEY.verifier())


def reason_of(text: str, verifier: VerifierKey) -> str:
    with pytest.raises(NoteInvalid) as refused:
        note.verify(text, verifier)
    return refused.value.reason


def test_another_key_of_the_same_name_is_not_believed() -> None:
    assert reason_of(note.sign(CHECKPOINT, OTHER_KEY), KEY.verifier()) == "NOT_SIGNED_BY_KEY"


def test_a_wrong_signature_of_the_trusted_key_spoils_the_note_even_beside_a_right_one() -> None:
    right = note.sign(CHECKPOINT, KEY)
    wrong = note.sign(Checkpoint(ORIGIN, 43, CHECKPOINT.root), KEY).splitlines(keepends=True)[-1]
    assert reason_of(right + wrong, KEY.verifier()) == "SIGNATURE_WRONG"


def test_a_cosignature_of_a_witness_unknown_here_is_ignored() -> None:
    witness = SigningKey("witness.example", b"\x03" * 32)
    line = f"\u2014 witness.example {note.sign(CHECKPOINT, KEY).splitlines()[-1].split(' ')[2]}\n"
    assert witness.verifier().name in line
    assert note.verify(note.sign(CHECKPOINT, KEY) + line, KEY.verifier()) == CHECKPOINT


def test_a_heartbeat_is_never_read_as_a_checkpoint_nor_the_reverse() -> None:
    assert reason_of(note.sign(HEARTBEAT, KEY), KEY.verifier()) == "NOT_A_CHECKPOINT"
    with pytest.raises(NoteInvalid, match="not a heartbeat"):
        note.verify_heartbeat(note.sign(CHECKPOINT, KEY), KEY.verifier())


def test_a_log_signs_only_under_its_own_name() -> None:
    foreign = SigningKey("demo/funding/treasury", b"\x04" * 32)
    with pytest.raises(NoteInvalid, match="does not sign for"):
        note.sign(CHECKPOINT, foreign)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "text only\n",
        f"{ORIGIN}\n1\nAA==\n\n",
        f"{ORIGIN}\n1\nAA==\n\nno dash\n",
        SIGNED.decode() + "\n",
        "\x00" + SIGNED.decode(),
    ],
)
def test_text_that_is_no_signed_note_is_refused(text: str) -> None:
    assert reason_of(text, KEY.verifier()) == "NOTE_MALFORMED"


@pytest.mark.parametrize("size", ["-1", "01", "1.0", "\u0661", "", "x", "1" * 20])
def test_a_checkpoint_whose_size_is_not_plainly_decimal_is_refused(size: str) -> None:
    with pytest.raises(NoteInvalid, match="origin, size and root"):
        note.parse_checkpoint(CHECKPOINT.body().replace("\n42\n", f"\n{size}\n"))


def test_keys_read_back_from_their_text_and_the_secret_shows_in_no_repr(tmp_path: Path) -> None:
    key = SigningKey.generate(ORIGIN)
    (tmp_path / "log.key").write_text(key.text() + "\n", "ascii")
    assert SigningKey.from_file(tmp_path / "log.key") == key
    assert VerifierKey.parse(key.verifier().text()) == key.verifier()
    assert key.text().split("+")[-1] not in repr(key)
    assert SigningKey.generate(ORIGIN) != key


@pytest.mark.parametrize("content", [b"", b"junk", b"\xff\xfe\x00"])
def test_a_file_that_holds_no_signing_key_is_named(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "log.key"
    file.write_bytes(content)
    with pytest.raises(NoteInvalid, match=r"log\.key: a signing key") as refused:
        SigningKey.from_file(file)
    assert refused.value.reason == "KEY_MALFORMED"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("name", "KEY_MALFORMED"),
        (KEY.verifier().text()[:-4], "KEY_MALFORMED"),
        (KEY.verifier().text().replace("demo/", "demo /"), "KEY_MALFORMED"),
        (KEY.verifier().text().replace(KEY.verifier().key_id.hex(), "00000000"), "KEY_ID_MISMATCH"),
        (KEY.verifier().text().replace("demo/", "other/"), "KEY_ID_MISMATCH"),
    ],
)
def test_a_verifier_key_that_is_not_what_it_says_is_refused(text: str, reason: str) -> None:
    with pytest.raises(NoteInvalid) as refused:
        VerifierKey.parse(text)
    assert refused.value.reason == reason


@pytest.mark.parametrize("text", [KEY.verifier().text(), KEY.text()[:-4], KEY.text().replace("demo/", "other/")])
def test_a_signing_key_that_is_not_what_it_says_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(NoteInvalid) as refused:
        SigningKey.parse(text)
    assert text.rsplit("+", maxsplit=1)[-1] not in str(refused.value)
