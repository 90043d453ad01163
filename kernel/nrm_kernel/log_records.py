"""The form of the shared log's records on Kafka.

An entry's value is its bytes as stored, its key is its stream, and its headers (:mod:`nrm_kernel.log_headers`) tell any
tool what it is. A run's value is leaf hashes one after another, without a key; a checkpoint's value is the signed note.
What cannot be read as one of these is :class:`Unreadable`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import orjson

from nrm_kernel.entry import BODY_BYTES_MAX, Entry
from nrm_kernel.ledger.merkle import HASH_BYTES
from nrm_kernel.ledger.note import MAX_NOTE_CHARACTERS, NoteInvalid, stated, verify
from nrm_kernel.ledger.trust import NotTrusted, Trusted
from nrm_kernel.log import Body, Published, Record, Run, Signed, may_read
from nrm_kernel.log_headers import KIND, OF_ENTRIES, POSITION

ENTRY, RUN, CHECKPOINT = b"entry", b"run", b"checkpoint"
RUN_MAX = 8_192
"""Hashes in one record: 256 KB, so that a record always fits into a batch."""
AT_ONCE = 1_000
"""Entries that are published together, at most."""
_DIGITS_MAX = 16

Headers = list[tuple[str, bytes]]


class Unreadable(ValueError):
    """The bytes are no record of this log; the text says why and quotes nothing of them."""


class Unsigned(Unreadable):
    """It is a checkpoint that no key of the trust file signed: a forged one, or one of a key that is not there yet."""

    def __init__(self, note: str) -> None:
        super().__init__("no key of the trust file signed this checkpoint")
        self.note = note


@dataclass(frozen=True, slots=True)
class Sent:
    """A record as Kafka is given it."""

    value: bytes
    headers: Headers
    key: bytes | None = None


def records_for(reader: str, origin: str, entries: Iterable[Published], note: str) -> list[Sent]:
    """What a reader is sent of these entries: bodies that it may read, the hashes of the rest, and the checkpoint."""
    records: list[Sent] = []
    hidden: list[Entry] = []
    for one in entries:
        if may_read(one, origin, reader):
            records.extend(_runs(hidden))
            hidden = []
            records.append(_sent_entry(one.entry))
        else:
            hidden.append(one.entry)
    records.extend(_runs(hidden))
    return [*records, _sent_checkpoint(note)]


def read(
    origin: str, headers: Iterable[tuple[str, bytes]], value: bytes | None, trust: Trusted | None = None
) -> Record:
    """The record of these bytes on a topic of that origin.

    Raises Unreadable for what is none, or another origin's, and where there is trust Unsigned for a checkpoint that no
    key of it signed: whoever believed it would stop. When the trust file has its key later, it is looked at again.
    """
    named = dict(headers)
    position = _position(named.get(POSITION))
    match named.get(KIND):
        case b"entry" if value is not None:
            return Body(position, _checked(origin, position, value))
        case b"run" if value and len(value) % HASH_BYTES == 0:
            return Run(position, tuple(value[at : at + HASH_BYTES] for at in range(0, len(value), HASH_BYTES)))
        case b"checkpoint" if value is not None:
            return Signed(_note(origin, position, value, trust))
    raise Unreadable("it is of no known kind, or empty")


def is_signed(note: str, trust: Trusted) -> bool:
    """Whether the key that the trust file has for this checkpoint signed it. Raises NoteInvalid when it is none."""
    checkpoint = stated(note)
    try:
        verify(note, trust.verifier(checkpoint.origin, checkpoint.size))
    except (NoteInvalid, NotTrusted):
        return False
    return True


@lru_cache(AT_ONCE)
def _sent_entry(entry: Entry) -> Sent:
    """Made once for all readers, whose topics get a batch one after another."""
    headers = [(header.name, said.encode()) for header in OF_ENTRIES if (said := header.said(entry))]
    return Sent(entry.body, [*_kind(ENTRY, entry.position), *headers], entry.stream.encode() or None)


def _runs(hidden: Sequence[Entry]) -> Iterator[Sent]:
    for at in range(0, len(hidden), RUN_MAX):
        part = hidden[at : at + RUN_MAX]
        yield Sent(b"".join(entry.leaf for entry in part), _kind(RUN, part[0].position))


def _sent_checkpoint(note: str) -> Sent:
    return Sent(note.encode(), _kind(CHECKPOINT, stated(note).size))


def _kind(kind: bytes, position: int) -> Headers:
    return [(KIND, kind), (POSITION, b"%d" % position)]


def _position(text: bytes | None) -> int:
    if text is None or not text.isdigit() or len(text) > _DIGITS_MAX:
        raise Unreadable("it has no position")
    return int(text)


def _checked(origin: str, position: int, body: bytes) -> bytes:
    if len(body) > BODY_BYTES_MAX:
        raise Unreadable("it is larger than an entry may be")
    try:
        envelope = orjson.loads(body)
        said = envelope["origin"], envelope["position"]
    except (ValueError, LookupError, TypeError):
        raise Unreadable("its bytes are no entry") from None
    if said != (origin, position):
        raise Unreadable("it says that it belongs to another place")
    return body


def _note(origin: str, position: int, value: bytes, trust: Trusted | None) -> str:
    try:
        note = value[:MAX_NOTE_CHARACTERS].decode()
        checkpoint = stated(note)
    except (UnicodeDecodeError, NoteInvalid):
        raise Unreadable("it is no checkpoint") from None
    if (checkpoint.origin, checkpoint.size) != (origin, position):
        raise Unreadable("it is the checkpoint of another log or size")
    if trust is not None and not is_signed(note, trust):
        raise Unsigned(note)
    return note
