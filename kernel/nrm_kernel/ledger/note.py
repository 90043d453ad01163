"""What a log signs: checkpoints and heartbeats as C2SP signed notes.

Formats: c2sp.org/signed-note (text, blank line, signature lines), c2sp.org/tlog-checkpoint (origin, size, root). Keys
are Ed25519 (signature type 0x01), written as the C2SP verifier key text `name+id+base64`; a signing key is the same
text with `PRIVATE+KEY+` before it and the 32-byte seed in place of the public key. A key's name is the origin it signs
for.
"""

import base64
import binascii
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from nrm_kernel.errors import NrmError
from nrm_kernel.ledger.merkle import HASH_BYTES

ED25519 = b"\x01"
MAX_NOTE_CHARACTERS = 64 * 1024
_KEY_ID_BYTES = 4
_SIGNATURE_START = "\u2014 "
_PRIVATE = "PRIVATE+KEY+"
_KEPT = "Nothing was signed. Bring the key back as it was made."
# The first line of a heartbeat is no origin and its second line is no size, so neither form can be read as the other.
_HEARTBEAT = "nrm.heartbeat/v1"
_ORIGIN = re.compile(r"[a-z0-9-]+/[a-z0-9-]+/[a-z0-9-]+")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")  # whatever is below a space but for the end of a line
_TIME = "%Y-%m-%dT%H:%M:%S.%fZ"


class NoteInvalid(NrmError):
    """A note or key that cannot be relied on."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What an origin states about its log: this root over exactly this many entries."""

    origin: str
    size: int
    root: bytes

    def body(self) -> str:
        """The signed text: three lines, no extension lines."""
        return f"{self.origin}\n{self.size}\n{_encode(self.root)}\n"


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """An origin's word that it is alive and still at `size` entries; it stands outside the tree."""

    origin: str
    size: int
    at: datetime

    def body(self) -> str:
        """The signed text; the time is UTC with microseconds."""
        return f"{_HEARTBEAT}\n{self.origin}\n{self.size}\n{self.at.astimezone(UTC).strftime(_TIME)}\n"


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A trusted public key with the name it signs under."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        _check_name(self.name)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `name+id+base64`. Raises NoteInvalid KEY_MALFORMED, or KEY_ID_MISMATCH: the id is another key's."""
        name, public = _parse_key(text)
        key = cls(name, public)
        if key.text() != text:
            raise NoteInvalid("KEY_ID_MISMATCH", f'verifier key "{name}": its id does not belong to its public key')
        return key

    @property
    def key_id(self) -> bytes:
        """First four bytes of SHA-256(name, newline, type, public key): which key signed, not a proof of it."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:_KEY_ID_BYTES]

    def text(self) -> str:
        """The key as trust files hold it."""
        return f"{self.name}+{self.key_id.hex()}+{_encode(ED25519 + self.public)}"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A log's private key. It never appears in a repr; `text()` is the only way out of it, for its key file."""

    name: str
    seed: bytes = field(repr=False)

    @classmethod
    def generate(cls, name: str) -> Self:
        """A fresh key for this origin."""
        _check_name(name)
        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `PRIVATE+KEY+name+id+base64`. Raises NoteInvalid, never repeating the secret."""
        if not text.startswith(_PRIVATE):
            raise NoteInvalid("KEY_MALFORMED", f"a signing key starts with {_PRIVATE}")
        key = cls(*_parse_key(text.removeprefix(_PRIVATE)))
        if key.text() != text:
            raise NoteInvalid("KEY_ID_MISMATCH", f'signing key "{key.name}": its id does not belong to its secret')
        return key

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """Read a key file: the key's text on one line. Raises NoteInvalid naming it, OSError when it cannot be read."""
        try:
            return cls.parse(path.read_text("ascii").strip())
        except UnicodeDecodeError:
            raise NoteInvalid("KEY_MALFORMED", f"{path}: a signing key is one line of ASCII. {_KEPT}") from None
        except NoteInvalid as fault:
            raise NoteInvalid(fault.reason, f"{path}: {fault.text}. {_KEPT}") from None

    def text(self) -> str:
        """The secret as its key file holds it."""
        return f"{_PRIVATE}{self.name}+{self.verifier().key_id.hex()}+{_encode(ED25519 + self.seed)}"

    def verifier(self) -> VerifierKey:
        """The public half, to be written into trust files."""
        return VerifierKey(self.name, self._private().public_key().public_bytes_raw())

    def sign_text(self, text: str) -> bytes:
        """Ed25519 (RFC 8032) over the text as UTF-8."""
        return self._private().sign(text.encode())

    def _private(self) -> Ed25519PrivateKey:
        return _private_key(self.seed)


@lru_cache(maxsize=64)
def _private_key(seed: bytes) -> Ed25519PrivateKey:
    """Made once: it costs as much as a signature, and a log signs each batch."""
    return Ed25519PrivateKey.from_private_bytes(seed)


@lru_cache(maxsize=64)
def _public_key(raw: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(raw)


@lru_cache(maxsize=256)
def _fits(public: bytes, signature: bytes, text: str) -> bool:
    """Looked at once, however many in one process read the same checkpoint."""
    try:
        _public_key(public).verify(signature, text.encode())
    except InvalidSignature:
        return False
    return True


def sign(statement: Checkpoint | Heartbeat, key: SigningKey) -> str:
    """The note's text. Raises NoteInvalid KEY_OF_ANOTHER_ORIGIN: a log signs under its own name only."""
    if key.name != statement.origin:
        raise NoteInvalid("KEY_OF_ANOTHER_ORIGIN", f'the key "{key.name}" does not sign for "{statement.origin}"')
    body = statement.body()
    return f"{body}\n{_SIGNATURE_START}{key.name} {_encode(key.verifier().key_id + key.sign_text(body))}\n"


def open_note(note: str, verifier: VerifierKey) -> str:
    """The note's text once `verifier` is shown to have signed it; signatures of other keys are ignored.

    Raises NoteInvalid: NOTE_MALFORMED, NOT_SIGNED_BY_KEY, SIGNATURE_WRONG.
    """
    text, signatures = _parse_note(note)
    ours = [signature for name, key_id, signature in signatures if (name, key_id) == (verifier.name, verifier.key_id)]
    if not ours:
        raise NoteInvalid("NOT_SIGNED_BY_KEY", f'the note carries no signature of the trusted key "{verifier.name}"')
    if not all(_fits(verifier.public, signature, text) for signature in ours):
        raise NoteInvalid("SIGNATURE_WRONG", f'the signature of "{verifier.name}" does not fit the text')
    return text


def verify(note: str, verifier: VerifierKey) -> Checkpoint:
    """The checkpoint in a note signed by `verifier`.

    Raises NoteInvalid as `open_note`, NOT_A_CHECKPOINT, or KEY_OF_ANOTHER_ORIGIN: the key signed for a log not its own.
    """
    checkpoint = parse_checkpoint(open_note(note, verifier))
    _check_owner(checkpoint.origin, verifier)
    return checkpoint


def verify_heartbeat(note: str, verifier: VerifierKey) -> Heartbeat:
    """The heartbeat in a note signed by `verifier`. Raises NoteInvalid as `verify`, with NOT_A_HEARTBEAT."""
    heartbeat = _parse_heartbeat(open_note(note, verifier))
    _check_owner(heartbeat.origin, verifier)
    return heartbeat


def parse_checkpoint(text: str) -> Checkpoint:
    """Read a checkpoint's text, unsigned: good for finding which key to ask for, never for relying on it."""
    match text.split("\n"):
        case [origin, size, root, ""] if _ORIGIN.fullmatch(origin) and _SIZE.fullmatch(size):
            checkpoint = Checkpoint(origin, int(size), _decode(root, "NOT_A_CHECKPOINT"))
            if len(checkpoint.root) == HASH_BYTES:
                return checkpoint
    raise NoteInvalid("NOT_A_CHECKPOINT", "the text is not origin, size and root of a log")


def stated(note: str) -> Checkpoint:
    """The checkpoint that a note states, its signatures not looked at. Raises NoteInvalid as `parse_checkpoint`."""
    return parse_checkpoint(note.partition("\n\n")[0] + "\n")


def stated_heartbeat(note: str) -> Heartbeat:
    """The heartbeat that a note states, its signatures not looked at. Raises NoteInvalid NOT_A_HEARTBEAT."""
    return _parse_heartbeat(note.partition("\n\n")[0] + "\n")


def _parse_heartbeat(text: str) -> Heartbeat:
    match text.split("\n"):
        case [form, origin, size, at, ""] if form == _HEARTBEAT and _ORIGIN.fullmatch(origin) and _SIZE.fullmatch(size):
            try:
                return Heartbeat(origin, int(size), datetime.strptime(at, _TIME).replace(tzinfo=UTC))
            except ValueError:
                raise NoteInvalid("NOT_A_HEARTBEAT", "the heartbeat's time is not UTC with microseconds") from None
    raise NoteInvalid("NOT_A_HEARTBEAT", "the text is not a heartbeat of a log")


def _check_owner(origin: str, verifier: VerifierKey) -> None:
    if origin != verifier.name:
        raise NoteInvalid("KEY_OF_ANOTHER_ORIGIN", f'the key "{verifier.name}" signed for "{origin}"')


def _parse_note(note: str) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    """Text and (name, key id, signature) of each signature line; the last blank line divides them."""
    text, divider, tail = note.rpartition("\n\n")
    lines = tail.split("\n")
    if len(note) > MAX_NOTE_CHARACTERS or _CONTROL.search(note) or not divider or len(lines) < 2 or lines.pop() != "":
        raise NoteInvalid("NOTE_MALFORMED", "not a signed note: text, a blank line and signature lines are expected")
    return text + "\n", [_parse_signature(line) for line in lines]


def _parse_signature(line: str) -> tuple[str, bytes, bytes]:
    match line.removeprefix(_SIGNATURE_START).split(" "):
        case [name, encoded] if name and line.startswith(_SIGNATURE_START):
            signed = _decode(encoded, "NOTE_MALFORMED")
            if len(signed) > _KEY_ID_BYTES:
                return name, signed[:_KEY_ID_BYTES], signed[_KEY_ID_BYTES:]
    raise NoteInvalid("NOTE_MALFORMED", "a signature line is not dash, name and base64")


def _parse_key(text: str) -> tuple[str, bytes]:
    match text.split("+", 2):
        case [name, _, encoded]:
            typed = _decode(encoded, "KEY_MALFORMED")
            if typed[:1] == ED25519 and len(typed) == 1 + HASH_BYTES:
                _check_name(name)
                return name, typed[1:]
    raise NoteInvalid("KEY_MALFORMED", "a key is name+id+base64 of type 0x01 and 32 bytes (Ed25519)")


def _check_name(name: str) -> None:
    if not name or "+" in name or any(character.isspace() or character < " " for character in name):
        raise NoteInvalid("KEY_MALFORMED", f'"{name}" cannot name a key: no spaces and no plus sign')


def _encode(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _decode(text: str, reason: str) -> bytes:
    """Only the one canonical spelling is taken: else a byte of a note could change unseen."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteInvalid(reason, "not base64") from None
    if _encode(raw) != text:
        raise NoteInvalid(reason, "base64 with stray bits")
    return raw
